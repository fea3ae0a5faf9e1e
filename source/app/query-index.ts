import {oneByOne} from '../base/one-by-one.js';
import type {CatalogStore} from '../catalog/catalog-store.js';
import type {SavedQuery} from '../catalog/saved-query.js';
import {createCatalogIndex} from '../query/catalog-index.js';
import {savedWorld, type QueryWorld} from '../query/language/query-source.js';
import {checkSavedQuery} from '../query/language/saved.js';
import type {CatalogIndex} from '../query/types.js';
import type {OpenedCatalog} from '../store/catalog-context.js';
import {fillIndex, putItems, removeItems} from './index-loader.js';
import type {Session} from './session.js';

type IndexedStore = Pick<OpenedCatalog, 'header' | 'load' | 'page' | 'getMany' | 'changesSince' | 'kept'> & Pick<CatalogStore, 'subscribe'>;

/**
An index for a process that is rarely asked for one. It is made at the first question, and what was committed since is put into it at the next one. Nothing is done in between.
*/
export const createQueryIndex = (store: IndexedStore): {index: () => Promise<CatalogIndex>; close: () => void} => {
	const index = createCatalogIndex();
	const {inTurn} = oneByOne();
	const changed = new Set<string>();
	const removed = new Set<string>();
	let isStale = true;
	let unsubscribe: (() => void) | undefined;

	const follow = () => {
		unsubscribe ??= store.subscribe(({upserted, removed: gone, isReload}) => {
			isStale ||= isReload === true;
			for (const id of gone) {
				removed.add(id);
				changed.delete(id);
			}

			for (const id of upserted) {
				changed.add(id);
				removed.delete(id);
			}
		});
	};

	const takeAll = (ids: Set<string>) => {
		const all = [...ids];
		ids.clear();
		return all;
	};

	return {
		index: async () => inTurn(async () => {
			// Commits that come while the index is filled are put into it afterwards.
			follow();
			try {
				if (isStale) {
					isStale = false;
					changed.clear();
					removed.clear();
					await fillIndex(store, index);
				}

				await removeItems(index, takeAll(removed));
				await putItems(store, index, takeAll(changed));
				return index;
			} catch (error) {
				isStale = true;
				throw error;
			}
		}),
		close() {
			unsubscribe?.();
		},
	};
};

/**
Saves a query once it is right. One that is standing already must stay one that can be followed.

@throws {QueryError} for the query
@throws AppError 'usage' as `checkSavedQuery` does
*/
export const saveChecked = async (saved: SavedQuery, {settings}: Pick<Session, 'settings'>, world: QueryWorld): Promise<void> => {
	const standing = settings().queries().find(({name}) => name === saved.name)?.standing;
	await checkSavedQuery({...saved, standing}, world);
	const writer = await settings().writer();
	writer.saveQuery(saved);
};

/**
What a query may mean now, in this catalogue and with the saved queries of the settings.
*/
export const queryWorldOf = (store: Pick<CatalogStore, 'header'>, {settings}: Pick<Session, 'settings'>): QueryWorld => {
	const {libraries, servers} = store.header();
	return {
		now: new Date(), libraries, servers, ...savedWorld(() => settings().queries()),
	};
};
