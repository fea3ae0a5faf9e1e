import type {CellsByName, Steps} from '../base/columns/cells.js';
import {once} from '../base/once.js';
import {idleMoment, stepByStep} from '../base/turns.js';
import type {CatalogStore, Change} from '../catalog/catalog-store.js';
import {fileIdsOf} from '../catalog/item.js';
import type {CatalogRecord, Item} from '../catalog/types.js';
import {createCatalogIndex} from '../query/catalog-index.js';
import {nameThem} from '../query/names.js';
import type {CatalogIndex} from '../query/types.js';
import {putItems, totalItems} from './index-loader.js';

type GrowingStore = Pick<CatalogStore, 'header' | 'subscribe' | 'getMany'>;

type Fresh = ReadonlyMap<string, CatalogRecord>;

// They take about a millisecond.
const itemsPerStep = 25;

// So much is done in one idle moment.
const idleMs = 4;

// Their memory is not missed. When more wait, the import is slower than its server, and waiting would gain nothing.
const mostWaitingRecords = 10_000;

/**
An index that follows the commits of a run on an empty catalogue. The records of a commit are at hand, so that nothing has to be read again at the end. They are put into it while the run waits for its server. If that was so quick that most of them still wait at the end, the index is left to the first reader, so that the run is not held up. `idle` resolves when there is time for it, or when the signal aborts.
*/
export const createGrowingIndex = (store: GrowingStore, idle: (signal: AbortSignal) => Promise<void> = idleMoment) => {
	const index = createCatalogIndex();
	// What must be read from the store, because a commit did not have all that its index needs.
	const late = new Set<string>();
	const waiting: Array<{steps: Steps; records: number}> = [];
	let waitingRecords = 0;
	let doneRecords = 0;
	let isFollowed = totalItems(store) === 0;
	let isFilling = false;
	let filling: Promise<void> = Promise.resolve();
	const over = new AbortController();

	// Does nothing if nothing waits, as when two callers take turns.
	const step = () => {
		const [first] = waiting;
		if (first?.steps.next().done !== true) {
			return;
		}

		waiting.shift();
		waitingRecords -= first.records;
		doneRecords += first.records;
	};

	const isTooLong = () => waitingRecords > mostWaitingRecords;

	const fillWhenIdle = async () => {
		isFilling = true;
		while (waiting.length > 0) {
			await idle(over.signal);
			const endMs = performance.now() + idleMs;
			while (waiting.length > 0 && performance.now() < endMs) {
				step();
			}
		}

		isFilling = false;
	};

	const unsubscribe = store.subscribe((change, fresh = new Map()) => {
		if (change.isReload === true) {
			// Nobody can use it any more.
			isFollowed = false;
			waiting.length = 0;
			unsubscribe();
			return;
		}

		const records = change.upserted.length;
		waiting.push({steps: follow(index, late, change, fresh), records});
		waitingRecords += records;
		while (isTooLong()) {
			step();
		}

		if (isFilling) {
			return;
		}

		filling = fillWhenIdle();
		// Who saves the index gets the error.
		filling.catch(() => undefined);
	});

	return {
		/**
		Call it when the run is over.

		@returns the columns of the index, or undefined if it could not follow or is left to the first reader
		*/
		save: once(async (): Promise<CellsByName | undefined> => {
			unsubscribe();
			over.abort();
			if (!isFollowed || waitingRecords > doneRecords) {
				waiting.length = 0;
				return undefined;
			}

			for (const {steps} of waiting.splice(0)) {
				await stepByStep(steps);
			}

			await filling;

			await putItems(store, index, [...late]);
			return index.size() === totalItems(store) ? index.save() : undefined;
		}),
	};
};

/**
Puts what a commit changed into the index, in steps, and the ids of what it could not know into `late`.
*/
function * follow(index: CatalogIndex, late: Set<string>, {upserted, removed}: Change, fresh: Fresh): Steps {
	index.remove(removed);
	const items: Item[] = [];
	for (const id of upserted) {
		const record = fresh.get(id);
		if (record?.kind === 'item') {
			items.push(record);
		} else if (record?.kind === 'file') {
			for (const itemId of index.itemsOfFile(id)) {
				late.add(itemId);
			}
		} else if (record === undefined) {
			late.add(id);
		}
	}

	for (const item of items) {
		if (fileIdsOf(item).some(id => fresh.get(id)?.kind !== 'file')) {
			late.add(item.id);
		}
	}

	const sizeOf = (id: string) => {
		const file = fresh.get(id);
		return file?.kind === 'file' ? file.sizeBytes : undefined;
	};

	for (let start = 0; start < items.length; start += itemsPerStep) {
		index.put(items.slice(start, start + itemsPerStep), sizeOf);
		yield;
	}

	nameThem(index, fresh.values());
}
