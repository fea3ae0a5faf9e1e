import {isDeepStrictEqual} from 'node:util';
import type {HistoryEvent} from '../../source/catalog/history.js';
import type {Item, MediaFile} from '../../source/catalog/types.js';
import {storedItems, type CatalogStore} from '../../source/catalog/catalog-store.js';

/**
@throws when the catalogue's own check finds a problem.
*/
export const expectWhole = async (store: CatalogStore) => {
	const {problems} = await store.check();
	if (problems.length > 0) {
		throw new Error(`The catalogue is not whole: ${problems.slice(0, 5).join(' ')}`);
	}
};

/**
Compares two catalogues without their ids, because a fresh import makes new ones.

@throws when they differ
*/
export const expectSame = async (store: CatalogStore, fresh: CatalogStore) => {
	const [is, should] = [await byRatingKey(store), await byRatingKey(fresh)];
	for (const key of new Set([...is.keys(), ...should.keys()])) {
		if (!isDeepStrictEqual(is.get(key), should.get(key))) {
			throw new Error(`${key} differs:\n${JSON.stringify(is.get(key))}\n${JSON.stringify(should.get(key))}`);
		}
	}
};

const byRatingKey = async (store: CatalogStore) => {
	const {items, files} = await contentOf(store);
	const name = (id: string | undefined) => {
		const item = id === undefined ? undefined : items.get(id);
		return item?.ratingKey ?? (item === undefined ? undefined : `${item.type} ${item.title} of ${items.get(item.showId ?? '')?.ratingKey}`);
	};

	const named = new Map<string, unknown>();
	for (const {id, showId, seasonId, ...facts} of items.values()) {
		named.set(name(id)!, {
			...facts,
			show: name(showId),
			season: name(seasonId),
			files: facts.versions.flatMap(({parts}) => parts.map(({fileId}) => files.get(fileId))),
		});
	}

	return named;
};

export const withoutOwnNotes = ({fingerprints: _fingerprints, firstSeenAt: _firstSeenAt, missingSince: _missingSince, ...item}: Item): Item => item;

export const contentOf = async (store: CatalogStore) => {
	const items = new Map<string, Item>();
	for await (const batch of storedItems(store)) {
		for (const item of batch) {
			items.set(item.id, withoutOwnNotes(item));
		}
	}

	const files = new Map<string, MediaFile>();
	const {records} = await store.page({kind: 'file', limit: 100_000});
	for (const record of records) {
		if (record.kind === 'file') {
			files.set(record.id, record);
		}
	}

	return {items, files};
};

/**
All events, oldest first.
*/
export const historyOf = async (store: CatalogStore): Promise<HistoryEvent[]> => {
	const events: HistoryEvent[] = [];
	for await (const batch of store.history()) {
		events.push(...batch);
	}

	return events;
};

export const itemOfKey = async (store: CatalogStore, ratingKey: string): Promise<Item | undefined> => {
	for await (const items of storedItems(store)) {
		const found = items.find(item => item.ratingKey === ratingKey);
		if (found !== undefined) {
			return found;
		}
	}

	return undefined;
};
