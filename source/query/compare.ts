import type {Entry} from './entry.js';
import {sortChoices} from './list-fields.js';
import type {SortField} from './types.js';

export type CompareEntries = (left: Entry, right: Entry) => number;

/**
A total order: two items are never equal, so that the same items always come in the same order. What is unknown comes last, also in descending order.
*/
export const compareEntries = (field: SortField, isDescending: boolean): CompareEntries => {
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

type Value = string | number | undefined;

const compareValues = (left: Value, right: Value, sign: 1 | -1) => {
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
