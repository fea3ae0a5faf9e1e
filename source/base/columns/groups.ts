import {withOwnRoom} from './cells.js';

type CodeAt = (row: number) => number | undefined;

// So often it looks through all rows. Whoever asks more often wants to know the rows of all codes.
const fewQuestions = 2;

/**
Finds the rows of a code; a row has one code at most. The rows of all codes are chained once some are asked for, in one pass over all rows. Afterwards the chains follow each change, so that a question takes as long as there are rows to tell, however often rows change in between.
*/
export const createGroups = (codeAt: CodeAt) => {
	let asked = 0;
	let chains: ReturnType<typeof createChains> | undefined;

	const chained = (end: number) => {
		const made = createChains();
		for (let row = 0; row < end; row++) {
			made.move(row, codeAt(row));
		}

		return made;
	};

	return {
		/**
		Call it when the code of a row has changed.
		*/
		move(row: number) {
			chains?.move(row, codeAt(row));
		},
		/**
		In the order of the rows, which are all below `end`.
		*/
		rowsOf(wanted: number, end: number): number[] {
			asked++;
			if (chains === undefined && asked <= fewQuestions) {
				const rows: number[] = [];
				for (let row = 0; row < end; row++) {
					if (codeAt(row) === wanted) {
						rows.push(row);
					}
				}

				return rows;
			}

			chains ??= chained(end);
			return chains.rowsOf(wanted);
		},
	};
};

// Neither a row before or after it, nor a code.
const none = 0;

/**
Rows in chains, one for each code. A row is a number plus one in these, so that an empty array has no chains.
*/
export const createChains = () => {
	// The first row of a code.
	let heads = new Int32Array(0);
	let nexts = new Int32Array(0);
	// The row before; of the first row, the code as a negative number from -1 on.
	let befores = new Int32Array(0);

	const leave = (row: number) => {
		const before = befores[row]!;
		const next = nexts[row]!;
		if (before > none) {
			nexts[before - 1] = next;
		} else if (before < none) {
			heads[-before - 1] = next;
		}

		if (next !== none) {
			befores[next - 1] = before;
		}

		nexts[row] = none;
		befores[row] = none;
	};

	const enter = (row: number, code: number) => {
		heads = withOwnRoom(heads, code + 1);
		const next = heads[code]!;
		heads[code] = row + 1;
		nexts[row] = next;
		befores[row] = -code - 1;
		if (next !== none) {
			befores[next - 1] = row + 1;
		}
	};

	return {
		/**
		Takes the row out of its chain, and puts it into the chain of `code`.
		*/
		move(row: number, code: number | undefined) {
			nexts = withOwnRoom(nexts, row + 1);
			befores = withOwnRoom(befores, row + 1);
			leave(row);
			if (code !== undefined) {
				enter(row, code);
			}
		},
		rowsOf(code: number): number[] {
			const rows: number[] = [];
			let isInOrder = true;
			for (let place = heads[code] ?? none; place !== none; place = nexts[place - 1]!) {
				isInOrder &&= rows.length === 0 || place - 1 < rows.at(-1)!;
				rows.push(place - 1);
			}

			// What came last is the first of the chain.
			return isInOrder ? rows.toReversed() : rows.toSorted((left, right) => left - right);
		},
	};
};
