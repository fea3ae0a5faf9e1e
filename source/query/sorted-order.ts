import type {CompareEntries} from './compare.js';
import type {Entry} from './entry.js';
import {
	createSlices,
	filterInSlices,
	mergeInSlices,
	sortInSlices,
} from './slices.js';
import {createTextSearch, type TextSearch} from './text-search.js';

/**
Keeps entries in one order. Changes wait until someone asks for the order, and then need a merge instead of a sort.
*/
export type SortedOrder = {
	add: (entry: Entry) => void;
	/**
	Call it when entries were marked as stale.
	*/
	drop: () => void;
	entries: () => Promise<readonly Entry[]>;
	/**
	A text search over the entries as they are now.
	*/
	search: () => Promise<TextSearch>;
};

export type SortedOrderOptions = {
	compare: CompareEntries;
	isMember: (entry: Entry) => boolean;
	/**
	Contains all members, and perhaps others. The list is kept, so nobody else may change it.
	*/
	candidates: Entry[];
};

const fewAdded = 1024;

export const createSortedOrder = ({compare, isMember, candidates}: SortedOrderOptions): SortedOrder => {
	let sorted: readonly Entry[] = [];
	let added = candidates;
	let tidyAt = Math.max(fewAdded, 2 * candidates.length);
	let hasStale = false;
	let textSearch: TextSearch | undefined;
	let settled: Promise<unknown> = Promise.resolve();

	const settle = async () => {
		if (!hasStale && added.length === 0) {
			return;
		}

		const slices = createSlices();
		const changed = added;
		const hadStale = hasStale;
		added = [];
		hasStale = false;
		textSearch = undefined;
		tidyAt = fewAdded;
		const isCurrent = (entry: Entry) => !entry.isStale && isMember(entry);
		const kept = hadStale ? await filterInSlices(sorted, isCurrent, slices) : sorted;
		const news = await sortInSlices(await filterInSlices(changed, isCurrent, slices), compare, slices);
		sorted = kept.length === 0 ? news : await mergeInSlices(kept, news, compare, slices);
	};

	// Callers that ask at the same time share the work, since the next one finds little left to do.
	const inTurn = async <Value>(work: () => Promise<Value>): Promise<Value> => {
		const own = settled.then(async () => {
			await settle();
			return work();
		});
		settled = own;
		return own;
	};

	return {
		add(entry) {
			added.push(entry);
			// An order that nobody asks for any more must not collect everything that changes.
			if (!(added.length > tidyAt)) {
				return;
			}

			added = added.filter(({isStale}) => !isStale);
			tidyAt = Math.max(fewAdded, 2 * added.length);
		},
		drop() {
			hasStale = true;
		},
		entries: async () => inTurn(async () => sorted),
		search: async () => inTurn(async () => {
			textSearch ??= await createTextSearch(sorted, createSlices());
			return textSearch;
		}),
	};
};
