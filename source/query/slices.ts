import {setImmediate} from 'node:timers/promises';

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

type Compare<Value> = (left: Value, right: Value) => number;

const chunkSize = 1024;
const checkEvery = 256;

/**
A merge sort that can be interrupted. It sorts chunks that are small enough to be sorted in one go, then merges them pair by pair.
*/
export const sortInSlices = async <Value>(values: readonly Value[], compare: Compare<Value>, slices: Slices): Promise<Value[]> => {
	let runs: Value[][] = [];
	for (let start = 0; start < values.length; start += chunkSize) {
		runs.push(values.slice(start, start + chunkSize).toSorted(compare));
		if (slices.isOver()) {
			await slices.pause();
		}
	}

	while (runs.length > 1) {
		const merged: Value[][] = [];
		for (let index = 0; index < runs.length; index += 2) {
			const [left, right] = [runs[index]!, runs[index + 1]];
			merged.push(right === undefined ? left : await mergeInSlices(left, right, compare, slices));
		}

		runs = merged;
	}

	return runs[0] ?? [];
};

/**
Of equal values, the ones of `left` come first.
*/
export const mergeInSlices = async <Value>(
	left: readonly Value[],
	right: readonly Value[],
	compare: Compare<Value>,
	slices: Slices,
): Promise<Value[]> => {
	const merged: Value[] = [];
	let leftIndex = 0;
	let rightIndex = 0;
	while (leftIndex < left.length || rightIndex < right.length) {
		const isLeft = rightIndex >= right.length
			|| (leftIndex < left.length && compare(left[leftIndex]!, right[rightIndex]!) <= 0);
		merged.push(isLeft ? left[leftIndex++]! : right[rightIndex++]!);
		if (merged.length % checkEvery === 0 && slices.isOver()) {
			await slices.pause();
		}
	}

	return merged;
};

/**
A `map` that can be interrupted. What becomes `undefined` is left out.
*/
export const mapInSlices = async <Value, Mapped>(values: readonly Value[], map: (value: Value) => Mapped | undefined, slices: Slices): Promise<Mapped[]> => {
	const mappedValues: Mapped[] = [];
	for (let start = 0; start < values.length; start += checkEvery) {
		const end = Math.min(start + checkEvery, values.length);
		for (let index = start; index < end; index++) {
			const mapped = map(values[index]!);
			if (mapped !== undefined) {
				mappedValues.push(mapped);
			}
		}

		if (slices.isOver()) {
			await slices.pause();
		}
	}

	return mappedValues;
};

export const filterInSlices = async <Value>(values: readonly Value[], isKept: (value: Value) => boolean, slices: Slices): Promise<Value[]> =>
	mapInSlices(values, value => isKept(value) ? value : undefined, slices);
