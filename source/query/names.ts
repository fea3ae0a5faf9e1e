import type {CatalogStore} from '../catalog/catalog-store.js';
import type {CatalogRecord} from '../catalog/types.js';
import {nextTurn} from '../base/turns.js';
import type {CatalogIndex} from './types.js';

type NamedIndex = Pick<CatalogIndex, 'rename' | 'unnamedIds'>;

const namesPerTurn = 200;

/**
Gives the people and tags among these records their names in the index.
*/
export const nameThem = (index: Pick<NamedIndex, 'rename'>, records: Iterable<CatalogRecord>): void => {
	for (const record of records) {
		if (record.kind === 'person' || record.kind === 'tag') {
			index.rename(record.id, record.name);
		}
	}
};

/**
Gives the people and tags of an index the names that the catalogue has for them, once all items are there: most of them belong to many.
*/
export const giveNames = async (index: NamedIndex, store: Pick<CatalogStore, 'getMany'>): Promise<void> => {
	const ids = index.unnamedIds();
	for (let start = 0; start < ids.length; start += namesPerTurn) {
		await nextTurn();
		nameThem(index, await store.getMany(ids.slice(start, start + namesPerTurn)));
	}
};
