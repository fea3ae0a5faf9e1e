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
