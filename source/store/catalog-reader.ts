import {setTimeout as sleep} from 'node:timers/promises';
import {Low} from 'lowdb';
import {AppError, errorMessage} from '../base/errors.js';
import {guarded, ifExists} from '../base/file-system.js';
import type {Change, LockHolder} from '../catalog/catalog-store.js';
import type {HistoryEvent} from '../catalog/history.js';
import type {CatalogContext, OpenedCatalog} from './catalog-context.js';
import {
	applyChangeSet,
	type CatalogData,
	type ChangeSet,
	emptyCatalog,
	nextHeader,
} from './catalog-data.js';
import {type DocumentId, isSameDocument} from './document-format.js';
import {readHistoryEvents, withoutRewound} from './history-files.js';
import {journalDamaged, readJournal} from './journal-reader.js';
import {createLinesDocument, type LinesDocument} from './lines-document.js';
import {writerWords} from './lock-record.js';
import {migrateLine} from './migrations.js';
import {requireFirstStart} from './missing-document.js';
import {createStoreCore} from './store-core.js';

/**
The document that a reader has, and how far it has read the journal.
*/
type Position = {
	document: DocumentId | undefined;
	// 0 while this document had no journal yet.
	journalBytes: number;
	// Changes whenever the journal may have changed.
	stamp: string;
};

type Snapshot = {
	db: Low<CatalogData>;
	changes: Change[];
	position: Position;
};

/**
Open for reading: takes no lock, writes nothing, follows the writer. `holder` is the process that writes now, if any.
*/
export const openReader = async (context: CatalogContext, holder: LockHolder | undefined): Promise<OpenedCatalog> => {
	const {files, fs, steps, pollMs, seed} = context;
	const document = createLinesDocument(files.document, {fs, steps});
	let isLoaded = seed !== undefined;
	let notice: string | undefined;
	let {db, position} = seed === undefined
		? await readSnapshot(context, document, {isHeaderOnly: true})
		: {
			db: new Low<CatalogData>(document, seed.data),
			position: {document: seed.document as DocumentId | undefined, journalBytes: seed.journalBytes, stamp: ''},
		};

	const refuse = async () => {
		throw readOnly(holder);
	};

	const core = createStoreCore({data: () => db.data, persist: refuse, beforeBegin: refuse});

	const readAll = async (isHeaderOnly: boolean): Promise<Change[]> => {
		const snapshot = await readSnapshot(context, document, {isHeaderOnly});
		({db, position} = snapshot);
		return snapshot.changes;
	};

	const reload = async () => {
		const changes = await readAll(!isLoaded);
		if (isLoaded) {
			core.ready(position.document?.revision ?? 0, changes);
		}

		core.tell({
			revision: db.data.header.revision, upserted: [], removed: [], isReload: true,
		});
	};

	const apply = (commit: ChangeSet) => {
		if (isLoaded) {
			core.tell(applyChangeSet(db.data, commit));
		} else {
			db.data.header = nextHeader(db.data.header, commit);
			core.tell({
				revision: commit.revision, upserted: [], removed: [], isReload: true,
			});
		}
	};

	const poll = async () => {
		const stamp = await journalStamp(context);
		if (stamp === position.stamp) {
			return;
		}

		let next = position.document;
		let isKnown = false;
		const state = await readJournal(files.journal, {
			fs,
			follow({document: id, previous}) {
				const {revision} = db.data.header;
				if (isSameDocument(id, position.document) && position.journalBytes > 0) {
					isKnown = true;
					return {after: revision, from: position.journalBytes};
				}

				// The writer has only put into the document what this reader knows already.
				isKnown = isSameDocument(id, position.document) || (isSameDocument(previous, position.document) && id.revision === revision);
				next = id;
				return isKnown ? {after: revision} : undefined;
			},
			onCommit: apply,
		});
		// If the bytes do not continue where this reader stood, the writer has taken a commit back and made another.
		if (!isKnown || state === undefined || state.damage !== undefined || state.sizeBytes < state.goodBytes) {
			await reload();
		} else {
			position = {document: next, journalBytes: state.goodBytes, stamp};
		}
	};

	const poller = createPoller(pollMs, async () => {
		try {
			await poll();
			notice = undefined;
		} catch (error) {
			// The records in memory stay readable, and the next poll may succeed.
			notice = `Changes of the catalogue cannot be followed at the moment. ${errorMessage(error)}`;
		}
	});

	if (isLoaded) {
		core.ready(db.data.header.revision);
	}

	poller.start();
	const {tell: _, ready, abortOpen: __, ...methods} = core;
	return {
		...methods,
		mode: 'reader',
		holder,
		history: (query = {}) => withoutRewound(readHistoryEvents({folder: files.history, fs}, query, async () => eventsOfJournal(context)), () => db.data.header.rewinds),
		backup: refuse,
		backupIfDue: async () => undefined,
		async prove() {
			if (!isLoaded) {
				await document.prove();
			}
		},
		get notice() {
			return notice;
		},
		seed: () => isLoaded && position.document !== undefined ? {data: db.data, document: position.document, journalBytes: position.journalBytes} : undefined,
		async load(onProgress) {
			if (isLoaded) {
				return;
			}

			await poller.pause();
			document.onProgress(onProgress);
			try {
				const changes = await readAll(false);
				isLoaded = true;
				ready(position.document?.revision ?? 0, changes);
			} finally {
				document.onProgress(undefined);
				poller.start();
			}
		},
		close: poller.close,
	};
};

/**
Calls `work` every `pollMs`, counted from the end of the call before, without keeping the process alive.
*/
const createPoller = (pollMs: number, work: () => Promise<void>) => {
	let isClosed = false;
	let timer: NodeJS.Timeout | undefined;
	let working: Promise<void> = Promise.resolve();

	const start = () => {
		if (isClosed) {
			return;
		}

		timer = setTimeout(() => {
			working = work().then(start);
		}, pollMs);
		timer.unref();
	};

	const pause = async () => {
		clearTimeout(timer);
		await working;
		// A call that was under way has set the timer again.
		clearTimeout(timer);
	};

	return {
		start,
		pause,
		async close() {
			isClosed = true;
			await pause();
		},
	};
};

const journalStamp = async ({files, fs}: CatalogContext): Promise<string> => guarded(files.journal, 'read', async () => {
	const stats = await ifExists(fs.stat(files.journal));
	return stats === undefined ? '' : `${stats.ino} ${stats.size} ${stats.mtimeMs}`;
});

/**
Document and journal of one moment. Tries again while the writer replaces them, or takes a commit back.

@throws {AppError} `damaged` if they do not belong together, or as the document and the journal do. An older state is never given for the newest one.
*/
const readSnapshot = async (context: CatalogContext, document: LinesDocument, options: {isHeaderOnly: boolean}): Promise<Snapshot> => {
	for (let attempt = 1; ; attempt++) {
		const reading = await readOnce(context, document, options);
		if (!(reading instanceof AppError)) {
			return reading;
		}

		if (attempt === 20) {
			throw reading;
		}

		await sleep(25);
	}
};

/**
Read document and journal, in that order. Returns an error if they do not fit, which may be because the writer has changed them meanwhile.
*/
const readOnce = async (context: CatalogContext, document: LinesDocument, {isHeaderOnly}: {isHeaderOnly: boolean}): Promise<Snapshot | AppError> => {
	const {files, fs, steps} = context;
	const db = new Low<CatalogData>(document, emptyCatalog());
	const stamp = await journalStamp(context);
	const head = await document.readHead();
	if (isHeaderOnly) {
		db.data.header = head?.header ?? db.data.header;
	} else {
		await db.read();
	}

	if (head === undefined) {
		await requireFirstStart(context);
	}

	const id = isHeaderOnly ? head?.id : (head && document.id());
	const changes: Change[] = [];
	const migrate = migrateLine({...db.data.header, schemaVersion: document.readVersion()}, steps);
	let isStale = false;
	const state = id && await readJournal(files.journal, {
		fs,
		follow(journal) {
			isStale = !isSameDocument(journal.document, id) && journal.document.revision >= id.revision;
			return isSameDocument(journal.document, id) ? {after: id.revision} : undefined;
		},
		onCommit(commit) {
			if (isHeaderOnly) {
				db.data.header = nextHeader(db.data.header, commit);
			} else {
				changes.push(applyChangeSet(db.data, {...commit, puts: commit.puts.map(line => migrate(line))}));
			}
		},
	});
	if (isStale) {
		return new AppError('damaged', `${files.journal} does not belong to ${files.document}.`, {
			hint: 'Close every other reelcat and open the catalogue once; that puts them in order.',
		});
	}

	return state?.damage === undefined
		? {db, changes, position: {document: id, journalBytes: state?.goodBytes ?? 0, stamp}}
		: journalDamaged(files.journal, state.damage);
};

const eventsOfJournal = async ({files, fs}: CatalogContext): Promise<HistoryEvent[]> => {
	const events: Array<readonly HistoryEvent[]> = [];
	await readJournal(files.journal, {
		fs,
		follow: ({document}) => ({after: document.revision}),
		onCommit(commit) {
			events.push(commit.events);
		},
	});
	return events.flat();
};

const readOnly = (holder: LockHolder | undefined) => new AppError('locked', holder === undefined
	? 'This catalogue was opened for reading only.'
	: `${writerWords(holder)} writes this catalogue.`, {
	hint: 'Close the other one and open the catalogue again to change it.',
});
