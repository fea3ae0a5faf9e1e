import {Buffer} from 'node:buffer';
import {nextTurn, stepPerTurn} from '../base/turns.js';
import type {
	CatalogStore,
	Change,
	ChangeListener,
	StoreTransaction,
} from '../catalog/catalog-store.js';
import type {NewHistoryEvent} from '../catalog/history.js';
import {itemTypes} from '../catalog/kinds.js';
import type {
	CatalogRecord,
	ItemType,
	Library,
	RecordKind,
	Server,
} from '../catalog/types.js';
import {
	applyChangeSet,
	countsAfter,
	type CatalogData,
	type ChangeSet,
} from './catalog-data.js';
import {createCheckedCommits, type BackupCheck, type CheckedTransaction} from './checked-commits.js';
import type {Persisted} from './journal-session.js';
import {changedEntries, createOneTransaction, type StagedMethods} from './one-transaction.js';
import type {LineBytes} from './line-reader.js';
import {recordLine} from './record-line.js';

type PersistedChanges = Persisted & {changes: ChangeSet};

type StoreCoreOptions = {
	data: () => CatalogData;
	/**
	Makes a commit durable, and gives what `make` made of it; `undefined` if nothing would change. If it throws, the data in memory stays as it was.
	*/
	persist: (make: () => Promise<ChangeSet | undefined>) => Promise<PersistedChanges | undefined>;
	beforeBegin?: () => Promise<void>;
	afterCommit?: () => void;
};

/**
The methods that all stores of this folder share.
*/
type StoreCore = Pick<CatalogStore, 'header' | 'get' | 'getMany' | 'page' | 'comparedPage' | 'begin' | 'changesSince' | 'subscribe' | 'check'> & Required<Pick<CatalogStore, 'getLines'>> & {
	tell: ChangeListener;
	/**
	The records are in `data()` now. `start` is the revision before `changes`, the latest ones. `isWhole` says that they are known to be in order.
	*/
	ready: (start: number, changes?: readonly Change[], isWhole?: boolean) => void;
	/**
	Whether they still are.
	*/
	isWhole: () => boolean;
	checkOfBackup: () => Promise<BackupCheck>;
	abortOpen: () => void;
};

/**
Parsing this many records takes a few milliseconds.
*/
const recordsPerTurn = 200;

export const createStoreCore = ({data, persist, beforeBegin, afterCommit}: StoreCoreOptions): StoreCore => {
	const listeners = new Set<ChangeListener>();
	let recent = createRecentChanges(0);
	let isReady = false;
	const transactions = createOneTransaction();
	let lastTried = 0;

	const checked = createCheckedCommits(data);

	const table = () => {
		if (!isReady) {
			throw new TypeError('load() the store before reading from it.');
		}

		return data().table;
	};

	const tell = (change: Change, fresh?: ReadonlyMap<string, CatalogRecord>) => {
		if (change.isReload !== true) {
			recent.push(change);
		}

		for (const listener of listeners) {
			listener(change, fresh);
		}
	};

	const commit = async (staged: StagedChanges) => {
		const persisted = await persist(async () => {
			const changes = await stepPerTurn(staged.changes());
			if (changes === undefined) {
				return undefined;
			}

			// Never reuse the revision of a failed commit: a reader may have seen a part of it.
			lastTried = Math.max(lastTried, data().header.revision) + 1;
			return {...changes, revision: lastTried, events: changes.events.map(event => ({...event, revision: lastTried}))};
		});
		if (persisted === undefined) {
			return {revision: data().header.revision, writtenBytes: 0};
		}

		const {changes, writtenBytes, places} = persisted;
		const change = applyChangeSet(data(), changes, places);
		staged.committed();
		tell(change, staged.fresh());
		afterCommit?.();
		return {revision: changes.revision, writtenBytes};
	};

	const begin = async (): Promise<StoreTransaction> => transactions.begin(async () => {
		const check = await checked.begin();
		// Nothing may be waited for after this, or a rewrite could begin meanwhile.
		await beforeBegin?.();
		table();
		return stageChanges(data(), check);
	}, commit);

	return {
		header: () => data().header,
		get: async id => table().get(id),
		async getMany(ids, {kind} = {}) {
			const records: CatalogRecord[] = [];
			for (const [index, id] of ids.entries()) {
				if (index > 0 && index % recordsPerTurn === 0) {
					await nextTurn();
				}

				const record = kind === undefined || isOfKind(kind, table().kindOf(id)) ? table().get(id) : undefined;
				if (record !== undefined) {
					records.push(record);
				}
			}

			return records;
		},
		getLines: async ids => joined(ids.map(id => table().line(id)).filter(line => line !== undefined)),
		page: async query => table().page(query),
		comparedPage: async query => table().comparedPage(query),
		begin,
		changesSince: async revision => isReady ? recent.since(revision) : undefined,
		subscribe(listener) {
			listeners.add(listener);
			return () => {
				listeners.delete(listener);
			};
		},
		async check(see) {
			table();
			const {checkCatalog} = await import('./check-catalog.js');
			return checkCatalog(data(), see);
		},
		tell,
		checkOfBackup: checked.ofBackup,
		isWhole: checked.isWhole,
		ready(start, changes = [], isWhole = false) {
			isReady = true;
			checked.loaded({isWhole});
			recent = createRecentChanges(start);
			for (const change of changes) {
				recent.push(change);
			}
		},
		abortOpen: transactions.abortOpen,
	};
};

const joined = (lines: readonly LineBytes[]): Uint8Array<ArrayBuffer> => {
	const bytes = new Uint8Array(lines.reduce((sum, line) => sum + line.length + 1, 0)).fill(lineFeed);
	let end = 0;
	for (const line of lines) {
		bytes.set(line, end);
		end += line.length + 1;
	}

	return bytes;
};

const lineFeed = 10;

/**
Keeps the latest commits for subscribers that missed some. `start` is the revision before the first one. Keeps at most about `maxIds` ids; the oldest commits go first.
*/
const createRecentChanges = (start: number, maxIds = 100_000) => {
	const changes: Change[] = [];
	let floor = start;
	let ids = 0;
	const weight = ({upserted, removed}: Change) => upserted.length + removed.length + 1;

	return {
		push(change: Change) {
			changes.push(change);
			ids += weight(change);
			while (ids > maxIds && changes.length > 0) {
				const oldest = changes.shift()!;
				ids -= weight(oldest);
				floor = oldest.revision;
			}
		},
		since: (revision: number) => revision < floor ? undefined : changes.filter(change => change.revision > revision),
	};
};

const items: ReadonlySet<string | undefined> = new Set(itemTypes);

const isOfKind = (kind: RecordKind, found: RecordKind | ItemType | undefined) => kind === 'item' ? items.has(found) : found === kind;

type StagedChanges = StagedMethods & {
	/**
	In steps; `undefined` if nothing would change.
	*/
	changes: () => Generator<undefined, Omit<ChangeSet, 'revision' | 'events'> & {events: readonly NewHistoryEvent[]} | undefined, void>;
	/**
	Call it when the changes are in the data.
	*/
	committed: () => void;
	fresh: () => ReadonlyMap<string, CatalogRecord>;
};

const linesPerTurn = 250;

/**
Gathers the changes of a transaction without touching the data.
*/
const stageChanges = (data: CatalogData, check: CheckedTransaction): StagedChanges => {
	const fresh = new Map<string, CatalogRecord>();
	// `undefined` marks a removal.
	const staged = new Map<string, LineBytes | undefined>();
	const servers = new Map<string, Server>();
	const libraries = new Map<string, Library>();
	const events: NewHistoryEvent[] = [];

	const current = (id: string) => staged.has(id) ? staged.get(id) : data.table.line(id);

	return {
		async upsert(records) {
			const result = {inserted: [] as string[], updated: [] as string[], unchanged: [] as string[]};
			for (const [index, record] of records.entries()) {
				if (index % linesPerTurn === 0) {
					await nextTurn();
				}

				const line = Buffer.from(recordLine(record));
				const before = current(record.id);
				if (before?.equals(line) === true) {
					result.unchanged.push(record.id);
					continue;
				}

				check.put(record);
				fresh.set(record.id, record);
				staged.set(record.id, line);
				result[before === undefined ? 'inserted' : 'updated'].push(record.id);
			}

			return result;
		},
		async remove(ids) {
			for (const id of ids) {
				check.remove();
				fresh.delete(id);
				staged.set(id, undefined);
			}
		},
		async putServer(server) {
			servers.set(server.id, server);
		},
		async putLibrary(library) {
			check.putLibrary(library);
			libraries.set(library.id, library);
		},
		async record(told) {
			for (const event of told) {
				events.push(event);
			}
		},
		committed: check.committed,
		fresh: () => fresh,
		* changes() {
			const puts: LineBytes[] = [];
			const removes: string[] = [];
			for (const [index, [id, line]] of [...staged].entries()) {
				if ((index + 1) % linesPerTurn === 0) {
					yield;
				}

				const stored = data.table.line(id);
				if (line !== undefined && stored?.equals(line) !== true) {
					puts.push(line);
				} else if (line === undefined && stored !== undefined) {
					removes.push(id);
				}
			}

			const {servers: newServers, libraries: newLibraries} = changedEntries(data.header, {servers: servers.values(), libraries: libraries.values()});
			if (puts.length + removes.length + newServers.length + newLibraries.length + events.length === 0) {
				return undefined;
			}

			return {
				after: data.header.revision,
				puts,
				removes,
				servers: newServers,
				libraries: newLibraries,
				events,
				counts: yield * countsAfter(data.table, puts, removes, newLibraries.map(({id}) => id)),
			};
		},
	};
};
