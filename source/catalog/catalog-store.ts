import {setImmediate} from 'node:timers/promises';
import type {HistoryEvent, NewHistoryEvent} from './history.js';
import {fileIdsOf, type SizeOf} from './item.js';
import type {
	CatalogHeader,
	CatalogRecord,
	ComparedItem,
	Item,
	ItemType,
	Library,
	RecordKind,
	Server,
} from './types.js';

/**
The store of the catalogue. Everything is async, batched and paged, so that a database server can implement the same type.

@throws {AppError} `locked`, `damaged`, `newer`, `disk-full`, `not-writable`; this holds for all methods.
*/
export type CatalogStore = {
	readonly mode: 'writer' | 'reader';
	/**
	The process that writes, if this one only reads.
	*/
	readonly holder: LockHolder | undefined;
	/**
	The other processes that write at this moment, where several may. Without it, `holder` is the only one.
	*/
	writers?: () => Promise<LockHolder[]>;
	/**
	Takes the right to write for a server until the store is closed, or until what it returns is called; that does nothing if this process had the right before. Only a store that several processes may write has it, and only if it was opened to write for some servers.

	@throws {AppError} `locked` if another process writes for that server
	*/
	claim?: (serverId: string) => Promise<() => Promise<void>>;
	/**
	Known before the records are loaded.
	*/
	header: () => CatalogHeader;
	/**
	Loads all records. Call it once, before the methods below.
	*/
	load: (onProgress?: (progress: LoadProgress) => void) => Promise<void>;
	get: (id: string) => Promise<CatalogRecord | undefined>;
	/**
	The records in the order of `ids`, without those that do not exist or have another `kind`.
	*/
	getMany: (ids: readonly string[], options?: {kind?: RecordKind}) => Promise<CatalogRecord[]>;
	/**
	The records with these ids as lines of JSON, each with a line feed behind it, for those who parse them in another thread. A store in a database does not have it.
	*/
	getLines?: (ids: readonly string[]) => Promise<Uint8Array<ArrayBuffer>>;
	/**
	One page in the store's own stable order; `after` is the `cursor` of the previous page.
	*/
	page: (query: PageQuery) => Promise<Page>;
	/**
	The same of items, with few of their fields. It takes a fraction of the time, because most of a record is not parsed.
	*/
	comparedPage: (query: ComparedQuery) => Promise<Page<ComparedItem>>;
	/**
	Only a store that finds single items without reading all of them has it.
	*/
	lookup?: ItemLookup;
	/**
	Throws if another transaction is open.
	*/
	begin: () => Promise<StoreTransaction>;
	/**
	The commits after `revision`, oldest first; `undefined` if the journal does not go back that far.
	*/
	changesSince: (revision: number) => Promise<Change[] | undefined>;
	/**
	Calls the listener after every commit of this process, or of the writer that this reader follows.
	*/
	subscribe: (listener: ChangeListener) => () => void;
	/**
	Oldest first, as far back as the history goes. Works before `load`.
	*/
	history: (query?: HistoryQuery) => AsyncGenerator<HistoryEvent[]>;
	/**
	Checks the schema of every record, the references and the counts. `see` gets each record as it is read, so that who checks more need not read them again; one that is not in order may lack any field.
	*/
	check: (see?: SeeRecord) => Promise<CheckReport>;
	/**
	Writes the journal into the document and releases the lock. With `isQuick` it does so only if the journal has grown, so that little work ends with little writing. Loaded records stay readable.
	*/
	close: (options?: {isQuick?: boolean}) => Promise<void>;
};

export type LockHolder = {
	pid: number;
	host: string;
	startedAt: string;
	/**
	Sentences about a holder that may have crashed: when it counts as gone, and what to do earlier.
	*/
	wayOut?: string;
	/**
	The servers for which it writes, where several processes write one catalogue. Absent if it writes all of it.
	*/
	servers?: ReadonlyArray<{id: string; name: string}>;
	/**
	It was told by a standby server of a database, which does not know who has ended.
	*/
	mayHaveEnded?: true | undefined;
	/**
	Further processes that write.
	*/
	others?: readonly LockHolder[];
};

export type LoadProgress = {
	readBytes: number;
	totalBytes: number;
};

export type PageQuery = {
	kind?: RecordKind;
	libraryId?: string;
	type?: ItemType;
	/**
	Only records in which one of these texts stands as a whole, as an id does. Their lines are looked through without being parsed, so this is quick where few match. A page may have fewer records than `limit` then.
	*/
	containing?: readonly string[];
	after?: string;
	limit: number;
};

export type ComparedQuery = Pick<PageQuery, 'libraryId' | 'after' | 'limit'> & {
	/**
	Also tells the ids of all files of an item.
	*/
	hasFiles?: boolean;
};

/**
Finds items by what a sync knows of them. The order of what is found is that of the store.
*/
export type ItemLookup = {
	/**
	The items of these libraries with these ratingKeys.
	*/
	byKeys: (libraryIds: readonly string[], ratingKeys: readonly string[]) => Promise<ComparedItem[]>;
	/**
	The items of a library whose ratingKey several of them have, one of which is missing.
	*/
	ofSharedKeys: (libraryId: string) => Promise<ComparedItem[]>;
	/**
	The ratingKeys of the items right below these: the episodes of a season, the seasons of a show, and the episodes of a show that have no season.
	*/
	below: (libraryId: string, parentIds: readonly string[]) => Promise<string[]>;
	/**
	Which of these have an item right below them, besides those that are left out.
	*/
	parentsAmong: (libraryId: string, parentIds: readonly string[], except: readonly string[]) => Promise<string[]>;
	/**
	Ids of the items of these libraries that are of the same type and have the same guid, or play one of the same files.
	*/
	twinsOf: (libraryIds: readonly string[], item: Pick<Item, 'type' | 'guid' | 'versions'>) => Promise<string[]>;
	/**
	Which item plays which of these files, in any library.
	*/
	players: (fileIds: readonly string[]) => Promise<Array<{fileId: string; itemId: string}>>;
	/**
	Ids of the items of a library with a ratingKey that the server has in its trash or without a file (`isUnavailable`).
	*/
	unavailable: (libraryId: string) => Promise<string[]>;
};

export type HistoryQuery = {
	/**
	Instants: events are at or after `since`, and before `until`.
	*/
	since?: string;
	until?: string;
};

export type Page<Record = CatalogRecord> = {
	records: Record[];
	cursor: string | undefined;
};

export type StoreTransaction = {
	/**
	Does not write a record that equals the stored one, and reports it as unchanged.
	*/
	upsert: (records: readonly CatalogRecord[]) => Promise<UpsertResult>;
	remove: (ids: readonly string[]) => Promise<void>;
	putServer: (server: Server) => Promise<void>;
	/**
	The `counts` may be 0: the store counts for itself.
	*/
	putLibrary: (library: Library) => Promise<void>;
	/**
	Adds history, which is kept if and only if the commit is. A transaction may hold nothing else.
	*/
	record: (events: readonly NewHistoryEvent[]) => Promise<void>;
	/**
	All or nothing; durable when it resolves.
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
	Everything may have changed: read all records again.
	*/
	isReload?: boolean;
	/**
	What a person must know of it.
	*/
	notice?: string | undefined;
};

/**
`fresh` has the upserted records where this process has just made them, so that they need not be read again. They must not be changed, nor kept for long.
*/
export type ChangeListener = (change: Change, fresh?: ReadonlyMap<string, CatalogRecord>) => void;

/**
A record that `check` came to. Most are checked without being parsed; `read` does it, but only until whoever is told of the record returns, since its memory is used again for the next one.
*/
export type SeenRecord = {
	id: string;
	kind: RecordKind;
	/**
	Whether it is an item that is missing on the server.
	*/
	isMissing: boolean;
	/**
	Whether it has the form of a record.
	*/
	isInOrder: boolean;
	read: () => CatalogRecord;
};

export type SeeRecord = (seen: SeenRecord) => void;

export type CheckReport = {
	ok: boolean;
	records: number;
	problems: string[];
};

/**
The sizes of the files that items play.
*/
export const fileSizes = async (store: Pick<CatalogStore, 'getMany'>, items: readonly Item[]): Promise<SizeOf> => {
	const files = await store.getMany([...new Set(items.flatMap(item => fileIdsOf(item)))], {kind: 'file'});
	const sizes = new Map(files.map(record => [record.id, record.kind === 'file' ? record.sizeBytes : undefined]));
	return id => sizes.get(id);
};

/**
All items of a library or of the catalogue, in batches.
*/
export async function * storedItems(store: Pick<CatalogStore, 'page'>, query: Omit<PageQuery, 'kind' | 'after' | 'limit'> = {}): AsyncGenerator<Item[]> {
	for await (const records of allPages(async position => store.page({...query, ...position, kind: 'item'}))) {
		yield records.filter(record => record.kind === 'item');
	}
}

/**
What a sync compares of all items of a library or of the catalogue, in batches.
*/
export const comparedItems = (store: Pick<CatalogStore, 'comparedPage'>, query: Pick<ComparedQuery, 'libraryId' | 'hasFiles'> = {}): AsyncGenerator<ComparedItem[]> =>
	allPages(async position => store.comparedPage({...query, ...position}));

async function * allPages<Record>(read: (position: Pick<PageQuery, 'after' | 'limit'>) => Promise<Page<Record>>): AsyncGenerator<Record[]> {
	let after: string | undefined;
	let yieldedMs = performance.now();
	do {
		// A page in memory resolves at once, so a loop over such pages would block the event loop until it ends.
		if (performance.now() - yieldedMs > 8) {
			await setImmediate();
			yieldedMs = performance.now();
		}

		const {records, cursor} = await read({after, limit: 200});
		after = cursor;
		yield records;
	} while (after !== undefined);
}
