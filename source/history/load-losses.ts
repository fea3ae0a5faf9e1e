import {heldSince} from '../catalog/held.js';
import type {MediaFile} from '../catalog/types.js';
import {storedItems, type CatalogStore} from '../catalog/catalog-store.js';
import type {Loss} from './lost-items.js';

/**
All tombstones.
*/
export const loadTombstones = async (store: CatalogStore): Promise<Loss[]> => {
	const losses: Loss[] = [];
	let after: string | undefined;
	do {
		const page = await store.page({kind: 'tombstone', limit: 500, ...(after !== undefined && {after})});
		losses.push(...page.records.filter(record => record.kind === 'tombstone').map(({item, files, removedAt, reason}) => ({
			item, files, at: removedAt, reason,
		})));
		after = page.cursor;
	} while (after !== undefined);

	return losses;
};

/**
Items that the server no longer lists and that are held until someone accepts their removal: one by one, or with the whole of a library that has vanished.
*/
export const loadHeld = async (store: CatalogStore): Promise<Loss[]> => {
	const losses: Loss[] = [];
	const {libraries} = store.header();
	for await (const items of storedItems(store)) {
		for (const item of items) {
			const at = heldSince(item, libraries);
			if (at !== undefined) {
				losses.push({
					item, files: await filesOf(store, item), at, reason: 'held',
				});
			}
		}
	}

	return losses;
};

/**
Titles of the shows that lost items belong to.
*/
export const loadShowTitles = async (store: Pick<CatalogStore, 'getMany'>, losses: readonly Loss[]): Promise<(showId: string) => string | undefined> => {
	const shows = await store.getMany([...new Set(losses.map(({item}) => item.showId).filter(id => id !== undefined))]);
	const titles = new Map(shows.map(record => [record.id, record.kind === 'item' ? record.title : undefined]));
	return id => titles.get(id);
};

const filesOf = async (store: CatalogStore, {versions}: Loss['item']): Promise<MediaFile[]> => {
	const records = await store.getMany([...new Set(versions.flatMap(({parts}) => parts.map(({fileId}) => fileId)))]);
	return records.filter(record => record.kind === 'file');
};
