/**
Calls `take` with each code of a row.
*/
type EachCode = (row: number, take: (code: number) => void) => void;

// So often it looks through all rows. Whoever asks more often wants the lists of all codes.
const fewQuestions = 8;

/**
Finds the rows of a code. The lists of all codes are made, in two passes over all rows, once many are asked for; call `drop` when a row has changed.
*/
export const createGroups = (eachCode: EachCode) => {
	let asked = 0;
	let lists: {starts: Int32Array; rows: Int32Array} | undefined;

	const rowsOf = (wanted: number, end: number): readonly number[] | Int32Array => {
		asked++;
		if (asked <= fewQuestions) {
			const rows: number[] = [];
			for (let row = 0; row < end; row++) {
				eachCode(row, code => {
					if (code === wanted) {
						rows.push(row);
					}
				});
			}

			return rows;
		}

		lists ??= groupRows(end, eachCode);
		const {starts, rows} = lists;
		return rows.subarray(starts[wanted] ?? rows.length, starts[wanted + 1] ?? rows.length);
	};

	return {
		drop() {
			asked = 0;
			lists = undefined;
		},
		/**
		In the order of the rows, which are all below `end`.
		*/
		rowsOf: (wanted: number, end: number): readonly number[] => [...rowsOf(wanted, end)],
		/**
		How many they are.
		*/
		countOf(wanted: number, end: number): number {
			if (lists === undefined) {
				return rowsOf(wanted, end).length;
			}

			const {starts, rows} = lists;
			return (starts[wanted + 1] ?? rows.length) - (starts[wanted] ?? rows.length);
		},
	};
};

const groupRows = (end: number, eachCode: EachCode) => {
	const counts: number[] = [];
	let total = 0;
	const count = (code: number) => {
		counts[code] = (counts[code] ?? 0) + 1;
		total++;
	};

	for (let row = 0; row < end; row++) {
		eachCode(row, count);
	}

	const ends = new Int32Array(counts.length + 1);
	let place = 0;
	// There may be codes in between that no row has.
	for (let code = 0; code < counts.length; code++) { // eslint-disable-line unicorn/no-for-loop
		place += counts[code] ?? 0;
		ends[code] = place;
	}

	ends[counts.length] = total;
	const rows = new Int32Array(total);
	for (let row = end - 1; row >= 0; row--) {
		eachCode(row, code => {
			rows[--ends[code]!] = row;
		});
	}

	return {starts: ends, rows};
};
