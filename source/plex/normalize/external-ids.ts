import type {ExternalIds, ItemType} from '../../catalog/types.js';
import {asArray, isRecord, readString} from '../wire.js';

type Provider = keyof ExternalIds;
type FoundId = readonly [provider: Provider, id: string];

/**
Reads the ids of this item: those of the `Guid` list, then the one in the guid of a legacy agent. Several ids of one provider are kept in order.

Legacy guids of seasons and episodes name their show and a number ("thetvdb://74205/1/2"), so they give no id of the item itself (known from [KOM] convert.py, [WS] PlexGuid.php).
*/
export const readExternalIds = (guids: unknown, guid: unknown, type: ItemType): ExternalIds => {
	const ids = {imdb: new Set<string>(), tmdb: new Set<string>(), tvdb: new Set<string>()};
	const add = (found: FoundId | undefined) => {
		if (found !== undefined) {
			ids[found[0]].add(found[1]);
		}
	};

	for (const element of asArray(guids)) {
		add(readGuidElement(isRecord(element) ? element['id'] : element));
	}

	const legacy = readString(guid);
	if (legacy !== undefined && !legacy.startsWith('plex://')) {
		add(readLegacyGuid(legacy.trim(), type));
	}

	return {imdb: [...ids.imdb], tmdb: [...ids.tmdb], tvdb: [...ids.tvdb]};
};

const providers = new Map<string, Provider>([
	['imdb', 'imdb'],
	['tmdb', 'tmdb'],
	['themoviedb', 'tmdb'],
	['tsdb', 'tmdb'],
	['tvdb', 'tvdb'],
	['thetvdb', 'tvdb'],
	['thetvdbdvdorder', 'tvdb'],
]);

const split = (text: string, pattern: RegExp) => {
	const {provider = '', id = ''} = pattern.exec(text)?.groups ?? {};
	return {provider: providers.get(provider.toLowerCase()), id};
};

const guidElement = /^(?<provider>[a-z]+):\/\/(?<id>[^#?]+)/iv;

const readGuidElement = (value: unknown): FoundId | undefined => {
	const {provider, id} = split(readString(value)?.trim() ?? '', guidElement);
	return provider === undefined || id.trim() === '' ? undefined : [provider, id.trim()];
};

const agentGuid = /^(?<agent>[a-z][\w+\-.]*):\/\/(?<body>[^#?]*)/iv;
const hamaBody = /^(?<provider>tvdb|tmdb|tsdb|imdb)\d?-(?<id>.+)$/iv;
const customBody = /^(?<provider>imdb|tmdb|tvdb)[\-_](?<id>\w+)$/iv;
const customAgent = /^tv\.plex\.agents\.(?:nfo|custom)\b/v;

const readLegacyGuid = (guid: string, type: ItemType): FoundId | undefined => {
	const {agent = '', body = guid} = agentGuid.exec(guid)?.groups ?? {};
	const name = agent.toLowerCase().replace(/^com\.plexapp\.agents\./v, '');
	const [first = '', second = ''] = body.split('/', 2);
	if (customAgent.test(name)) {
		// In "movie/tmdb_383498" the first part names the type that the id belongs to.
		return first.toLowerCase() === type ? typed(second, customBody) ?? imdbId(second) : undefined;
	}

	return type === 'movie' || type === 'show' ? readAgentId(name, first, type) : undefined;
};

const readAgentId = (agent: string, id: string, type: 'movie' | 'show'): FoundId | undefined => {
	if (agent === 'hama') {
		return typed(id, hamaBody);
	}

	if (agent === '' || agent === 'imdb') {
		return imdbId(id);
	}

	const provider = agent === 'xbmcnfo' || agent === 'xbmcnfotv' ? nfoProvider(agent, type) : providers.get(agent);
	return provider === undefined ? undefined : imdbId(id) ?? numbered(provider, id);
};

/**
The NFO agents do not name the provider of the number; this is what their libraries are known to hold.
*/
const nfoProvider = (agent: string, type: 'movie' | 'show'): Provider => agent === 'xbmcnfo' && type === 'movie' ? 'tmdb' : 'tvdb';

const typed = (body: string, pattern: RegExp): FoundId | undefined => {
	const {provider, id} = split(body, pattern);
	return provider === undefined || provider === 'imdb' ? imdbId(id) : numbered(provider, id);
};

const imdbId = (text: string): FoundId | undefined => /^tt\d+$/v.test(text) ? ['imdb', text] : undefined;

/**
Some agents put a stray letter before the number ([KOM] convert.py).
*/
const numbered = (provider: Provider, text: string): FoundId | undefined => {
	const id = /^[a-z]?(?<id>\d+)$/iv.exec(text)?.groups?.['id'];
	return id === undefined ? undefined : [provider, id];
};
