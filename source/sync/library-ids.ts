import {hiddenSeasonId, itemId, spareItemId} from '../catalog/identity.js';
import type {NormalizedItem} from '../plex/types.js';
import type {KnownLibrary} from './known-library.js';

/**
Knows the catalogue ids of a library's items. Usually an id follows from the ratingKey under which the item was first seen. An item that gets a new ratingKey keeps its id, and whatever refers to it by that key must find it.
*/
export const createLibraryIds = (serverId: string, known: KnownLibrary) => {
	// By the usual id.
	const assigned = new Map<string, string>();
	const assign = (ratingKey: string, id: string) => {
		assigned.set(itemId(serverId, ratingKey), id);
	};

	const resolve = (id: string, ratingKey: string | undefined) =>
		assigned.get(id) ?? (ratingKey === undefined ? undefined : known.byKey.get(ratingKey)?.id) ?? id;

	return {
		settle({item, parents: {show, season}}: NormalizedItem): void {
			if (assigned.size === 0 && known.isEmpty()) {
				return;
			}

			item.id = resolve(item.id, item.ratingKey);
			if (show !== undefined) {
				show.id = resolve(show.id, show.ratingKey);
				item.showId = show.id;
			}

			if (season === undefined) {
				return;
			}

			season.id = show !== undefined && season.ratingKey === undefined
				? hiddenSeasonId(show.id, season.number ?? item.seasonNumber)
				: resolve(season.id, season.ratingKey);
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
