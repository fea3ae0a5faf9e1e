import {
	eachInSteps,
	withOwnRoom,
	withRoom,
	type CellsByName,
	type CellSource,
	type Steps,
} from './cells.js';

type NumberCells = Int8Array<ArrayBuffer> | Int16Array<ArrayBuffer> | Int32Array<ArrayBuffer> | Float64Array<ArrayBuffer>;

type Width = {
	bytes: number;
	make: (length: number) => NumberCells;
	unknown: number;
};

// The smallest number of each kind stands for an unknown value.
const widths: readonly Width[] = [
	{bytes: 1, make: length => new Int8Array(length), unknown: -(2 ** 7)},
	{bytes: 2, make: length => new Int16Array(length), unknown: -(2 ** 15)},
	{bytes: 4, make: length => new Int32Array(length), unknown: -(2 ** 31)},
	{bytes: 8, make: length => new Float64Array(length), unknown: NaN},
];

const isFitting = (value: number, {unknown}: Width) => Number.isNaN(unknown) || (Number.isSafeInteger(value) && value > unknown && value < -unknown && !Object.is(value, -0));

/**
From `min` to `max`, with both unless they are open.
*/
export type NumberBounds = {min: number; max: number; isMinOpen: boolean; isMaxOpen: boolean};

/**
Writes those of the rows that are wanted into `picked`, behind the first `count`, and returns how many there are then.
*/
export type Picker = (rows: Int32Array, picked: Int32Array, count: number) => number;

/**
Numbers by row, as narrow as the widest of them allows; a row may have none.
*/
export const createNumberColumn = (name: string, source?: CellSource) => {
	let pending = source;
	let width = 0;
	let cells: NumberCells = new Int8Array(0);
	let {unknown} = widths[0]!;
	// Whoever gave what was saved may still have it.
	let isOwn = source === undefined;

	const use = (index: number) => {
		width = index;
		({unknown} = widths[index]!);
	};

	// What was saved is read when the first value is asked for.
	const open = () => {
		if (pending !== undefined) {
			cells = pending(name) as NumberCells;
			use(widths.findIndex(({bytes}) => bytes === cells.BYTES_PER_ELEMENT));
			pending = undefined;
		}

		return cells;
	};

	const widen = (value: number) => {
		const old = cells;
		const before = unknown;
		use(widths.findIndex((wider, index) => index > width && isFitting(value, wider)));
		cells = widths[width]!.make(old.length);
		isOwn = true;
		for (const [row, cell] of old.entries()) {
			cells[row] = cell === before ? unknown : cell;
		}
	};

	const get = (row: number): number | undefined => {
		const cell = open()[row];
		// Only NaN differs from itself.
		return cell === unknown || cell !== cell ? undefined : cell; // eslint-disable-line no-self-compare
	};

	/**
	Picks the rows whose number lies within.
	*/
	const within = ({min, max, isMinOpen, isMaxOpen}: NumberBounds): Picker => (rows, picked, count) => {
		const numbers = open();
		const none = unknown;
		for (let index = 0; index < rows.length; index++) { // eslint-disable-line unicorn/no-for-loop, @typescript-eslint/prefer-for-of -- many times as fast
			const row = rows[index]!;
			const cell = numbers[row]!;
			if (cell !== none && cell >= min && cell <= max && !((isMinOpen && cell === min) || (isMaxOpen && cell === max))) {
				picked[count++] = row;
			}
		}

		return count;
	};

	return {
		/**
		The number of rows that have room; later ones have no value.
		*/
		size: () => open().length,
		get,
		set(row: number, value: number | undefined) {
			open();
			if (value !== undefined && !isFitting(value, widths[width]!)) {
				widen(value);
			}

			if (row >= cells.length) {
				cells = (isOwn ? withOwnRoom : withRoom)(cells, row + 1, unknown);
				isOwn = true;
			}

			cells[row] = value ?? unknown;
		},
		within,
		/**
		Picks the rows whose number is marked with a 1, and those without a number if they are wanted.
		*/
		marked: (marks: Uint8Array, isUnknownWanted: boolean): Picker => (rows, picked, count) => {
			const numbers = open();
			const none = unknown;
			for (let index = 0; index < rows.length; index++) { // eslint-disable-line unicorn/no-for-loop, @typescript-eslint/prefer-for-of -- many times as fast
				const row = rows[index]!;
				const cell = numbers[row] ?? none;
				if (cell === none ? isUnknownWanted : marks[cell] === 1) {
					picked[count++] = row;
				}
			}

			return count;
		},
		/**
		Those of the rows whose numbers are the first `limit` in this direction, and all that are equal to the last of these, in their order. These are all rows if fewer have a number.
		*/
		firstRows(rows: Int32Array, limit: number, isDescending: boolean): Int32Array {
			const numbers = open();
			const none = unknown;
			const sign = isDescending ? -1 : 1;
			const best = createSmallest(limit);
			const taken: number[] = [];
			let worst = Infinity;
			for (let index = 0; index < rows.length; index++) { // eslint-disable-line unicorn/no-for-loop, @typescript-eslint/prefer-for-of -- many times as fast
				const row = rows[index]!;
				const cell = numbers[row]!;
				// No comparison with NaN, or with no cell, is true.
				if (cell === none || !(cell * sign <= worst)) {
					continue;
				}

				worst = best.take(cell * sign);
				taken.push(row);
			}

			return best.isFull() ? Int32Array.from(taken.filter(row => numbers[row]! * sign <= worst)) : rows;
		},
		/**
		The rows below `end` that have a number.
		*/
		knownRows: (end: number): Int32Array => knownRows(open(), unknown, end),
		/**
		Where each of several things of these lengths begins in a block that has them one after the other, and where the block ends.
		*/
		starts: (): [starts: Uint32Array<ArrayBuffer>, end: number] => startsOf(open(), unknown),
		/**
		Saves these rows in this order, in steps.
		*/
		* save(rows: Int32Array, saved: CellsByName): Steps {
			open();
			const picked = widths[width]!.make(rows.length);
			yield * eachInSteps(rows, (row, index) => {
				picked[index] = row < cells.length ? cells[row]! : unknown;
			});
			saved.set(name, picked);
		},
	};
};

export type NumberColumn = ReturnType<typeof createNumberColumn>;

const knownRows = (cells: NumberCells, none: number, end: number): Int32Array => {
	const rows = new Int32Array(end);
	let count = 0;
	for (let row = 0; row < end; row++) {
		const cell = cells[row] ?? none;
		if (cell !== none && cell === cell) { // eslint-disable-line no-self-compare -- only NaN differs from itself
			rows[count++] = row;
		}
	}

	return rows.slice(0, count);
};

const startsOf = (lengths: NumberCells, none: number): [starts: Uint32Array<ArrayBuffer>, end: number] => {
	const starts = new Uint32Array(lengths.length);
	let end = 0;
	for (let row = 0; row < lengths.length; row++) { // eslint-disable-line unicorn/no-for-loop -- many times as fast
		const length = lengths[row]!;
		starts[row] = end;
		end += length === none || length !== length ? 0 : length; // eslint-disable-line no-self-compare -- only NaN differs from itself
	}

	return [starts, end];
};

/**
Keeps the smallest `limit` numbers in a heap, whose first is the largest of them.
*/
const createSmallest = (limit: number) => {
	const heap = new Float64Array(limit);
	let size = 0;

	const rise = (value: number) => {
		let place = size++;
		for (let parent = (place - 1) >> 1; place > 0 && heap[parent]! < value; parent = (place - 1) >> 1) { // eslint-disable-line no-bitwise -- a heap
			heap[place] = heap[parent]!;
			place = parent;
		}

		heap[place] = value;
	};

	const sink = (value: number) => {
		let place = 0;
		for (let child = 1; child < size; child = (place * 2) + 1) {
			if (child + 1 < size && heap[child + 1]! > heap[child]!) {
				child++;
			}

			if (heap[child]! <= value) {
				break;
			}

			heap[place] = heap[child]!;
			place = child;
		}

		heap[place] = value;
	};

	return {
		isFull: () => size === limit,
		/**
		Returns the largest number that is kept once there are enough.
		*/
		take(value: number): number {
			if (size < limit) {
				rise(value);
			} else if (value < heap[0]!) {
				sink(value);
			}

			return size === limit ? heap[0]! : Infinity;
		},
	};
};
