import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {setTimeout as delay} from 'node:timers/promises';
import {openCatalog} from '../../source/store/open-catalog.js';
import {isStoreAddress, readStoreAddress} from '../../source/store/postgres/address.js';
import {openPostgresCatalog} from '../../source/store/postgres/postgres-catalog.js';
import type {OpenCatalogOptions, OpenedCatalog} from '../../source/store/catalog-context.js';

/**
Opens the catalogue of a folder, or of a database if `place` is the address of one.
*/
export const openPlace = async (place: string, options: Omit<OpenCatalogOptions, 'folder'> = {}): Promise<OpenedCatalog> => {
	if (!isStoreAddress(place)) {
		return openCatalog({folder: place, ...options});
	}

	const folder = await mkdtemp(path.join(tmpdir(), 'reelcat-place-'));
	const open = async () => openPostgresCatalog({folder, login: {address: readStoreAddress(place)}, ...options});
	let store = await open();
	// The server needs a moment to notice that a writer was killed.
	for (let look = 0; store.mode === 'reader' && options.access !== 'read' && look < 100; look++) {
		await store.close();
		await delay(100);
		store = await open();
	}

	return {
		...store,
		async close(closing) {
			await store.close(closing);
			await rm(folder, {recursive: true, force: true});
		},
	};
};
