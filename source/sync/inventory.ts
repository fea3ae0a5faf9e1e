import {itemId} from '../catalog/identity.js';
import type {Item} from '../catalog/types.js';
import {storedItems, type CatalogStore} from '../catalog/catalog-store.js';
import type {Stored} from './differing-fields.js';

/**
What is stored of a server, by ratingKey.
*/
export type Inventory = Stored & {
	byKey: ReadonlyMap<string, InventoryEntry>;
};

export type InventoryEntry = Pick<Item, 'id' | 'libraryId'> & {
	/**
	Not expected on the server: a stand-in, or known to be missing.
	*/
	isUnlisted: boolean;
};

export const takeInventory = async (store: CatalogStore, serverId: string): Promise<Inventory> => {
	const byKey = new Map<string, InventoryEntry>();
	const aliases = new Map<string, string>();
	const seasons = new Map<string, string>();
	const take = (item: Item) => {
		const {id, libraryId, ratingKey} = item;
		if (item.type === 'season') {
			seasons.set(id, `${item.showId}:${item.seasonNumber}`);
		}

		if (ratingKey === undefined) {
			return;
		}

		byKey.set(ratingKey, {id, libraryId, isUnlisted: item.placeholder === true || item.missingSince !== undefined});
		aliases.set(itemId(serverId, ratingKey), id);
	};

	for await (const items of storedItems(store)) {
		for (const item of items) {
			if (item.serverId === serverId) {
				take(item);
			}
		}
	}

	return {byKey, idOf: id => aliases.get(id) ?? id, seasonOf: id => seasons.get(id)};
};
