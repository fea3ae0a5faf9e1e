import {guarded, nodeFileSystem} from '../base/file-system.js';
import {closeOwnFolder, makeOwnFolder} from '../base/own-folder.js';
import type {CatalogContext, OpenCatalogOptions, OpenedCatalog} from './catalog-context.js';
import {openReader} from './catalog-reader.js';
import {catalogFiles} from './folders.js';
import {lockHolder, takeLock} from './lock.js';
import {migrations} from './migrations.js';

/**
What a folder is opened with, with what is usual where nothing is said.
*/
export const catalogContext = (options: OpenCatalogOptions): CatalogContext => ({
	access: 'write',
	onDamaged: 'throw',
	now: () => new Date(),
	fs: nodeFileSystem,
	pollMs: 300,
	rewriteBytes: 8 * (2 ** 20),
	steps: migrations,
	historyMonths: 24,
	restBytes: 2 ** 22,
	restoreFrom: undefined,
	startsAnew: false,
	isForHeader: false,
	...options,
	files: catalogFiles(options.folder),
});

/**
Open the catalogue in a folder, which is made if it does not exist. Only the header is read; `load()` reads the records.

One process writes; every other one reads and follows its changes, and its `holder` says who writes.

@example
```
const store = await openCatalog({folder});
await store.load();
const transaction = await store.begin();
await transaction.upsert(records);
await transaction.commit();
await store.close();
```

@throws {AppError} `damaged`, `newer`, `disk-full`, `not-writable`.
*/
export const openCatalog = async (options: OpenCatalogOptions): Promise<OpenedCatalog> => {
	const context = catalogContext(options);
	const {folder, files, fs, now} = context;
	if (context.access === 'read') {
		return openReader(context, await lockHolder(files.lock, context));
	}

	await makeOwnFolder(folder, {fs, isOnlyOurs: false});
	for (const own of [files.history, files.backups]) {
		await closeOwnFolder(own, {fs});
	}

	const lock = await guarded(files.lock, 'taken', async () => takeLock(files.lock, {fs, now}));
	if (!lock.isHeld) {
		return openReader(context, lock.holder);
	}

	try {
		// Whoever only reads starts sooner without it.
		const {openWriter} = await import('./catalog-writer.js');
		return await openWriter(context, lock);
	} catch (error) {
		// Report why it could not be opened; the kernel drops the lock at the latest when this process ends.
		await lock.release().catch(() => undefined);
		throw error;
	}
};
