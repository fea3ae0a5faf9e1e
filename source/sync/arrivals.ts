import type {Item} from '../catalog/types.js';
import {storedTombstones} from '../history/lost-items.js';
import type {LibraryIds} from './library-ids.js';
import type {LibraryWork} from './library-work.js';
import {likeness} from './likeness.js';
import {createRecogniser, type Lost, type Recogniser} from './recognise.js';
import type {Newcomer, Stage} from './stage.js';
import {createTwins} from './twins.js';

const windowDays = 180;
const dayMs = 86_400_000;

/**
Stages items whose ratingKey is new to the library. Some are really new; others come under another key or from another library, and keep their id and history.
*/
export const createArrivals = (work: LibraryWork, {stage, ids}: {stage: Stage; ids: LibraryIds}) => {
	const {store, library, now} = work;
	const found = new Set<string>();
	// Ids of items that are known to be lost, or to be still there.
	const settled = new Set<string>();
	let missingIds: readonly string[] = [];
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

	const twins = createTwins(work, {stage, settled, lose});

	const settleOne = async ({fresh, ratingKey, ...arrival}: Newcomer) => {
		const become = (id: string) => {
			ids.assign(ratingKey, id);
			fresh.item.id = id;
			found.add(id);
		};

		const movedId = await twins.byKey(ratingKey) ?? fresh.item.id;
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
			if (await stage.isTaken(fresh.item.id)) {
				fresh.item.id = await ids.assignSpare(ratingKey, stage.isTaken);
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
		twins,
		found: found as ReadonlySet<string>,
		/**
		Must be called after `twins.meet`, and in the order of the types: a season is recognised by its show.
		*/
		async welcome(newcomers: readonly Newcomer[]): Promise<void> {
			for (const newcomer of newcomers) {
				await settleOne(newcomer);
			}
		},
		release: lose,
	};
};

export type Arrivals = ReturnType<typeof createArrivals>;
