import type {CatalogRecord, Item} from '../../source/catalog/types.js';
import {createCatalogIndex} from '../../source/query/catalog-index.js';
import {compileQuery} from '../../source/query/language/compile.js';
import type {QueryWorld} from '../../source/query/language/query-source.js';
import {recordValues} from '../../source/query/record-values.js';
import type {CatalogIndex, ReadRecordValues} from '../../source/query/types.js';
import {header, makeLibrary} from './_items.js';
import {naiveQuery} from './_naive-query.js';
import {namedRecords} from './_random-library.js';

export const world: QueryWorld = {
	now: new Date('2026-06-01T12:00:00Z'), libraries: [...header.libraries, makeLibrary('more', 'More films')], servers: header.servers,
};

export const fileSize = (id: string) => {
	const record = namedRecords.get(id);
	return record?.kind === 'file' ? record.sizeBytes : undefined;
};

export const nameOf = (id: string): string => {
	const record = namedRecords.get(id);
	return record?.kind === 'person' || record?.kind === 'tag' ? record.name : '';
};

export const indexOf = (items: readonly Item[]) => {
	const index = createCatalogIndex();
	index.put(items, fileSize);
	for (const id of index.unnamedIds()) {
		index.rename(id, nameOf(id));
	}

	return index;
};

const recordsOf = (items: readonly Item[]): ReadonlyMap<string, CatalogRecord> => new Map([...namedRecords, ...items.map(item => [item.id, item] as const)]);

/**
Reads fields of these items that the index has not.
*/
export const valuesOf = (items: readonly Item[]): ReadRecordValues => {
	const records = recordsOf(items);
	return recordValues({getMany: async ids => ids.map(id => records.get(id)).filter(record => record !== undefined)});
};

export const ask = async (index: CatalogIndex, items: readonly Item[], query: string) => index.list({plan: await compileQuery(query, world)}, {readValues: valuesOf(items)});

/**
What a look at every record says.
*/
export const answersOf = (items: readonly Item[]) => {
	const naive = naiveQuery(items, recordsOf(items));
	return async (query: string): Promise<string[]> => naive.ids(await compileQuery(query, world));
};
