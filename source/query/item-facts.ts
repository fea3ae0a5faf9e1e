import type {
	ExternalIds,
	Item,
	MediaFile,
	Rating,
	ViewState,
} from '../catalog/types.js';
import {formatDurationMs, formatInstant} from '../base/text/format.js';
import {fileFacts, versionFacts} from './version-facts.js';

/**
What is known of the things that fields refer to by id.
*/
export type Known = {
	/**
	Of a person, tag, library, show or season.
	*/
	name: (id: string) => string | undefined;
	file: (id: string) => MediaFile | undefined;
};

/**
A name and what it is, in words; nothing to say is the empty text.
*/
export type Fact = readonly [name: string, words: string];

type Describe = (value: never, known: Known) => Fact[];

const text = (name: string): Describe => (value: unknown) => [[name, typeof value === 'string' || typeof value === 'number' ? String(value) : '']];
const names = (name: string): Describe => (ids: readonly string[] | undefined, known) => [[name, list((ids ?? []).map(id => known.name(id) ?? id))]];
const reference = (name: string): Describe => (id: string | undefined, known) => [[name, id === undefined ? '' : known.name(id) ?? id]];
const instant = (name: string): Describe => (value: string | undefined) => [[name, value === undefined ? '' : formatInstant(value)]];
const list = (texts: ReadonlyArray<string | undefined>) => texts.filter(part => part !== undefined && part !== '').join(', ');

/**
In the order in which they are told. A field that is not here is not told.
*/
const describers: ReadonlyMap<string, Describe> = new Map<keyof Item, Describe>([
	['libraryId', reference('library')],
	['showId', reference('show')],
	['seasonId', reference('season')],
	['seasonNumber', text('season number')],
	['episodeNumber', text('episode number')],
	['title', text('title')],
	['titleSort', text('sort title')],
	['originalTitle', text('original title')],
	['editionTitle', text('edition')],
	['year', text('year')],
	['releaseDate', text('released')],
	['versions', (versions: Item['versions'] | undefined, known) => versionFacts(versions ?? [], known.file)],
	['viewState', (state: ViewState | undefined) => viewFacts(state ?? {})],
	['subtype', text('subtype')],
	['guid', text('Plex guid')],
	['ids', (ids: ExternalIds | undefined) => [['IMDb', list(ids?.imdb ?? [])], ['TMDB', list(ids?.tmdb ?? [])], ['TVDB', list(ids?.tvdb ?? [])]]],
	['durationMs', (ms: number | undefined) => [['length', ms === undefined ? '' : formatDurationMs(ms)]]],
	['contentRating', text('content rating')],
	['tagline', text('tagline')],
	['summary', text('summary')],
	['genres', names('genres')],
	['countries', names('countries')],
	['studios', names('studios')],
	['collections', names('collections')],
	['labels', names('labels')],
	['directors', names('directors')],
	['writers', names('writers')],
	['producers', names('producers')],
	['cast', (cast: Item['cast'] | undefined, known) => [['cast', list((cast ?? []).map(({personId, role}) => castWords(known.name(personId) ?? personId, role)))]]],
	['ratings', (ratings: readonly Rating[] | undefined) => (ratings ?? []).map(({source, kind, value}) => [`rating (${source}, ${kind})`, String(value)] as const)],
	['leafCount', text('episodes')],
	['childCount', text('seasons')],
	['trashedAt', instant('in the trash since')],
	['lockedFields', (fields: readonly string[] | undefined) => [['locked fields', list(fields ?? [])]]],
	['addedAt', instant('added')],
	['updatedAt', instant('updated')],
	['images', (images: Item['images'] | undefined) => Object.entries(images ?? {}).map(([kind, path]) => [kind, path] as const)],
	['ratingKey', text('Plex key')],
]);

const castWords = (name: string, role: string | undefined) => role === undefined ? name : `${name} as ${role}`;

const viewFacts = ({viewCount = 0, viewOffsetMs, lastViewedAt, userRating, lastRatedAt}: ViewState): Fact[] => [
	['watched', String(viewCount)],
	['stopped at', viewOffsetMs === undefined ? '' : formatDurationMs(viewOffsetMs)],
	['own rating', userRating === undefined ? '' : String(userRating)],
	['last watched', lastViewedAt === undefined ? '' : formatInstant(lastViewedAt)],
	['rated', lastRatedAt === undefined ? '' : formatInstant(lastRatedAt)],
];

/**
The named fields of an item in words.
*/
export const itemFacts = (fields: Readonly<Record<string, unknown>>, fieldNames: ReadonlySet<string>, known: Known): Fact[] => {
	const facts: Fact[] = [];
	for (const [name, describe] of describers) {
		if (fieldNames.has(name)) {
			facts.push(...describe((fields[name] ?? undefined) as never, known));
		}
	}

	// A file that was overwritten in place: the item itself need not have changed.
	if (fieldNames.has('files') && !fieldNames.has('versions')) {
		facts.push(...fileFacts((fields['files'] ?? []) as MediaFile[]));
	}

	return facts;
};
