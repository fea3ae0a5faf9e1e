import {Low} from 'lowdb';
import {instantOf} from '../catalog/instant.js';
import {errorMessage, isAppError} from '../base/errors.js';
import type {Change, LoadProgress} from '../catalog/catalog-store.js';
import {guarded} from '../base/file-system.js';
import {setAside} from '../base/set-aside.js';
import {sweepTemps} from '../base/durable-write.js';
import {
	applyChangeSet,
	type CatalogData,
	emptyCatalog,
	nextHeader,
} from './catalog-data.js';
import type {CatalogContext, OpenedCatalog} from './catalog-context.js';
import {createBackups, isBackupDue} from './backups.js';
import {readBackup} from './read-backup.js';
import {withoutRewound} from './rewinds.js';
import {createHistoryFiles, type CommittedEvents} from './history-files.js';
import {createJournalSession} from './journal-session.js';
import {createLinesDocument} from './lines-document.js';
import type {Lock} from './lock.js';
import {migrateLine} from './migrate-line.js';
import {schemaVersionOf} from './migrations.js';
import {createRewriter} from './rewriter.js';
import {createStoreCore} from './store-core.js';

/**
Open for writing; `lock` is released by `close`.
*/
export const openWriter = async (context: CatalogContext, lock: Lock): Promise<OpenedCatalog> => {
	const {folder, files, fs, now, steps, onDamaged, historyMonths} = context;
	const document = createLinesDocument(files.document, {fs, steps});
	const db = new Low<CatalogData>(document, emptyCatalog());
	const journal = createJournalSession(context);
	const history = createHistoryFiles(files.history, fs);
	const backups = createBackups(files.backups, {fs, now, schemaVersion: schemaVersionOf(steps)});
	const notices = new Set<string>();
	let isLoaded = false;
	let hasCommitted = false;
	let isClosed = false;
	let inFlight: Promise<unknown> = Promise.resolve();

	const note = (text: string | undefined) => {
		if (text !== undefined) {
			notices.add(text);
		}
	};

	const rewriter = createRewriter({
		context, document, journal, history, db, note,
	});

	const core = createStoreCore({
		data: () => db.data,
		async persist(changes) {
			const written = journal.append(changes);
			inFlight = written.catch(() => undefined);
			const bytes = await written;
			// In the journal they are safe; here they only move on.
			await history.add(changes.events);
			hasCommitted = true;
			return bytes;
		},
		beforeBegin: rewriter.idle,
		afterCommit: rewriter.startIfDue,
	});

	const startEmpty = async () => {
		db.data = emptyCatalog();
		// Revisions of a catalogue that is gone are not used again: its history stays.
		db.data.header.revision = await history.lastRevision();
		await db.write();
		note(await journal.adopt(document.id()!, {isDurable: document.isDurable()}));
	};

	const recover = async (error: unknown) => {
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
			note(`${error.message} It was set aside as ${aside}. The catalogue is that of the backup of ${backup.madeAt}; a sync brings it up to date.`);
		}
	};

	const putAside = async () => {
		await journal.close();
		const aside = await guarded(folder, 'put in order', async () => [
			await setAside(files.document, {fs, now}),
			await setAside(files.journal, {fs, now}),
		]);
		document.forget();
		return aside.filter(path => path !== undefined).join(' and ');
	};

	/**
	The restored catalogue goes on with a revision that was never used, so that the history knows what to leave out.
	*/
	const startFrom = async (backup: string) => {
		const {header, table} = await readBackup(backup, context);
		const revision = Math.max(header.revision, db.data.header.revision, await history.lastRevision()) + 1;
		const rewind = {toRevision: header.revision, revision, at: instantOf(now())};
		db.data = {header: {...header, revision, rewinds: [...header.rewinds ?? [], rewind]}, table};
		await db.write();
		note(await journal.adopt(document.id()!, {isDurable: document.isDurable()}));
	};

	const open = async () => {
		const {restoreFrom} = context;
		if (restoreFrom !== undefined) {
			await backups.prove(restoreFrom);
			// Only to know its revisions; it may be damaged, which is why someone restores.
			const old = await document.readHead().catch(() => undefined);
			db.data.header.revision = old?.header.revision ?? 0;
			const aside = await putAside();
			await startFrom(restoreFrom);
			note(aside === '' ? undefined : `The catalogue before was set aside as ${aside}.`);
			return;
		}

		const head = await document.readHead();
		if (head === undefined) {
			await startEmpty();
			return;
		}

		db.data.header = head.header;
		const commits: CommittedEvents[] = [];
		note(await journal.adopt(head.id, {
			isDurable: true,
			onCommit(commit) {
				db.data.header = nextHeader(db.data.header, commit);
				if (commit.events.length > 0) {
					commits.push({revision: commit.revision, events: commit.events});
				}
			},
		}));
		await history.recover(head.id.revision, commits);
	};

	const read = async (onProgress: ((progress: LoadProgress) => void) | undefined): Promise<Change[]> => {
		document.onProgress(onProgress);
		await db.read();
		const changes: Change[] = [];
		const migrate = migrateLine({...db.data.header, schemaVersion: document.readVersion()}, steps);
		await journal.replay(commit => {
			changes.push(applyChangeSet(db.data, {...commit, puts: commit.puts.map(line => migrate(line))}));
		});
		return changes;
	};

	await guarded(folder, 'put in order', async () => sweepTemps(folder, {fs, now, owned: ['catalog.json', 'catalog.journal']}));
	try {
		await open();
	} catch (error) {
		try {
			await recover(error);
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
				changes = await read(onProgress);
			} catch (error) {
				await recover(error);
			}

			if (isClosed) {
				return;
			}

			if (document.readVersion() < db.data.header.schemaVersion) {
				const version = document.readVersion();
				const migrated = backups.copy(files.document, {revision: document.id()!.revision, schemaVersion: version}).then(rewriter.rewrite);
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
			try {
				await inFlight;
				await rewriter.finish(isLoaded && !isQuick);
				if (isLoaded && !isQuick) {
					await history.summarise(monthsAgo(now(), historyMonths)).catch((error: unknown) => {
						note(`Old months of the history could not be summed up; they stay as they are. ${errorMessage(error)}`);
					});
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

const monthsAgo = (now: Date, months: number): string =>
	new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - months)).toISOString().slice(0, 7);
