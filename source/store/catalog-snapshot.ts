import {setTimeout as sleep} from 'node:timers/promises';
import {Low} from 'lowdb';
import {AppError} from '../base/errors.js';
import {guarded, ifExists} from '../base/file-system.js';
import type {Change} from '../catalog/catalog-store.js';
import type {CatalogRecord} from '../catalog/types.js';
import type {CatalogContext} from './catalog-context.js';
import {
	applyChangeSet,
	type CatalogData,
	type ChangeSet,
	emptyCatalog,
	emptyHeader,
	nextHeader,
} from './catalog-data.js';
import {type DocumentId, isSameDocument} from './document-format.js';
import {journalDamaged, readJournal} from './journal-reader.js';
import {findKeptIndex, restoredTable, type KeptIndex} from './kept-index.js';
import type {DocumentHead, LinesDocument} from './lines-document.js';
import {migrateLine} from './migrations.js';
import {requireFirstStart} from './missing-document.js';
import {createRecordTable, type RecordTable} from './record-table.js';

/**
The document that a reader has, and how far it has read the journal.
*/
export type JournalPlace = {
	document: DocumentId | undefined;
	// 0 while this document had no journal yet.
	journalBytes: number;
	// Changes whenever the journal may have changed.
	stamp: string;
};

export type CatalogSnapshot = {
	db: Low<CatalogData>;
	// The revision before the changes.
	start: number;
	changes: Change[];
	position: JournalPlace;
	kept: KeptIndex | undefined;
	/**
	What was committed after `kept`, where only the header was wanted and it is little.
	*/
	sinceKept: SinceKept | undefined;
};

/**
The records of the latest commits, which say what has become of those that were kept.
*/
export type SinceKept = {
	table: RecordTable;
	changes: Change[];
	removed: Set<string>;
};

// To hold the records of so much of a journal takes little.
const mostBytesSinceKept = 2 ** 24;

/**
Adds a commit to the earlier ones, and gives them; undefined if they have become more than a little.
*/
export const withCommit = (since: SinceKept, commit: ChangeSet): SinceKept | undefined => {
	const {upserted, removed} = applyChangeSet({header: emptyHeader(), table: since.table}, commit);
	for (const id of upserted) {
		since.removed.delete(id);
	}

	for (const id of removed) {
		since.removed.add(id);
	}

	since.changes.push({revision: commit.revision, upserted, removed});
	return since.table.ownBytes() > mostBytesSinceKept ? undefined : since;
};

/**
The records with these ids, without those that do not exist; undefined if that cannot be told without reading all records.
*/
export const singleRecords = ({kept, sinceKept}: Pick<CatalogSnapshot, 'kept' | 'sinceKept'>, ids: readonly string[]): CatalogRecord[] | undefined => {
	if (kept === undefined || sinceKept === undefined) {
		return undefined;
	}

	const left = ids.filter(id => !sinceKept.removed.has(id));
	const records = left.map(id => sinceKept.table.get(id) ?? kept.record(id)).filter(record => record !== undefined);
	return records.length === left.length ? records : undefined;
};

export const journalStamp = async ({files, fs}: CatalogContext): Promise<string> => guarded(files.journal, 'read', async () => {
	const stats = await ifExists(fs.stat(files.journal));
	return stats === undefined ? '' : `${stats.ino} ${stats.size} ${stats.mtimeMs}`;
});

/**
Document and journal of one moment. Tries again while the writer replaces them, or takes a commit back.

@throws {AppError} `damaged` if they do not belong together, or as the document and the journal do. An older state is never given for the newest one.
*/
export const readSnapshot = async (context: CatalogContext, document: LinesDocument, options: {isHeaderOnly: boolean}): Promise<CatalogSnapshot> => {
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
What was kept, with its records unless only the header is needed.
*/
const findKept = async (context: CatalogContext, {id}: DocumentHead, isHeaderOnly: boolean): Promise<{kept: KeptIndex; data: CatalogData} | undefined> => {
	const kept = findKeptIndex(context, id);
	const table = isHeaderOnly || kept === undefined ? createRecordTable() : await restoredTable(kept);
	return kept === undefined || table === undefined ? undefined : {kept, data: {header: kept.header, table}};
};

/**
The header, and the records where they are needed, into `db`: from what was kept, or from the document.
*/
const readDocument = async (context: CatalogContext, document: LinesDocument, db: Low<CatalogData>, isHeaderOnly: boolean) => {
	const head = await document.readHead();
	if (head === undefined) {
		await requireFirstStart(context);
	}

	const found = head && await findKept(context, head, isHeaderOnly);
	const kept = found?.kept;
	if (found !== undefined) {
		document.recall(head!);
		db.data = found.data;
	} else if (isHeaderOnly && head !== undefined) {
		db.data.header = head.header;
	} else if (!isHeaderOnly) {
		await db.read();
	}

	const id = isHeaderOnly ? head?.id : (head && document.id());
	return {id, kept};
};

/**
Read document and journal, in that order. Returns an error if they do not fit, which may be because the writer has changed them meanwhile.
*/
const readOnce = async (context: CatalogContext, document: LinesDocument, {isHeaderOnly}: {isHeaderOnly: boolean}): Promise<CatalogSnapshot | AppError> => {
	const {files, fs, steps} = context;
	const db = new Low<CatalogData>(document, emptyCatalog());
	const stamp = await journalStamp(context);
	const {id, kept} = await readDocument(context, document, db, isHeaderOnly);
	const start = (kept?.header ?? id)?.revision ?? 0;
	const changes: Change[] = [];
	const migrate = migrateLine({...db.data.header, schemaVersion: document.readVersion()}, steps);
	let isStale = false;
	let sinceKept: SinceKept | undefined = isHeaderOnly && kept !== undefined && !context.isForHeader ? {table: createRecordTable(), changes: [], removed: new Set()} : undefined;
	const state = id && await readJournal(files.journal, {
		fs,
		isWithoutRecords: isHeaderOnly && sinceKept === undefined,
		follow(journal) {
			isStale = !isSameDocument(journal.document, id) && journal.document.revision >= id.revision;
			return isSameDocument(journal.document, id) ? {after: start, ...(kept !== undefined && {from: kept.journalBytes})} : undefined;
		},
		onCommit(commit) {
			const migrated = () => ({...commit, puts: commit.puts.map(line => migrate(line))});
			if (isHeaderOnly) {
				db.data.header = nextHeader(db.data.header, commit);
				sinceKept &&= withCommit(sinceKept, migrated());
			} else {
				changes.push(applyChangeSet(db.data, migrated()));
			}
		},
	});
	if (isStale) {
		return new AppError('damaged', `${files.journal} does not belong to ${files.document}.`, {
			hint: 'Close every other reelcat and open the catalogue once; that puts them in order.',
		});
	}

	return state?.damage === undefined
		? {
			db, start, changes, position: {document: id, journalBytes: state?.goodBytes ?? 0, stamp}, kept, sinceKept,
		}
		: journalDamaged(files.journal, state.damage);
};
