import {numbersBelow} from '../base/columns/cells.js';
import type {Columns} from './columns.js';
import {sortChoices} from './list-fields.js';
import {createSlices, mapInSlices, sortInSlices} from './slices.js';
import type {SortField} from './types.js';

type Sorting = {sort: SortField; isDescending: boolean};

type SortedRowsOptions = Sorting & {
	/**
	Whether a row belongs to the order as it is now.
	*/
	isMember: (row: number) => boolean;
	/**
	All members.
	*/
	members: () => Int32Array;
};

// So many changed rows are put in their places in a few milliseconds; for more, everything is sorted anew.
const fewChanged = 2048;

/**
Keeps the rows of a list in one order. Changes wait until someone asks for it.
*/
export const createSortedRows = (columns: Columns, {isMember, members, ...sorting}: SortedRowsOptions) => {
	let sorted: Int32Array | undefined;
	const changed = new Set<number>();
	let settled: Promise<unknown> = Promise.resolve();

	// In one go: a row that changed meanwhile would stand in the wrong place for those that are put beside it.
	const putInPlaces = (order: Int32Array) => {
		const compare = compareNow(columns, sorting);
		const news = Int32Array.from([...changed].filter(row => isMember(row))).toSorted(compare);
		const kept = order.filter(row => !changed.has(row));
		changed.clear();
		return merge(kept, news, compare);
	};

	const settle = async () => {
		while (sorted === undefined || changed.size > 0) {
			if (sorted !== undefined && changed.size <= fewChanged) {
				sorted = putInPlaces(sorted);
				continue;
			}

			changed.clear();
			sorted = await sortRows(columns, members(), sorting);
		}

		return sorted;
	};

	return {
		/**
		Call it when a row was filled, emptied or changed.
		*/
		touch(row: number) {
			// An order that nobody asks for any more must not collect everything that changes.
			if (changed.size <= fewChanged) {
				changed.add(row);
			}
		},
		/**
		Whether `rows` has little to do.
		*/
		isAtHand: () => sorted !== undefined && changed.size <= fewChanged,
		/**
		Callers that ask at the same time share the work, since the next one finds little left to do.
		*/
		async rows(): Promise<Int32Array> {
			const own = settled.then(settle);
			settled = own;
			return own;
		},
	};
};

export type SortedRows = ReturnType<typeof createSortedRows>;

type CompareRows = (left: number, right: number) => number;

const merge = (kept: Int32Array, news: Int32Array, compare: CompareRows): Int32Array => {
	const merged = new Int32Array(kept.length + news.length);
	let taken = 0;
	for (const [index, row] of news.entries()) {
		let low = taken;
		let high = kept.length;
		while (low < high) {
			const middle = Math.floor((low + high) / 2);
			if (compare(kept[middle]!, row) < 0) {
				low = middle + 1;
			} else {
				high = middle;
			}
		}

		merged.set(kept.subarray(taken, low), taken + index);
		merged[low + index] = row;
		taken = low;
	}

	merged.set(kept.subarray(taken), taken + news.length);
	return merged;
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

const choiceOf = (sort: SortField) => sortChoices.find(({field}) => field === sort)!;

/**
A total order: two items are never equal, so that the same items always come in the same order. Unknown values come last, also in descending order.
*/
export const compareNow = ({named: {sortKey, year, id}, at}: Columns, {sort, isDescending}: Sorting): CompareRows => {
	const {values} = choiceOf(sort);
	const sign = isDescending ? -1 : 1;
	return (left, right) => {
		for (const value of values) {
			const difference = compareValues(value(at(left)), value(at(right)), sign);
			if (difference !== 0) {
				return difference;
			}
		}

		const byTitle = sortKey.compare(left, right);
		if (byTitle !== 0) {
			return values.length === 0 ? byTitle * sign : byTitle;
		}

		const byYear = compareValues(year.get(left), year.get(right), 1);
		return byYear === 0 ? id.compare(left, right) : byYear;
	};
};

/**
Sorts rows by what they hold when it reads them; the caller puts those that change meanwhile in their places later.
*/
export const sortRows = async (columns: Columns, rows: Int32Array, {sort, isDescending}: Sorting): Promise<Int32Array> => {
	const slices = createSlices();
	const {values} = choiceOf(sort);
	const sign = isDescending ? -1 : 1;
	const {named: {sortKey, year, id}, at} = columns;
	const [compareTitles, compareIds] = [sortKey.frozen(), id.frozen()];
	const places = numbersBelow(rows.length);
	const years = await readInSlices(rows, row => year.get(row) ?? Infinity, slices);
	const keys: SortValue[][] = [];
	for (const value of values) {
		keys.push(await readInSlices(rows, row => value(at(row)), slices));
	}

	const compare: CompareRows = (left, right) => {
		for (const key of keys) {
			const difference = compareValues(key[left], key[right], sign);
			if (difference !== 0) {
				return difference;
			}
		}

		const byTitle = compareTitles(rows[left]!, rows[right]!);
		if (byTitle !== 0) {
			return keys.length === 0 ? byTitle * sign : byTitle;
		}

		const byYear = years[left]! - years[right]!;
		return byYear === 0 || Number.isNaN(byYear) ? compareIds(rows[left]!, rows[right]!) : byYear;
	};

	const sorted = await sortInSlices(places, compare, slices);
	return sorted.map(place => rows[place]!);
};

export const readInSlices = async <Value>(rows: Int32Array, read: (row: number) => Value, slices: ReturnType<typeof createSlices>): Promise<Value[]> => {
	const values: Value[] = [];
	await mapInSlices(rows, row => {
		values.push(read(row));
		return undefined;
	}, slices);
	return values;
};
