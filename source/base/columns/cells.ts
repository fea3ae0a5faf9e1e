/**
Columns hold one value per row, outside V8's heap. They are saved as named arrays of numbers and read again from such arrays, each when it is first needed.
*/
export type Cells =
	| Int8Array<ArrayBuffer> | Uint8Array<ArrayBuffer>
	| Int16Array<ArrayBuffer> | Uint16Array<ArrayBuffer>
	| Int32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>
	| Float64Array<ArrayBuffer>;

export type CellsByName = Map<string, Cells>;

/**
Where a column finds what was saved of it.
*/
export type CellSource = ((name: string) => Cells) & {
	/**
	A long block of bytes, of which each part is read when it is first needed; undefined where the block is read as a whole.
	*/
	inParts?: (name: string) => BytesInParts | undefined;
};

export type BytesInParts = {
	/**
	Holds the parts that were read.
	*/
	bytes: Uint8Array<ArrayBuffer>;
	/**
	Reads what is not there yet from `start` to `end`.

	@returns whether all parts are there now
	*/
	read: (start: number, end: number) => boolean;
};

/**
The array itself if it has room for `length` cells, else a bigger one with the same cells; the others hold `filling`.
*/
export const withRoom = <Kind extends Cells>(cells: Kind, length: number, filling = 0): Kind => {
	if (length <= cells.length) {
		return cells;
	}

	const size = Math.max(length, 64, Math.ceil(cells.length * 1.5));
	const bigger = new (cells.constructor as new (size: number) => Kind)(size);
	bigger.set(cells);
	if (filling !== 0) {
		bigger.fill(filling, cells.length);
	}

	return bigger;
};

/**
Long work that rests after each short step, so that others can have their turn. Nothing may be changed meanwhile.
*/
export type Steps<Result = void> = Generator<undefined, Result, void>;

/**
Does all steps at once.
*/
export const allSteps = <Result>(steps: Steps<Result>): Result => {
	for (;;) {
		const step = steps.next();
		if (step.done === true) {
			return step.value;
		}
	}
};

const rowsPerStep = 2048;

/**
Calls `take` with each row and its place among these, in steps.
*/
export function * eachInSteps(rows: Int32Array, take: (row: number, index: number) => void): Steps {
	for (let index = 0; index < rows.length; index++) { // eslint-disable-line unicorn/no-for-loop -- many times as fast
		take(rows[index]!, index);
		if ((index + 1) % rowsPerStep === 0) {
			yield;
		}
	}
}
