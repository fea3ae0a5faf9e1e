import type {NormalizedItem} from '../plex/types.js';
import type {CatalogStore} from '../store/store.js';
import {nextTurn} from '../turns.js';
import type {Entities} from './entities.js';

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

export const createCommitter = (
	store: Pick<CatalogStore, 'begin'>,
	entities: Entities,
	onCommitted: (committed: Committed) => void,
): Committer => {
	let waiting: Batch[] = [];
	let next: Promise<void> | undefined;
	let current: Promise<unknown> = Promise.resolve();

	const commit = async (batches: readonly Batch[]) => {
		const parents = batches.flatMap(batch => batch.parents);
		const items = batches.flatMap(batch => batch.items);
		const listed = new Set(items.map(({item}) => item.id));
		const transaction = await store.begin();
		try {
			await transaction.upsert(await entities.news([...parents, ...items]));
			await transaction.upsert(parents.map(({item}) => item).filter(({id}) => !listed.has(id)));
			const {inserted, updated, unchanged} = await transaction.upsert(items.map(({item}) => item));
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
