import type {Postings} from '../../base/columns/postings.js';
import type {Slices} from '../slices.js';

/**
Rows in their order, without those that are left out, which are some of them in the same order.
*/
export const rowsWithout = (rows: Int32Array, left: Int32Array): Int32Array => {
	if (left.length === 0) {
		return rows;
	}

	const rest = new Int32Array(rows.length - left.length);
	let count = 0;
	let place = 0;
	for (let index = 0; index < rows.length; index++) { // eslint-disable-line unicorn/no-for-loop, @typescript-eslint/prefer-for-of -- many times as fast
		const row = rows[index]!;
		if (row === left[place]) {
			place++;
		} else {
			rest[count++] = row;
		}
	}

	return rest;
};

/**
All rows that are marked with a 1, in ascending order.
*/
export const allMarked = (marks: Uint8Array): Int32Array => {
	const found = new Int32Array(marks.length);
	let count = 0;
	for (let row = 0; row < marks.length; row++) { // eslint-disable-line unicorn/no-for-loop -- many times as fast
		if (marks[row] === 1) {
			found[count++] = row;
		}
	}

	return found.slice(0, count);
};

/**
Those of the rows that are marked with a 1, in their order.
*/
export const markedRows = (rows: Int32Array, marks: Uint8Array): Int32Array => {
	const found = new Int32Array(rows.length);
	let count = 0;
	for (let index = 0; index < rows.length; index++) { // eslint-disable-line unicorn/no-for-loop, @typescript-eslint/prefer-for-of -- many times as fast
		const row = rows[index]!;
		if (marks[row] === 1) {
			found[count++] = row;
		}
	}

	return found.subarray(0, count);
};

/**
What two sets of rows have in common. Both are in ascending order, without repetition.
*/
export const commonRows = (one: Int32Array, other: Int32Array): Int32Array => {
	const [few, many] = one.length <= other.length ? [one, other] : [other, one];
	const common = new Int32Array(few.length);
	const isFar = few.length * 16 < many.length;
	let count = 0;
	let place = 0;
	for (let index = 0; index < few.length && place < many.length; index++) {
		const row = few[index]!;
		if (isFar) {
			place = placeOf(many, row, place);
		} else {
			while (place < many.length && many[place]! < row) {
				place++;
			}
		}

		if (many[place] !== row) {
			continue;
		}

		common[count++] = row;
		place++;
	}

	return common.subarray(0, count);
};

/**
The first place from `low` on whose row is not smaller. A row stands at most as many places before its number as there are gaps, so where rows are nearly all there are, it is found at once.
*/
const placeOf = (rows: Int32Array, wanted: number, from: number): number => {
	const gaps = rows.at(-1)! + 1 - rows.length;
	let low = Math.max(from, wanted - gaps);
	let high = Math.max(low, Math.min(rows.length, wanted));
	while (low < high) {
		const middle = (low + high) >>> 1; // eslint-disable-line no-bitwise -- half of it
		if (rows[middle]! < wanted) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}

	return low;
};

/**
Marks these rows with a 1.
*/
export const markRows = (rows: Int32Array, marks: Uint8Array): void => {
	for (let index = 0; index < rows.length; index++) { // eslint-disable-line unicorn/no-for-loop, @typescript-eslint/prefer-for-of -- many times as fast
		marks[rows[index]!] = 1;
	}
};

/**
How many bytes the lists of these codes have, and so how many rows at most.
*/
export const bytesOfCodes = ({bytesOf}: Pick<Postings, 'bytesOf'>, codes: readonly number[]): number => {
	let bytes = 0;
	for (const code of codes) {
		bytes += bytesOf(code);
	}

	return bytes;
};

/**
Marks the rows of these codes with a 1.
*/
export const markCodes = async ({each}: Pick<Postings, 'each'>, codes: readonly number[], marks: Uint8Array, slices: Slices): Promise<void> => {
	const mark = (row: number) => {
		marks[row] = 1;
	};

	for (const code of codes) {
		each(code, mark);
		if (slices.isOver()) {
			await slices.pause();
		}
	}
};

// So few rows are sorted sooner than marks for all rows are looked through.
const fewRows = 4096;

/**
All rows of these sets, which are below `end`, in ascending order, each once.
*/
export const unionOf = (sets: readonly Int32Array[], end: number): Int32Array => {
	const [first] = sets;
	if (first !== undefined && sets.length === 1) {
		return first;
	}

	const size = sets.reduce((sum, {length}) => sum + length, 0);
	if (size > fewRows) {
		const marks = new Uint8Array(end);
		for (const rows of sets) {
			markRows(rows, marks);
		}

		return allMarked(marks);
	}

	const all = new Int32Array(size);
	let filled = 0;
	for (const rows of sets) {
		all.set(rows, filled);
		filled += rows.length;
	}

	return all.toSorted().filter((row, index, sorted) => index === 0 || row !== sorted[index - 1]);
};

/**
The rows of these codes, which are below `end`, in ascending order, each once.
*/
export const rowsOfCodes = async (postings: Pick<Postings, 'each' | 'bytesOf' | 'rowsOf'>, codes: readonly number[], end: number, slices: Slices): Promise<Int32Array> => {
	const size = bytesOfCodes(postings, codes);
	if (size <= fewRows || codes.length === 1) {
		return unionOf(codes.map(code => postings.rowsOf(code)), end);
	}

	const marks = new Uint8Array(end);
	await markCodes(postings, codes, marks, slices);
	return allMarked(marks);
};
