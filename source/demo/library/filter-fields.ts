import type {PlexRow, PlexTag} from './row.js';

export type FieldKind = 'tag' | 'integer' | 'string' | 'date' | 'boolean';

/**
What a list can be filtered by. Rows are read as lists show them, without streams.
*/
export type FilterField = {
	kind: FieldKind;
	title: string;
	/**
	Several values for tags; none where the row does not have it.
	*/
	read: (row: PlexRow) => ReadonlyArray<string | number | boolean | undefined>;
	/**
	A comma is a part of the text instead of an "or".
	*/
	isFreeText?: boolean;
	/**
	Types of rows that offer it; all of them if absent.
	*/
	types?: readonly string[];
};

type TagName = 'Genre' | 'Country' | 'Director' | 'Writer' | 'Producer' | 'Role' | 'Collection' | 'Label';

/**
By id, as in `filter` of a tag, or by text.
*/
const tagField = (title: string, name: TagName, types?: readonly string[]): FilterField => ({
	kind: 'tag',
	title,
	read: row => (row[name] ?? [] as PlexTag[]).flatMap(({id, tag}) => [id, tag]),
	...(types !== undefined && {types}),
});

type NumberName = 'year' | 'duration' | 'rating' | 'audienceRating' | 'userRating' | 'index' | 'parentIndex';

const numberField = (title: string, name: NumberName): FilterField => ({kind: 'integer', title, read: row => [row[name]]});

const stampField = (title: string, name: 'addedAt' | 'updatedAt' | 'lastViewedAt' | 'lastRatedAt'): FilterField => ({kind: 'date', title, read: row => [row[name]]});

const flagField = (title: string, isSet: (row: PlexRow) => boolean): FilterField => ({kind: 'boolean', title, read: row => [isSet(row)]});

/**
An item is unwatched until it was played once, a show or season until all of it was.
*/
const isUnwatched = ({leafCount, viewedLeafCount = 0, viewCount = 0}: PlexRow) => leafCount === undefined ? viewCount === 0 : leafCount > viewedLeafCount;

const isUnmatched = ({guid = ''}: PlexRow) => guid.startsWith('local://') || guid.includes('agents.none:');

const played = ['movie', 'episode'];

export const filterFields: ReadonlyMap<string, FilterField> = new Map<string, FilterField>([
	['title', {
		kind: 'string', title: 'Title', read: row => [row.title], isFreeText: true,
	}],
	['studio', {
		kind: 'string', title: 'Studio', read: row => [row.studio], types: ['movie', 'show'],
	}],
	['editionTitle', {
		kind: 'string', title: 'Edition', read: row => [row.editionTitle], types: ['movie'],
	}],
	['summary', {
		kind: 'string', title: 'Summary', read: row => [row.summary], isFreeText: true,
	}],
	['guid', {kind: 'tag', title: 'Guid', read: row => [row.guid, ...(row.Guid ?? []).map(({id}) => id)]}],
	['id', {kind: 'integer', title: 'Id', read: row => [Number(row.ratingKey)]}],
	['contentRating', {kind: 'tag', title: 'Content Rating', read: row => [row.contentRating]}],
	['year', numberField('Year', 'year')],
	['decade', {kind: 'integer', title: 'Decade', read: ({year}) => [year === undefined ? undefined : Math.floor(year / 10) * 10]}],
	['originallyAvailableAt', {kind: 'date', title: 'Release Date', read: ({originallyAvailableAt: day}) => [day === undefined ? undefined : Date.parse(day) / 1000]}],
	['duration', numberField('Duration', 'duration')],
	['rating', numberField('Critic Rating', 'rating')],
	['audienceRating', numberField('Audience Rating', 'audienceRating')],
	['userRating', numberField('Rating', 'userRating')],
	['index', numberField('Number', 'index')],
	['parentIndex', numberField('Season Number', 'parentIndex')],
	['viewCount', {kind: 'integer', title: 'Plays', read: ({viewCount = 0}) => [viewCount]}],
	['addedAt', stampField('Date Added', 'addedAt')],
	['updatedAt', stampField('Date Updated', 'updatedAt')],
	['lastViewedAt', stampField('Last Played', 'lastViewedAt')],
	['lastRatedAt', stampField('Last Rated', 'lastRatedAt')],
	['unwatched', flagField('Unplayed', isUnwatched)],
	['unwatchedLeaves', {...flagField('Unplayed Episodes', isUnwatched), types: ['show']}],
	['inProgress', {...flagField('In Progress', ({viewOffset = 0}) => viewOffset > 0), types: played}],
	['unmatched', flagField('Unmatched', isUnmatched)],
	['duplicate', {...flagField('Duplicate', ({Media = []}) => Media.length > 1), types: played}],
	['trash', flagField('Trashed', ({deletedAt}) => deletedAt !== undefined)],
	['hdr', {...flagField('HDR', ({Media = []}) => Media.some(({videoProfile}) => videoProfile === 'main 10')), types: played}],
	['resolution', {
		kind: 'tag', title: 'Resolution', read: ({Media = []}) => Media.map(({videoResolution}) => videoResolution), types: played,
	}],
	['mediaBitrate', {
		kind: 'integer', title: 'Bitrate', read: ({Media = []}) => Media.map(({bitrate}) => bitrate), types: played,
	}],
	['mediaHeight', {
		kind: 'integer', title: 'Height', read: ({Media = []}) => Media.map(({height}) => height), types: played,
	}],
	['genre', tagField('Genre', 'Genre', ['movie', 'show'])],
	['country', tagField('Country', 'Country', ['movie', 'show'])],
	['director', tagField('Director', 'Director', played)],
	['writer', tagField('Writer', 'Writer', played)],
	['producer', tagField('Producer', 'Producer', ['movie'])],
	['actor', tagField('Actor', 'Role', ['movie', 'show', 'episode'])],
	['collection', tagField('Collection', 'Collection')],
	['label', tagField('Label', 'Label')],
]);

export const hasField = ({types}: FilterField, type: string): boolean => types?.includes(type) ?? true;

/**
The names of Plex's numbers of types ([OFF]).
*/
export const typeNames: ReadonlyMap<number, string> = new Map([
	[1, 'movie'], [2, 'show'], [3, 'season'], [4, 'episode'], [8, 'artist'], [9, 'album'], [14, 'photoalbum'], [15, 'playlist'], [18, 'collection'],
]);
