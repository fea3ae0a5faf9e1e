import path from 'node:path';
import type {Low} from 'lowdb';
import {
	durableWrite,
	keepAside,
	syncFolder,
	temporaryName,
} from '../base/durable-write.js';
import {AppError, isAppError, requireAppError} from '../base/errors.js';
import {guarded} from '../base/file-system.js';
import {instantOf} from '../catalog/values.js';
import {unpacked} from './backups.js';
import type {CatalogContext} from './catalog-context.js';
import type {CatalogData} from './catalog-data.js';
import {checkCatalog} from './check-catalog.js';
import {proveDocument} from './document-format.js';
import {lastRevision} from './history-files.js';
import type {JournalSession} from './journal-session.js';
import {createLinesDocument, type DocumentHead, type LinesDocument} from './lines-document.js';
import {schemaVersionOf} from './migrations.js';

type ReplacingParts = {
	context: CatalogContext;
	document: LinesDocument;
	journal: JournalSession;
	db: Low<CatalogData>;
};

/**
Puts another catalogue in the place of the one in the folder: that of a backup, or an empty one.
*/
export const createReplacing = ({context: {folder, files, fs, now}, document, journal, db}: ReplacingParts) => {
	/**
	The highest revision that was ever used here, as far as anything tells. A catalogue that replaces another one goes on with a revision that was never used, so that the history knows what to leave out.
	*/
	const highestRevision = async () => {
		let head: DocumentHead | undefined;
		try {
			head = await document.readHead();
		} catch (error) {
			// The document may be damaged, which is why someone restores.
			if (!isAppError(error, 'damaged') && !isAppError(error, 'newer')) {
				throw error;
			}
		}

		return Math.max(head?.header.revision ?? 0, await journal.highestRevision(), await lastRevision({folder: files.history, fs}));
	};

	const afterRewind = async ({header, table}: CatalogData): Promise<CatalogData> => {
		const highest = Math.max(header.revision, await highestRevision());
		if (highest === 0) {
			return {header, table};
		}

		const rewind = {toRevision: header.revision, revision: highest + 1, at: instantOf(now())};
		return {header: {...header, revision: rewind.revision, rewinds: [...header.rewinds ?? [], rewind]}, table};
	};

	/**
	Puts a catalogue in the place of the one that is there. At every instant the folder holds the old one or the new one, whole: the old document and journal get second names and stay where they are; the new document is written beside, read back, and takes the place of the old one in a single step. From then on the old journal, which belongs to an older revision, is not read any more.
	*/
	const replaceWith = async (data: CatalogData): Promise<string | undefined> => {
		await journal.close();
		const aside: string[] = [];
		try {
			await guarded(folder, 'put in order', async () => {
				for (const file of [files.document, files.journal]) {
					const kept = await keepAside(file, {fs, now});
					if (kept !== undefined) {
						aside.push(kept);
					}
				}

				await syncFolder(folder, fs);
			});
			await document.replace(data);
		} catch (error) {
			for (const file of aside) {
				// If it stays, it is only one more name of a file that is still in its place.
				await fs.unlink(file).catch(() => undefined);
			}

			throw error;
		}

		db.data = data;
		const previous = aside.length === 0 ? undefined : aside.join(' and ');
		try {
			await journal.restart(document.id()!, document.isDurable());
		} catch (error) {
			requireAppError(error);

			throw new AppError(error.code, `The catalogue was replaced${previous === undefined ? '' : `, and the previous one was set aside as ${previous}`}; only its new journal could not be begun. ${error.message}`, {
				hint: 'The catalogue is whole and need not be replaced again. Make sure that its disk has room and can be written, then start reelcat again.',
				cause: error,
			});
		}

		return previous;
	};

	return {afterRewind, replaceWith};
};

/**
The catalogue in a backup, migrated if an older reelcat made it.

@throws {AppError} `damaged`, `newer`, `disk-full` or `not-writable`.
*/
export const readBackup = async (backup: string, {folder, fs, steps}: Pick<CatalogContext, 'folder' | 'fs' | 'steps'>): Promise<CatalogData> => {
	// Not the name of a file that a writer owns: this process may read without the lock.
	const file = path.join(folder, temporaryName('backup.json'));
	try {
		await durableWrite(file, unpacked(backup, fs), {fs});
		return (await createLinesDocument(file, {fs, steps}).read())!;
	} finally {
		// If it stays, the next start sweeps it.
		await fs.unlink(file).catch(() => undefined);
	}
};

/**
The same for a restore, which must not put something in the place of a catalogue that is not one.

@throws {AppError} as `readBackup`; `damaged`, too, if records in it are not whole.
*/
export const readWholeBackup = async (backup: string, context: Parameters<typeof readBackup>[1]): Promise<CatalogData> => {
	await proveDocument(unpacked(backup, context.fs), backup, schemaVersionOf(context.steps));
	const data = await readBackup(backup, context);
	const {problems} = await checkCatalog(data);
	if (problems.length > 0) {
		throw new AppError('damaged', `The catalogue in ${backup} is not whole: ${problems[0]!}`, {hint: 'Nothing was changed. Try an older backup; "reelcat backup --list" shows them.'});
	}

	return data;
};
