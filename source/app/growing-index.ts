import type {CatalogStore} from '../catalog/catalog-store.js';
import {fileIdsOf} from '../catalog/item.js';
import type {CatalogRecord, Item} from '../catalog/types.js';
import {createCatalogIndex} from '../query/catalog-index.js';
import {nameThem} from '../query/names.js';
import type {CatalogIndex} from '../query/types.js';
import {putItems, totalItems} from './index-loader.js';

type GrowingStore = Pick<CatalogStore, 'header' | 'subscribe' | 'getMany'>;

/**
An index that follows the commits of a run on an empty catalogue. The records of a commit are at hand, so that nothing has to be read again at the end.
*/
export const createGrowingIndex = (store: GrowingStore) => {
	const index = createCatalogIndex();
	// What must be read from the store, because a commit did not have all that its index needs.
	const late = new Set<string>();
	let isFollowed = totalItems(store) === 0;

	const put = (upserted: readonly string[], fresh: ReadonlyMap<string, CatalogRecord>) => {
		const items: Item[] = [];
		for (const id of upserted) {
			const record = fresh.get(id);
			if (record?.kind === 'item') {
				items.push(record);
			} else if (record?.kind === 'file') {
				for (const itemId of index.itemsOfFile(id)) {
					late.add(itemId);
				}
			} else if (record === undefined) {
				late.add(id);
			}
		}

		for (const item of items) {
			if (fileIdsOf(item).some(id => fresh.get(id)?.kind !== 'file')) {
				late.add(item.id);
			}
		}

		index.put(items, id => {
			const file = fresh.get(id);
			return file?.kind === 'file' ? file.sizeBytes : undefined;
		});
		nameThem(index, fresh.values());
	};

	const unsubscribe = store.subscribe(({upserted, removed, isReload}, fresh) => {
		isFollowed &&= isReload !== true;
		index.remove(removed);
		put(upserted, fresh ?? new Map());
	});

	return {
		/**
		@returns the index, or undefined if it could not follow
		*/
		async finish(): Promise<CatalogIndex | undefined> {
			unsubscribe();
			if (!isFollowed) {
				return undefined;
			}

			await putItems(store, index, [...late]);
			return index.size() === totalItems(store) ? index : undefined;
		},
	};
};
