import {fileIdsOf} from '../catalog/item-files.js';
import type {Item, Library} from '../catalog/types.js';
import {storedItems, type CatalogStore} from '../catalog/catalog-store.js';

/**
Items of the same server in other libraries, for those that have moved over. Read when first asked.
*/
export type Elsewhere = {
	byKey: (ratingKey: string) => Promise<string | undefined>;
	/**
	Catalogue ids of what has the same guid or plays the same file.
	*/
	twinsOf: (item: Item) => Promise<string[]>;
};

export type ElsewhereContext = {
	serverId: string;
	libraryId: string;
	/**
	The same library counts, too: for one that was not listed, so that nobody knows what is missing from it. Only knowledge that is kept can tell.
	*/
	isWithOwn?: boolean;
	/**
	Only libraries that were last compared before this instant: what an import has just read is not lost.
	*/
	lookedAtBefore?: string;
};

export const isElsewhere = ({id, serverId, sync}: Library, context: ElsewhereContext): boolean =>
	id !== context.libraryId && serverId === context.serverId && (context.lookedAtBefore === undefined || (sync !== undefined && sync.lookedAt < context.lookedAtBefore));

export const createElsewhere = (store: Pick<CatalogStore, 'page' | 'header'>, context: ElsewhereContext): Elsewhere => {
	const read = async () => {
		const byKey = new Map<string, string>();
		const byName = new Map<string, string[]>();
		const add = (item: Item, ratingKey: string) => {
			byKey.set(ratingKey, item.id);
			for (const name of sharedNames(item)) {
				const others = byName.get(name) ?? [];
				others.push(item.id);
				byName.set(name, others);
			}
		};

		const others = store.header().libraries.filter(library => isElsewhere(library, context));
		for (const library of others) {
			for await (const items of storedItems(store, {libraryId: library.id})) {
				for (const item of items) {
					if (item.ratingKey !== undefined) {
						add(item, item.ratingKey);
					}
				}
			}
		}

		return {byKey, byName};
	};

	let reading: ReturnType<typeof read> | undefined;
	const index = async () => {
		reading ??= read();
		return reading;
	};

	return {
		async byKey(ratingKey) {
			const {byKey} = await index();
			return byKey.get(ratingKey);
		},
		async twinsOf(item) {
			const {byName} = await index();
			return byName.size === 0 ? [] : [...new Set(sharedNames(item).flatMap(name => byName.get(name) ?? []))];
		},
	};
};

export const sharedNames = (item: Item): string[] => [...(item.guid === undefined ? [] : [`${item.type} ${item.guid}`]), ...fileIdsOf(item)];
