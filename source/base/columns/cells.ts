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
The numbers from 0 on, below `end`. `Int32Array.from(array.keys())` gives the same, and takes many times as long.
*/
export const numbersBelow = (end: number): Int32Array<ArrayBuffer> => {
	const numbers = new Int32Array(end);
	for (let number = 0; number < end; number++) {
		numbers[number] = number;
	}

	return numbers;
};

/**
The array itself if it has room for `length` cells, else a bigger one with the same cells; the others hold `filling`.
*/
export const withRoom = <Kind extends Cells>(cells: Kind, length: number, filling = 0): Kind => {
	if (length <= cells.length) {
		return cells;
	}

	const bigger = new (cells.constructor as new (size: number) => Kind)(roomFor(length, cells.length));
	bigger.set(cells);
	return filled(bigger, filling, cells.length);
};

/**
The same, but of an array that nobody else has: its memory is given back at once, where it would else be there until the next collection of garbage.
*/
export const withOwnRoom = <Kind extends Cells>(cells: Kind, length: number, filling = 0): Kind => {
	if (length <= cells.length) {
		return cells;
	}

	const {length: before, buffer, BYTES_PER_ELEMENT: width} = cells;
	const bigger = new (cells.constructor as new (buffer: ArrayBuffer) => Kind)(buffer.transfer(roomFor(length, before) * width));
	return filled(bigger, filling, before);
};

const roomFor = (length: number, before: number): number => Math.max(length, 64, Math.ceil(before * 1.5));

const filled = <Kind extends Cells>(cells: Kind, filling: number, start: number): Kind => filling === 0 ? cells : cells.fill(filling, start) as Kind;

/**
Gives back the memory of an array that nobody has any more.
*/
export const release = ({buffer}: Cells): void => {
	buffer.transfer(0);
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
