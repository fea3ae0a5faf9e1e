import type {
	CatalogHeader,
	CatalogRecord,
	Item,
	MediaFile,
	Person,
	Tag,
} from '../catalog/types.js';
import {missingEpisodes, missingNumbers} from './missing-numbers.js';
import type {CatalogIndex, ItemDetail} from './types.js';

/**
What the rest of the catalogue says of an item.
*/
export type Lookups = {
	header: Pick<CatalogHeader, 'servers' | 'libraries'>;
	index: Pick<CatalogIndex, 'get' | 'children' | 'itemsOfFile'>;
};

/**
Ids of all records that an item refers to, each once.
*/
export const relatedIds = (item: Item): string[] => [...new Set([
	...personIds(item),
	...tagIds(item),
	...fileIds(item),
	...[item.showId, item.seasonId].filter(id => id !== undefined),
])];

/**
An item with everything that it refers to. `records` holds at least what `relatedIds` names; what is not there is left out.
*/
export const describeItem = (item: Item, records: ReadonlyMap<string, CatalogRecord>, {header, index}: Lookups): ItemDetail => {
	const itemOf = (id: string | undefined) => {
		const record = id === undefined ? undefined : records.get(id);
		return record?.kind === 'item' ? record : undefined;
	};

	return {
		item,
		server: header.servers.find(({id}) => id === item.serverId),
		library: header.libraries.find(({id}) => id === item.libraryId),
		show: itemOf(item.showId),
		season: itemOf(item.seasonId),
		people: pick<Person>(records, personIds(item), 'person'),
		tags: pick<Tag>(records, tagIds(item), 'tag'),
		files: pick<MediaFile>(records, fileIds(item), 'file'),
		sharedWith: sharedWith(item, index),
		gaps: gapsOf(item, index),
	};
};

const personIds = ({directors, writers, producers, cast}: Item) =>
	[...directors, ...writers, ...producers, ...cast.map(({personId}) => personId)];

const tagIds = ({genres, countries, studios, collections, labels}: Item) =>
	[...genres, ...countries, ...studios, ...collections, ...labels];

const fileIds = ({versions}: Item) => versions.flatMap(({parts}) => parts.map(({fileId}) => fileId));

const pick = <Wanted extends CatalogRecord>(
	records: ReadonlyMap<string, CatalogRecord>,
	ids: readonly string[],
	kind: Wanted['kind'],
): Map<string, Wanted> => {
	const picked = new Map<string, Wanted>();
	const isWanted = (record: CatalogRecord | undefined): record is Wanted => record?.kind === kind;
	for (const id of ids) {
		const record = records.get(id);
		if (isWanted(record)) {
			picked.set(id, record);
		}
	}

	return picked;
};

const sharedWith = (item: Item, index: Lookups['index']) => {
	const shared = new Map<string, readonly string[]>();
	for (const fileId of fileIds(item)) {
		const others = index.itemsOfFile(fileId).filter(id => id !== item.id);
		if (others.length > 0) {
			shared.set(fileId, others.toSorted());
		}
	}

	return shared;
};

/**
Of a season the missing episodes, of a show the missing seasons.
*/
const gapsOf = ({id, type, seasonNumber}: Item, index: Lookups['index']): number[] => {
	const below = index.children(id).map(childId => index.get(childId)).filter(child => child !== undefined);
	switch (type) {
		case 'season': {
			return missingEpisodes(seasonNumber, below.filter(child => child.type === 'episode').map(child => child.episodeNumber));
		}

		case 'show': {
			return missingNumbers(below.filter(child => child.type === 'season').map(child => child.seasonNumber));
		}

		case 'movie':
		case 'episode': {
			return [];
		}
	}
};
