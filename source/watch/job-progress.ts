import type {Clock} from '../base/clock.js';
import type {SyncEvent} from '../sync/events.js';
import {initialProgress, reduceProgress, type ImportProgress} from '../sync/progress.js';
import type {Job, JobProgress} from './types.js';

export type ProgressFold = {
	begin: (job: Job) => void;
	onEvent: (event: SyncEvent) => void;
	current: () => JobProgress | undefined;
	/**
	Requests at a time, and why, once that has changed.
	*/
	pace: () => ImportProgress['pace'];
	end: () => void;
};

/**
Not oftener than a person can follow, nor than a slow line bears.
*/
const tellEveryMs = 250;

/**
Folds the events of the engine into what the running job shows.
*/
export const createProgressFold = (clock: Clock, tell: (progress: JobProgress) => void): ProgressFold => {
	let state: ImportProgress = initialProgress;
	let job: Job | undefined;
	let cancelTimer: (() => void) | undefined;

	const current = (): JobProgress | undefined => {
		const library = state.libraries[0];
		return job === undefined || library === undefined
			? undefined
			: {
				jobId: job.id,
				phase: library.phase,
				done: library.done,
				expected: library.expected,
				ratePerSecond: library.ratePerSecond,
				...(library.etaMs !== undefined && {etaMs: library.etaMs}),
				...(library.lastTitle !== undefined && {lastTitle: library.lastTitle}),
			};
	};

	const tellCurrent = () => {
		cancelTimer = undefined;
		const progress = current();
		if (progress !== undefined) {
			tell(progress);
		}
	};

	return {
		begin(next) {
			job = next;
		},
		onEvent(event) {
			state = reduceProgress(state, {event, nowMs: clock.monotonicMs()});
			if (job !== undefined) {
				cancelTimer ??= clock.after(tellEveryMs, tellCurrent);
			}
		},
		current,
		pace: () => state.pace,
		end() {
			cancelTimer?.();
			cancelTimer = undefined;
			job = undefined;
			// The engine keeps its problems for the end of the run; here they would pile up for months.
			state = {...initialProgress, ...(state.pace !== undefined && {pace: state.pace})};
		},
	};
};
