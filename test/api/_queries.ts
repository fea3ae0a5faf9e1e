import type {ApiQueries} from '../../source/api/port.js';
import {createDaemonQueries} from '../../source/app/daemon-queries.js';
import {createQueryIndex} from '../../source/app/query-index.js';
import type {CatalogStore} from '../../source/catalog/catalog-store.js';
import type {SavedQuery} from '../../source/catalog/saved-query.js';
import {savedWorld} from '../../source/query/language/query-source.js';

/**
The questions of the API to a store that is loaded.
*/
export const openQueries = (store: CatalogStore, saved: readonly SavedQuery[] = []): ApiQueries => createDaemonQueries(store, {
	index: createQueryIndex({...store, kept: () => undefined}).index,
	queryWorld() {
		const {libraries, servers} = store.header();
		return {
			now: new Date(), libraries, servers, ...savedWorld(() => saved),
		};
	},
});
