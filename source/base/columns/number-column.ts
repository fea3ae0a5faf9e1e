import {type CellsByName, type CellSource, withRoom} from './cells.js';

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
Numbers by row, as narrow as the widest of them allows; a row may have none.
*/
export const createNumberColumn = (name: string, source?: CellSource) => {
	let pending = source;
	let width = 0;
	let cells: NumberCells = new Int8Array(0);
	let {unknown} = widths[0]!;

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
		for (const [row, cell] of old.entries()) {
			cells[row] = cell === before ? unknown : cell;
		}
	};

	const get = (row: number): number | undefined => {
		const cell = open()[row];
		// Only NaN differs from itself.
		return cell === unknown || cell !== cell ? undefined : cell; // eslint-disable-line no-self-compare
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

			cells = withRoom(cells, row + 1, unknown);
			cells[row] = value ?? unknown;
		},
		/**
		What is saved of these rows, in this order.
		*/
		save(rows: Int32Array, saved: CellsByName) {
			open();
			const picked = widths[width]!.make(rows.length);
			for (const [index, row] of rows.entries()) {
				picked[index] = row < cells.length ? cells[row]! : unknown;
			}

			saved.set(name, picked);
		},
	};
};

export type NumberColumn = ReturnType<typeof createNumberColumn>;
