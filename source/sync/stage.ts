import {isDeepStrictEqual} from 'node:util';
import {fileIdsOf} from '../catalog/item.js';
import type {Snapshot} from '../history/diff.js';
import {tombstoneId} from '../catalog/identity.js';
import type {
	CatalogRecord,
	Fingerprints,
	Item,
	MediaFile,
	RemovalReason,
	Tombstone,
	ViewState,
} from '../catalog/types.js';
import type {NormalizedItem} from '../plex/types.js';
import type {CatalogStore, StoreTransaction} from '../catalog/catalog-store.js';
import {createTeller, type ChangeContext} from './changes.js';
import type {Entities} from './entities.js';
import type {Knowledge} from './knowledge.js';

export type StageOptions = ChangeContext & {
	store: Pick<CatalogStore, 'get' | 'getMany'>;
	entities: Entities;
};

export type Arrival = {
	fingerprints: Fingerprints | undefined;
	/**
	A clause that says how it was recognised, or why this happens.
	*/
	reason?: string;
};

export type Newcomer = Arrival & {fresh: NormalizedItem; ratingKey: string};

/**
What the store has. `look` asks once for all that it has of some items, because a database would otherwise answer several questions for each of them.
*/
const createStored = (store: StageOptions['store']) => {
	let ahead = new Map<string, CatalogRecord | undefined>();
	return {
		get: async (id: string): Promise<CatalogRecord | undefined> => ahead.has(id) ? ahead.get(id) : store.get(id),
		async look(itemIds: Iterable<string>): Promise<void> {
			const ids = [...new Set(itemIds)].flatMap(id => [id, tombstoneId(id)]);
			const records = new Map<string, CatalogRecord | undefined>(ids.map(id => [id, undefined]));
			for (const record of await store.getMany(ids)) {
				records.set(record.id, record);
			}

			ahead = records;
		},
		/**
		Call it when anything was committed.
		*/
		forget(): void {
			ahead = new Map();
		},
	};
};

/**
A fresh item with what only reelcat knows of it.
*/
const settled = (item: Item, {before, arrival, at}: {before: Item | undefined; arrival: Arrival; at: string}): Item => {
	const fingerprints = arrival.fingerprints ?? item.fingerprints ?? before?.fingerprints;
	return {...item, firstSeenAt: before?.firstSeenAt ?? at, ...(fingerprints !== undefined && {fingerprints})};
};

/**
Files, seasons and shows that an item had, and has no longer.
*/
const createLeft = () => {
	const files = new Set<string>();
	const parents = new Set<string>();
	return {
		files: (): ReadonlySet<string> => files,
		parents: (): ReadonlySet<string> => parents,
		see(before: Item, after: Item | undefined): void {
			const kept = new Set<string | undefined>(after === undefined ? [] : [...fileIdsOf(after), after.seasonId, after.showId]);
			for (const [set, ids] of [[files, fileIdsOf(before)], [parents, [before.seasonId, before.showId]]] as const) {
				for (const id of ids) {
					if (id !== undefined && !kept.has(id)) {
						set.add(id);
					}
				}
			}
		},
	};
};

/**
Gathers the changes of one library, records and history together, until a transaction takes them.
*/
export const createStage = ({store, entities, ...context}: StageOptions) => {
	const staged = new Map<string, Item | undefined>();
	const left = createLeft();
	// Records that no transaction has yet; undefined stands for a removal.
	let records = new Map<string, Item | Tombstone | undefined>();
	let entitySources: NormalizedItem[] = [];
	const stored = createStored(store);

	const getItem = async (id: string): Promise<Item | undefined> => {
		if (staged.has(id)) {
			return staged.get(id);
		}

		const record = await stored.get(id);
		return record?.kind === 'item' ? record : undefined;
	};

	const teller = createTeller(context, getItem);
	const settle = ({item}: NormalizedItem, before: Item | undefined, arrival: Arrival) => settled(item, {before, arrival, at: context.at});

	const put = (item: Item) => {
		staged.set(item.id, item);
		records.set(item.id, item);
	};

	return {
		look: stored.look,
		item: getItem,
		ids: (): Iterable<string> => staged.keys(),
		/**
		Whether the id belongs to an item, or to one that was removed.
		*/
		isTaken: async (id: string): Promise<boolean> => await getItem(id) !== undefined || await stored.get(tombstoneId(id)) !== undefined,
		items: (): Iterable<Item> => staged.values().filter(item => item !== undefined),
		/**
		The item as it will be: undefined inside if it is removed, undefined altogether if it is not staged.
		*/
		staged: (id: string): {item: Item | undefined} | undefined => staged.has(id) ? {item: staged.get(id)} : undefined,
		async snapshot(item: Item): Promise<Snapshot> {
			const files = await store.getMany(fileIdsOf(item));
			return {item, files: files.filter((record): record is MediaFile => record.kind === 'file')};
		},
		async add(fresh: NormalizedItem, arrival: Arrival): Promise<void> {
			entitySources.push(fresh);
			const item = settle(fresh, undefined, arrival);
			put(item);
			await teller.appeared(item, 'added', arrival.reason);
		},
		async restore(fresh: NormalizedItem, tombstone: Tombstone, arrival: Arrival): Promise<void> {
			entitySources.push(fresh);
			records.set(tombstone.id, undefined);
			const item = settle(fresh, tombstone.item, arrival);
			put(item);
			await teller.appeared(item, 'restored', arrival.reason);
		},
		/**
		@returns whether anything differs that is told as a change
		*/
		async change(before: Snapshot, fresh: NormalizedItem, arrival: Arrival): Promise<boolean> {
			entitySources.push(fresh);
			const item = settle(fresh, before.item, arrival);
			if (isDeepStrictEqual(item, before.item) && isDeepStrictEqual(fresh.files, before.files)) {
				return false;
			}

			left.see(before.item, item);
			put(item);
			return teller.changed(before, {item, files: fresh.files}, arrival.reason);
		},
		async keep(parents: readonly NormalizedItem[]): Promise<void> {
			for (const parent of parents) {
				// Several batches may need the same one.
				if (await getItem(parent.item.id) !== undefined) {
					continue;
				}

				entitySources.push(parent);
				const item = settle(parent, undefined, {fingerprints: undefined});
				put(item);
				await teller.appeared(item, 'added', 'needed by its seasons or episodes');
			}
		},
		async view(item: Item, viewState: ViewState | undefined): Promise<void> {
			const {viewState: _, ...rest} = item;
			const after: Item = viewState === undefined ? rest : {...rest, viewState};
			put(after);
			await teller.changed({item, files: []}, {item: after, files: []});
		},
		mark(item: Item, missingSince: string | undefined): void {
			const {missingSince: _, ...rest} = item;
			put(missingSince === undefined ? rest : {...rest, missingSince});
		},
		async remove(before: Snapshot, reason: RemovalReason): Promise<void> {
			const {item, files} = before;
			staged.set(item.id, undefined);
			left.see(item, undefined);
			const {missingSince: _, ...last} = item;
			const id = tombstoneId(item.id);
			records.set(item.id, undefined);
			records.set(id, {
				id,
				kind: 'tombstone',
				itemId: item.id,
				serverId: item.serverId,
				libraryId: item.libraryId,
				removedAt: context.at,
				runId: context.runId,
				reason,
				item: last,
				files: [...files],
			});
			await teller.removed({item: last, files});
		},
		gone: (): ReadonlySet<string> => new Set(staged.entries().filter(([, item]) => item === undefined).map(([id]) => id)),
		leftParents: left.parents,
		droppedFiles: left.files,
		changes: teller.counts,
		async write(transaction: StoreTransaction): Promise<void> {
			const [written, sources] = [records, entitySources];
			records = new Map();
			entitySources = [];
			await transaction.upsert(await entities.news(sources));
			await transaction.remove(written.keys().filter(id => written.get(id) === undefined).toArray());
			await transaction.upsert(written.values().filter(record => record !== undefined).toArray());
		},
		/**
		Adds the history of everything that was staged. Call it once for a commit, since a split or merge shows only in all changes together.
		*/
		async tell(transaction: StoreTransaction): Promise<void> {
			await transaction.record(teller.take());
		},
		/**
		Call it once everything that was staged is in the store.
		*/
		forget(): void {
			staged.clear();
			stored.forget();
		},
	};
};

export type Stage = ReturnType<typeof createStage>;

export const removeUnusedFiles = async (knowledge: Pick<Knowledge, 'players'>, stage: Stage, transaction: StoreTransaction): Promise<void> => {
	const unused = new Set(stage.droppedFiles());
	if (unused.size === 0) {
		return;
	}

	for (const [id, players] of await knowledge.players(unused)) {
		// Staged items are checked below, as they will be.
		if (players.some(player => stage.staged(player) === undefined)) {
			unused.delete(id);
		}
	}

	for (const item of stage.items()) {
		for (const id of fileIdsOf(item)) {
			unused.delete(id);
		}
	}

	await transaction.remove([...unused]);
};
