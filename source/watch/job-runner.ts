import {linkSignals} from '../base/abort.js';
import {isAppError, requireAppError} from '../base/errors.js';
import {createLoop} from '../base/loop.js';
import type {Knowledge} from '../sync/knowledge.js';
import type {DaemonCore, DaemonOptions} from './daemon-options.js';
import type {ProgressFold} from './job-progress.js';
import {findJob, nextDueAt, nextJob} from './jobs/queue.js';
import {longRunMs} from './jobs/queue-file.js';
import {runJob, type JobOutcome} from './run-job.js';
import type {ServerLink} from './server-link.js';
import type {Job} from './types.js';
import {watchPace} from './watched.js';

type JobRunnerOptions = Pick<DaemonOptions, 'store' | 'normalize' | 'withLog' | 'onEngineEvent'> & {
	core: DaemonCore;
	link: ServerLink;
	knowledge: Knowledge;
	progress: ProgressFold;
	onBegin: () => void;
	keepQueue: () => void;
};

export type JobRunner = ReturnType<typeof createJobRunner>;

/**
Runs the jobs of the queue one after the other, since a catalogue takes one transaction at a time.
*/
export const createJobRunner = ({store, normalize, withLog, onEngineEvent, core, link, knowledge, progress, onBegin, keepQueue}: JobRunnerOptions) => {
	const {clock, random} = core;
	const closing = new AbortController();
	let running: {job: Job; controller: AbortController} | undefined;
	let cancelTimer: (() => void) | undefined;
	const tasks: Array<() => Promise<unknown>> = [];

	const doTasks = async () => {
		while (tasks.length > 0) {
			await tasks.shift()!();
		}
	};

	/**
	Takes the items that a touch is to read out of the state.
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
		const {plex, server, viewer} = connection;
		const ratingKeys = takeTouched(job);
		return withLog(job, async ({run, onEvent}) => runJob(job, {
			plex,
			server,
			viewer,
			store,
			normalize,
			knowledge,
			pace: watchPace,
			sections: async () => link.sectionsSince(connection, core.state().wantedAtMs.get(job.library.id) ?? Infinity, signal),
			ratingKeys,
			isKnown: core.state().memory.get(job.library.id)?.unavailableFolders !== undefined,
			run,
			now: clock.now,
			monotonicMs: clock.monotonicMs,
			signal,
			report(event) {
				onEvent(event);
				progress.onEvent(event);
				onEngineEvent?.(event);
			},
		}));
	};

	const runOne = async ({id}: Job) => {
		const controller = new AbortController();
		const {signal, unlink} = linkSignals([closing.signal, controller.signal]);
		core.dispatch({type: 'begun', id});
		onBegin();
		clock.after(longRunMs, keepQueue);
		const job = findJob(core.state().queue, id)!;
		progress.begin(job);
		running = {job, controller};
		let outcome: JobOutcome;
		try {
			outcome = await work(job, signal);
		} catch (error) {
			outcome = signal.aborted && !isAppError(error) ? {kind: 'cancelled'} : failureOf(error);
		} finally {
			running = undefined;
			unlink();
		}

		progress.end();
		core.dispatch({
			type: 'ended', job, outcome, revision: store.header().revision, random01: random(),
		});
	};

	const loop = createLoop(async () => {
		await doTasks();
		// We connect even if there is no job: only a connected daemon hears of new work.
		while (!closing.signal.aborted && await link.isReady(closing.signal)) {
			core.dispatch({type: 'woken'});
			const job = nextJob(core.state().queue, clock.now());
			if (job === undefined) {
				break;
			}

			await runOne(job);
			await doTasks();
		}

		arm();
	});

	const arm = () => {
		cancelTimer?.();
		const dueAt = nextDueAt(core.state().queue);
		const waitMs = closing.signal.aborted
			? Infinity
			: Math.min(
				dueAt === undefined ? Infinity : dueAt.getTime() - clock.now().getTime(),
				link.current() === undefined ? (link.retryAtMs() ?? Infinity) - clock.monotonicMs() : Infinity,
			);
		cancelTimer = waitMs === Infinity ? undefined : clock.after(Math.max(0, waitMs), loop.kick);
	};

	return {
		kick: loop.kick,
		stop(jobId: string) {
			if (running?.job.id === jobId) {
				running.controller.abort();
			}
		},
		/**
		Does something while no job runs.
		*/
		async between<Value>(task: () => Promise<Value>): Promise<Value> {
			const {promise, resolve} = Promise.withResolvers<Value>();
			tasks.push(async () => {
				resolve(task());
				await Promise.allSettled([promise]);
			});
			loop.kick();
			return promise;
		},
		isRunning: () => running !== undefined,
		/**
		Ends the running job; resolves when it has ended.
		*/
		async close() {
			closing.abort();
			cancelTimer?.();
			await loop.idle();
		},
	};
};

/**
@throws Any error that is a bug
*/
const failureOf = (error: unknown): JobOutcome => {
	requireAppError(error);

	const {code, message, hint} = error;
	return code === 'cancelled' ? {kind: 'cancelled'} : {kind: 'failed', fault: {code, message, ...(hint !== undefined && {hint})}};
};
