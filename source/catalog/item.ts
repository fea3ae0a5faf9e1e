import {originalVersions} from './quality.js';
import type {Item, Part} from './types.js';

const none: readonly string[] = [];

/**
The fields that every item has, empty.
*/
export const emptyFields = () => ({
	ids: {imdb: [], tmdb: [], tvdb: []},
	ratings: [],
	genres: [],
	countries: [],
	studios: [],
	collections: [],
	labels: [],
	directors: [],
	writers: [],
	producers: [],
	cast: [],
	images: {},
	versions: [],
} satisfies Partial<Item>);

/**
The fields of an item with ids of tags, and those with ids of people; the cast has these, too.
*/
export const tagFieldNames = ['genres', 'countries', 'studios', 'collections', 'labels'] as const;
export const personFieldNames = ['directors', 'writers', 'producers'] as const;

/**
Ids of everybody in an item, each once.
*/
export const personIdsOf = (item: Pick<Item, typeof personFieldNames[number] | 'cast'>): string[] => [...new Set([...personFieldNames.flatMap(name => item[name]), ...item.cast.map(({personId}) => personId)])];

/**
Where the server has the picture that stands for an item, if it has one.
*/
export const picturePlace = ({images}: Pick<Item, 'images'>): string | undefined => images.poster ?? images.thumb;

/**
Ids of the files that an item plays, each once. Nearly all items play one file or none, so those need no set.
*/
export const fileIdsOf = ({versions}: Pick<Item, 'versions'>): readonly string[] => {
	const [version] = versions;
	if (version === undefined) {
		return none;
	}

	return versions.length === 1 && version.parts.length === 1
		? [version.parts[0]!.fileId]
		: [...new Set(versions.flatMap(({parts}) => parts.map(({fileId}) => fileId)))];
};

/**
Ids of the files that only copies of the server's own making play. They are in no total.
*/
export const copyFileIds = ({versions}: Pick<Item, 'versions'>): readonly string[] => {
	if (originalVersions(versions).length === versions.length) {
		return none;
	}

	const played = new Set(originalFileIds({versions}));
	return fileIdsOf({versions}).filter(id => !played.has(id));
};

/**
Ids of the files that versions play that are no copies.
*/
export const originalFileIds = ({versions}: Pick<Item, 'versions'>): readonly string[] => fileIdsOf({versions: [...originalVersions(versions)]});

/**
The size of a file in bytes, where it is known.
*/
export type SizeOf = (fileId: string) => number | undefined;

/**
The size of all files of an item, each counted once and without copies of the server's own making; undefined where none is known.
*/
export const itemSize = (item: Pick<Item, 'versions'>, sizeOf: SizeOf): number | undefined => {
	const sizes = originalFileIds(item).map(id => sizeOf(id)).filter(size => size !== undefined);
	return sizes.length === 0 ? undefined : sizes.reduce((sum, size) => sum + size);
};

/**
Ids of the files of an item that the server does not play now: all those of an item in the trash, else those that it cannot find.
*/
export const unavailableFileIds = ({versions, trashedAt}: Pick<Item, 'versions' | 'trashedAt'>): readonly string[] => {
	const isPlayable = ({unavailable}: Part) => trashedAt === undefined && unavailable !== true;
	return fileIdsOf({versions: versions.map(version => ({...version, parts: version.parts.filter(part => !isPlayable(part))}))});
};

/**
A copy that Plex made does not count: without it the item plays as well.
*/
export const hasMissingFile = ({versions}: Pick<Item, 'versions'>): boolean => originalVersions(versions).some(({parts}) => parts.some(({unavailable}) => unavailable === true));

/**
The server still lists it, but in its trash or without one of its files.
*/
export const isUnavailable = (item: Pick<Item, 'versions' | 'trashedAt'>): boolean => item.trashedAt !== undefined || hasMissingFile(item);

type TitledItem = Pick<Item, 'type' | 'title' | 'editionTitle' | 'seasonNumber' | 'episodeNumber' | 'releaseDate'>;

/**
The title of an item with its show and number, for places where nothing else names the show.
*/
export const fullTitle = ({type, title, editionTitle, ...numbers}: TitledItem, showTitle: string | undefined): string => {
	const own = editionTitle === undefined ? title : `${title} (${editionTitle})`;
	return type === 'movie' || type === 'show' ? own : [showTitle ?? 'Unknown show', type === 'season' ? own : `${place(numbers)} ${own}`.trim()].join(' – ');
};

const place = ({seasonNumber, episodeNumber, releaseDate}: Partial<TitledItem>) => episodeNumber === undefined
	? releaseDate ?? ''
	: `S${twoDigits(seasonNumber)}E${twoDigits(episodeNumber)}`;

const twoDigits = (number: number | undefined) => number === undefined ? '??' : String(number).padStart(2, '0');

/**
The ids of an item with all providers, each with the name of its provider, for instance `['anidb', '112']`.
*/
export const externalIdPairs = ({ids: {other = [], ...known}}: Pick<Item, 'ids'>): ReadonlyArray<readonly [source: string, id: string]> => [
	...Object.entries(known).flatMap(([source, ids]) => ids.map(id => [source, id] as const)),
	...other.map(({source, id}) => [source, id] as const),
];
