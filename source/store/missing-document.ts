import path from 'node:path';
import {AppError} from '../base/errors.js';
import {guarded, ifExists} from '../base/file-system.js';
import type {CatalogContext} from './catalog-context.js';
import {historyNames} from './history-files.js';

/**
Call it when there is no document. A folder without one is that of a first start only if nothing tells of a catalogue that was there.

@throws {AppError} `damaged` that says what is there and what to do.
*/
export const requireFirstStart = async ({folder, files, fs}: Pick<CatalogContext, 'folder' | 'files' | 'fs'>): Promise<void> => {
	const namesIn = async (place: string) => await guarded(place, 'read', async () => ifExists(fs.readdir(place))) ?? [];
	const names = await namesIn(folder);
	const backups = await namesIn(files.backups);
	const history = await historyNames({folder: files.history, fs});
	const {base} = path.parse(files.document);
	const journal = path.basename(files.journal);
	const found = [
		...(names.includes(journal) ? ['its journal'] : []),
		...(names.includes(`${base}.bak`) ? ['the document before it'] : []),
		...(history.length > 0 ? ['its history'] : []),
		...(backups.some(name => name.endsWith('.json.zst')) ? ['its backups'] : []),
		...(names.some(name => name.startsWith(`${base}.corrupt-`) || name.startsWith(`${journal}.corrupt-`)) ? ['files that were set aside'] : []),
	];
	if (found.length > 0) {
		throw new AppError('damaged', `${files.document} is missing, but the folder still has ${new Intl.ListFormat('en').format(found)}. Nothing was changed.`, {
			hint: 'If the file was moved, put it back. Otherwise run "reelcat restore" to go back to the newest backup, or "reelcat repair" to save what can be saved. "reelcat restore --empty" begins anew with an empty catalogue.',
		});
	}
};
