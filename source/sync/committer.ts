import type {NewHistoryEvent} from '../catalog/history.js';
import type {Item} from '../catalog/types.js';
import type {NormalizedItem} from '../plex/types.js';
import type {CatalogStore} from '../catalog/catalog-store.js';
import {nextTurn} from '../base/turns.js';
import type {ChangeWriter} from './changes.js';
import type {Entities} from './entities.js';
import {settled, storedFiles} from './stage.js';

export type Batch = {
	/**
	Items of the listing: these are counted.
	*/
	items: readonly NormalizedItem[];
	/**
	What the items need to be whole.
	*/
	parents: readonly NormalizedItem[];
};

export type Committed = {
	imported: number;
	unchanged: number;
	lastTitle: string | undefined;
	revision: number;
};

export type Committer = {
	/**
	Resolves when the batch is durable. Batches that arrive while a commit is under way share the next one.
	@throws AppError of the store; nothing of the batch is kept then.
	*/
	add: (batch: Batch) => Promise<void>;
};

export type CommitterOptions = {
	store: Pick<CatalogStore, 'begin' | 'get' | 'getMany'>;
	entities: Entities;
	/**
	Of the run, to the second.
	*/
	at: string;
	/**
	Absent while nothing of the library is known: what a first import brings is no change.
	*/
	history: ChangeWriter | undefined;
	onCommitted: (committed: Committed) => void;
};

export const createCommitter = ({store, entities, at, history, onCommitted}: CommitterOptions): Committer => {
	let waiting: Batch[] = [];
	let next: Promise<void> | undefined;
	let current: Promise<unknown> = Promise.resolve();

	const readKnown = async (fresh: readonly NormalizedItem[]) => {
		const records = await store.getMany(fresh.map(({item}) => item.id));
		return new Map(records.filter(record => record.kind === 'item').map(item => [item.id, item]));
	};

	const tellChanges = async (fresh: readonly NormalizedItem[], known: ReadonlyMap<string, Item>): Promise<NewHistoryEvent[]> => {
		const events: NewHistoryEvent[] = [];
		for (const {item, files} of history === undefined ? [] : fresh) {
			const before = known.get(item.id);
			events.push(...before === undefined
				? await history!.appeared(item, 'added')
				: await history!.changed({item: before, files: await storedFiles(store, before)}, {item, files}));
		}

		return events;
	};

	const commit = async (batches: readonly Batch[]) => {
		const parents = batches.flatMap(batch => batch.parents);
		const items = batches.flatMap(batch => batch.items);
		const listed = new Set(items.map(({item}) => item.id));
		const transaction = await store.begin();
		try {
			await transaction.upsert(await entities.news([...parents, ...items]));
			const known = await readKnown([...parents, ...items]);
			const settle = ({item}: NormalizedItem) => settled(item, known.get(item.id), at);
			await transaction.upsert(parents.filter(({item}) => !listed.has(item.id)).map(parent => settle(parent)));
			const {inserted, updated, unchanged} = await transaction.upsert(items.map(item => settle(item)));
			const changed = new Set([...inserted, ...updated]);
			await transaction.record(await tellChanges(items.filter(({item}) => changed.has(item.id)), known));
			// A commit is encoded in one go.
			await nextTurn();
			const {revision} = await transaction.commit();
			onCommitted({
				imported: inserted.length + updated.length,
				unchanged: unchanged.length,
				lastTitle: items.at(-1)?.item.title,
				revision,
			});
		} catch (error) {
			await transaction.abort();
			throw error;
		}
	};

	const startNext = async () => {
		await current.catch(() => {/* told to those who added to that commit */});
		const batches = waiting;
		waiting = [];
		current = next!;
		next = undefined;
		await commit(batches);
	};

	return {
		async add(batch) {
			waiting.push(batch);
			next ??= startNext();
			return next;
		},
	};
};
