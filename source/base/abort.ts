import {setTimeout as delay} from 'node:timers/promises';

// The promise rejects when the signal aborts.
export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;

export const realSleep: Sleep = async (ms, signal) => {
	await delay(ms, undefined, {signal});
};

/**
Makes one signal that aborts when any of several does. Unlike `AbortSignal.any` it leaves nothing behind on a signal that lives as long as the program.
*/
export const linkSignals = (signals: ReadonlyArray<AbortSignal | undefined>): {signal: AbortSignal; unlink: () => void} => {
	const controller = new AbortController();
	const abort = () => {
		controller.abort();
	};

	for (const signal of signals) {
		if (signal?.aborted === true) {
			abort();
		}

		signal?.addEventListener('abort', abort, {once: true});
	}

	return {
		signal: controller.signal,
		unlink() {
			for (const signal of signals) {
				signal?.removeEventListener('abort', abort);
			}
		},
	};
};
