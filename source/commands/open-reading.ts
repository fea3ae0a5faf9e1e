import {createIndexLoader} from '../app/index-loader.js';
import {createCatalogIndex} from '../query/catalog-index.js';
import type {CatalogIndex} from '../query/types.js';
import {openIndexCache} from '../store/index-cache.js';
import type {CatalogStore} from '../catalog/catalog-store.js';
import type {CommandContext} from './command.js';

export type Reading = {
	store: CatalogStore;
	index: CatalogIndex;
};

/**
The records of the catalogue without an index, for a command that only reads.

@throws AppError of the store
*/
export const withStore = async <Value>({session}: CommandContext, read: (store: CatalogStore) => Promise<Value>): Promise<Value> => {
	const store = await session.openStore({access: 'read'});
	try {
		await store.load();
		return await read(store);
	} finally {
		await store.close();
	}
};

/**
The catalogue, loaded and indexed, for a command that only reads: it never takes the lock, so it works beside a running import.

@throws AppError of the store
*/
export const withReading = async <Value>({session, io}: CommandContext, read: (reading: Reading) => Promise<Value>): Promise<Value> => {
	const store = await session.openStore({access: 'read'});
	try {
		const index = createCatalogIndex();
		const loader = createIndexLoader(openIndexCache(session.folders().data), store, index);
		await loader.fillFromCache(() => {/* no bar in a pipe */});
		await store.load();
		await loader.confirm(() => {/* no bar in a pipe */});
		if (index.size() === 0) {
			io.say(`The catalogue is empty. Import something first: reelcat import${session.isDemo() ? ' --demo' : ''}`);
		}

		return await read({store, index});
	} finally {
		await store.close();
	}
};
