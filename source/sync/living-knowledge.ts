import {fileIdsOf} from '../catalog/item.js';
import type {Item} from '../catalog/types.js';
import {storedItems, type CatalogStore, type Change} from '../catalog/catalog-store.js';
import {nextTurn} from '../base/turns.js';
import {
	isElsewhere,
	sharedNames,
	type Knowledge,
	addKnown,
	emptyKnown,
	removeKnown,
	type KnownLibrary,
} from './knowledge.js';

export type LivingKnowledge = Knowledge & {
	warm: () => Promise<void>;
	close: () => void;
};

const itemsPerTurn = 200;

/**
Knows what `readKnowledge` reads, and keeps it in step with the commits of the store, for a process that syncs again and again. It reads everything at the first question; from then on the work grows with what changes.
*/
export const createLivingKnowledge = (store: CatalogStore): LivingKnowledge => {
	let libraries = new Map<string, KnownLibrary>();
	let places = new Map<string, {library: KnownLibrary; ratingKey: string | undefined}>();
	// May hold names that an item no longer has, so look at the item itself, too. Nearly all names have one item, and a set takes more memory than a name.
	let byName = new Map<string, string | Set<string>>();
	let reading: Promise<void> | undefined;
	let pending: Promise<void> = Promise.resolve();

	const libraryOf = (libraryId: string): KnownLibrary => {
		const known = libraries.get(libraryId) ?? emptyKnown();
		libraries.set(libraryId, known);
		return known;
	};

	const forget = (id: string) => {
		const place = places.get(id);
		if (place === undefined) {
			return;
		}

		removeKnown(place.library, {id, ratingKey: place.ratingKey});
		places.delete(id);
	};

	const learn = (item: Item) => {
		forget(item.id);
		const library = libraryOf(item.libraryId);
		places.set(item.id, {library, ratingKey: item.ratingKey});
		addKnown(library, item);
		for (const name of sharedNames(item)) {
			const named = byName.get(name);
			if (typeof named === 'object') {
				named.add(item.id);
			} else {
				byName.set(name, named === undefined || named === item.id ? item.id : new Set([named, item.id]));
			}
		}
	};

	const readAll = async () => {
		libraries = new Map();
		places = new Map();
		byName = new Map();
		for await (const items of storedItems(store)) {
			for (const item of items) {
				learn(item);
			}
		}
	};

	const follow = async ({upserted, removed, isReload}: Change) => {
		if (isReload === true) {
			await readAll();
			return;
		}

		for (const id of removed) {
			forget(id);
		}

		for (let start = 0; start < upserted.length; start += itemsPerTurn) {
			for (const record of await store.getMany(upserted.slice(start, start + itemsPerTurn), {kind: 'item'})) {
				if (record.kind === 'item') {
					learn(record);
				}
			}

			await nextTurn();
		}
	};

	const unsubscribe = store.subscribe(change => {
		if (reading === undefined) {
			return;
		}

		pending = pending.then(async () => follow(change));
		// The next question throws it.
		pending.catch(() => undefined);
	});

	const upToDate = async () => {
		reading ??= readAll();
		await reading;
		await pending;
	};

	const itemsNamed = async (name: string): Promise<Item[]> => {
		await upToDate();
		const named = byName.get(name) ?? [];
		const records = await store.getMany(typeof named === 'string' ? [named] : [...named], {kind: 'item'});
		return records.filter((record): record is Item => record.kind === 'item' && sharedNames(record).includes(name));
	};

	return {
		warm: upToDate,
		async library(libraryId) {
			await upToDate();
			return libraryOf(libraryId);
		},
		elsewhere(context) {
			const others = () => store.header().libraries.filter(library => isElsewhere(library, context));
			return {
				async byKey(ratingKey) {
					await upToDate();
					return others().map(({id}) => libraries.get(id)?.byKey.get(ratingKey)?.id).find(id => id !== undefined);
				},
				async twinsOf(item) {
					const ids = new Set<string>();
					const from = new Set([...others().map(({id}) => id), ...context.isWithOwn === true ? [context.libraryId] : []]);
					for (const name of sharedNames(item)) {
						for (const twin of from.size === 0 ? [] : await itemsNamed(name)) {
							if (from.has(twin.libraryId) && twin.id !== item.id) {
								ids.add(twin.id);
							}
						}
					}

					return [...ids];
				},
			};
		},
		async players(fileIds) {
			const players = new Map<string, string[]>();
			for (const id of fileIds) {
				const items = await itemsNamed(id);
				players.set(id, items.filter(item => fileIdsOf(item).includes(id)).map(item => item.id));
			}

			return players;
		},
		close: unsubscribe,
	};
};
