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
	for (const row of rows) {
		if (row === left[place]) {
			place++;
		} else {
			rest[count++] = row;
		}
	}

	return rest;
};

/**
All rows before `end`.
*/
export const rowsBefore = (end: number): Int32Array => new Int32Array(end).map((_, row) => row);

/**
Those of the rows that are marked with a 1, in their order.
*/
export const markedRows = (rows: Int32Array, marks: Uint8Array): Int32Array => {
	const found = new Int32Array(rows.length);
	let count = 0;
	for (const row of rows) {
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
The first place from `low` on whose row is not smaller.
*/
const placeOf = (rows: Int32Array, wanted: number, low: number): number => {
	let high = rows.length;
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
All rows of these sets in ascending order, each once.
*/
export const allRowsOf = (sets: readonly Int32Array[]): Int32Array => {
	const [first] = sets;
	if (first !== undefined && sets.length === 1) {
		return first;
	}

	const all = new Int32Array(sets.reduce((sum, {length}) => sum + length, 0));
	let end = 0;
	for (const rows of sets) {
		all.set(rows, end);
		end += rows.length;
	}

	all.sort();
	let count = 0;
	for (const row of all) {
		if (count === 0 || all[count - 1] !== row) {
			all[count++] = row;
		}
	}

	return all.subarray(0, count);
};
