import path from 'node:path';
import {durableWrite, temporaryName} from '../base/durable-write.js';
import {unpacked} from './backups.js';
import type {CatalogContext} from './catalog-context.js';
import type {CatalogData} from './catalog-data.js';
import {createLinesDocument} from './lines-document.js';

/**
The catalogue that a backup holds, brought up to date if an older reelcat made it.

@throws {AppError} `damaged`, `newer`, `disk-full` or `not-writable`.
*/
export const readBackup = async (backup: string, {folder, fs, steps}: Pick<CatalogContext, 'folder' | 'fs' | 'steps'>): Promise<CatalogData> => {
	const file = path.join(folder, temporaryName('catalog.json'));
	try {
		await durableWrite(file, unpacked(backup, fs), {fs});
		return (await createLinesDocument(file, {fs, steps}).read())!;
	} finally {
		// What stays is swept at the next start.
		await fs.unlink(file).catch(() => undefined);
	}
};
