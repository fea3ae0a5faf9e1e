import {Low} from 'lowdb';
import {sweepTemps} from '../base/durable-write.js';
import {errorMessage} from '../base/errors.js';
import {guarded} from '../base/file-system.js';
import type {Change, LoadProgress} from '../catalog/catalog-store.js';
import {createBackups, isBackupDue} from './backups.js';
import type {CatalogContext, OpenedCatalog} from './catalog-context.js';
import {applyChangeSet, type CatalogData, emptyCatalog} from './catalog-data.js';
import {createOpening, type WriterParts} from './catalog-opening.js';
import {withoutRewound} from './history-files.js';
import {createHistoryWriter} from './history-writer.js';
import {createJournalSession} from './journal-session.js';
import {createLinesDocument} from './lines-document.js';
import type {Lock} from './lock.js';
import {migrateHeader, migrateLine, schemaVersionOf} from './migrations.js';
import {createRewriter} from './rewriter.js';
import {createStoreCore} from './store-core.js';

/**
Open for writing. `close` releases `lock`; if this function throws, the caller must release it.

@throws {AppError} `damaged`, `newer`, `disk-full`, `not-writable`.
*/
export const openWriter = async (context: CatalogContext, lock: Lock): Promise<OpenedCatalog> => {
	const {folder, files, fs, now, steps} = context;
	const document = createLinesDocument(files.document, {fs, steps});
	const notices = new Set<string>();
	const parts: WriterParts = {
		context,
		document,
		journal: createJournalSession(context),
		history: createHistoryWriter({folder: files.history, fs}),
		backups: createBackups(files.backups, {fs, now, schemaVersion: schemaVersionOf(steps)}),
		db: new Low<CatalogData>(document, emptyCatalog()),
		note(text) {
			if (text !== undefined) {
				notices.add(text);
			}
		},
	};
	const {journal, history, backups, db} = parts;
	const opening = createOpening(parts);
	const rewriter = createRewriter(parts);
	let isLoaded = false;
	let hasCommitted = false;
	let isClosed = false;
	let inFlight: Promise<unknown> = Promise.resolve();

	const core = createStoreCore({
		data: () => db.data,
		async persist(changes) {
			const written = journal.append(changes);
			inFlight = written.catch(() => undefined);
			const bytes = await written;
			// The events are safe in the journal, so this never fails.
			await history.add(changes.events);
			hasCommitted = true;
			return bytes;
		},
		beforeBegin: rewriter.idle,
		afterCommit: rewriter.startIfDue,
	});

	await guarded(folder, 'put in order', async () => sweepTemps(folder, {fs, now, owned: ['catalog.json', 'catalog.journal']}));
	try {
		await opening.open();
	} catch (error) {
		try {
			await opening.recover(error);
		} catch (error_) {
			await journal.close().catch(() => undefined);
			throw error_;
		}
	}

	const backup = async () => {
		const made = await rewriter.exclusively(async () => backups.make(db.data));
		hasCommitted = false;
		return made;
	};

	const {tell: _, ready, abortOpen, ...methods} = core;
	return {
		...methods,
		mode: 'writer',
		holder: undefined,
		history: (query = {}) => withoutRewound(history.read(query), () => db.data.header.rewinds),
		backup,
		async backupIfDue() {
			const [newest] = await backups.list();
			return hasCommitted && isBackupDue(newest, now()) ? backup() : undefined;
		},
		get notice() {
			return notices.size === 0 ? undefined : [...notices].join(' ');
		},
		async load(onProgress) {
			let changes: Change[] = [];
			try {
				changes = await readRecords(parts, onProgress);
			} catch (error) {
				await opening.recover(error);
			}

			if (isClosed) {
				return;
			}

			if (document.readVersion() < db.data.header.schemaVersion) {
				const about = {revision: document.id()!.revision, schemaVersion: document.readVersion()};
				const migrated = backups.copy(files.document, about).then(rewriter.rewrite);
				inFlight = migrated.catch(() => undefined);
				await migrated;
			}

			isLoaded = true;
			ready(document.id()!.revision, changes);
		},
		async close({isQuick = false} = {}) {
			if (isClosed) {
				return;
			}

			isClosed = true;
			abortOpen();
			const isThorough = isLoaded && !isQuick;
			try {
				await inFlight;
				await rewriter.finish(isThorough);
				if (isThorough) {
					await summarise(parts);
				}
			} finally {
				try {
					await history.close();
					await journal.close();
				} finally {
					await guarded(files.lock, 'released', async () => lock.release());
				}
			}
		},
	};
};

/**
Read the records of the document and apply the journal. Returns the commits of the journal.
*/
const readRecords = async ({context, document, journal, db}: WriterParts, onProgress: ((progress: LoadProgress) => void) | undefined): Promise<Change[]> => {
	document.onProgress(onProgress);
	await db.read();
	const changes: Change[] = [];
	const migrate = migrateLine({...db.data.header, schemaVersion: document.readVersion()}, context.steps);
	await journal.replay(commit => {
		changes.push(applyChangeSet(db.data, {...commit, puts: commit.puts.map(line => migrate(line))}));
	});
	db.data.header = migrateHeader(db.data.header, document.readVersion());
	return changes;
};

const summarise = async ({context: {now, historyMonths}, history, note}: WriterParts) => {
	const today = now();
	const before = new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth() - historyMonths)).toISOString().slice(0, 7);
	try {
		await history.summarise(before);
	} catch (error) {
		note(`Old months of the history could not be summed up; they stay as they are. ${errorMessage(error)}`);
	}
};
