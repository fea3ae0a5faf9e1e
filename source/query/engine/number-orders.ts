import {numbersBelow} from '../../base/columns/cells.js';
import type {NumberBounds, NumberColumn} from '../../base/columns/number-column.js';
import {keepLatest} from '../../base/keep-latest.js';
import type {Columns} from '../columns.js';
import {requireAskedField} from '../language/asked-fields.js';
import type {PlanSort} from '../language/plan.js';
import {eachInSlices, sortInSlices, type Slices} from '../slices.js';
import {createInverted} from './inverted.js';
import {numbersOf} from './row-pickers.js';
import {commonRows, unionOf} from './row-sets.js';

// Where so many more rows are equal to the last of the first, to take them all saves little.
const mostEqual = 16_384;

// Each has four bytes for each row.
const keptOrders = 8;

/**
The numbers of a field that the index has, if they are plain numbers in all rows.
*/
export const numbersOfField = (columns: Columns, fieldName: string): NumberColumn | undefined => {
	const {source, name} = requireAskedField(fieldName);
	return source === 'column' ? numbersOf(columns.column(name)) : undefined;
};

/**
For each field with numbers that is asked often, the order of all rows by it, for those who need not look at all rows. It must be told of every change.
*/
export const createNumberOrders = (columns: Columns) => {
	const {end, isFilled} = columns;
	const orders = new Map<string, ReturnType<typeof createOrder>>();

	const createOrder = (field: string) => createInverted(end, async (_, slices): Promise<Int32Array | undefined> => {
		const numbers = numbersOfField(columns, field);
		return numbers && sortByNumber(numbers, end(), slices);
	});

	const get = (field: string): NumberOrder | undefined => {
		// A column of times may have got one that is no plain number.
		const numbers = numbersOfField(columns, field);
		if (numbers === undefined) {
			return undefined;
		}

		const kept = orders.get(field) ?? createOrder(field);
		keepLatest(orders, field, kept, keptOrders);
		const found = kept.get();
		return found?.value && {
			rows: found.value, isChanged: found.isChanged, changed: found.changed.filter(row => isFilled(row)), numberAt: row => numbers.get(row)!,
		};
	};

	return {
		/**
		Call it before a row is changed or emptied, and after it was filled.
		*/
		touch(row: number) {
			for (const order of orders.values()) {
				order.touch(row);
			}
		},
		/**
		Rows in ascending order among which are all whose number lies within. Undefined if that is not known, or where it is as quick to look at `most` rows.
		*/
		within(field: string, {min, max}: NumberBounds, most: number): Int32Array | undefined {
			const order = get(field);
			if (order === undefined) {
				return undefined;
			}

			const {rows, changed} = order;
			const from = firstPlace(order, number => number >= min);
			const to = firstPlace(order, number => number > max);
			return to - from > most ? undefined : unionOf([rows.subarray(from, to).toSorted(), changed], end());
		},
		/**
		The first `count` rows of an order and all that have changed, in ascending order, and whether those of them that a query wants hold its first `limit` for certain: rows that have not changed come before all others. Undefined where this is not known.
		*/
		first({field, isDescending}: PlanSort, count: number) {
			const order = get(field);
			const same = order && firstRows(order, isDescending, count);
			return same && {
				rows: unionOf([same, order.changed], end()),
				areEnough: (wanted: Int32Array, limit: number) => commonRows(wanted, same).length >= limit,
			};
		},
	};
};

type NumberOrder = {
	/**
	From the smallest number to the largest, when the order was made.
	*/
	rows: Int32Array;
	isChanged: (row: number) => boolean;
	/**
	Those that have changed since, in ascending order, without those that are empty now.
	*/
	changed: Int32Array;
	numberAt: (row: number) => number;
};

const sortByNumber = async (numbers: NumberColumn, end: number, slices: Slices): Promise<Int32Array> => {
	const rows = numbers.knownRows(end);
	const keys = new Float64Array(rows.length);
	let place = 0;
	await eachInSlices(rows, row => {
		keys[place++] = numbers.get(row) ?? 0;
	}, slices);
	const places = await sortInSlices(numbersBelow(rows.length), (one, other) => keys[one]! - keys[other]!, slices);
	return places.map(sorted => rows[sorted]!);
};

/**
The first place of an order whose number has reached something that larger ones have, too. Rows that have changed do not count: their numbers are in no order.
*/
const firstPlace = ({rows, isChanged, numberAt}: NumberOrder, hasReached: (number: number) => boolean): number => {
	let [low, high] = [0, rows.length];
	while (low < high) {
		const middle = Math.floor((low + high) / 2);
		let place = middle;
		while (place < high && isChanged(rows[place]!)) {
			place++;
		}

		if (place < high && !hasReached(numberAt(rows[place]!))) {
			low = place + 1;
		} else {
			high = middle;
		}
	}

	return low;
};

/**
The first of an order that have not changed, and all that are equal to the last of these, in ascending order of the rows.
*/
const firstRows = ({rows, isChanged, numberAt}: NumberOrder, isDescending: boolean, count: number): Int32Array | undefined => {
	const first: number[] = [];
	let last = NaN;
	for (let index = 0; index < rows.length; index++) {
		const row = rows[isDescending ? rows.length - 1 - index : index]!;
		if (isChanged(row)) {
			continue;
		}

		const number = numberAt(row);
		if (number !== last && first.length >= count) {
			break;
		}

		last = number;
		first.push(row);
		if (first.length > count + mostEqual) {
			return undefined;
		}
	}

	return Int32Array.from(first).toSorted();
};
