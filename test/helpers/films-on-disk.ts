import type {Item} from '../../source/catalog/types.js';
import {openCatalog} from '../../source/store/open-catalog.js';
import {makeLibrary} from '../query/_items.js';

/**
Writes films into the catalogue of a folder, and returns its closed store.
*/
export const writeFilms = async (folder: string, films: readonly Item[], options: {restBytes?: number} = {}) => {
	const store = await openCatalog({folder, ...options});
	await store.load();
	const transaction = await store.begin();
	await transaction.putServer({id: 'server', name: 'Attic'});
	const counts = {
		movie: films.length, show: 0, season: 0, episode: 0,
	};
	await transaction.putLibrary({...makeLibrary('films', 'Films'), counts});
	await transaction.upsert(films);
	await transaction.commit();
	await store.close();
	return store;
};
