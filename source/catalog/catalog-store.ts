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
Where the catalogue rests. Everything is async, batched and paged, so that a database server can stand behind the same type.

Failures are `AppError`s: `locked`, `damaged`, `newer`, `disk-full`, `not-writable`.
*/
export type CatalogStore = {
	readonly mode: 'writer' | 'reader';
	/**
	Who writes while this process only reads.
	*/
	readonly holder: LockHolder | undefined;
	/**
	Servers, libraries and counts; known before the records are loaded.
	*/
	header: () => CatalogHeader;
	/**
	Read all records into reach. Called once, before the methods below.
	*/
	load: (onProgress?: (progress: LoadProgress) => void) => Promise<void>;
	get: (id: string) => Promise<CatalogRecord | undefined>;
	/**
	In the order of `ids`, leaving out what is not there, or is not of the `kind`.
	*/
	getMany: (ids: readonly string[], options?: {kind?: RecordKind}) => Promise<CatalogRecord[]>;
	/**
	One page in the store's own stable order; `after` is the `cursor` of the page before.
	*/
	page: (query: PageQuery) => Promise<Page>;
	/**
	One at a time: a second `begin` before `commit` or `abort` throws.
	*/
	begin: () => Promise<StoreTransaction>;
	/**
	Commits after `revision`, oldest first, as far back as the journal goes; `undefined` when it does not go back that far.
	*/
	changesSince: (revision: number) => Promise<Change[] | undefined>;
	/**
	Called after every commit, of this process or of the writer that this reader follows.
	*/
	subscribe: (listener: (change: Change) => void) => () => void;
	/**
	What happened to the items, oldest first, as far back as the history goes. Needs no `load`.
	*/
	history: (query?: HistoryQuery) => AsyncGenerator<HistoryEvent[]>;
	/**
	Schema of every record, references, counts.
	*/
	check: () => Promise<CheckReport>;
	/**
	Release the lock. The journal is taken into the document first; `isQuick` does so only when it has grown, so that little work ends with little writing. What was loaded can still be read.
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
	Instants: events at or after `since`, and before `until`.
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
	What is equal to what is stored costs nothing and is reported as unchanged.
	*/
	upsert: (records: readonly CatalogRecord[]) => Promise<UpsertResult>;
	remove: (ids: readonly string[]) => Promise<void>;
	putServer: (server: Server) => Promise<void>;
	/**
	`counts` are the store's own and may be left at 0.
	*/
	putLibrary: (library: Library) => Promise<void>;
	/**
	History that belongs to this commit: kept if and only if the commit is. A transaction with nothing but history still is one.
	*/
	record: (events: readonly NewHistoryEvent[]) => Promise<void>;
	/**
	All or nothing, durable when it resolves.
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
	Everything may have changed: read all again.
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
		// A page in memory resolves at once, and a loop of such pages would hold the event loop to its end.
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
