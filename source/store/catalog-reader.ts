import {Low} from 'lowdb';
import {AppError, errorMessage} from '../base/errors.js';
import type {LoadProgress, LockHolder} from '../catalog/catalog-store.js';
import type {HistoryEvent} from '../catalog/history.js';
import {writesWords} from '../catalog/writer-words.js';
import type {CatalogContext, OpenedCatalog} from './catalog-context.js';
import {
	applyChangeSet,
	type CatalogData,
	type ChangeSet,
	nextHeader,
} from './catalog-data.js';
import {type DocumentId, isSameDocument} from './document-format.js';
import {readHistoryEvents, withoutRewound} from './history-files.js';
import {journalDamaged, readJournal} from './journal-reader.js';
import {createLinesDocument} from './lines-document.js';
import {
	journalStamp,
	readSnapshot,
	singleRecords,
	withCommit,
	type JournalPlace,
	type CatalogSnapshot,
} from './catalog-snapshot.js';
import {lockHolder} from './lock.js';
import {createStoreCore} from './store-core.js';
import {untilFree} from './until-free.js';

/**
Open for reading: takes no lock, writes nothing, follows the writer. `holder` is the process that writes now, if any.
*/
export const openReader = async (context: CatalogContext, holder: LockHolder | undefined): Promise<OpenedCatalog> => {
	const {files, fs, steps, pollMs, seed, restBytes} = context;
	const document = createLinesDocument(files.document, {fs, steps, restBytes});
	let isLoaded = seed !== undefined;
	let notice: string | undefined;
	let {db, position, kept, sinceKept}: Omit<CatalogSnapshot, 'start' | 'changes'> = seed === undefined
		? await readSnapshot(context, document, {isHeaderOnly: true})
		: {
			db: new Low<CatalogData>(document, seed.data), position: {document: seed.document, journalBytes: seed.journalBytes, stamp: ''}, kept: undefined, sinceKept: undefined,
		};

	const refuse = async () => {
		throw readOnly(holder);
	};

	const core = createStoreCore({data: () => db.data, persist: refuse, beforeBegin: refuse});

	const readAll = async (isHeaderOnly: boolean) => {
		const snapshot = await readSnapshot(context, document, {isHeaderOnly});
		({db, position, kept, sinceKept} = snapshot);
		return snapshot;
	};

	const reload = async () => {
		const {start, changes} = await readAll(!isLoaded);
		if (isLoaded) {
			core.ready(start, changes);
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
			sinceKept &&= withCommit(sinceKept, commit);
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

		const next = await readNews(context, {position, revision: db.data.header.revision, onCommit: apply});
		if (next === undefined) {
			await reload();
		} else {
			position = {...next, stamp};
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

	const load = async (onProgress?: (progress: LoadProgress) => void) => {
		if (isLoaded) {
			return;
		}

		await poller.pause();
		document.onProgress(onProgress);
		try {
			const {start, changes} = await readAll(false);
			isLoaded = true;
			core.ready(start, changes);
		} finally {
			document.onProgress(undefined);
			poller.start();
		}
	};

	const recordsOf: OpenedCatalog['getMany'] = async (ids, options = {}) => {
		if (isLoaded || kept === undefined) {
			return core.getMany(ids, options);
		}

		// What `load` would give, if it is known without.
		const records = singleRecords({kept, sinceKept}, ids);
		if (records !== undefined) {
			return records.filter(({kind}) => options.kind === undefined || kind === options.kind);
		}

		await load();
		return core.getMany(ids, options);
	};

	if (isLoaded) {
		core.ready(db.data.header.revision);
	}

	poller.start();
	const {tell: _, ready: __, abortOpen: ___, ...methods} = core;
	return {
		...methods,
		async get(id) {
			const [record] = await recordsOf([id]);
			return record;
		},
		getMany: recordsOf,
		async getLines(ids) {
			await load();
			return core.getLines(ids);
		},
		async changesSince(revision) {
			const isKnown = !isLoaded && kept !== undefined && revision >= kept.header.revision;
			return isKnown ? sinceKept?.changes.filter(change => change.revision > revision) : core.changesSince(revision);
		},
		mode: 'reader',
		holder,
		history: (query = {}) => withoutRewound(readHistoryEvents({folder: files.history, fs}, query, async () => eventsOfJournal(context)), () => db.data.header.rewinds),
		backup: refuse,
		backupIfDue: async () => undefined,
		async prove() {
			if (isLoaded && kept === undefined) {
				return;
			}

			await document.prove();
			await proveJournal(context, position.document);
		},
		kept: () => kept,
		get notice() {
			return notice;
		},
		whenFree: async signal => untilFree(async () => await lockHolder(files.lock, context) === undefined, signal),
		seed: () => isLoaded && position.document !== undefined
			? {
				data: db.data, document: position.document, journalBytes: position.journalBytes, isWhole: false,
			}
			: undefined,
		load,
		close: poller.close,
	};
};

type NewsOptions = {position: JournalPlace; revision: number; onCommit: (commit: ChangeSet) => void};

/**
The commits of the journal after a position. Returns the position after them; undefined if everything must be read again.
*/
const readNews = async ({files, fs}: CatalogContext, {position, revision, onCommit}: NewsOptions): Promise<Omit<JournalPlace, 'stamp'> | undefined> => {
	let next = position.document;
	let isKnown = false;
	const state = await readJournal(files.journal, {
		fs,
		follow({document: id, previous}) {
			if (isSameDocument(id, position.document) && position.journalBytes > 0) {
				isKnown = true;
				return {after: revision, from: position.journalBytes};
			}

			// The writer has only put into the document what this reader knows already.
			isKnown = isSameDocument(id, position.document) || (isSameDocument(previous, position.document) && id.revision === revision);
			next = id;
			return isKnown ? {after: revision} : undefined;
		},
		onCommit,
	});
	// If the bytes do not continue where this reader stood, the writer has taken a commit back and made another.
	return !isKnown || state === undefined || state.damage !== undefined || state.sizeBytes < state.goodBytes
		? undefined
		: {document: next, journalBytes: state.goodBytes};
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

/**
@throws {AppError} `damaged`
*/
const proveJournal = async ({files, fs}: CatalogContext, id: DocumentId | undefined) => {
	const state = await readJournal(files.journal, {
		fs,
		isWithoutRecords: true,
		follow: ({document}) => isSameDocument(document, id) ? {after: document.revision} : undefined,
	});
	if (state?.damage !== undefined) {
		throw journalDamaged(files.journal, state.damage);
	}
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
	: `${writesWords(holder)} this catalogue.`, {
	hint: 'Close the other one and open the catalogue again to change it.',
});
