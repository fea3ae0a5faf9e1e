import type {CatalogStore} from '../catalog/catalog-store.js';
import type {DetailResolver} from '../catalog/fields/field.js';
import {fileIdsOf, personIdsOf, tagFieldNames} from '../catalog/item.js';
import type {
	CatalogHeader,
	CatalogRecord,
	Item,
	ItemType,
	MediaFile,
	Person,
	Tag,
} from '../catalog/types.js';
import {missingEpisodes, missingNumbers} from './gaps.js';
import type {CatalogIndex, ItemDetail} from './types.js';

type Header = Pick<CatalogHeader, 'servers' | 'libraries'>;

/**
What the items around an item tell of it.
*/
export type Neighbours = {
	/**
	The numbers that its seasons or episodes leave out.
	*/
	gaps: (item: Pick<Item, 'id' | 'type' | 'seasonNumber'>) => number[];
	/**
	Ids of the other items that play this file, in order.
	*/
	sharedWith: (item: Pick<Item, 'id'>, fileId: string) => readonly string[];
};

type NeighbourIndex = Pick<CatalogIndex, 'value' | 'children' | 'itemsOfFile' | 'isSharing'>;

export const neighboursIn = (index: NeighbourIndex): Neighbours => ({
	gaps: item => gapsOf(item, index),
	sharedWith: (item, fileId) => index.isSharing(item.id) === false ? [] : sharersOf(fileId, item, index),
});

/**
Ids of all records that an item refers to, each once.
*/
export const relatedIds = (item: Item): string[] => [...new Set([
	...personIdsOf(item),
	...tagIds(item),
	...fileIdsOf(item),
	...[item.showId, item.seasonId].filter(id => id !== undefined),
])];

export type RelatedSource = Pick<ReadonlyMap<string, CatalogRecord>, 'get'>;

/**
An item with everything that it refers to. `records` holds what `relatedIds` names; missing records are left out.
*/
export const describeItem = (item: Item, records: RelatedSource, {header, index}: {header: Header; index: NeighbourIndex}): ItemDetail => {
	const {resolver: _, ...detail} = lateDetail(item, records, {header, neighbours: neighboursIn(index)});
	return detail;
};

const placeOf = (item: Item, records: RelatedSource, {servers, libraries}: Header) => {
	const itemOf = (id: string | undefined) => {
		const record = id === undefined ? undefined : records.get(id);
		return record?.kind === 'item' ? record : undefined;
	};

	return {
		server: servers.find(({id}) => id === item.serverId),
		library: libraries.find(({id}) => id === item.libraryId),
		show: itemOf(item.showId),
		season: itemOf(item.seasonId),
	};
};

/**
Loads an item with everything that it refers to; `undefined` when there is no such item.
*/
export const loadDetail = async (store: Pick<CatalogStore, 'get' | 'getMany' | 'header'>, index: CatalogIndex, id: string): Promise<ItemDetail | undefined> => {
	const item = await store.get(id);
	if (item?.kind !== 'item') {
		return undefined;
	}

	const records = new Map<string, CatalogRecord>();
	for (const record of await store.getMany(relatedIds(item))) {
		records.set(record.id, record);
	}

	return describeItem(item, records, {header: store.header(), index});
};

/**
The same as `describeItem`, for those who read little of it: what the item refers to is found when it is asked for.
*/
export const lateDetail = (item: Item, records: RelatedSource, {header, neighbours}: {header: Header; neighbours: Neighbours}): ItemDetail => {
	const resolver = relatedResolver(item, records, {header, neighbours});
	const {server, library, show, season, gaps} = resolver;
	return {
		item,
		server,
		library,
		show,
		season,
		gaps,
		resolver,
		get people() {
			return pick<Person>(records, personIdsOf(item), 'person');
		},
		get tags() {
			return pick<Tag>(records, tagIds(item), 'tag');
		},
		get files() {
			return pick<MediaFile>(records, fileIdsOf(item), 'file');
		},
		get sharedWith() {
			return sharedWith(item, neighbours);
		},
	};
};

export const detailResolver = (detail: ItemDetail): DetailResolver => detail.resolver ?? resolverOf(detail);

const resolverOf = ({server, library, show, season, people, tags, files, sharedWith: sharers, gaps}: ItemDetail): DetailResolver => ({
	server,
	library,
	show,
	season,
	gaps,
	name: id => (people.get(id) ?? tags.get(id))?.name ?? nameOfPlace(id, {
		server, library, show, season,
	}),
	person: id => people.get(id),
	file: id => files.get(id),
	sharedWith: fileId => sharers.get(fileId) ?? [],
	titleOf: () => undefined,
});

/**
The same as `detailResolver(describeItem(item, records, {header, index}))`, for those who read each field of an item once: it finds everything where it is.
*/
export const relatedResolver = (item: Item, records: RelatedSource, {header, neighbours}: {header: Header; neighbours: Neighbours}): DetailResolver => {
	const place = placeOf(item, records, header);
	return {
		...place,
		gaps: neighbours.gaps(item),
		name(id) {
			const record = records.get(id);
			return record?.kind === 'person' || record?.kind === 'tag' ? record.name : nameOfPlace(id, place);
		},
		person(id) {
			const record = records.get(id);
			return record?.kind === 'person' ? record : undefined;
		},
		file(id) {
			const record = records.get(id);
			return record?.kind === 'file' ? record : undefined;
		},
		sharedWith: fileId => neighbours.sharedWith(item, fileId),
		titleOf: () => undefined,
	};
};

const nameOfPlace = (id: string, {server, library, show, season}: ReturnType<typeof placeOf>): string | undefined =>
	[library, show, season].find(record => record?.id === id)?.title ?? (server?.id === id ? server.name : undefined);

const tagIds = (item: Item) => tagFieldNames.flatMap(name => item[name]);

const pick = <Wanted extends CatalogRecord>(
	records: RelatedSource,
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

const sharedWith = (item: Item, neighbours: Neighbours) => {
	const shared = new Map<string, readonly string[]>();
	for (const fileId of fileIdsOf(item)) {
		const others = neighbours.sharedWith(item, fileId);
		if (others.length > 0) {
			shared.set(fileId, others);
		}
	}

	return shared;
};

/**
Ids of the other items that play this file, in order.
*/
const sharersOf = (fileId: string, item: Pick<Item, 'id'>, index: NeighbourIndex): readonly string[] => index.itemsOfFile(fileId).filter(id => id !== item.id).toSorted();

const gapsOf = ({id, type, seasonNumber}: Pick<Item, 'id' | 'type' | 'seasonNumber'>, index: NeighbourIndex): number[] => {
	const numbersBelow = (wanted: ItemType, name: 'seasonNumber' | 'episodeNumber') => index.children(id)
		.filter(childId => index.value(childId, 'type') === wanted)
		.map(childId => index.value(childId, name));
	if (type === 'season') {
		return missingEpisodes(seasonNumber, numbersBelow('episode', 'episodeNumber'));
	}

	return type === 'show' ? missingNumbers(numbersBelow('season', 'seasonNumber')) : [];
};
