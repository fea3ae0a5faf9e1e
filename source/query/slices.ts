import {setImmediate, setTimeout} from 'node:timers/promises';

/**
Long work shares the thread: a loop asks now and then whether it has held the thread for long enough.
*/
export type Slices = {
	isOver: () => boolean;
	/**
	Lets keys, timers and answers of the server have their turn.

	@throws the reason of the signal, once it is aborted
	*/
	pause: () => Promise<void>;
};

/**
For work that nobody waits for: a key that is pressed meanwhile waits less.
*/
export const shortSliceMs = 4;

export const createSlices = (signal?: AbortSignal, sliceMs = 8): Slices => {
	let endsAtMs = performance.now() + sliceMs;
	return {
		isOver: () => performance.now() >= endsAtMs,
		async pause() {
			await setImmediate();
			signal?.throwIfAborted();
			endsAtMs = performance.now() + sliceMs;
		},
	};
};

/**
For work that nobody waits for. It takes less of the thread than work that somebody waits for, and a process may end before it.
*/
export const createBackgroundSlices = (signal: AbortSignal): Slices => {
	let endsAtMs = performance.now() + shortSliceMs;
	return {
		isOver: () => performance.now() >= endsAtMs,
		async pause() {
			await setTimeout(1, undefined, {ref: false});
			signal.throwIfAborted();
			endsAtMs = performance.now() + shortSliceMs;
		},
	};
};

type Compare = (left: number, right: number) => number;

const chunkSize = 1024;
const checkEvery = 256;

/**
A merge sort that can be interrupted: chunks that are small enough to be sorted in one go, then merged pair by pair. Equal values may come in any order.
*/
export const sortInSlices = async (values: Int32Array, compare: Compare, slices: Slices): Promise<Int32Array> => {
	let from = Int32Array.from(values);
	let to = new Int32Array(values.length);
	for (let start = 0; start < from.length; start += chunkSize) {
		from.subarray(start, start + chunkSize).sort(compare);
		if (slices.isOver()) {
			await slices.pause();
		}
	}

	for (let width = chunkSize; width < from.length; width *= 2) {
		for (let start = 0; start < from.length; start += width * 2) {
			await mergeInSlices(from, to, {start, middle: start + width, end: start + (width * 2)}, compare, slices);
		}

		[from, to] = [to, from];
	}

	return from;
};

type Halves = {start: number; middle: number; end: number};

const mergeInSlices = async (from: Int32Array, to: Int32Array, {start, middle, end}: Halves, compare: Compare, slices: Slices) => { // eslint-disable-line max-params
	const leftEnd = Math.min(middle, from.length);
	const rightEnd = Math.min(end, from.length);
	let left = start;
	let right = leftEnd;
	for (let index = start; index < rightEnd; index++) {
		const isLeft = right >= rightEnd || (left < leftEnd && compare(from[left]!, from[right]!) <= 0);
		to[index] = from[isLeft ? left++ : right++]!;
		if (index % checkEvery === 0 && slices.isOver()) {
			await slices.pause();
		}
	}
};

/**
A `map` that can be interrupted. What becomes `undefined` is left out.
*/
export const mapInSlices = async <Mapped>(values: Int32Array, map: (value: number) => Mapped | undefined, slices: Slices): Promise<Mapped[]> => {
	const mappedValues: Mapped[] = [];
	await eachInSlices(values, value => {
		const mapped = map(value);
		if (mapped !== undefined) {
			mappedValues.push(mapped);
		}
	}, slices);
	return mappedValues;
};

/**
A loop that can be interrupted.
*/
export const eachInSlices = async (values: Int32Array, take: (value: number) => void, slices: Slices): Promise<void> => {
	for (let index = 0; index < values.length; index++) { // eslint-disable-line unicorn/no-for-loop -- many times as fast
		take(values[index]!);
		if (index % checkEvery === 0 && slices.isOver()) {
			await slices.pause();
		}
	}
};
