import type {Clock} from '../base/clock.js';
import {AppError} from '../base/errors.js';
import {linkSignals} from '../base/abort.js';
import {createLoop} from '../base/loop.js';
import type {JobOutcome} from './run-job.js';
import type {Job} from './types.js';

type WorkerOptions = {
	clock: Clock;
	/**
	The next job that may begin.
	*/
	next: () => Job | undefined;
	/**
	Monotonic time at which there may be another one; undefined when only news can bring one.
	*/
	nextAtMs: () => number | undefined;
	/**
	Resolves once the server can be asked.

	@returns whether it can
	*/
	isReady: (signal: AbortSignal) => Promise<boolean>;
	begin: (job: Job) => Job;
	work: (job: Job, signal: AbortSignal) => Promise<JobOutcome>;
	end: (job: Job, outcome: JobOutcome) => void;
};

/**
Takes jobs one after the other, since one transaction at a time is all that a catalogue takes.
*/
export type Worker = {
	/**
	There may be something to do.
	*/
	kick: () => void;
	cancel: (jobId: string) => boolean;
	/**
	Do something while no job runs.
	*/
	between: <Value>(task: () => Promise<Value>) => Promise<Value>;
	running: () => Job | undefined;
	/**
	Ends what is under way; resolves when it has.
	*/
	close: () => Promise<void>;
};

/**
@throws what is a bug
*/
const outcomeOf = (error: unknown): JobOutcome => {
	if (!(error instanceof AppError)) {
		throw error;
	}

	const {code, message, hint} = error;
	return code === 'cancelled' ? {kind: 'cancelled'} : {kind: 'failed', fault: {code, message, ...(hint !== undefined && {hint})}};
};

export const createWorker = ({clock, next, nextAtMs, isReady, begin, work, end}: WorkerOptions): Worker => {
	const closing = new AbortController();
	let running: {job: Job; controller: AbortController} | undefined;
	let cancelTimer: (() => void) | undefined;
	let tasks: Array<() => Promise<void>> = [];

	const doTasks = async () => {
		while (tasks.length > 0) {
			const [task, ...rest] = tasks;
			tasks = rest;
			await task!();
		}
	};

	const runOne = async (queued: Job) => {
		const controller = new AbortController();
		const {signal, unlink} = linkSignals([closing.signal, controller.signal]);
		const job = begin(queued);
		running = {job, controller};
		let outcome: JobOutcome;
		try {
			outcome = await work(job, signal);
		} catch (error) {
			outcome = outcomeOf(error);
		} finally {
			running = undefined;
			unlink();
		}

		end(job, outcome);
	};

	const loop = createLoop(async () => {
		await doTasks();
		// Without a job, too: only who is connected is told of what there is to do.
		while (!closing.signal.aborted && await isReady(closing.signal)) {
			const job = next();
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
		const atMs = closing.signal.aborted ? undefined : nextAtMs();
		cancelTimer = atMs === undefined ? undefined : clock.after(Math.max(0, atMs - clock.monotonicMs()), loop.kick);
	};

	return {
		kick: loop.kick,
		cancel(jobId) {
			if (running?.job.id !== jobId) {
				return false;
			}

			running.controller.abort();
			return true;
		},
		async between<Value>(task: () => Promise<Value>) {
			const {promise, resolve, reject} = Promise.withResolvers<Value>();
			tasks.push(async () => {
				try {
					resolve(await task());
				} catch (error) {
					reject(error);
				}
			});
			loop.kick();
			return promise;
		},
		running: () => running?.job,
		async close() {
			closing.abort();
			cancelTimer?.();
			await loop.idle();
		},
	};
};
