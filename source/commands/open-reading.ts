import {createCatalogIndex} from '../query/catalog-index.js';
import type {CatalogIndex} from '../query/types.js';
import {storedItems, type CatalogStore} from '../store/store.js';
import type {CommandContext} from './command.js';

export type Reading = {
	store: CatalogStore;
	index: CatalogIndex;
};

/**
The catalogue, loaded and indexed, for a command that only reads: it never takes the lock, so it works beside a running import.

@throws AppError of the store
*/
export const withReading = async <Value>({session, io}: CommandContext, read: (reading: Reading) => Promise<Value>): Promise<Value> => {
	const store = await session.openStore({access: 'read'});
	try {
		await store.load();
		const index = createCatalogIndex();
		for await (const items of storedItems(store)) {
			index.put(items);
		}

		if (index.size() === 0) {
			io.say(`The catalogue is empty. Import something first: reelcat import${session.isDemo() ? ' --demo' : ''}`);
		}

		return await read({store, index});
	} finally {
		await store.close();
	}
};
