import {AppError} from '../base/errors.js';
import {itemTypes} from '../catalog/schema.js';
import type {CatalogRecord, ItemType, RecordKind} from '../catalog/types.js';
import {nextTurn} from '../base/turns.js';
import type {CatalogStore, Change, StoreTransaction} from '../catalog/catalog-store.js';
import {applyChangeSet, type CatalogData, type ChangeSet} from './catalog-data.js';
import {checkCatalog} from './check.js';
import {createHistory} from './history.js';
import {stageChanges} from './transaction.js';

type StoreCoreOptions = {
	data: () => CatalogData;
	/**
	Make a commit durable and return the bytes written. What it throws keeps the data in memory as it was.
	*/
	persist: (changes: ChangeSet) => Promise<number>;
	/**
	Called before a transaction begins and after one was committed.
	*/
	beforeBegin?: () => Promise<void>;
	afterCommit?: () => void;
};

/**
What every store of this folder does alike, whatever keeps its data.
*/
type StoreCore = Pick<CatalogStore, 'header' | 'get' | 'getMany' | 'page' | 'begin' | 'changesSince' | 'subscribe' | 'check'> & {
	/**
	Tell the subscribers of a change that was made elsewhere.
	*/
	tell: (change: Change) => void;
	/**
	The records are in `data()` now, as of its revision less the `changes` that led there.
	*/
	ready: (start: number, changes?: readonly Change[]) => void;
	abortOpen: () => void;
};

/**
Parsing so many takes a few milliseconds.
*/
const recordsPerTurn = 200;

export const createStoreCore = ({data, persist, beforeBegin, afterCommit}: StoreCoreOptions): StoreCore => {
	const listeners = new Set<(change: Change) => void>();
	let history = createHistory(0);
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
			history.push(change);
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

		// A number that failed is not used again: a reader may have seen what came of it.
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
		changesSince: async revision => history.since(revision),
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
			history = createHistory(start);
			for (const change of changes) {
				history.push(change);
			}
		},
		abortOpen() {
			open = undefined;
		},
	};
};

const items: ReadonlySet<string | undefined> = new Set(itemTypes);

const isOfKind = (kind: RecordKind, found: RecordKind | ItemType | undefined) => kind === 'item' ? items.has(found) : found === kind;
