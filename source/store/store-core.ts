import {AppError} from '../base/errors.js';
import {itemTypes} from '../catalog/schema.js';
import type {CatalogRecord, ItemType, RecordKind} from '../catalog/types.js';
import {nextTurn} from '../base/turns.js';
import type {CatalogStore, Change, StoreTransaction} from '../catalog/catalog-store.js';
import {applyChangeSet, type CatalogData, type ChangeSet} from './catalog-data.js';
import {checkCatalog} from './check-catalog.js';
import {stageChanges} from './transaction.js';

type StoreCoreOptions = {
	data: () => CatalogData;
	/**
	Make a commit durable and return the number of bytes written. If it throws, the data in memory stays as it was.
	*/
	persist: (changes: ChangeSet) => Promise<number>;
	beforeBegin?: () => Promise<void>;
	afterCommit?: () => void;
};

/**
The methods that are the same in every store of this folder, whatever keeps its data.
*/
type StoreCore = Pick<CatalogStore, 'header' | 'get' | 'getMany' | 'page' | 'begin' | 'changesSince' | 'subscribe' | 'check'> & {
	/**
	Tell the subscribers about a change.
	*/
	tell: (change: Change) => void;
	/**
	The records are in `data()` now. `start` is the revision before `changes`, the latest ones.
	*/
	ready: (start: number, changes?: readonly Change[]) => void;
	abortOpen: () => void;
};

/**
Parsing this many records takes a few milliseconds.
*/
const recordsPerTurn = 200;

export const createStoreCore = ({data, persist, beforeBegin, afterCommit}: StoreCoreOptions): StoreCore => {
	const listeners = new Set<(change: Change) => void>();
	let recent = createRecentChanges(0);
	let isReady = false;
	let open: symbol | undefined;
	let lastTried = 0;

	const table = () => {
		if (!isReady) {
			throw new TypeError('load() the store before reading from it.');
		}

		return data().table;
	};

	const tell = (change: Change) => {
		if (change.isReload !== true) {
			recent.push(change);
		}

		for (const listener of listeners) {
			listener(change);
		}
	};

	const commit = async (staged: ReturnType<typeof stageChanges>) => {
		const changes = staged.changes();
		if (changes === undefined) {
			return {revision: data().header.revision, writtenBytes: 0};
		}

		// Never use the revision of a failed commit again: a reader may have seen a part of it.
		lastTried = Math.max(lastTried, data().header.revision) + 1;
		const revision = lastTried;
		const changeSet: ChangeSet = {...changes, revision, events: changes.events.map(event => ({...event, revision}))};
		const writtenBytes = await persist(changeSet);
		tell(applyChangeSet(data(), changeSet));
		afterCommit?.();
		return {revision: changeSet.revision, writtenBytes};
	};

	const begin = async (): Promise<StoreTransaction> => {
		if (open !== undefined) {
			throw new AppError('locked', 'Another change of the catalogue is still under way.', {hint: 'Wait for it to end, then try again.'});
		}

		const self = Symbol('transaction');
		open = self;
		try {
			await beforeBegin?.();
			table();
		} catch (error) {
			open = undefined;
			throw error;
		}

		const staged = stageChanges(data());
		const whileOpen = <Arguments extends unknown[], Result>(method: (...values: Arguments) => Promise<Result>) => async (...values: Arguments) => {
			if (open !== self) {
				throw new TypeError('This transaction has ended.');
			}

			return method(...values);
		};

		const end = () => {
			if (open === self) {
				open = undefined;
			}
		};

		return {
			upsert: whileOpen(staged.upsert),
			remove: whileOpen(staged.remove),
			putServer: whileOpen(staged.putServer),
			putLibrary: whileOpen(staged.putLibrary),
			record: whileOpen(staged.record),
			commit: whileOpen(async () => {
				try {
					return await commit(staged);
				} finally {
					end();
				}
			}),
			async abort() {
				end();
			},
		};
	};

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
		page: async query => table().page(query),
		begin,
		changesSince: async revision => recent.since(revision),
		subscribe(listener) {
			listeners.add(listener);
			return () => {
				listeners.delete(listener);
			};
		},
		async check() {
			table();
			return checkCatalog(data());
		},
		tell,
		ready(start, changes = []) {
			isReady = true;
			recent = createRecentChanges(start);
			for (const change of changes) {
				recent.push(change);
			}
		},
		abortOpen() {
			open = undefined;
		},
	};
};

/**
Keeps the latest commits, so that a subscriber can ask for those that it missed. `start` is the revision before the first one. At most about `maxIds` ids are kept; the oldest commits go first.
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
		/**
		The commits after `revision`; `undefined` if some of them were dropped already.
		*/
		since: (revision: number) => revision < floor ? undefined : changes.filter(change => change.revision > revision),
	};
};

const items: ReadonlySet<string | undefined> = new Set(itemTypes);

const isOfKind = (kind: RecordKind, found: RecordKind | ItemType | undefined) => kind === 'item' ? items.has(found) : found === kind;
