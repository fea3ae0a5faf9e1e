import type {Clock} from '../base/clock.js';
import {defined} from '../catalog/values.js';
import type {SyncEvent} from '../sync/events.js';
import {initialProgress, reduceProgress, type ImportProgress} from '../sync/progress.js';
import type {Job, JobProgress} from './types.js';

export type ProgressFold = ReturnType<typeof createProgressFold>;

/**
A person cannot follow more, and a slow line cannot carry more.
*/
const tellEveryMs = 250;

/**
Folds the events of the engine into the progress of the running job.
*/
export const createProgressFold = (clock: Clock, tell: (progress: JobProgress) => void) => {
	let state: ImportProgress = initialProgress;
	let job: Job | undefined;
	let cancelTimer: (() => void) | undefined;

	const current = (): JobProgress | undefined => {
		const library = state.libraries[0];
		return job === undefined || library === undefined
			? undefined
			: defined({
				jobId: job.id,
				phase: library.phase,
				done: library.done,
				expected: library.expected,
				share: library.share,
				ratePerSecond: library.ratePerSecond,
				etaMs: library.etaMs,
				lastTitle: library.lastTitle,
			});
	};

	const tellCurrent = () => {
		cancelTimer = undefined;
		const progress = current();
		if (progress !== undefined) {
			tell(progress);
		}
	};

	return {
		begin(next: Job) {
			job = next;
		},
		onEvent(event: SyncEvent) {
			state = reduceProgress(state, {event, nowMs: clock.monotonicMs()});
			if (job !== undefined) {
				cancelTimer ??= clock.after(tellEveryMs, tellCurrent);
			}
		},
		current,
		/**
		How many requests the server is given at a time, and why; undefined until that changes for the first time.
		*/
		pace: () => state.pace,
		end() {
			cancelTimer?.();
			cancelTimer = undefined;
			job = undefined;
			// Otherwise the problems of all runs would pile up for months.
			state = {...initialProgress, ...(state.pace !== undefined && {pace: state.pace})};
		},
	};
};
