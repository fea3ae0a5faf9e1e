import {once} from '../base/once.js';
import {itemId} from '../catalog/identity.js';
import {listKinds} from '../catalog/kinds.js';
import type {CatalogStore, StoreTransaction} from '../catalog/catalog-store.js';
import type {CatalogRecord, ItemList, ListKind} from '../catalog/types.js';
import {diffLists, listFieldsOf} from '../history/list-changes.js';
import type {ChangeCounts} from './events.js';
import type {StoredItems} from './stored-items.js';
import type {LibraryWork} from './library-work.js';

/**
All collections, or all playlists.
*/
export const listsOfKind = async (store: Pick<CatalogStore, 'page'>, kind: ListKind): Promise<ItemList[]> => {
	const {records} = await store.page({kind, limit: Infinity});
	return records.filter(record => isList(record));
};

const isList = (record: CatalogRecord): record is ItemList => record.kind === 'collection' || record.kind === 'playlist';

/**
Turns ratingKeys into ids of items. Nearly all ids follow from the ratingKey; the others are looked for among the items of the library, and for a playlist among those of the server.
*/
export const createMemberIds = ({store, knowledge, library}: LibraryWork, kind: ListKind) => {
	const openOthers = once(async () => {
		const stored: StoredItems[] = [];
		for (const {id, serverId} of store.header().libraries) {
			if (!(kind === 'collection' ? id === library.id : serverId === library.serverId)) {
				continue;
			}

			stored.push(await knowledge.stored(id));
		}

		return stored;
	});

	const readOthers = async (ratingKeys: readonly string[]) => {
		const others = ratingKeys.length === 0 ? [] : await openOthers();
		for (const {meet} of others) {
			await meet(ratingKeys);
		}

		return others;
	};

	return async (ratingKeys: readonly string[]): Promise<{items: string[]; unknownItems: number}> => {
		const usual = new Map<string, string>();
		for (const record of await store.getMany(ratingKeys.map(key => itemId(library.serverId, key)), {kind: 'item'})) {
			if (record.kind === 'item' && record.ratingKey !== undefined && record.missingSince === undefined) {
				usual.set(record.ratingKey, record.id);
			}
		}

		const others = await readOthers(ratingKeys.filter(key => !usual.has(key)));
		const unusual = async (ratingKey: string) => {
			const found = await Promise.all(others.map(async ({find}) => find(ratingKey)));
			return found.findLast(item => item !== undefined)?.id;
		};

		const items: string[] = [];
		for (const key of ratingKeys) {
			const id = usual.get(key) ?? await unusual(key);
			if (id !== undefined) {
				items.push(id);
			}
		}

		return {items, unknownItems: ratingKeys.length - items.length};
	};
};

/**
Takes items that leave the catalogue out of all lists, in the transaction in which they go, since no list may name what is not there.
*/
export const dropMembers = async (store: Pick<CatalogStore, 'page'>, gone: ReadonlySet<string>, {transaction, at, runId}: {transaction: StoreTransaction; at: string; runId: string}): Promise<ChangeCounts> => {
	const changes: ChangeCounts = {};
	const drop = async (list: ItemList) => {
		// Without its fingerprint its members are read again, for they may come back.
		const {fingerprint: _, ...kept} = list;
		const after: ItemList = {...kept, items: list.items.filter(id => !gone.has(id)), lastSeenAt: at};
		const difference = diffLists(list, after);
		if (difference === undefined) {
			return;
		}

		const kind = `${list.kind}-changed` as const;
		await transaction.upsert([after]);
		await transaction.record([{
			kind, at, runId, libraryId: list.kind === 'collection' ? list.libraryId : list.serverId, listId: list.id, title: list.title, reason: 'removed from the library', ...difference,
		}]);
		changes[kind] = (changes[kind] ?? 0) + 1;
	};

	for (const kind of gone.size === 0 ? [] : listKinds) {
		for (const list of await listsOfKind(store, kind)) {
			await drop(list);
		}
	}

	return changes;
};

/**
Takes out the collections of a library that is gone.
*/
export const dropCollections = async (store: Pick<CatalogStore, 'page'>, {id: libraryId}: {id: string}, {transaction, at, runId}: {transaction: StoreTransaction; at: string; runId: string}): Promise<void> => {
	const all = await listsOfKind(store, 'collection');
	const gone = all.filter(list => list.kind === 'collection' && list.libraryId === libraryId);
	await transaction.remove(gone.map(({id}) => id));
	await transaction.record(gone.map(list => ({
		kind: 'collection-removed', at, runId, libraryId, listId: list.id, title: list.title, reason: 'library gone', past: listFieldsOf(list),
	})));
};
