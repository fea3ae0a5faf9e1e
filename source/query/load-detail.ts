import type {CatalogRecord} from '../catalog/types.js';
import type {CatalogStore} from '../catalog/catalog-store.js';
import {describeItem, relatedIds} from './related.js';
import type {CatalogIndex, ItemDetail} from './types.js';

/**
An item of the catalogue with everything that it refers to; `undefined` when there is no such item.
*/
export const loadDetail = async (store: CatalogStore, index: CatalogIndex, id: string): Promise<ItemDetail | undefined> => {
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
