import type {ItemLookup} from '../catalog/catalog-store.js';
import {createKnownLibrary, type KnownItem, type KnownLibrary} from './known-library.js';

/**
What the work on a library asks of its stored items. Where single items can be looked up, only those are read that are asked for.
*/
export type StoredItems = {
	isEmpty: () => boolean;
	/**
	The item to which a ratingKey belongs.
	*/
	find: (ratingKey: string) => Promise<KnownItem | undefined>;
	/**
	Looks these up together, so that `find` need not look up each.
	*/
	meet: (ratingKeys: readonly string[]) => Promise<void>;
	/**
	The ratingKeys of the items right below these.
	*/
	below: (parentIds: ReadonlySet<string>) => Promise<string[]>;
	/**
	Which of these have an item right below them, besides those that are left out.
	*/
	parentsAmong: (parentIds: readonly string[], except: readonly string[]) => Promise<Set<string>>;
	/**
	Items that are held, and whose ratingKey belongs to another item by now.
	*/
	displaced: () => Promise<KnownItem[]>;
	/**
	All items of the library, for what cannot be said of single ones.
	*/
	whole: () => Promise<KnownLibrary>;
};

export const storedIn = (library: KnownLibrary): StoredItems => ({
	isEmpty: library.isEmpty,
	find: async ratingKey => library.byKey.get(ratingKey),
	async meet() {/* all are known */},
	below: async parentIds => library.passing().filter(({parentId}) => parentId !== undefined && parentIds.has(parentId)).map(({ratingKey}) => ratingKey).toArray(),
	async parentsAmong(parentIds, except) {
		const parents = library.parentIds(except);
		return new Set(parentIds.filter(id => parents.has(id)));
	},
	displaced: async () => library.displaced(),
	whole: async () => library,
});

/**
Knows of a library that is not empty what was asked for. It does not see what is committed later.
*/
export const lookedUp = (lookup: ItemLookup, libraryId: string, readWhole: () => Promise<KnownLibrary>): StoredItems => {
	const found = createKnownLibrary();
	const met = new Map<string, Promise<void>>();

	const lookUp = async (ratingKeys: readonly string[]) => {
		for (const item of await lookup.byKeys([libraryId], ratingKeys)) {
			found.put(item);
		}
	};

	const meet = async (ratingKeys: readonly string[]) => {
		const unmet = new Set(ratingKeys.filter(key => !met.has(key)));
		if (unmet.size > 0) {
			const reading = lookUp([...unmet]);
			for (const key of unmet) {
				met.set(key, reading);
			}
		}

		for (const key of ratingKeys) {
			await met.get(key);
		}
	};

	return {
		isEmpty: () => false,
		async find(ratingKey) {
			await meet([ratingKey]);
			return found.byKey.get(ratingKey);
		},
		meet,
		below: async parentIds => lookup.below(libraryId, [...parentIds]),
		parentsAmong: async (parentIds, except) => new Set(await lookup.parentsAmong(libraryId, parentIds, except)),
		async displaced() {
			const shared = createKnownLibrary();
			for (const item of await lookup.ofSharedKeys(libraryId)) {
				shared.put(item);
			}

			return shared.displaced();
		},
		whole: readWhole,
	};
};
