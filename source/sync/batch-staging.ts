import type {Item} from '../catalog/types.js';
import type {Arrivals} from './arrivals.js';
import type {Batch} from './details.js';
import {findHeirs} from './heirs.js';
import type {PreparedWork} from './library-work.js';
import type {Parents} from './parents.js';
import {createWaitingRows} from './postponed.js';
import type {Wanted} from './row-comparison.js';
import type {Newcomer, Stage} from './stage.js';
import type {Counted} from './tally.js';

type Entry = Batch['items'][number];

const nothing: Counted = {imported: 0, unchanged: 0, lastTitle: undefined};

/**
Puts fetched batches on the stage, each row as the stored item that it is about.
*/
export const createBatchStaging = (work: PreparedWork, {stage, arrivals, parents}: {stage: Stage; arrivals: Arrivals; parents: Parents}) => {
	const {library, stored} = work;
	const waitingRows = createWaitingRows(work, {arrivals, stage});
	const released: string[] = [];
	const readKeys = new Set<string>();
	let hasHeirs = false;
	let counted = nothing;

	const storedId = async ({wanted: {ratingKey}, fresh}: Entry) => {
		const item = await stored.find(ratingKey);
		return item?.id ?? fresh.item.id;
	};

	/**
	@returns the stored or staged item that the row is about, unless its key has been given to something else
	*/
	const storedUnder = async (entry: Entry) => {
		const {ratingKey} = entry.wanted;
		const item = await stage.item(await storedId(entry));
		return item?.ratingKey === ratingKey && item.libraryId === library.id ? item : undefined;
	};

	const isRead = (ratingKey: string) => readKeys.has(ratingKey);

	const stageWaiting = async (): Promise<void> => {
		const ready = await waitingRows.takeReady();
		for (const {before} of ready) {
			if (before === undefined) {
				continue;
			}

			released.push(before.id);
			await arrivals.release(before);
		}

		const newcomers = ready.map(({newcomer}) => newcomer);
		await arrivals.welcome(newcomers);
		parents.expect(newcomers.map(({fresh}) => fresh.item));
		counted = {...counted, imported: counted.imported + newcomers.length};
	};

	const stageBatches = async (batches: readonly Batch[]): Promise<void> => {
		const items = waitingRows.takeClear(batches.flatMap(batch => batch.items));
		const storedIds = await Promise.all(items.map(async entry => storedId(entry)));
		await stage.look([...storedIds, ...items.map(({fresh}) => fresh.item.id)]);
		const listed = new Set(items.map(({fresh}) => fresh.item.id));
		// What was postponed needs no parents.
		const needed = new Set(items.flatMap(({fresh: {item}}) => [item.showId, item.seasonId]));
		await stage.keep(batches.flatMap(batch => batch.parents).filter(({item: {id}}) => !listed.has(id) && needed.has(id)));
		const heirs = await findHeirs(work, items, {storedUnder, itemOf: stage.item});
		const newcomers: Newcomer[] = [];
		const settled: Item[] = [];
		let {imported, unchanged} = counted;
		for (const entry of items) {
			const {wanted: {ratingKey, fingerprints}, fresh} = entry;
			const item = await storedUnder(entry);
			const newcomer = {ratingKey, fresh, fingerprints};
			readKeys.add(ratingKey);
			if (item !== undefined && heirs.has(entry)) {
				hasHeirs = true;
				waitingRows.add({newcomer, before: item});
				continue;
			}

			if (item === undefined && await arrivals.twins.isSuspect(newcomer)) {
				waitingRows.add({newcomer, before: undefined});
				continue;
			}

			settled.push(fresh.item);
			if (item === undefined) {
				newcomers.push(newcomer);
				imported++;
			} else if (await stage.change(await stage.snapshot(item), fresh, {fingerprints})) {
				imported++;
			} else {
				unchanged++;
			}
		}

		await arrivals.twins.meet(newcomers, isRead);
		await arrivals.welcome(newcomers);
		parents.expect(settled);
		counted = {imported, unchanged, lastTitle: items.at(-1)?.fresh.item.title};
	};

	return {
		stage: stageBatches,
		/**
		Asks which items the waiting rows may be.

		@returns rows that must be staged before them
		@throws AppError when the server as a whole fails
		*/
		async meetWaiting(): Promise<Wanted[]> {
			const unmet = waitingRows.takeUnmet();
			return arrivals.twins.meet(unmet, isRead);
		},
		/**
		Stages the rows that waited, once everything that was added is staged.
		*/
		stageWaiting,
		/**
		Ids of items whose ratingKey belongs to something else now.
		*/
		released: released as readonly string[],
		/**
		Whether a ratingKey belongs to something else than the item that is stored under it.
		*/
		hasHeirs: (): boolean => hasHeirs,
		/**
		What was staged since the last `forget`.
		*/
		counted: (): Counted => counted,
		forget(): void {
			counted = nothing;
		},
	};
};
