import {once} from '../base/once.js';
import {tombstoneId} from '../catalog/identity.js';
import {instantOf} from '../catalog/values.js';
import type {Item} from '../catalog/types.js';
import {storedTombstones} from '../history/lost-items.js';
import type {NormalizedItem} from '../plex/types.js';
import {sharedNames, type Elsewhere} from './knowledge.js';
import type {LibraryIds} from './library-ids.js';
import {isFirst, type LibraryWork} from './library-work.js';
import {fetchAllDetails} from './listing.js';
import {likeness} from './likeness.js';
import {createRecogniser, type Lost, type Recogniser} from './recognise.js';
import type {Arrival, Stage} from './stage.js';

export type Newcomer = Arrival & {fresh: NormalizedItem; ratingKey: string};

const windowDays = 180;
const dayMs = 86_400_000;

/**
Stages items whose ratingKey is new to the library. Some are really new; others come under another key or from another library, and keep their id and history.
*/
export const createArrivals = (work: LibraryWork, {stage, ids}: {stage: Stage; ids: LibraryIds}) => {
	const {plex, store, knowledge, library, plan, now, signal} = work;
	const elsewhere = knowledge.elsewhere({
		serverId: library.serverId,
		libraryId: library.id,
		isWithOwn: plan.ratingKeys !== undefined,
		...(isFirst(work) && {lookedAtBefore: instantOf(now)}),
	});
	const found = new Set<string>();
	// Ids of items that are known to be lost, or to be still there.
	const settled = new Set<string>();
	let missingIds: readonly string[] = [];
	let doubtfulIds: readonly string[] = [];
	let recogniser: Promise<Recogniser> | undefined;

	const readLost = async (): Promise<Recogniser> => {
		const lost: Lost[] = [];
		for (const id of missingIds) {
			const item = await stage.item(id);
			if (item !== undefined) {
				lost.push(await stage.snapshot(item));
			}
		}

		const since = new Date(now.getTime() - (windowDays * dayMs)).toISOString();
		for (const tombstone of await storedTombstones(store)) {
			if (tombstone.serverId === library.serverId && tombstone.removedAt >= since) {
				lost.push({item: tombstone.item, files: tombstone.files, tombstone});
			}
		}

		return createRecogniser(lost);
	};

	const lose = async (item: Item) => {
		recogniser ??= readLost();
		const {add} = await recogniser;
		settled.add(item.id);
		add(await stage.snapshot(item));
	};

	const twinsOf = createTwins(elsewhere, {itemOf: stage.item, doubtful: () => doubtfulIds});

	/**
	A twin in another library, or one that was not listed, is lost when the server no longer knows its key.
	*/
	const addTwins = async (newcomers: readonly Newcomer[]) => {
		const twins = new Map<string, Item>();
		for (const {fresh} of newcomers) {
			for (const id of await twinsOf(fresh.item)) {
				const item = settled.has(id) ? undefined : await stage.item(id);
				if (item?.ratingKey !== undefined) {
					twins.set(item.ratingKey, item);
				}
			}
		}

		const {rows, lost} = await fetchAllDetails(plex, twins.keys().toArray(), signal);
		for (const [ratingKey, item] of twins) {
			settled.add(item.id);
			// If we cannot tell, it is still there.
			if (!rows.has(ratingKey) && !lost.has(ratingKey)) {
				await lose(item);
			}
		}
	};

	const isTaken = async (id: string) => await stage.item(id) !== undefined || await store.get(tombstoneId(id)) !== undefined;

	const settleOne = async ({fresh, ratingKey, ...arrival}: Newcomer) => {
		const become = (id: string) => {
			ids.assign(ratingKey, id);
			fresh.item.id = id;
			found.add(id);
		};

		const movedId = await elsewhere.byKey(ratingKey) ?? fresh.item.id;
		const moved = await stage.item(movedId);
		if (moved?.ratingKey === ratingKey && moved.libraryId !== fresh.item.libraryId && likeness(moved, fresh.item) === 'same') {
			become(moved.id);
			await stage.change(await stage.snapshot(moved), fresh, {...arrival, reason: 'moved to another library'});
			return;
		}

		recogniser ??= readLost();
		const {find} = await recogniser;
		const recognised = find(fresh.item, fresh.files);
		if (recognised === undefined) {
			if (await isTaken(fresh.item.id)) {
				fresh.item.id = await ids.assignSpare(ratingKey, isTaken);
			}

			await stage.add(fresh, arrival);
			return;
		}

		const {lost, why} = recognised;
		become(lost.item.id);
		await (lost.tombstone === undefined
			? stage.change({item: lost.item, files: lost.files}, fresh, {...arrival, reason: why})
			: stage.restore(fresh, lost.tombstone, {...arrival, reason: why}));
	};

	return {
		/**
		The library no longer lists the items with these ids. Must be called before the first `welcome`.
		*/
		miss(unlistedIds: readonly string[]): void {
			missingIds = unlistedIds;
			for (const id of unlistedIds) {
				settled.add(id);
			}
		},
		/**
		Nobody knows whether these are missing. Must be called before the first `welcome`.
		*/
		doubt(unlistedIds: readonly string[]): void {
			doubtfulIds = unlistedIds;
		},
		found: found as ReadonlySet<string>,
		/**
		Must be called in the order of the types: a season is recognised by its show.
		*/
		async welcome(newcomers: readonly Newcomer[]): Promise<void> {
			if (newcomers.length === 0) {
				return;
			}

			await addTwins(newcomers);
			for (const newcomer of newcomers) {
				await settleOne(newcomer);
			}
		},
		release: lose,
	};
};

export type Arrivals = ReturnType<typeof createArrivals>;

type TwinsOptions = {itemOf: (id: string) => Promise<Item | undefined>; doubtful: () => readonly string[]};

/**
Finds the stored items that share a name with an item: in other libraries, and among those whose absence is in doubt.
*/
const createTwins = (elsewhere: Elsewhere, {itemOf, doubtful}: TwinsOptions) => {
	const readDoubtful = once(async () => {
		const byName = new Map<string, string[]>();
		for (const id of doubtful()) {
			const item = await itemOf(id);
			for (const name of item === undefined ? [] : sharedNames(item)) {
				byName.set(name, [...byName.get(name) ?? [], id]);
			}
		}

		return byName;
	});

	return async (item: Item): Promise<Set<string>> => {
		const byName = await readDoubtful();
		return new Set([...await elsewhere.twinsOf(item), ...sharedNames(item).flatMap(name => byName.get(name) ?? [])]);
	};
};
