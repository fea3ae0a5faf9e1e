import {fileIdsOf} from '../catalog/item-files.js';
import {storedItems, type CatalogStore, type StoreTransaction} from '../store/store.js';
import type {Stage} from './stage.js';

/**
Remove the records of files that nothing plays any more.
*/
export const removeUnusedFiles = async (store: Pick<CatalogStore, 'page'>, stage: Stage, transaction: StoreTransaction): Promise<void> => {
	const unused = new Set(stage.droppedFiles());
	if (unused.size === 0) {
		return;
	}

	for await (const items of storedItems(store)) {
		for (const item of items) {
			const staged = stage.staged(item.id);
			const now = staged === undefined ? item : staged.item;
			for (const id of now === undefined ? [] : fileIdsOf(now)) {
				unused.delete(id);
			}
		}
	}

	for (const item of stage.items()) {
		for (const id of fileIdsOf(item)) {
			unused.delete(id);
		}
	}

	await transaction.remove([...unused]);
};
