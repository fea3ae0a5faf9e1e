import type {CatalogStore} from '../catalog/catalog-store.js';
import {savedWorld, type QueryWorld} from '../query/language/query-source.js';
import type {Session} from './session.js';

/**
What a query may mean now, in this catalogue and with the saved queries of the settings.
*/
export const queryWorldOf = (store: Pick<CatalogStore, 'header'>, {settings}: Pick<Session, 'settings'>): QueryWorld => {
	const {libraries, servers} = store.header();
	return {
		now: new Date(), libraries, servers, ...savedWorld(() => settings().queries()),
	};
};
