import {setTimeout as sleep} from 'node:timers/promises';
import {Low} from 'lowdb';
import type {HistoryEvent} from '../catalog/history.js';
import {AppError, errorMessage} from '../base/errors.js';
import type {Change, LockHolder} from '../catalog/catalog-store.js';
import {guarded, ifExists} from '../base/file-system.js';
import {
	applyChangeSet,
	type CatalogData,
	type ChangeSet,
	emptyCatalog,
	nextHeader,
} from './catalog-data.js';
import type {CatalogContext, OpenedCatalog} from './catalog-context.js';
import {type DocumentId, isSameDocument} from './document-format.js';
import {createHistoryFiles} from './history-files.js';
import {readJournal} from './journal-reader.js';
import {createLinesDocument} from './lines-document.js';
import {migrateLine} from './migrate-line.js';
import {withoutRewound} from './rewinds.js';
import {createStoreCore} from './store-core.js';

/**
Where a reader stands: the document that it has, and how far into its journal.
*/
type Position = {
	document: DocumentId | undefined;
	/**
	0 while the journal of this document was not there yet.
	*/
	journalBytes: number;
	/**
	Tells whether the journal may have changed at all.
	*/
	stamp: string;
};

/**
Open for reading: takes no lock, writes nothing, follows the writer.
*/
export const openReader = async (context: CatalogContext, holder: LockHolder | undefined): Promise<OpenedCatalog> => {
	const {files, fs, steps, pollMs} = context;
	const document = createLinesDocument(files.document, {fs, steps});
	let db = new Low<CatalogData>(document, emptyCatalog());
	let position: Position = {document: undefined, journalBytes: 0, stamp: ''};
	let isLoaded = false;
	let isClosed = false;
	let notice: string | undefined;
	let timer: NodeJS.Timeout | undefined;
	let polling: Promise<void> = Promise.resolve();

	const core = createStoreCore({
		data: () => db.data,
		async persist() {
			throw readOnly(holder);
		},
		async beforeBegin() {
			throw readOnly(holder);
		},
	});

	const history = createHistoryFiles(files.history, fs);
	const eventsOfJournal = async (): Promise<HistoryEvent[]> => {
		const events: HistoryEvent[] = [];
		await readJournal(files.journal, {
			fs,
			follow: ({document: id}) => ({after: id.revision}),
			onCommit(commit) {
				events.push(...commit.events);
			},
		});
		return events;
	};

	const stamp = async () => guarded(files.journal, 'read', async () => {
		const stats = await ifExists(fs.stat(files.journal));
		return stats === undefined ? '' : `${stats.ino} ${stats.size} ${stats.mtimeMs}`;
	});

	/**
	Read document and journal, in that order; `undefined` when the writer has put new ones there meanwhile.
	*/
	const readOnce = async (shouldReadRecords: boolean) => {
		const next = new Low<CatalogData>(document, emptyCatalog());
		const currentStamp = await stamp();
		const head = await document.readHead();
		if (shouldReadRecords) {
			await next.read();
		} else {
			next.data.header = head?.header ?? next.data.header;
		}

		const id = shouldReadRecords ? (head && document.id()) : head?.id;
		const changes: Change[] = [];
		const migrate = migrateLine({...next.data.header, schemaVersion: document.readVersion()}, steps);
		let isStale = false;
		const state = id && await readJournal(files.journal, {
			fs,
			follow(journal) {
				isStale = !isSameDocument(journal.document, id) && journal.document.revision >= id.revision;
				return isSameDocument(journal.document, id) ? {after: id.revision} : undefined;
			},
			onCommit(commit) {
				if (shouldReadRecords) {
					changes.push(applyChangeSet(next.data, {...commit, puts: commit.puts.map(line => migrate(line))}));
				} else {
					next.data.header = nextHeader(next.data.header, commit);
				}
			},
		});
		return isStale ? undefined : {next, changes, position: {document: id, journalBytes: state?.goodBytes ?? 0, stamp: currentStamp}};
	};

	const readAll = async (shouldReadRecords: boolean): Promise<Change[]> => {
		for (let attempt = 0; attempt < 20; attempt++) {
			const result = await readOnce(shouldReadRecords);
			if (result !== undefined) {
				db = result.next;
				position = result.position;
				return result.changes;
			}

			await sleep(25);
		}

		throw new AppError('damaged', `${files.journal} does not belong to ${files.document}.`, {
			hint: 'Open the catalogue with reelcat as its only user once, which puts them in order.',
		});
	};

	const reload = async () => {
		const changes = await readAll(isLoaded);
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
		const currentStamp = await stamp();
		if (currentStamp === position.stamp) {
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

				// The document has only taken in what is known already.
				isKnown = isSameDocument(id, position.document) || (isSameDocument(previous, position.document) && id.revision === revision);
				next = id;
				return isKnown ? {after: revision} : undefined;
			},
			onCommit: apply,
		});
		// Bytes that do not follow from where this reader stood: the writer has taken a commit back and made another.
		if (!isKnown || state === undefined || state.isBroken || state.sizeBytes < state.goodBytes) {
			await reload();
		} else {
			position = {document: next, journalBytes: state.goodBytes, stamp: currentStamp};
		}
	};

	const look = async () => {
		try {
			await poll();
			notice = undefined;
		} catch (error) {
			// What is in memory stays readable; the next look may succeed.
			notice = `Changes of the catalogue cannot be followed at the moment. ${errorMessage(error)}`;
		}

		follow();
	};

	const follow = () => {
		if (isClosed) {
			return;
		}

		timer = setTimeout(() => {
			polling = look();
		}, pollMs);
		timer.unref();
	};

	const pause = async () => {
		clearTimeout(timer);
		await polling;
		// A look that was under way has set the next one.
		clearTimeout(timer);
	};

	await readAll(false);
	follow();
	const {tell: _, ready, abortOpen: __, ...methods} = core;
	return {
		...methods,
		mode: 'reader',
		holder,
		history: (query = {}) => withoutRewound(history.read(query, eventsOfJournal), () => db.data.header.rewinds),
		async backup() {
			throw readOnly(holder);
		},
		backupIfDue: async () => undefined,
		get notice() {
			return notice;
		},
		async load(onProgress) {
			await pause();
			document.onProgress(onProgress);
			try {
				const changes = await readAll(true);
				isLoaded = true;
				ready(position.document?.revision ?? 0, changes);
			} finally {
				document.onProgress(undefined);
				follow();
			}
		},
		async close() {
			isClosed = true;
			await pause();
		},
	};
};

const readOnly = (holder: LockHolder | undefined) => new AppError('locked', holder === undefined
	? 'This catalogue was opened for reading only.'
	: `Another reelcat (process ${holder.pid} on ${holder.host}, since ${holder.startedAt}) writes this catalogue.`, {
	hint: 'Close the other one and open the catalogue again to change it.',
});
