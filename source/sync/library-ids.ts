import {hiddenSeasonId, itemId, spareItemId} from '../catalog/identity.js';
import type {NormalizedItem} from '../plex/types.js';
import type {KnownLibrary} from './knowledge.js';

/**
Knows the catalogue ids of a library's items. Usually an id follows from the ratingKey under which the item was first seen. An item that gets a new ratingKey keeps its id, and whatever refers to it by that key must find it.
*/
export const createLibraryIds = (serverId: string, known: Pick<KnownLibrary, 'renamed'>) => {
	const others = new Map(known.renamed);
	const assign = (ratingKey: string, id: string) => {
		const usual = itemId(serverId, ratingKey);
		if (usual === id) {
			others.delete(usual);
		} else {
			others.set(usual, id);
		}
	};

	const resolve = (id: string) => others.get(id) ?? id;

	return {
		settle({item, parents: {show, season}}: NormalizedItem): void {
			if (others.size === 0) {
				return;
			}

			item.id = resolve(item.id);
			if (show !== undefined) {
				show.id = resolve(show.id);
				item.showId = show.id;
			}

			if (season === undefined) {
				return;
			}

			season.id = show !== undefined && season.ratingKey === undefined
				? hiddenSeasonId(show.id, season.number ?? item.seasonNumber)
				: resolve(season.id);
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
