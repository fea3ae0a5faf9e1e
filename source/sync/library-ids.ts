import {hiddenSeasonId, itemId, spareItemId} from '../catalog/identity.js';
import type {NormalizedItem} from '../plex/types.js';
import type {StoredItems} from './stored-items.js';

/**
Knows the catalogue ids of a library's items. Usually an id follows from the ratingKey under which the item was first seen. An item that gets a new ratingKey keeps its id, and whatever refers to it by that key must find it.
*/
export const createLibraryIds = (serverId: string, {isEmpty, find}: Pick<StoredItems, 'isEmpty' | 'find'>) => {
	// By the usual id.
	const assigned = new Map<string, string>();
	const assign = (ratingKey: string, id: string) => {
		assigned.set(itemId(serverId, ratingKey), id);
	};

	const resolve = async (id: string, ratingKey: string | undefined) => {
		const found = ratingKey === undefined || assigned.has(id) ? undefined : await find(ratingKey);
		return assigned.get(id) ?? found?.id ?? id;
	};

	return {
		async settle({item, parents: {show, season}}: NormalizedItem): Promise<void> {
			if (assigned.size === 0 && isEmpty()) {
				return;
			}

			item.id = await resolve(item.id, item.ratingKey);
			if (show !== undefined) {
				show.id = await resolve(show.id, show.ratingKey);
				item.showId = show.id;
			}

			if (season === undefined) {
				return;
			}

			season.id = show !== undefined && season.ratingKey === undefined
				? hiddenSeasonId(show.id, season.number ?? item.seasonNumber)
				: await resolve(season.id, season.ratingKey);
			item.seasonId = season.id;
		},
		assign,
		async assignSpare(ratingKey: string, isTaken: (id: string) => Promise<boolean>): Promise<string> {
			for (let attempt = 2; ; attempt++) {
				const id = spareItemId(serverId, ratingKey, attempt);
				if (!await isTaken(id)) {
					assign(ratingKey, id);
					return id;
				}
			}
		},
	};
};

export type LibraryIds = ReturnType<typeof createLibraryIds>;
