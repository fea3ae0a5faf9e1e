import {setImmediate} from 'node:timers/promises';
import type {HistoryEvent, NewHistoryEvent} from './history.js';
import type {
	CatalogHeader,
	CatalogRecord,
	Item,
	ItemType,
	Library,
	RecordKind,
	Server,
} from './types.js';

/**
The store of the catalogue. Everything is async, batched and paged, so that a database server can implement the same type.

Failures are reported as an `AppError`: `locked`, `damaged`, `newer`, `disk-full`, `not-writable`.
*/
export type CatalogStore = {
	readonly mode: 'writer' | 'reader';
	/**
	The process that writes, while this one only reads.
	*/
	readonly holder: LockHolder | undefined;
	/**
	Servers, libraries and counts. They are known before the records are loaded.
	*/
	header: () => CatalogHeader;
	/**
	Loads all records. Call it once, before the methods below.
	*/
	load: (onProgress?: (progress: LoadProgress) => void) => Promise<void>;
	get: (id: string) => Promise<CatalogRecord | undefined>;
	/**
	Gives the records in the order of `ids` and leaves out those that do not exist or have another `kind`.
	*/
	getMany: (ids: readonly string[], options?: {kind?: RecordKind}) => Promise<CatalogRecord[]>;
	/**
	Gives one page in the store's own stable order; `after` is the `cursor` of the previous page.
	*/
	page: (query: PageQuery) => Promise<Page>;
	/**
	Only one transaction may be open: a second `begin` before `commit` or `abort` throws.
	*/
	begin: () => Promise<StoreTransaction>;
	/**
	The commits after `revision`, oldest first; `undefined` when the journal does not go back that far.
	*/
	changesSince: (revision: number) => Promise<Change[] | undefined>;
	/**
	The listener is called after every commit of this process, or of the writer that this reader follows.
	*/
	subscribe: (listener: (change: Change) => void) => () => void;
	/**
	What happened to the items, oldest first, as far back as the history goes. It works before `load`.
	*/
	history: (query?: HistoryQuery) => AsyncGenerator<HistoryEvent[]>;
	/**
	Checks the schema of every record, the references and the counts.
	*/
	check: () => Promise<CheckReport>;
	/**
	Writes the journal into the document and releases the lock. With `isQuick` the document is written only when the journal has grown, so that little work ends with little writing. What was loaded can still be read.
	*/
	close: (options?: {isQuick?: boolean}) => Promise<void>;
};

export type LockHolder = {
	pid: number;
	host: string;
	startedAt: string;
};

export type LoadProgress = {
	readBytes: number;
	totalBytes: number;
};

export type PageQuery = {
	kind?: RecordKind;
	libraryId?: string;
	type?: ItemType;
	after?: string;
	limit: number;
};

export type HistoryQuery = {
	/**
	Both are instants: the events are at or after `since`, and before `until`.
	*/
	since?: string;
	until?: string;
};

export type Page = {
	records: CatalogRecord[];
	cursor: string | undefined;
};

export type StoreTransaction = {
	/**
	A record that equals the stored one is not written and is reported as unchanged.
	*/
	upsert: (records: readonly CatalogRecord[]) => Promise<UpsertResult>;
	remove: (ids: readonly string[]) => Promise<void>;
	putServer: (server: Server) => Promise<void>;
	/**
	The store keeps the `counts` by itself, so they may be 0 here.
	*/
	putLibrary: (library: Library) => Promise<void>;
	/**
	Adds history to this commit: it is kept if and only if the commit is. A transaction may hold nothing but history.
	*/
	record: (events: readonly NewHistoryEvent[]) => Promise<void>;
	/**
	Commits all or nothing; the data is durable when it resolves.
	*/
	commit: () => Promise<{revision: number; writtenBytes: number}>;
	abort: () => Promise<void>;
};

export type UpsertResult = {
	inserted: string[];
	updated: string[];
	unchanged: string[];
};

export type Change = {
	revision: number;
	upserted: string[];
	removed: string[];
	/**
	Everything may have changed, so all records must be read again.
	*/
	isReload?: boolean;
};

export type CheckReport = {
	ok: boolean;
	records: number;
	problems: string[];
};

/**
All items of a library or of the catalogue, in batches.
*/
export async function * storedItems(store: Pick<CatalogStore, 'page'>, query: Omit<PageQuery, 'kind' | 'after' | 'limit'> = {}): AsyncGenerator<Item[]> {
	let after: string | undefined;
	let yieldedMs = performance.now();
	do {
		// A page in memory resolves at once, so a loop over such pages would block the event loop until it ends.
		if (performance.now() - yieldedMs > 8) {
			await setImmediate();
			yieldedMs = performance.now();
		}

		const page = await store.page({
			...query, kind: 'item', after, limit: 200,
		});
		after = page.cursor;
		yield page.records.filter(record => record.kind === 'item');
	} while (after !== undefined);
}
