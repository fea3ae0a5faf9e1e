import {setImmediate, setTimeout} from 'node:timers/promises';

// A turn of the event loop that took longer than this has handled a key or drawn a frame.
const busyMs = 4;

// After this many busy turns the work goes on: holding a key down must not stop an import.
const mostTurns = 5;

const quietTurn = async () => {
	for (let turn = 0; turn < mostTurns; turn++) {
		const beganMs = performance.now();
		await setImmediate();
		if (performance.now() - beganMs < busyMs) {
			return;
		}
	}
};

let last: Promise<void> = Promise.resolve();
let waiting = 0;

/**
Resolves in a turn of the event loop that no other caller gets and that has done little so far. Everything that is ready would otherwise run in one turn, and no key would be read before its end. Callers are short pieces of work, such as parsing an answer or normalising some rows.
*/
export const nextTurn = async (): Promise<void> => {
	waiting++;
	last = last.then(quietTurn);
	await last;
	waiting--;
};

const watchedMs = 10;
const idleShare = 0.5;

/**
Resolves when the event loop has just rested for half of a short while, as it does while a slow server or the disk is waited for, or when the signal aborts. Without it that may be never, even where nothing is done, since a profiler makes Node.js count rest as work.
*/
export const idleMoment = async (signal: AbortSignal): Promise<void> => {
	for (;;) {
		const before = performance.eventLoopUtilization();
		try {
			await setTimeout(watchedMs, undefined, {signal});
		} catch {
			// It was aborted; a timer fails for nothing else.
			return;
		}

		if (waiting === 0 && performance.eventLoopUtilization(before).utilization < idleShare) {
			return;
		}
	}
};

const pieceMs = 4;

/**
Cuts a loop into pieces: call it before each step. It waits for the next turn after `steps` steps, or earlier when these took long.
*/
export const createPieces = (steps: number): (() => Promise<void>) => {
	let left = 0;
	let endMs = 0;
	return async () => {
		if (left === 0 || performance.now() > endMs) {
			await nextTurn();
			left = steps;
			endMs = performance.now() + pieceMs;
		}

		left--;
	};
};

/**
Does work in steps, each in the current turn or, when that has taken long, in the next.
*/
export const stepByStep = async <Result>(steps: Generator<undefined, Result, void>): Promise<Result> => {
	const piece = createPieces(Infinity);
	for (;;) {
		await piece();
		const step = steps.next();
		if (step.done === true) {
			return step.value;
		}
	}
};

/**
Does the first of the steps now and each other one in a turn of its own, for work that mostly has one.
*/
export const stepPerTurn = async <Result>(steps: Generator<undefined, Result, void>): Promise<Result> => {
	for (;;) {
		const step = steps.next();
		if (step.done === true) {
			return step.value;
		}

		await nextTurn();
	}
};
