import type {Clock} from '../base/clock.js';
import type {Knowledge} from '../sync/knowledge.js';
import type {DaemonCore, DaemonOptions} from './daemon-options.js';
import type {ProgressFold} from './job-progress.js';
import {findJob, nextDueAt, nextJob} from './jobs/queue.js';
import {longRunMs} from './jobs/queue-file.js';
import {runJob, type JobOutcome} from './run-job.js';
import type {ServerLink} from './server-link.js';
import type {Job} from './types.js';
import {watchPace} from './watched.js';
import {createWorker, type Worker} from './worker.js';

type JobRunnerOptions = Pick<DaemonOptions, 'store' | 'normalize' | 'withLog' | 'onEngineEvent'> & {
	core: DaemonCore;
	link: ServerLink;
	knowledge: Knowledge;
	progress: ProgressFold;
	clock: Clock;
	random: () => number;
	onBegin: () => void;
	keepQueue: () => void;
};

/**
The worker of a daemon: it takes the jobs out of the queue and tells how they end.
*/
export const createJobRunner = ({store, normalize, withLog, onEngineEvent, core, link, knowledge, progress, clock, random, onBegin, keepQueue}: JobRunnerOptions): Worker => {
	/**
	The items that a touch is to read, which then wait no longer.
	*/
	const takeTouched = ({mode, library}: Job): string[] => {
		if (mode !== 'touch') {
			return [];
		}

		const ratingKeys = [...core.state().touched.get(library.id) ?? []];
		core.dispatch({type: 'touch-taken', libraryId: library.id});
		return ratingKeys;
	};

	const work = async (job: Job, signal: AbortSignal): Promise<JobOutcome> => {
		const connection = await link.get(signal);
		const ratingKeys = takeTouched(job);
		return withLog(job, async ({run, onEvent}) => runJob(job, {
			...connection,
			store,
			normalize,
			knowledge,
			pace: watchPace,
			sections: async () => link.sectionsSince(connection, core.state().wantedAtMs.get(job.library.id) ?? Infinity, signal),
			ratingKeys,
			run,
			clock,
			signal,
			report(event) {
				onEvent(event);
				progress.onEvent(event);
				onEngineEvent?.(event);
			},
		}));
	};

	return createWorker({
		clock,
		next() {
			core.dispatch({type: 'woken'});
			return nextJob(core.state().queue, clock.now());
		},
		nextAtMs() {
			const dueAt = nextDueAt(core.state().queue);
			const waits = [
				dueAt === undefined ? undefined : clock.monotonicMs() + Math.max(0, dueAt.getTime() - clock.now().getTime()),
				link.current() === undefined ? link.retryAtMs() : undefined,
			].filter(atMs => atMs !== undefined);
			return waits.length === 0 ? undefined : Math.min(...waits);
		},
		isReady: link.isReady,
		begin({id}) {
			core.dispatch({type: 'begun', id});
			onBegin();
			clock.after(longRunMs, keepQueue);
			const begun = findJob(core.state().queue, id)!;
			progress.begin(begun);
			return begun;
		},
		work,
		end(job, outcome) {
			progress.end();
			core.dispatch({
				type: 'ended', job, outcome, revision: store.header().revision, random01: random(),
			});
		},
	});
};
