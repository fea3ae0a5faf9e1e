/**
Time, as an option: what waits takes one of these, so that a test can let months pass.
*/
export type Clock = {
	/**
	What the wall says. It may jump, in either direction.
	*/
	now: () => Date;
	/**
	Runs forward only.
	*/
	monotonicMs: () => number;
	/**
	Calls once, after that much of the monotonic time; the function that is returned takes it back. Does not keep the process alive.
	*/
	after: (ms: number, callback: () => void) => () => void;
};

/**
Longer ones fire at once in Node.js.
*/
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
