import {fileIdsOf} from '../catalog/item-files.js';
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
import {countChanges, createChangeWriter, type ChangeContext} from './changes.js';
import type {Entities} from './entities.js';
import type {ChangeCounts} from './events.js';

export type StageOptions = Omit<ChangeContext, 'showTitle'> & {
	store: Pick<CatalogStore, 'get' | 'getMany'>;
	transaction: StoreTransaction;
	entities: Entities;
};

export type Arrival = {
	fingerprints: Fingerprints | undefined;
	/**
	How it was recognised, or why this happens.
	*/
	reason?: string;
};

/**
A fresh item with what reelcat itself knows of it.
*/
export const settled = (item: Item, before: Item | undefined, at: string): Item => {
	const fingerprints = item.fingerprints ?? before?.fingerprints;
	return {...item, firstSeenAt: before?.firstSeenAt ?? at, ...(fingerprints !== undefined && {fingerprints})};
};

export const storedFiles = async (store: Pick<CatalogStore, 'getMany'>, item: Item): Promise<MediaFile[]> => {
	const records = await store.getMany(fileIdsOf(item));
	return records.filter((record): record is MediaFile => record.kind === 'file');
};

/**
Gathers what one library's sync changes, in one transaction: records and their history together.
*/
export type Stage = {
	snapshot: (item: Item) => Promise<Snapshot>;
	item: (id: string) => Promise<Item | undefined>;
	/**
	All that will be put.
	*/
	items: () => Iterable<Item>;
	/**
	As it will be, without an item where it is removed; undefined when it is not touched.
	*/
	staged: (id: string) => {item: Item | undefined} | undefined;
	add: (fresh: NormalizedItem, arrival: Arrival) => Promise<void>;
	restore: (fresh: NormalizedItem, tombstone: Tombstone, arrival: Arrival) => Promise<void>;
	/**
	@returns whether anything differs that counts
	*/
	change: (before: Snapshot, fresh: NormalizedItem, arrival: Arrival) => Promise<boolean>;
	/**
	What an item needs to be whole, see `Parents`.
	*/
	keep: (parents: readonly NormalizedItem[]) => Promise<void>;
	view: (item: Item, viewState: ViewState | undefined) => Promise<void>;
	/**
	Put or take away the mark that the server no longer lists the item.
	*/
	mark: (item: Item, missingSince: string | undefined) => Promise<void>;
	remove: (before: Snapshot, reason: RemovalReason) => Promise<void>;
	/**
	Files that were played by something that was changed or removed, and perhaps are by nothing now.
	*/
	droppedFiles: () => ReadonlySet<string>;
	/**
	Whether anything would be written.
	*/
	changes: () => ChangeCounts;
	flush: () => Promise<void>;
};

export const createStage = ({store, transaction, entities, ...context}: StageOptions): Stage => {
	const staged = new Map<string, Item | undefined>();
	const dropped = new Set<string>();
	const counts: ChangeCounts = {};
	let events: NewHistoryEvent[] = [];

	const getItem = async (id: string): Promise<Item | undefined> => {
		if (staged.has(id)) {
			return staged.get(id);
		}

		const record = await store.get(id);
		return record?.kind === 'item' ? record : undefined;
	};

	const writer = createChangeWriter({
		...context,
		async showTitle(showId) {
			const show = await getItem(showId);
			return show?.title;
		},
	});

	const tell = (news: readonly NewHistoryEvent[]) => {
		events.push(...news);
		countChanges(news, counts);
	};

	const put = async (item: Item) => {
		staged.set(item.id, item);
		await transaction.upsert([item]);
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

	const putEntities = async (fresh: readonly NormalizedItem[]) => {
		const news = await entities.news(fresh);
		await transaction.upsert(news);
	};

	return {
		item: getItem,
		items: () => staged.values().filter(item => item !== undefined),
		staged: id => staged.has(id) ? {item: staged.get(id)} : undefined,
		async snapshot(item) {
			return {item, files: await storedFiles(store, item)};
		},
		async add(fresh, arrival) {
			await putEntities([fresh]);
			const item = settle(fresh, undefined, arrival);
			await put(item);
			tell(await writer.appeared(item, 'added', arrival.reason));
		},
		async restore(fresh, tombstone, arrival) {
			await putEntities([fresh]);
			await transaction.remove([tombstone.id]);
			const item = settle(fresh, tombstone.item, arrival);
			await put(item);
			tell(await writer.appeared(item, 'restored', arrival.reason));
		},
		async change(before, fresh, arrival) {
			await putEntities([fresh]);
			const item = settle(fresh, before.item, arrival);
			drop(before.item, item);
			await put(item);
			const news = await writer.changed(before, {item, files: fresh.files}, arrival.reason);
			tell(news);
			return news.length > 0;
		},
		async keep(parents) {
			await putEntities(parents);
			for (const parent of parents) {
				const item = settle(parent, undefined, {fingerprints: undefined});
				await put(item);
				tell(await writer.appeared(item, 'added', 'needed by what is below it'));
			}
		},
		async view(item, viewState) {
			const {viewState: _, ...rest} = item;
			const after: Item = viewState === undefined ? rest : {...rest, viewState};
			await put(after);
			tell(await writer.changed({item, files: []}, {item: after, files: []}));
		},
		async mark(item, missingSince) {
			const {missingSince: _, ...rest} = item;
			await put(missingSince === undefined ? rest : {...rest, missingSince});
		},
		async remove(before, reason) {
			const {item, files} = before;
			staged.set(item.id, undefined);
			drop(item, undefined);
			const {missingSince: _, ...last} = item;
			await transaction.remove([item.id]);
			await transaction.upsert([{
				id: tombstoneId(item.id),
				kind: 'tombstone',
				itemId: item.id,
				serverId: item.serverId,
				libraryId: item.libraryId,
				removedAt: context.at,
				runId: context.runId,
				reason,
				item: last,
				files: [...files],
			}]);
			tell(await writer.removed({item: last, files}));
		},
		droppedFiles: () => dropped,
		changes: () => ({...counts}),
		async flush() {
			await transaction.record(events);
			events = [];
		},
	};
};
