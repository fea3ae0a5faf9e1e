import type {ExternalIds, ItemType} from '../../catalog/types.js';
import {asArray, isRecord, readString} from '../wire.js';

type Provider = Exclude<keyof ExternalIds, 'other'>;
type FoundId = readonly [source: string, id: string];

/**
Reads the ids of this item: those of the `Guid` list, then the one in the guid of a legacy agent. Several ids of one provider are kept in order.

Legacy guids of seasons and episodes name their show and a number ("thetvdb://74205/1/2"), so they give no id of the item itself (known from [KOM] convert.py, [WS] PlexGuid.php).
*/
export const readExternalIds = (guids: unknown, guid: unknown, type: ItemType): ExternalIds => {
	const ids: ExternalIds = {imdb: [], tmdb: [], tvdb: []};
	const seen = new Set<string>();
	const add = (found: FoundId | undefined) => {
		if (found === undefined || seen.has(found.join(' '))) {
			return;
		}

		seen.add(found.join(' '));
		const [source, id] = found;
		if (isProvider(source)) {
			ids[source].push(id);
		} else {
			ids.other ??= [];
			ids.other.push({source, id});
		}
	};

	for (const element of asArray(guids)) {
		add(readGuidElement(isRecord(element) ? element['id'] : element));
	}

	const legacy = readString(guid);
	if (legacy !== undefined && !legacy.startsWith('plex://')) {
		add(readLegacyGuid(legacy.trim(), type));
	}

	return ids;
};

const providers: readonly string[] = ['imdb', 'tmdb', 'tvdb'] satisfies Provider[];

const isProvider = (source: string): source is Provider => providers.includes(source);

/**
Names that several providers have.
*/
const sources = new Map([
	['themoviedb', 'tmdb'],
	['tsdb', 'tmdb'],
	['thetvdb', 'tvdb'],
	['thetvdbdvdorder', 'tvdb'],
	['myanimelist', 'mal'],
	['mbid', 'musicbrainz'],
	['fanarttv', 'fanart'],
]);

/**
Agents that look nothing up, so that what follows is no id of anybody.
*/
const withoutSource: ReadonlySet<string> = new Set(['plex', 'local', 'localmedia', 'none', 'file']);

const maxSource = 100;

/**
@returns Undefined for a name that is none of a provider.
*/
const sourceOf = (name: string): string | undefined => {
	const lower = name.toLowerCase();
	return lower.length > maxSource || withoutSource.has(lower) ? undefined : sources.get(lower) ?? lower;
};

const split = (text: string, pattern: RegExp) => {
	const {provider = '', id = ''} = pattern.exec(text)?.groups ?? {};
	return {source: provider === '' ? undefined : sourceOf(provider), id: id.trim()};
};

const guidElement = /^(?<provider>[a-z][\w+\-.]*):\/\/(?<id>[^#?]+)/iv;

const readGuidElement = (value: unknown): FoundId | undefined => {
	const {source, id} = split(readString(value)?.trim() ?? '', guidElement);
	return source === undefined || id === '' ? undefined : [source, id];
};

const agentGuid = /^(?<agent>[a-z][\w+\-.]*):\/\/(?<body>[^#?]*)/iv;
// The number is a way of counting episodes.
const hamaBody = /^(?<provider>[a-z]+)\d?-(?<id>.+)$/iv;
const customBody = /^(?<provider>[a-z]+)[\-_](?<id>\w+)$/iv;
const customAgent = /^tv\.plex\.agents\.(?<kind>nfo|custom)\b\.?(?<own>.*)$/v;

const readLegacyGuid = (guid: string, type: ItemType): FoundId | undefined => {
	const {agent = '', body = guid} = agentGuid.exec(guid)?.groups ?? {};
	const name = agent.toLowerCase().replace(/^com\.plexapp\.agents\./v, '');
	const [first = '', second = ''] = body.split('/', 2);
	const custom = customAgent.exec(name)?.groups;
	if (custom !== undefined) {
		// In "movie/tmdb_383498" the first part names the type that the id belongs to.
		return first.toLowerCase() === type ? typed(second, customBody) ?? imdbId(second) ?? ownId(custom, second) : undefined;
	}

	return type === 'movie' || type === 'show' ? readAgentId(name, first, type) : undefined;
};

/**
An agent of somebody's own names its ids by itself.
*/
const ownId = ({kind, own = ''}: Record<string, string>, id: string): FoundId | undefined => {
	const source = kind === 'custom' && own !== '' && id !== '' ? sourceOf(own) : undefined;
	return source === undefined ? undefined : [source, id];
};

const readAgentId = (agent: string, id: string, type: 'movie' | 'show'): FoundId | undefined => {
	if (agent === 'hama') {
		return typed(id, hamaBody);
	}

	if (agent === '' || agent === 'imdb') {
		return imdbId(id);
	}

	const source = agent === 'xbmcnfo' || agent === 'xbmcnfotv' ? nfoProvider(agent, type) : sourceOf(agent.replace(/^tv\.plex\.agents\./v, ''));
	return source === undefined ? undefined : imdbId(id) ?? numbered(source, id);
};

/**
The NFO agents do not name the provider of the number; this is what their libraries are known to hold.
*/
const nfoProvider = (agent: string, type: 'movie' | 'show'): Provider => agent === 'xbmcnfo' && type === 'movie' ? 'tmdb' : 'tvdb';

const typed = (body: string, pattern: RegExp): FoundId | undefined => {
	const {source, id} = split(body, pattern);
	return source === undefined || source === 'imdb' ? imdbId(id) : numbered(source, id);
};

const imdbId = (text: string): FoundId | undefined => /^tt\d+$/v.test(text) ? ['imdb', text] : undefined;

const numberedSources: ReadonlySet<string> = new Set(['tmdb', 'tvdb', 'anidb']);

/**
Some agents put a stray letter before the number ([KOM] convert.py). The ids of other providers may be any text.
*/
const numbered = (source: string, text: string): FoundId | undefined => {
	if (!numberedSources.has(source)) {
		return text.trim() === '' ? undefined : [source, text.trim()];
	}

	const id = /^[a-z]?(?<id>\d+)$/iv.exec(text)?.groups?.['id'];
	return id === undefined ? undefined : [source, id];
};
