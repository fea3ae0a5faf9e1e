import {resolutionRank} from '../catalog/quality.js';
import type {Entry} from './entry.js';
import type {ItemSummary, SortField} from './types.js';

export type CompareEntries = (left: Entry, right: Entry) => number;

/**
Total: two items are never equal, so that the same items always come in the same order. What is unknown comes last, also in descending order.
*/
export const compareEntries = (field: SortField, isDescending: boolean): CompareEntries => {
	const sign = isDescending ? -1 : 1;
	switch (field) {
		case 'title': {
			return isDescending ? byTitleDescending : byTitle;
		}

		case 'number': {
			return (left, right) => {
				for (const value of numbers) {
					const difference = compareValues(value(left.summary), value(right.summary), sign);
					if (difference !== 0) {
						return difference;
					}
				}

				return byTitle(left, right);
			};
		}

		case 'year':
		case 'added':
		case 'duration':
		case 'resolution':
		case 'rating': {
			const value = valueOf[field];
			return (left, right) => {
				const difference = compareValues(value(left.summary), value(right.summary), sign);
				return difference === 0 ? byTitle(left, right) : difference;
			};
		}
	}
};

type Value = string | number | undefined;
type ValueOf = (item: ItemSummary) => Value;

const valueOf: Record<Exclude<SortField, 'number' | 'title'>, ValueOf> = {
	year: item => item.year,
	added: item => item.addedAt,
	duration: item => item.durationMs,
	resolution: item => resolutionRank(item.resolution),
	rating: item => item.rating,
};

const numbers: readonly ValueOf[] = [item => item.seasonNumber, item => item.episodeNumber, item => item.releaseDate];

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
