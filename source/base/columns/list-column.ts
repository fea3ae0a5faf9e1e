import {Buffer} from 'node:buffer';
import {
	eachInSteps,
	withRoom,
	type CellsByName,
	type CellSource,
	type Steps,
	numbersBelow,
} from './cells.js';
import {
	readLeb128,
	sizeOfLeb128,
	writeLeb128,
	type ByteCursor,
} from './leb128.js';
import {createNumberColumn, type NumberColumn} from './number-column.js';

const spareBytes = 2 ** 16;
// Each takes a search of its own.
const fewNumbers = 8;

/**
Some lists of small numbers for each row, all in one block of bytes: each list is its length and its numbers, and each of these takes as few bytes as it needs. What takes the place of another is added at the end, and the block is packed when half of it is out of use.
*/
export const createListColumn = (name: string, listCount: number, source?: CellSource) => {
	const lengths = createNumberColumn(`${name}.lengths`, source);
	let pending = source;
	let starts = new Uint32Array(0);
	let bytes = new Uint8Array(0);
	let end = 0;
	let unused = 0;
	let areRowsInOrder = false;

	const open = () => {
		if (pending === undefined) {
			return;
		}

		areRowsInOrder = true;
		bytes = pending(`${name}.lists`) as typeof bytes;
		pending = undefined;
		[starts, end] = lengths.starts();
	};

	const pack = () => {
		[bytes, end] = packed({lengths, starts, bytes}, end - unused + spareBytes);
		unused = 0;
	};

	// Where the next number is read.
	const cursor: ByteCursor = {bytes, place: 0};

	const next = (): number => readLeb128(cursor);

	/**
	Goes to the first list of a row, and tells how many it has.
	*/
	const goTo = (row: number): number => {
		open();
		cursor.bytes = bytes;
		cursor.place = starts[row] ?? 0;
		return lengths.get(row) === undefined ? 0 : listCount;
	};

	/**
	Calls `isTaken` with the numbers of the wanted list until it returns true; returns whether it did.
	*/
	const isSome = (row: number, list: number, isTaken: (value: number) => unknown): boolean => {
		const count = Math.min(list + 1, goTo(row));
		for (let index = 0; index < count; index++) {
			for (let left = next(); left > 0; left--) {
				const value = next();
				if (index === list && isTaken(value) === true) {
					return true;
				}
			}
		}

		return false;
	};

	/**
	Whether one of the wanted lists has a number that is marked; both have a 1 for what is wanted.
	*/
	const hasMarked = (row: number, wantedLists: Uint8Array, marked: Uint8Array): boolean => {
		const count = goTo(row);
		for (let index = 0; index < count; index++) {
			for (let left = next(); left > 0; left--) {
				const value = next();
				if (wantedLists[index] === 1 && marked[value] === 1) {
					return true;
				}
			}
		}

		return false;
	};

	const set = (row: number, lists: ReadonlyArray<readonly number[]> | undefined) => {
		open();
		areRowsInOrder = false;
		unused += lengths.get(row) ?? 0;
		starts = withRoom(starts, row + 1);
		starts[row] = end;
		if (lists !== undefined) {
			const encoded = encodeLists(lists);
			bytes = withRoom(bytes, end + encoded.length);
			bytes.set(encoded, end);
			end += encoded.length;
		}

		lengths.set(row, lists === undefined ? undefined : end - starts[row]);
		if (unused > spareBytes && unused > end / 2) {
			pack();
		}
	};

	const get = (row: number, list: number): number[] => {
		const values: number[] = [];
		isSome(row, list, value => {
			values.push(value);
		});
		return values;
	};

	/**
	Calls `take` with each number of all lists of a row, and the list that has it.
	*/
	const each = (row: number, take: (value: number, list: number) => void) => {
		const count = goTo(row);
		for (let list = 0; list < count; list++) {
			for (let values = next(); values > 0; values--) {
				take(next(), list);
			}
		}
	};

	return {
		set,
		isSome,
		hasMarked,
		/**
		Rows in ascending order among which are all that have one of these numbers, found by a search for their bytes, which is many times as quick as to read every list. Undefined once a row has changed, or where the search would find too much.
		*/
		rowsNear(values: readonly number[], most: number): Int32Array | undefined {
			open();
			return areRowsInOrder ? rowsWithBytes(values, {starts, bytes: Buffer.from(bytes.buffer, bytes.byteOffset, end)}, most) : undefined;
		},
		get,
		each,
		/**
		Calls `take` with all numbers of these rows, in steps.
		*/
		* visit(rows: Int32Array, take: (value: number) => void): Steps {
			yield * eachInSteps(rows, row => {
				each(row, take);
			});
		},
		/**
		Saves these rows as they are, in steps.
		*/
		save(rows: Int32Array, saved: CellsByName): Steps {
			open();
			return saveLists(name, {lengths, starts, bytes}, rows, saved);
		},
		/**
		Saves these rows, each number as `renumber` gives it, in steps.
		*/
		saveRenumbered(rows: Int32Array, saved: CellsByName, renumber: (value: number) => number): Steps {
			const listsOf = (row: number) => lengths.get(row) === undefined ? undefined : Array.from({length: listCount}, (_, list) => get(row, list).map(value => renumber(value)));
			return saveAnew(createListColumn(name, listCount), rows, saved, listsOf);
		},
	};
};

/**
Undefined where a number is one byte, which may stand for anything, or where the numbers or the rows are many.
*/
const rowsWithBytes = (values: readonly number[], {starts, bytes}: {starts: Uint32Array; bytes: ReturnType<typeof Buffer.from>}, most: number): Int32Array | undefined => {
	if (values.length > fewNumbers || values.some(value => sizeOfLeb128(value) === 1)) {
		return undefined;
	}

	const found = new Set<number>();
	for (const value of values) {
		const encoded: number[] = [];
		writeLeb128(encoded, 0, value);
		const part = Uint8Array.from(encoded);
		for (let place = bytes.indexOf(part); place !== -1; place = bytes.indexOf(part, place + 1)) {
			found.add(rowAt(starts, place));
			if (found.size > most) {
				return undefined;
			}
		}
	}

	return Int32Array.from(found).toSorted();
};

/**
The row whose lists have the byte at a place: the last that begins there or before.
*/
const rowAt = (starts: Uint32Array, place: number): number => {
	let [low, high] = [0, starts.length];
	while (low < high) {
		const middle = Math.floor((low + high) / 2);
		if (starts[middle]! <= place) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}

	return low - 1;
};

type Lists = {lengths: NumberColumn; starts: Uint32Array; bytes: Uint8Array};

/**
The bytes without what is out of use, in a block of this size, and where they end. The starts are changed in place.
*/
const packed = ({lengths, starts, bytes}: Lists, size: number): [bytes: Uint8Array<ArrayBuffer>, end: number] => {
	const block = new Uint8Array(size);
	let end = 0;
	for (const [row, start] of starts.entries()) {
		const length = lengths.get(row) ?? 0;
		block.set(bytes.subarray(start, start + length), end);
		starts[row] = end;
		end += length;
	}

	return [block, end];
};

type Filled = {
	set: (row: number, lists: ReadonlyArray<readonly number[]> | undefined) => void;
	save: (rows: Int32Array, saved: CellsByName) => Steps;
};

function * saveAnew(copy: Filled, rows: Int32Array, saved: CellsByName, listsOf: (row: number) => number[][] | undefined): Steps {
	yield * eachInSteps(rows, (row, index) => {
		copy.set(index, listsOf(row));
	});
	yield * copy.save(numbersBelow(rows.length), saved);
}

function * saveLists(name: string, {lengths, starts, bytes}: Lists, rows: Int32Array, saved: CellsByName): Steps {
	yield * lengths.save(rows, saved);
	let size = 0;
	yield * eachInSteps(rows, row => {
		size += lengths.get(row) ?? 0;
	});

	const picked = new Uint8Array(size);
	let pickedEnd = 0;
	yield * eachInSteps(rows, row => {
		const start = starts[row] ?? 0;
		const length = lengths.get(row) ?? 0;
		picked.set(bytes.subarray(start, start + length), pickedEnd);
		pickedEnd += length;
	});
	saved.set(`${name}.lists`, picked);
}

const encodeLists = (lists: ReadonlyArray<readonly number[]>): number[] => {
	const encoded: number[] = [];
	for (const list of lists) {
		writeLeb128(encoded, encoded.length, list.length);
		for (const value of list) {
			writeLeb128(encoded, encoded.length, value);
		}
	}

	return encoded;
};
