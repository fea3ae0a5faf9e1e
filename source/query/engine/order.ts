import {numbersBelow} from '../../base/columns/cells.js';
import type {Columns} from '../columns.js';
import {requireAskedField} from '../language/asked-fields.js';
import type {PlanSort} from '../language/plan.js';
import {compareNow, readInSlices} from '../sorted-rows.js';
import {sortInSlices, type Slices} from '../slices.js';
import {numbersOfField} from './number-orders.js';
import {comparable} from './row-tests.js';
import type {Inverted} from './inverted-rows.js';
import {titleRanker, worstRank, type RankedWord} from './title-bytes.js';

type Key = string | number | undefined;

type Compare = (left: number, right: number) => number;

type FoundRows = {rows: Int32Array; byTitle: () => Promise<Int32Array>};

/**
Sorts rows by the fields of a query, then by title, year and id: two rows are never equal. Unknown values come last, whatever the direction. `byTitle` gives the rows in the order of their titles; where a `limit` is small it is not asked, because to find the first few takes less.
*/
export const sortByFields = async (columns: Columns, found: FoundRows, {sort, limit = Infinity}: {sort: readonly PlanSort[]; limit: number | undefined}, slices: Slices): Promise<Int32Array> => {
	const isShort = limit <= fewPlaces;
	const rows = isShort ? firstByNumber(columns, found.rows, sort[0]!, limit) : await found.byTitle();
	const compareRows = compareNow(columns, {sort: 'title', isDescending: false});
	const compares: Compare[] = [];
	for (const {field, isDescending} of sort) {
		const sign = isDescending ? -1 : 1;
		if (field === 'title') {
			const compareTitles = columns.named.sortKey.frozen();
			compares.push((left, right) => sign * compareTitles(rows[left]!, rows[right]!));
			continue;
		}

		const keys = await readInSlices(rows, keyReader(columns, field), slices);
		compares.push((left, right) => compareKeys(keys[left], keys[right], sign));
	}

	const compare: Compare = (left, right) => {
		for (const compareOne of compares) {
			const difference = compareOne(left, right);
			if (difference !== 0) {
				return difference;
			}
		}

		return isShort ? compareRows(rows[left]!, rows[right]!) : left - right;
	};

	const places = numbersBelow(rows.length);
	const sorted = isShort ? await firstOf(places, compare, limit, slices) : await sortInSlices(places, compare, slices);
	return sorted.map(place => rows[place]!);
};

/**
The rows among which are the first of an order, if its first field is a number; otherwise all.
*/
const firstByNumber = (columns: Columns, rows: Int32Array, {field, isDescending}: PlanSort, limit: number): Int32Array => numbersOfField(columns, field)?.firstRows(rows, limit, isDescending) ?? rows;

const fewPlaces = 1000;
const placesPerCheck = 4096;

/**
The first `limit` of what a sort would give. Most places are behind the last of them, which one comparison tells.
*/
const firstOf = async (places: Int32Array, compare: Compare, limit: number, slices: Slices): Promise<Int32Array> => {
	const first: number[] = [];
	for (let index = 0; index < places.length; index++) { // eslint-disable-line unicorn/no-for-loop -- many times as fast
		const place = places[index]!;
		if (first.length < limit || compare(place, first.at(-1)!) < 0) {
			let [low, high] = [0, first.length];
			while (low < high) {
				const middle = Math.floor((low + high) / 2);
				if (compare(first[middle]!, place) < 0) {
					low = middle + 1;
				} else {
					high = middle;
				}
			}

			first.splice(low, 0, place);
			first.length = Math.min(first.length, limit);
		}

		if (index % placesPerCheck === 0 && slices.isOver()) {
			await slices.pause();
		}
	}

	return Int32Array.from(first);
};

const keyReader = (columns: Columns, name: string): ((row: number) => Key) => {
	const numbers = numbersOfField(columns, name);
	if (numbers !== undefined) {
		return numbers.get;
	}

	const field = requireAskedField(name);
	if (field.source === 'computed') {
		return row => (field.of as (summary: unknown) => number | undefined)(columns.at(row));
	}

	const column = columns.column(name);
	if ('secondsAt' in column) {
		return column.secondsAt as (row: number) => number | undefined;
	}

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
export const sortByMatch = async ({columns, inverted: {texts, titleLetters}}: {columns: Columns; inverted: Inverted}, {rows, byTitle}: FoundRows, words: readonly string[], slices: Slices): Promise<Int32Array> => {
	const ranked: RankedWord[] = [];
	for (const text of words) {
		ranked.push({text, mayBeWhole: await texts.marksOfWhole(text, slices)});
	}

	const writeRanks = titleRanker(columns.search, ranked, titleLetters.get());
	const ranks = new Uint8Array(columns.end());
	// In the order in which the titles lie in memory, which takes half as long as in that of the titles.
	for (let start = 0; start < rows.length; start += placesPerCheck) {
		writeRanks(rows.subarray(start, start + placesPerCheck), ranks);
		if (slices.isOver()) {
			await slices.pause();
		}
	}

	const titled = await byTitle();
	const starts = new Int32Array(worstRank + 2);
	for (let place = 0; place < titled.length; place++) { // eslint-disable-line unicorn/no-for-loop, @typescript-eslint/prefer-for-of -- many times as fast
		starts[ranks[titled[place]!]! + 1]!++;
	}

	for (let rank = 0; rank < worstRank; rank++) {
		starts[rank + 1]! += starts[rank]!;
	}

	const sorted = new Int32Array(titled.length);
	for (let place = 0; place < titled.length; place++) { // eslint-disable-line unicorn/no-for-loop, @typescript-eslint/prefer-for-of -- many times as fast
		const row = titled[place]!;
		sorted[starts[ranks[row]!]!++] = row;
	}

	return sorted;
};
