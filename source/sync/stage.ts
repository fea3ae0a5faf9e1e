import {isDeepStrictEqual} from 'node:util';
import {fileIdsOf} from '../catalog/item.js';
import type {Snapshot} from '../history/diff.js';
import type {NewHistoryEvent} from '../catalog/history.js';
import {tombstoneId} from '../catalog/identity.js';
import type {
	Fingerprints,
	Item,
	MediaFile,
	RemovalReason,
	Tombstone,
	ViewState,
} from '../catalog/types.js';
import type {NormalizedItem} from '../plex/types.js';
import type {CatalogStore, StoreTransaction} from '../catalog/catalog-store.js';
import {countByKind, createChangeWriter, type ChangeContext} from './changes.js';
import type {Entities} from './entities.js';
import type {ChangeCounts} from './events.js';
import type {Knowledge} from './knowledge.js';

export type StageOptions = Omit<ChangeContext, 'showTitle'> & {
	store: Pick<CatalogStore, 'get' | 'getMany'>;
	entities: Entities;
	/**
	Nothing is told in the history: what a first import brings is no change.
	*/
	isFirst?: boolean;
};

export type Arrival = {
	fingerprints: Fingerprints | undefined;
	/**
	A clause that says how it was recognised, or why this happens.
	*/
	reason?: string;
};

/**
A fresh item with what only reelcat knows of it.
*/
const settled = (item: Item, before: Item | undefined, at: string): Item => {
	const fingerprints = item.fingerprints ?? before?.fingerprints;
	return {...item, firstSeenAt: before?.firstSeenAt ?? at, ...(fingerprints !== undefined && {fingerprints})};
};

const storedFiles = async (store: Pick<CatalogStore, 'getMany'>, item: Item): Promise<MediaFile[]> => {
	const records = await store.getMany(fileIdsOf(item));
	return records.filter((record): record is MediaFile => record.kind === 'file');
};

type TellerOptions = Omit<StageOptions, 'entities' | 'store'> & {itemOf: (id: string) => Promise<Item | undefined>};

/**
Gathers the history of the changes of one library, and counts it.
*/
const createTeller = ({itemOf, isFirst = false, ...context}: TellerOptions) => {
	const counts: ChangeCounts = {};
	let events: NewHistoryEvent[] = [];
	const writer = createChangeWriter({
		...context,
		async showTitle(showId) {
			const show = await itemOf(showId);
			return show?.title;
		},
	});

	const tell = (news: readonly NewHistoryEvent[]) => {
		events.push(...news);
		countByKind(news, counts);
		return news.length > 0;
	};

	return {
		async appeared(item: Item, kind: 'added' | 'restored', reason?: string): Promise<void> {
			if (!isFirst) {
				tell(await writer.appeared(item, kind, reason));
			}
		},
		/**
		@returns whether anything differs that counts as a change; anything at all does so in a first import
		*/
		changed: async (before: Snapshot, after: Snapshot, reason?: string): Promise<boolean> => isFirst || tell(await writer.changed(before, after, reason)),
		async removed(last: Snapshot): Promise<void> {
			tell(await writer.removed(last));
		},
		counts: (): ChangeCounts => ({...counts}),
		take(): NewHistoryEvent[] {
			const taken = events;
			events = [];
			return taken;
		},
	};
};

const tombstoneOf = ({item, files}: Snapshot, {at, runId}: Pick<ChangeContext, 'at' | 'runId'>, reason: RemovalReason): Tombstone => ({
	id: tombstoneId(item.id),
	kind: 'tombstone',
	itemId: item.id,
	serverId: item.serverId,
	libraryId: item.libraryId,
	removedAt: at,
	runId,
	reason,
	item,
	files: [...files],
});

/**
Gathers what changes in one library: records and their history together, until a transaction takes them.
*/
export const createStage = ({store, entities, ...context}: StageOptions) => {
	const staged = new Map<string, Item | undefined>();
	const dropped = new Set<string>();
	// What no transaction has yet; undefined stands for a removal.
	let records = new Map<string, Item | Tombstone | undefined>();
	let entitySources: NormalizedItem[] = [];

	const getItem = async (id: string): Promise<Item | undefined> => {
		if (staged.has(id)) {
			return staged.get(id);
		}

		const record = await store.get(id);
		return record?.kind === 'item' ? record : undefined;
	};

	const teller = createTeller({...context, itemOf: getItem});

	const put = (item: Item) => {
		staged.set(item.id, item);
		records.set(item.id, item);
	};

	const drop = (before: Item, after: Item | undefined) => {
		const kept = after === undefined ? [] : fileIdsOf(after);
		for (const id of fileIdsOf(before)) {
			if (!kept.includes(id)) {
				dropped.add(id);
			}
		}
	};

	const settle = ({item}: NormalizedItem, before: Item | undefined, {fingerprints}: Arrival) =>
		settled(fingerprints === undefined ? item : {...item, fingerprints}, before, context.at);

	return {
		item: getItem,
		/**
		All items that are staged, but not those that are removed.
		*/
		items: (): Iterable<Item> => staged.values().filter(item => item !== undefined),
		/**
		The item as it will be, without an item where it is removed; undefined when it is not touched.
		*/
		staged: (id: string): {item: Item | undefined} | undefined => staged.has(id) ? {item: staged.get(id)} : undefined,
		async snapshot(item: Item): Promise<Snapshot> {
			return {item, files: await storedFiles(store, item)};
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

			drop(before.item, item);
			put(item);
			return teller.changed(before, {item, files: fresh.files}, arrival.reason);
		},
		/**
		Add what items need to be whole, see `Parents`.
		*/
		async keep(parents: readonly NormalizedItem[]): Promise<void> {
			for (const parent of parents) {
				// Several batches may need the same one.
				if (await getItem(parent.item.id) !== undefined) {
					continue;
				}

				entitySources.push(parent);
				const item = settle(parent, undefined, {fingerprints: undefined});
				put(item);
				await teller.appeared(item, 'added', 'needed by what is below it');
			}
		},
		async view(item: Item, viewState: ViewState | undefined): Promise<void> {
			const {viewState: _, ...rest} = item;
			const after: Item = viewState === undefined ? rest : {...rest, viewState};
			put(after);
			await teller.changed({item, files: []}, {item: after, files: []});
		},
		/**
		Set or remove the mark that the server no longer lists the item.
		*/
		mark(item: Item, missingSince: string | undefined): void {
			const {missingSince: _, ...rest} = item;
			put(missingSince === undefined ? rest : {...rest, missingSince});
		},
		async remove(before: Snapshot, reason: RemovalReason): Promise<void> {
			const {item, files} = before;
			staged.set(item.id, undefined);
			drop(item, undefined);
			const {missingSince: _, ...last} = item;
			const tombstone = tombstoneOf({item: last, files}, context, reason);
			records.set(item.id, undefined);
			records.set(tombstone.id, tombstone);
			await teller.removed({item: last, files});
		},
		/**
		Ids of files that an item no longer plays. Perhaps nothing plays them now.
		*/
		droppedFiles: (): ReadonlySet<string> => dropped,
		changes: teller.counts,
		/**
		Hand over everything that no transaction has yet.
		*/
		async write(transaction: StoreTransaction): Promise<void> {
			const [written, sources] = [records, entitySources];
			records = new Map();
			entitySources = [];
			await transaction.upsert(await entities.news(sources));
			await transaction.remove(written.keys().filter(id => written.get(id) === undefined).toArray());
			await transaction.upsert(written.values().filter(record => record !== undefined).toArray());
			await transaction.record(teller.take());
		},
		/**
		Everything that was staged is in the store now.
		*/
		forget(): void {
			staged.clear();
		},
	};
};

export type Stage = ReturnType<typeof createStage>;

/**
Remove the records of files that no item plays any more.
*/
export const removeUnusedFiles = async (knowledge: Pick<Knowledge, 'players'>, stage: Stage, transaction: StoreTransaction): Promise<void> => {
	const unused = new Set(stage.droppedFiles());
	if (unused.size === 0) {
		return;
	}

	for (const [id, players] of await knowledge.players(unused)) {
		// Staged items are looked at below, as they will be.
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
