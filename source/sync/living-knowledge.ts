import {createDictionaryColumn} from '../base/columns/dictionary-column.js';
import {createChains} from '../base/columns/groups.js';
import {createNumberColumn} from '../base/columns/number-column.js';
import {nextTurn} from '../base/turns.js';
import {comparedItems, type CatalogStore, type Change} from '../catalog/catalog-store.js';
import type {ComparedItem} from '../catalog/types.js';
import {
	isElsewhere,
	readKnowledge,
	sharedNames,
	unavailableIn,
	type Knowledge,
} from './knowledge.js';
import {createKnownLibrary} from './known-library.js';
import {storedIn} from './stored-items.js';

export type LivingKnowledge = Knowledge & {
	warm: () => Promise<void>;
	close: () => void;
};

const itemsPerTurn = 200;

/**
Knows what `readKnowledge` reads, and keeps it in step with the commits of the store, for a process that syncs again and again. It reads everything at the first question; from then on the work grows with what changes. Of a store in which single items can be looked up, it keeps nothing.
*/
export const createLivingKnowledge = (store: CatalogStore): LivingKnowledge => {
	if (store.lookup !== undefined) {
		return {...readKnowledge(store), async warm() {/* nothing is kept */}, close() {/* nothing is followed */}};
	}

	let libraries = new Map<string, KeptLibrary>();
	let reading: Promise<void> | undefined;
	let pending: Promise<void> = Promise.resolve();

	const libraryOf = (libraryId: string): KeptLibrary => {
		const kept = libraries.get(libraryId) ?? createKeptLibrary();
		libraries.set(libraryId, kept);
		return kept;
	};

	const forget = (id: string) => {
		for (const kept of libraries.values()) {
			kept.remove(id);
		}
	};

	const readAll = async () => {
		libraries = new Map();
		for await (const items of comparedItems(store, {hasFiles: true})) {
			for (const item of items) {
				libraryOf(item.libraryId).put(item);
			}
		}
	};

	const follow = async ({upserted, removed, isReload}: Change) => {
		await reading;
		if (isReload === true) {
			await readAll();
			return;
		}

		for (const id of removed) {
			forget(id);
		}

		for (let start = 0; start < upserted.length; start += itemsPerTurn) {
			const records = await store.getMany(upserted.slice(start, start + itemsPerTurn), {kind: 'item'});
			const items = records.filter(record => record.kind === 'item');
			for (const item of items) {
				forget(item.id);
				libraryOf(item.libraryId).put(item);
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

	return {
		warm: upToDate,
		async library(libraryId) {
			await upToDate();
			return libraryOf(libraryId).known;
		},
		async stored(libraryId) {
			await upToDate();
			return storedIn(libraryOf(libraryId).known);
		},
		async unavailable(libraryId) {
			await upToDate();
			return unavailableIn(libraryOf(libraryId).known);
		},
		elsewhere(context) {
			const others = () => store.header().libraries.filter(library => isElsewhere(library, context)).map(({id}) => libraryOf(id));
			return {
				async byKey(ratingKey) {
					await upToDate();
					return others().map(({known}) => known.byKey.get(ratingKey)?.id).find(id => id !== undefined);
				},
				async twinsOf(item) {
					await upToDate();
					const from = [...others(), ...context.isWithOwn === true ? [libraryOf(context.libraryId)] : []];
					const names = sharedNames(item);
					const ids = new Set(from.flatMap(kept => names.flatMap(name => kept.named(name))));
					ids.delete(item.id);
					return [...ids];
				},
			};
		},
		async players(fileIds) {
			await upToDate();
			const kept = libraries.values().toArray();
			return new Map(fileIds.values().map(fileId => [fileId, kept.flatMap(library => library.named(fileId))]));
		},
		close: unsubscribe,
	};
};

/**
What is known of a library, and which of its items have a name.
*/
const createKeptLibrary = () => {
	const known = createKnownLibrary();
	const names = createNames();

	return {
		known,
		remove(id: string) {
			const row = known.remove(id);
			if (row !== undefined) {
				names.set(row, []);
			}
		},
		put(item: ComparedItem) {
			names.set(known.put(item), sharedNames(item));
		},
		/**
		Ids of the items with this name.
		*/
		named: (name: string): string[] => names.rowsOf(name).map(row => known.idAt(row)),
	};
};

type KeptLibrary = ReturnType<typeof createKeptLibrary>;

/**
A few names for each row; rows may share them.
*/
const createNames = () => {
	const codes = createDictionaryColumn('names');
	// Each name of a row is an entry, and the entries of a name are a chain.
	const chains = createChains();
	const rows = createNumberColumn('rows');
	// The last entry of a row, and of an entry the one before.
	const lasts = createNumberColumn('lasts');
	const befores = createNumberColumn('befores');
	const freeEntries: number[] = [];
	let end = 0;

	return {
		set(row: number, names: readonly string[]) {
			for (let entry = lasts.get(row); entry !== undefined; entry = befores.get(entry)) {
				chains.move(entry, undefined);
				freeEntries.push(entry);
			}

			let last: number | undefined;
			for (const name of names) {
				const entry = freeEntries.pop() ?? end++;
				chains.move(entry, codes.codeFor(name));
				rows.set(entry, row);
				befores.set(entry, last);
				last = entry;
			}

			lasts.set(row, last);
		},
		rowsOf(name: string): number[] {
			const code = codes.codeOf(name);
			return code === undefined ? [] : chains.rowsOf(code).map(entry => rows.get(entry)!);
		},
	};
};
