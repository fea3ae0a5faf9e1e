import type {Entry} from './entry.js';
import {sortChoices} from './list-fields.js';
import {
	createSlices,
	filterInSlices,
	mergeInSlices,
	sortInSlices,
} from './slices.js';
import {createTextSearch, type TextSearch} from './text-search.js';
import type {SortField} from './types.js';

type SortedOrderOptions = {
	sort: SortField;
	isDescending: boolean;
	isMember: (entry: Entry) => boolean;
	/**
	All members, and perhaps others. The list is kept, so nobody else may change it.
	*/
	candidates: Entry[];
};

const fewAdded = 1024;

/**
Keeps entries in one order. Changes wait until someone asks for the order, and then need a merge instead of a sort.
*/
export const createSortedOrder = ({sort, isDescending, isMember, candidates}: SortedOrderOptions) => {
	const compare = compareEntries(sort, isDescending);
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
		add(entry: Entry) {
			added.push(entry);
			// An order that nobody asks for any more must not collect everything that changes.
			if (!(added.length > tidyAt)) {
				return;
			}

			added = added.filter(({isStale}) => !isStale);
			tidyAt = Math.max(fewAdded, 2 * added.length);
		},
		/**
		Call it when entries were marked as stale.
		*/
		drop() {
			hasStale = true;
		},
		entries: async (): Promise<readonly Entry[]> => inTurn(async () => sorted),
		/**
		A text search over the entries as they are now.
		*/
		search: async (): Promise<TextSearch> => inTurn(async () => {
			textSearch ??= await createTextSearch(sorted, createSlices());
			return textSearch;
		}),
	};
};

export type SortedOrder = ReturnType<typeof createSortedOrder>;

type CompareEntries = (left: Entry, right: Entry) => number;

/**
A total order: two items are never equal, so that the same items always come in the same order. Unknown values come last, also in descending order.
*/
const compareEntries = (field: SortField, isDescending: boolean): CompareEntries => {
	const {values} = sortChoices.find(choice => choice.field === field)!;
	const [value, ...others] = values;
	const sign = isDescending ? -1 : 1;
	if (value === undefined) {
		return isDescending ? byTitleDescending : byTitle;
	}

	// Spelled out for one value, which is the usual case: a loop over one takes noticeably longer.
	if (others.length === 0) {
		return (left, right) => {
			const difference = compareValues(value(left.summary), value(right.summary), sign);
			return difference === 0 ? byTitle(left, right) : difference;
		};
	}

	return (left, right) => {
		for (const each of values) {
			const difference = compareValues(each(left.summary), each(right.summary), sign);
			if (difference !== 0) {
				return difference;
			}
		}

		return byTitle(left, right);
	};
};

type SortValue = string | number | undefined;

const compareValues = (left: SortValue, right: SortValue, sign: 1 | -1) => {
	if (left === right) {
		return 0;
	}

	if (left === undefined || right === undefined) {
		return left === undefined ? 1 : -1;
	}

	return left < right ? -sign : sign;
};

// Spelled out, because hundreds of thousands of titles are compared millions of times.
const byTitle: CompareEntries = (leftEntry, rightEntry) => {
	const left = leftEntry.sortKey;
	const right = rightEntry.sortKey;
	return left < right ? -1 : (left > right ? 1 : bySameTitle(leftEntry, rightEntry));
};

const byTitleDescending: CompareEntries = (leftEntry, rightEntry) => {
	const left = leftEntry.sortKey;
	const right = rightEntry.sortKey;
	return left < right ? 1 : (left > right ? -1 : bySameTitle(leftEntry, rightEntry));
};

const bySameTitle: CompareEntries = (left, right) => {
	const byYear = compareValues(left.summary.year, right.summary.year, 1);
	return byYear === 0 ? compareValues(left.summary.id, right.summary.id, 1) : byYear;
};
