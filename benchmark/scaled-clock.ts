import type {Clock} from '../source/base/clock.js';

export type ScaledClock = Clock & {
	/**
	Moves only the wall clock.
	*/
	jump: (ms: number) => void;
};

/**
A clock that runs `factor` times as fast as the real one.
*/
export const createScaledClock = (start: Date, factor: number): ScaledClock => {
	const beginMs = performance.now();
	let jumpedMs = 0;
	const monotonicMs = () => (performance.now() - beginMs) * factor;
	return {
		now: () => new Date(start.getTime() + jumpedMs + monotonicMs()),
		monotonicMs,
		after(ms, callback) {
			const timer = setTimeout(callback, Math.min(ms / factor, 2 ** 30));
			timer.unref();
			return () => {
				clearTimeout(timer);
			};
		},
		jump(ms) {
			jumpedMs += ms;
		},
	};
};
