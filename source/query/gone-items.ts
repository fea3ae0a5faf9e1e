import type {CatalogStore} from '../catalog/catalog-store.js';
import type {Item, MediaFile} from '../catalog/types.js';

/**
An item as it was when it was last there, with its files.
*/
export type GoneItem = {item: Item; files: readonly MediaFile[]};

/**
The records of a store, and those of what it no longer has.
*/
export const withGone = (store: Pick<CatalogStore, 'getMany'>, gone: readonly GoneItem[]): Pick<CatalogStore, 'getMany'> => {
	const records = new Map(gone.flatMap(({item, files}) => [...files, item]).map(record => [record.id, record]));
	return {
		async getMany(ids, options) {
			const found = await store.getMany(ids, options);
			const known = new Set(found.map(({id}) => id));
			return [...found, ...ids.filter(id => !known.has(id)).map(id => records.get(id)).filter(record => record !== undefined)];
		},
	};
};
