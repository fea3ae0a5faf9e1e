import type {CatalogStore} from '../catalog/catalog-store.js';
import type {Item, Library} from '../catalog/types.js';
import type {Normalize, PlexClient} from '../plex/types.js';
import {readRatingKey} from '../plex/wire.js';
import {batchSize} from './listing.js';
import {likeness} from './likeness.js';

type SampleOptions = {
	plex: Pick<PlexClient, 'details'>;
	store: Pick<CatalogStore, 'page'>;
	normalize: Normalize;
	libraries: readonly Library[];
	signal: AbortSignal;
};

/**
Whether a server has what the catalogue has of these libraries, judged by a sample that one request answers. The records must be loaded.

@throws AppError of the server
*/
export const hasSameContents = async ({plex, store, normalize, libraries, signal}: SampleOptions): Promise<boolean> => {
	const sample = new Map<string, Item>();
	for (const library of libraries) {
		const {records} = await store.page({kind: 'item', libraryId: library.id, limit: Math.max(1, Math.floor(batchSize / libraries.length))});
		for (const record of records) {
			if (record.kind === 'item' && record.ratingKey !== undefined && record.missingSince === undefined && sample.size < batchSize) {
				sample.set(record.ratingKey, record);
			}
		}
	}

	if (sample.size === 0) {
		return true;
	}

	let same = 0;
	for (const row of await plex.details(sample.keys().toArray(), {signal})) {
		const item = sample.get(readRatingKey(row) ?? '');
		const fresh = item && normalize(row, item);
		same += fresh?.ok === true && likeness(item!, fresh.value.item) === 'same' ? 1 : 0;
	}

	return same * 2 > sample.size;
};
