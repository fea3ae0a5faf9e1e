/**
The time, as a value that is passed in. Code that waits takes a clock, so that a test can let months pass.
*/
export type Clock = {
	// The wall-clock time. It may jump in either direction.
	now: () => Date;
	// Milliseconds that only run forward.
	monotonicMs: () => number;
	// Calls `callback` once, after `ms` of monotonic time. Returns a function that cancels it. Does not keep the process alive.
	after: (ms: number, callback: () => void) => () => void;
};

// A longer timer fires at once in Node.js.
const longestTimerMs = (2 ** 31) - 1;

export const systemClock: Clock = {
	now: () => new Date(),
	monotonicMs: () => performance.now(),
	after(ms, callback) {
		let timer: NodeJS.Timeout;
		const wait = (restMs: number) => {
			const partMs = Math.min(Math.max(0, restMs), longestTimerMs);
			timer = setTimeout(() => {
				if (restMs > partMs) {
					wait(restMs - partMs);
				} else {
					callback();
				}
			}, partMs);
			timer.unref();
		};

		wait(ms);
		return () => {
			clearTimeout(timer);
		};
	},
};
