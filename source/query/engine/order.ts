import type {Columns} from '../columns.js';
import {requireAskedField} from '../language/asked-fields.js';
import type {PlanSort} from '../language/plan.js';
import {hasWords, searchForm} from '../language/text-tests.js';
import {readInSlices} from '../sorted-rows.js';
import {sortInSlices, type Slices} from '../slices.js';
import {comparable} from './row-tests.js';

type Key = string | number | undefined;

type Compare = (left: number, right: number) => number;

/**
Sorts rows by the fields of a query, then by title, year and id: two rows are never equal. Unknown values come last, whatever the direction.
*/
export const sortByFields = async (columns: Columns, rows: Int32Array, sort: readonly PlanSort[], slices: Slices): Promise<Int32Array> => {
	const compareTitles = columns.named.sortKey.frozen();
	const compares: Compare[] = [];
	for (const {field, isDescending} of sort) {
		const sign = isDescending ? -1 : 1;
		if (field === 'title') {
			compares.push((left, right) => sign * compareTitles(rows[left]!, rows[right]!));
			continue;
		}

		const keys = await readInSlices(rows, keyReader(columns, field), slices);
		compares.push((left, right) => compareKeys(keys[left], keys[right], sign));
	}

	return sortPlaces(columns, rows, compares, slices);
};

const keyReader = (columns: Columns, name: string): ((row: number) => Key) => {
	const field = requireAskedField(name);
	if (field.source === 'computed') {
		return row => (field.of as (summary: unknown) => number | undefined)(columns.at(row));
	}

	const column = columns.column(name);
	return row => {
		const value = column.get(row);
		return typeof value === 'boolean' ? Number(value) : comparable(field, value) ?? (field.kind === 'text' || field.kind === 'choice' ? value as Key : undefined);
	};
};

const compareKeys = (left: Key, right: Key, sign: number): number => {
	if (left === right) {
		return 0;
	}

	if (left === undefined || right === undefined) {
		return left === undefined ? 1 : -1;
	}

	return left < right ? -sign : sign;
};

/**
Sorts rows by how well their titles match the words: the whole title, its beginning, whole words, within words, elsewhere.
*/
export const sortByMatch = async (columns: Columns, rows: Int32Array, words: readonly string[], slices: Slices): Promise<Int32Array> => {
	const title = columns.column('title');
	const wanted = words.join(' ');
	const ranks = await readInSlices(rows, row => matchRank(searchForm(title.get(row) as string), wanted, words), slices);
	return sortPlaces(columns, rows, [(left, right) => ranks[left]! - ranks[right]!], slices);
};

export const matchRank = (title: string, wanted: string, words: readonly string[]): number => {
	if (title.startsWith(wanted)) {
		return title === wanted ? 0 : 1;
	}

	if (words.every(word => hasWords(title, word))) {
		return 2;
	}

	return words.every(word => title.includes(word)) ? 3 : 4;
};

const sortPlaces = async ({named: {sortKey, year, id}}: Columns, rows: Int32Array, compares: readonly Compare[], slices: Slices): Promise<Int32Array> => {
	const [compareTitles, compareIds] = [sortKey.frozen(), id.frozen()];
	const years = await readInSlices(rows, row => year.get(row), slices);
	const sorted = await sortInSlices(Int32Array.from(rows.keys()), (left, right) => {
		for (const compare of compares) {
			const difference = compare(left, right);
			if (difference !== 0) {
				return difference;
			}
		}

		const byTitle = compareTitles(rows[left]!, rows[right]!);
		const byYear = byTitle === 0 ? compareKeys(years[left], years[right], 1) : byTitle;
		return byYear === 0 ? compareIds(rows[left]!, rows[right]!) : byYear;
	}, slices);
	return sorted.map(place => rows[place]!);
};
