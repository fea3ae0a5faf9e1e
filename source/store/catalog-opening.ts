import path from 'node:path';
import type {Low} from 'lowdb';
import {durableWrite, temporaryName, setAside} from '../base/durable-write.js';
import {isAppError} from '../base/errors.js';
import {guarded} from '../base/file-system.js';
import {instantOf} from '../catalog/values.js';
import type {HistoryEvent} from '../catalog/history.js';
import {type Backups, unpacked} from './backups.js';
import type {CatalogContext} from './catalog-context.js';
import {type CatalogData, emptyCatalog, nextHeader} from './catalog-data.js';
import {lastRevision} from './history-files.js';
import type {HistoryWriter} from './history-writer.js';
import type {JournalSession} from './journal-session.js';
import {createLinesDocument, type LinesDocument} from './lines-document.js';

export type WriterParts = {
	context: CatalogContext;
	document: LinesDocument;
	journal: JournalSession;
	history: HistoryWriter;
	backups: Backups;
	db: Low<CatalogData>;
	note: (text: string | undefined) => void;
};

export const createOpening = ({context, document, journal, history, backups, db, note}: WriterParts) => {
	const {folder, files, fs, now, onDamaged, restoreFrom} = context;
	const historyPlace = {folder: files.history, fs};

	const adoptJournal = async () => {
		await db.write();
		note(await journal.adopt(document.id()!, {isDurable: document.isDurable()}));
	};

	const startEmpty = async () => {
		db.data = emptyCatalog();
		// Never use the revisions of a catalogue that is gone again: its history stays.
		db.data.header.revision = await lastRevision(historyPlace);
		await adoptJournal();
	};

	/**
	The restored catalogue goes on with a revision that was never used, so that the history knows what to leave out.
	*/
	const startFrom = async (backup: string) => {
		const {header, table} = await readBackup(backup, context);
		const revision = Math.max(header.revision, db.data.header.revision, await lastRevision(historyPlace)) + 1;
		const rewind = {toRevision: header.revision, revision, at: instantOf(now())};
		db.data = {header: {...header, revision, rewinds: [...header.rewinds ?? [], rewind]}, table};
		await adoptJournal();
	};

	const putAside = async () => {
		await journal.close();
		const aside = await guarded(folder, 'put in order', async () => [
			await setAside(files.document, {fs, now}),
			await setAside(files.journal, {fs, now}),
		]);
		document.forget();
		return aside.filter(file => file !== undefined).join(' and ');
	};

	const restore = async (backup: string) => {
		await backups.prove(backup);
		// Only its revision is needed. The document may be damaged, which is why someone restores.
		const old = await document.readHead().catch(() => undefined);
		db.data.header.revision = old?.header.revision ?? 0;
		const aside = await putAside();
		await startFrom(backup);
		note(aside === '' ? undefined : `The previous catalogue was set aside as ${aside}.`);
	};

	return {
		/**
		Read the header and put the journal in order: of the existing catalogue, of the backup to restore, or of a new catalogue.

		@throws {AppError} `damaged`, `newer`, `disk-full`, `not-writable`.
		*/
		async open() {
			if (restoreFrom !== undefined) {
				await restore(restoreFrom);
				return;
			}

			const head = await document.readHead();
			if (head === undefined) {
				await startEmpty();
				return;
			}

			db.data.header = head.header;
			const events: Array<readonly HistoryEvent[]> = [];
			note(await journal.adopt(head.id, {
				isDurable: true,
				onCommit(commit) {
					db.data.header = nextHeader(db.data.header, commit);
					events.push(commit.events);
				},
			}));
			note(await history.recover(head, events.flat()));
		},
		/**
		Set the damaged files aside and start again from the newest good backup, or empty. The records are then loaded.

		@throws `error` itself if it is not `damaged`, or if `onDamaged` says `throw`.
		*/
		async recover(error: unknown) {
			if (onDamaged === 'throw' || !isAppError(error, 'damaged')) {
				throw error;
			}

			const backup = await backups.newestGood();
			const aside = await putAside();
			if (backup === undefined) {
				note(`${error.message} It was set aside as ${aside}; a new import brings everything back.`);
				await startEmpty();
			} else {
				await startFrom(backup.file);
				note(`${error.message} It was set aside as ${aside}. The backup of ${backup.madeAt} was restored; a sync brings it up to date.`);
			}
		},
	};
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
