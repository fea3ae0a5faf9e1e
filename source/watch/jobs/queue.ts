import {AppError} from '../../errors.js';
import type {ChangeCounts} from '../../sync/events.js';
import type {
	Fault,
	Job,
	JobAction,
	JobMode,
	JobState,
	JobTrigger,
	LibraryName,
} from '../types.js';
import {actionRefusal} from './actions.js';

/**
All jobs of a daemon. Immutable: each function returns another one, or the same where nothing changes.
*/
export type Queue = {
	/**
	Not ended, in the order in which they will run.
	*/
	jobs: readonly Job[];
	/**
	Ended, newest first.
	*/
	history: readonly Job[];
};

export type JobRequest = {
	/**
	Taken where it becomes a job of its own.
	*/
	id: string;
	library: LibraryName;
	mode: JobMode;
	trigger: JobTrigger;
	at: string;
};

const keptEnded = 200;

/**
Between tries; after the last one the job is parked.
*/
const ladderMs = [30_000, 120_000, 600_000, 1_800_000, 3_600_000];

/**
What no further try mends.
*/
const hopeless: ReadonlySet<string> = new Set(['unauthorized', 'forbidden', 'usage', 'damaged', 'newer']);

/**
Parked for so long, a library is tried again on schedule: whatever it was may be over.
*/
const parkedMs = 24 * 3_600_000;

const strength: Readonly<Record<JobMode, number>> = {
	touch: 0, incremental: 1, full: 2, audit: 3,
};

export const emptyQueue = (): Queue => ({jobs: [], history: []});

export const findJob = ({jobs, history}: Queue, id: string): Job | undefined => [...jobs, ...history].find(job => job.id === id);

/**
Put a job in, or find the one that does what is asked for already: of each library one job at most waits to begin (an audit, which changes nothing, stands beside it). A stronger mode makes that one stronger and keeps its id.
*/
export const addJob = (queue: Queue, request: JobRequest): {queue: Queue; job: Job} => {
	const {library, mode, trigger, at} = request;
	const waiting = queue.jobs.find(job => job.state !== 'running' && isTwin(job, request));
	if (waiting === undefined) {
		const job: Job = {
			id: request.id, library, mode, state: 'queued', trigger, createdAt: at, attempts: 0,
		};
		return {queue: insert(queue, job), job};
	}

	const job = strengthened(waiting, request);
	if (job === waiting) {
		return {queue, job};
	}

	const isMoved = job.mode !== waiting.mode || rank(job) < rank(waiting) || waiting.state !== job.state;
	const others = {...queue, jobs: queue.jobs.filter(({id}) => id !== job.id)};
	return {queue: isMoved ? insert(others, job) : replace(queue, job), job};
};

const strengthened = (waiting: Job, {mode, trigger, at}: JobRequest): Job => {
	const stronger = strength[mode] > strength[waiting.mode] ? {...waiting, mode} : waiting;
	const byHand = trigger === 'request' && stronger.trigger !== 'request' ? {...stronger, trigger} : stronger;
	const isTiredOfWaiting = waiting.state === 'parked' && (trigger !== 'schedule' || Date.parse(at) - Date.parse(waiting.finishedAt ?? at) >= parkedMs);
	if (isTiredOfWaiting) {
		return afresh({...byHand, trigger});
	}

	// Somebody wants it now: it need not wait for its next try.
	return waiting.state === 'waiting' && (trigger === 'request' || trigger === 'catch-up') ? queued(byHand) : byHand;
};

/**
Small things first; then what a person asked for.
*/
const rank = ({mode, trigger}: Job): number => {
	if (mode === 'touch') {
		return 0;
	}

	if (trigger === 'request') {
		return 1;
	}

	return mode === 'audit' ? 3 : 2;
};

const insert = (queue: Queue, job: Job): Queue => {
	const index = queue.jobs.findIndex(other => other.state !== 'running' && rank(other) > rank(job));
	return {...queue, jobs: index === -1 ? [...queue.jobs, job] : queue.jobs.toSpliced(index, 0, job)};
};

const replace = (queue: Queue, job: Job): Queue => ({...queue, jobs: queue.jobs.map(other => other.id === job.id ? job : other)});

const queued = ({dueAt: _, ...job}: Job): Job => ({...job, state: 'queued'});

const afresh = ({fault: _fault, note: _note, finishedAt: _finishedAt, ...job}: Job): Job => queued({...job, attempts: 0});

/**
What may begin now: in order, one job of a library at a time.
*/
export const nextJob = ({jobs}: Queue): Job | undefined => {
	const busy = new Set(jobs.filter(({state}) => state === 'running').map(({library}) => library.id));
	return jobs.find(({state, library}) => state === 'queued' && !busy.has(library.id));
};

/**
When the first of those that wait for their next try is due.
*/
export const nextDueAt = ({jobs}: Queue): Date | undefined => {
	const times = jobs.flatMap(({state, dueAt}) => state === 'waiting' && dueAt !== undefined ? [Date.parse(dueAt)] : []);
	return times.length === 0 ? undefined : new Date(Math.min(...times));
};

/**
Those whose next try is due may begin. One that should wait for longer than any wait is due, too: the clock was set back.
*/
export const wakeJobs = (queue: Queue, now: Date): Queue => {
	const isDue = ({state, dueAt}: Job) => {
		const restMs = Date.parse(dueAt ?? '') - now.getTime();
		return state === 'waiting' && !(restMs > 0 && restMs <= ladderMs.at(-1)! * 1.2);
	};

	return queue.jobs.some(job => isDue(job)) ? {...queue, jobs: queue.jobs.map(job => isDue(job) ? queued(job) : job)} : queue;
};

export const beginJob = (queue: Queue, id: string, at: string): Queue => change(queue, id, ({finishedAt: _, ...job}) => ({
	...job, state: 'running', startedAt: at, attempts: job.attempts + 1,
}));

export type Success = {
	at: string;
	runId?: string | undefined;
	changes?: ChangeCounts | undefined;
	note?: string | undefined;
};

export const succeedJob = (queue: Queue, id: string, {at, runId, changes, note}: Success): Queue => endJob(queue, id, ({fault: _, note: _note, ...job}) => ({
	...job,
	state: 'done',
	finishedAt: at,
	...(runId !== undefined && {runId}),
	...(changes !== undefined && {changes}),
	...(note !== undefined && {note}),
}));

export const cancelledJob = (queue: Queue, id: string, at: string): Queue => endJob(queue, id, job => ({...job, state: 'cancelled', finishedAt: at}));

/**
It waits for its next try, longer each time, or is parked where trying again is of no use. `random` from 0 to 1 spreads the tries.
*/
export const failJob = (queue: Queue, id: string, {at, fault, random}: {at: Date; fault: Fault; random: number}): Queue => change(queue, id, job => {
	const waitMs = hopeless.has(fault.code) ? undefined : ladderMs[job.attempts - 1];
	const failed = {...job, fault, finishedAt: at.toISOString()};
	return waitMs === undefined
		? {...failed, state: 'parked', note: hopeless.has(fault.code) ? 'Trying again would not mend this.' : `Given up after ${job.attempts} tries.`}
		: {...failed, state: 'waiting', dueAt: new Date(at.getTime() + (waitMs * (0.8 + (0.4 * random)))).toISOString()};
});

/**
What was under way when the process ended is taken up again.
*/
export const recoverQueue = (queue: Queue, at: string): Queue => queue.jobs.some(({state}) => state === 'running')
	? {
		...queue,
		jobs: queue.jobs.map(job => job.state === 'running' ? {...job, state: 'queued', note: `It was interrupted before ${at} and begins anew.`} : job),
	}
	: queue;

/**
What a person wants of a job. A running one that is cancelled stays as it is until it has ended.

@throws AppError 'usage' where its state does not allow it
*/
export const actOn = (queue: Queue, id: string, action: JobAction, at: string): Queue => {
	const job = findJob(queue, id);
	if (job === undefined) {
		return queue;
	}

	const refusal = actionRefusal(job, action);
	if (refusal !== undefined) {
		throw new AppError('usage', refusal);
	}

	switch (action) {
		case 'pause': {
			return change(queue, id, ({dueAt: _, ...rest}) => ({...rest, state: 'paused'}));
		}

		case 'resume': {
			return change(queue, id, queued);
		}

		case 'cancel': {
			return job.state === 'running' ? queue : cancelledJob(queue, id, at);
		}

		case 'retry':
		case 'run-now': {
			return again(queue, job, {isFirst: action === 'run-now'});
		}

		case 'move-up':
		case 'move-down': {
			return move(queue, id, action === 'move-up' ? -1 : 1);
		}
	}
};

/**
Where another job waits for the library by now, that is the one to run.
*/
const again = (queue: Queue, job: Job, {isFirst}: {isFirst: boolean}): Queue => {
	const twin = queue.jobs.find(other => other.id !== job.id && other.state !== 'running' && isTwin(other, job));
	const mode = twin !== undefined && strength[twin.mode] > strength[job.mode] ? twin.mode : job.mode;
	const wanted = afresh({...twin ?? job, mode});
	const jobs = queue.jobs.filter(({id}) => id !== wanted.id);
	const index = isFirst ? jobs.filter(({state}) => state === 'running').length : jobs.length;
	return {
		jobs: jobs.toSpliced(index, 0, wanted),
		history: queue.history.filter(({id}) => id !== wanted.id),
	};
};

/**
An audit changes nothing, so it stands beside the others.
*/
const isTwin = (left: Pick<Job, 'library' | 'mode'>, right: Pick<Job, 'library' | 'mode'>) =>
	left.library.id === right.library.id && (left.mode === 'audit') === (right.mode === 'audit');

const move = (queue: Queue, id: string, step: 1 | -1): Queue => {
	const from = queue.jobs.findIndex(job => job.id === id);
	const other = queue.jobs[from + step];
	return other === undefined || other.state === 'running'
		? queue
		: {...queue, jobs: queue.jobs.with(from, other).with(from + step, queue.jobs[from]!)};
};

const change = (queue: Queue, id: string, update: (job: Job) => Job): Queue => ({
	...queue, jobs: queue.jobs.map(job => job.id === id ? update(job) : job),
});

const endJob = (queue: Queue, id: string, update: (job: Job) => Job): Queue => {
	const job = queue.jobs.find(other => other.id === id);
	return job === undefined
		? queue
		: {jobs: queue.jobs.filter(other => other.id !== id), history: [update(job), ...queue.history].slice(0, keptEnded)};
};

export const hasEnded = (state: JobState): boolean => state === 'done' || state === 'cancelled';
