import {Low} from 'lowdb';
import {sweepTemps} from '../base/durable-write.js';
import {errorMessage} from '../base/errors.js';
import {oneByOne} from '../base/one-by-one.js';
import {guarded} from '../base/file-system.js';
import {stepPerTurn} from '../base/turns.js';
import type {Change, LoadProgress} from '../catalog/catalog-store.js';
import {createBackups, isBackupDue} from './backups.js';
import type {CatalogContext, OpenedCatalog} from './catalog-context.js';
import {
	applyChangeSet,
	type CatalogData,
	type ChangeSet,
	emptyCatalog,
} from './catalog-data.js';
import {createOpening, type CatalogOpening, type WriterParts} from './catalog-opening.js';
import {createFolderGuard, type FolderGuard} from './folder-guard.js';
import {openFolderMarker} from './folder-marker.js';
import {withoutRewound} from './history-files.js';
import {isSameDocument} from './document-format.js';
import {createHistoryWriter} from './history-writer.js';
import {encodeCommit} from './journal-format.js';
import {createJournalSession, type JournalSession} from './journal-session.js';
import {createLinesDocument} from './lines-document.js';
import {
	findKeptIndex,
	restoredTable,
	type CatalogSeed,
	type KeptIndex,
} from './kept-index.js';
import type {Lock} from './lock.js';
import {migrateLine, schemaVersionOf} from './migrations.js';
import {createRewriter} from './rewriter.js';
import {createStoreCore} from './store-core.js';

/**
Open for writing. `close` releases `lock`; if this function throws, the caller must release it.

@throws {AppError} `damaged`, `newer`, `disk-full`, `not-writable`.
*/
export const openWriter = async (context: CatalogContext, lock: Lock): Promise<OpenedCatalog> => {
	const {folder, files, fs, now, steps} = context;
	const notices = createNotices();
	const history = createHistoryWriter({folder: files.history, fs}, {now});
	const document = createLinesDocument(files.document, {...context, historyProof: history.proof});
	const parts: WriterParts = {
		context,
		document,
		journal: createJournalSession(context),
		history,
		backups: createBackups(files.backups, {fs, now, schemaVersion: schemaVersionOf(steps)}),
		db: new Low<CatalogData>(document, emptyCatalog()),
		note: notices.add,
	};
	const {journal, backups, db, note} = parts;
	const opening = createOpening(parts);
	const rewriter = createRewriter(parts, async () => guard.check());
	const guard = createFolderGuard({
		folder, lock, marker: await openFolderMarker(files.marker, fs), document, journal, rewrite: rewriter.rewrite, note,
	});
	let isLoaded = false;
	let hasCommitted = false;
	let isClosed = false;
	let seed: CatalogSeed | undefined;
	let kept: KeptIndex | undefined;
	// Files that are being written look as if someone else were changing them.
	const {inTurn, settled} = oneByOne();

	const core = createStoreCore({
		data: () => db.data,
		async persist(make) {
			// Whoever closes the catalogue waits for this.
			const persisted = await inTurn(async () => {
				const changes = await make();
				return changes && append(changes, {journal, guard});
			});
			if (persisted !== undefined) {
				// The events are safe in the journal, so this never fails.
				await history.add(persisted.changes.events);
				hasCommitted = true;
			}

			return persisted;
		},
		beforeBegin: rewriter.idle,
		afterCommit: rewriter.startIfDue,
	});

	await guarded(folder, 'put in order', async () => sweepTemps(folder, {fs, now, owned: ['catalog.json', 'catalog.journal', '.reelcat-folder']}));
	try {
		await opening.open();
	} catch (error) {
		await journal.close().catch(() => undefined);
		throw error;
	}

	const {tell: _, ready, abortOpen, checkOfBackup, isWhole, ...methods} = core;
	const backup = async () => {
		const made = await rewriter.exclusively(async () => {
			await inTurn(guard.check);
			return backups.make(db.data, await checkOfBackup());
		});
		hasCommitted = false;
		return made;
	};

	return {
		...methods,
		mode: 'writer',
		holder: undefined,
		history: (query = {}) => withoutRewound(history.read(query), () => db.data.header.rewinds),
		backup,
		async backupIfDue() {
			await rewriter.settle(isLoaded);
			return hasCommitted && isBackupDue(await backups.list(), now()) ? backup() : undefined;
		},
		async prove() {
			if (!isLoaded) {
				await document.prove();
			}
		},
		async examine() {
			if (isLoaded && !isClosed) {
				await rewriter.exclusively(async () => inTurn(guard.examine));
			}
		},
		get fault() {
			return guard.fault();
		},
		get notice() {
			return notices.text();
		},
		kept: () => kept,
		seed: () => seed,
		async load(onProgress) {
			if (isLoaded) {
				return;
			}

			const read = await readRecords(parts, opening, onProgress);
			({kept} = read);
			if (isClosed) {
				return;
			}

			if (document.readVersion() < db.data.header.schemaVersion) {
				const about = {revision: document.id()!.revision, schemaVersion: document.readVersion()};
				await inTurn(async () => {
					await backups.copy(files.document, about);
					await rewriter.rewrite({isProved: true});
				});
			}

			isLoaded = true;
			const isUnchanged = read.changes.length === 0;
			ready(isUnchanged ? db.data.header.revision : read.start, read.changes, isUnchanged && read.isWhole);
		},
		async close({isQuick = false} = {}) {
			if (isClosed) {
				return;
			}

			isClosed = true;
			abortOpen();
			const isThorough = isLoaded && !isQuick;
			try {
				await settled();
				await rewriter.finish(isThorough);
				if (isThorough && guard.fault() === undefined) {
					await summarise(parts, rewriter.rewrite);
				}
			} finally {
				try {
					await history.close();
					const id = document.id();
					seed = isLoaded && id !== undefined
						? {
							data: db.data, document: id, journalBytes: journal.sizeBytes(), isWhole: isWhole(),
						}
						: undefined;
					await journal.close();
				} finally {
					await guarded(files.lock, 'released', async () => lock.release());
				}
			}
		},
	};
};

const append = async (changes: ChangeSet, {journal, guard}: {journal: JournalSession; guard: Pick<FolderGuard, 'check'>}) => {
	// This takes many turns for a large commit, in which somebody else may write.
	const encoded = await stepPerTurn(encodeCommit(changes));
	await guard.check();
	return {changes, ...await journal.append(encoded)};
};

/**
Sentences for a person, each once.
*/
const createNotices = () => {
	const notices = new Set<string>();
	return {
		add(text: string | undefined) {
			if (text !== undefined) {
				notices.add(text);
			}
		},
		text: () => notices.size === 0 ? undefined : [...notices].join(' '),
	};
};

type Records = {changes: Change[]; start: number; kept: KeptIndex | undefined; isWhole: boolean};

/**
Read the records of the document and apply the journal. Returns the commits of the journal, and the revision before them.
*/
const readRecords = async ({context, document, journal, db}: WriterParts, opening: CatalogOpening, onProgress: ((progress: LoadProgress) => void) | undefined): Promise<Records> => {
	const {seed} = context;
	if (seed?.journalBytes === journal.sizeBytes() && seed.data.header.revision === db.data.header.revision) {
		const head = await document.readHead();
		if (head !== undefined && isSameDocument(head.id, seed.document)) {
			document.recall(head);
			db.data = {header: db.data.header, table: seed.data.table};
			return {
				changes: [], start: 0, kept: undefined, isWhole: seed.isWhole,
			};
		}
	}

	const head = await document.readHead().catch(() => undefined);
	const found = findKeptIndex(context, head?.id);
	const table = found && await restoredTable(found);
	const kept = table && found;
	if (kept === undefined) {
		document.onProgress(onProgress);
		try {
			await db.read();
		} catch (error) {
			await opening.recover(error);
			return {
				changes: [], start: 0, kept: undefined, isWhole: false,
			};
		}
	} else {
		document.recall(head!);
		db.data = {header: kept.header, table: table!};
	}

	const start = kept?.header.revision ?? document.id()!.revision;
	const changes: Change[] = [];
	const migrate = migrateLine({...db.data.header, schemaVersion: document.readVersion()}, context.steps);
	await journal.replay(commit => {
		changes.push(applyChangeSet(db.data, {...commit, puts: commit.puts.map(line => migrate(line))}));
	}, kept && {after: start, from: kept.journalBytes});
	return {
		changes, start, kept, isWhole: kept?.isWhole === true,
	};
};

const summarise = async ({context: {now, historyMonths}, history, note}: WriterParts, writeDocument: () => Promise<void>) => {
	const today = now();
	const before = new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth() - historyMonths)).toISOString().slice(0, 7);
	try {
		await history.summarise(before, writeDocument);
	} catch (error) {
		note(`Old months of the history could not be summed up; they stay as they are. ${errorMessage(error)}`);
	}
};
