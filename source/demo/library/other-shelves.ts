import {artworkOf} from './artwork.js';
import {createDice, hexOf} from './dice.js';
import {summaryOf} from './prose.js';
import {sectionKeys} from './section.js';
import type {Shelf} from './shelf.js';
import {inventedTitle} from './words.js';

/**
Music and photos: there to be shown as not importable, so a few rows are enough.
*/
export const otherShelves = (seed: number): Shelf[] => {
	const shelf = (sectionKey: string, kind: {type: number; name: string; firstKey: number; count: number}): Shelf => ({
		sectionKey,
		type: kind.type,
		firstKey: kind.firstKey,
		count: kind.count,
		oddities: new Map(),
		build(index) {
			const ratingKey = String(kind.firstKey + index);
			const title = inventedTitle(15_000 + (kind.type * 100) + index);
			return {
				ratingKey,
				key: `/library/metadata/${ratingKey}/children`,
				guid: `plex://${kind.name}/${hexOf(24, seed, Number(ratingKey))}`,
				type: kind.name,
				title,
				summary: summaryOf(createDice(seed, Number(ratingKey)), 1),
				index: 1,
				...artworkOf(ratingKey, title, 1_700_000_000),
				addedAt: 1_650_000_000 + index,
				updatedAt: 1_700_000_000,
			};
		},
	});

	return [
		shelf(sectionKeys.music, {
			type: 8, name: 'artist', firstKey: 1000, count: 12,
		}),
		shelf(sectionKeys.music, {
			type: 9, name: 'album', firstKey: 1100, count: 30,
		}),
		shelf(sectionKeys.photos, {
			type: 14, name: 'photoalbum', firstKey: 1200, count: 5,
		}),
	];
};
