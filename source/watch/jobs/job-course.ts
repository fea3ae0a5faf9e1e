import {defined} from '../../catalog/values.js';
import type {Fault, Job} from '../types.js';
import {joined} from './add-job.js';
import {afterFailure, isDue, maxAttempts} from './back-off.js';
import {
	endJob,
	hasNotBegun,
	isPeer,
	placeFirst,
	placeJob,
	type Queue,
} from './queue.js';

type At = {id: string; at: Date};

/**
Nothing, where another job of the library runs.
*/
export const beginJob = (queue: Queue, {id, at}: At): Queue => {
	const job = queue.jobs.find(other => other.id === id);
	const isBusy = queue.jobs.some(({state, library}) => state === 'running' && library.id === job?.library.id);
	if (job === undefined || isBusy || (job.state !== 'queued' && job.state !== 'waiting')) {
		return queue;
	}

	const running: Job = defined({
		...job, state: 'running', attempts: job.attempts + 1, startedAt: at.toISOString(), dueAt: undefined, fault: undefined, note: undefined,
	});
	return {...queue, jobs: placeJob(queue.jobs, running)};
};

export const succeedJob = (queue: Queue, {id, at, runId, changes, note}: At & Partial<Pick<Job, 'runId' | 'changes' | 'note'>>): Queue => {
	const job = runningJob(queue, id);
	return job === undefined
		? queue
		: endJob(queue, defined({
			...job, state: 'done', finishedAt: at.toISOString(), runId, changes, note,
		}));
};

export const failJob = (queue: Queue, {id, at, fault, random01}: At & {fault: Fault; random01: number}): Queue => {
	const job = runningJob(queue, id);
	if (job === undefined) {
		return queue;
	}

	if (queue.cancelling.includes(id)) {
		// Work that is broken off ends with a fault of its own making.
		return cancelJob(queue, job, at);
	}

	const {delayMs, note} = afterFailure(fault.code, {attempts: job.attempts, random01});
	const next: Partial<Job> = delayMs === undefined
		? {state: 'parked', finishedAt: at.toISOString()}
		: {state: 'waiting', dueAt: new Date(at.getTime() + delayMs).toISOString()};
	return takeBack(queue, {
		...job, ...next, fault, note,
	}, {at, place: placeJob});
};

export const cancelledJob = (queue: Queue, {id, at, note}: At & {note?: string | undefined}): Queue => {
	const job = runningJob(queue, id);
	return job === undefined ? queue : cancelJob(queue, job, at, note);
};

export const interruptJob = (queue: Queue, {id, at}: At): Queue => {
	const job = runningJob(queue, id);
	if (job === undefined) {
		return queue;
	}

	return queue.cancelling.includes(id)
		? cancelJob(queue, job, at)
		: takeBack(queue, begunAnew(job, job.attempts - 1, 'It was under way when reelcat was stopped, and begins anew.'), {at, place: placeFirst});
};

export const recoverJobs = (queue: Queue, at: Date): Queue => {
	let recovered = queue;
	for (const job of queue.jobs.filter(({state}) => state === 'running').toReversed()) {
		recovered = queue.cancelling.includes(job.id)
			? cancelJob(recovered, job, at)
			: takeBack(recovered, afterCrash(job, at), {at, place: placeFirst});
	}

	return recovered;
};

export const wakeJobs = (queue: Queue, now: Date): Queue => {
	const isWoken = ({state, dueAt}: Job) => state === 'waiting' && isDue(dueAt, now);
	return queue.jobs.some(job => isWoken(job))
		? {...queue, jobs: queue.jobs.map(job => isWoken(job) ? defined({...job, state: 'queued', dueAt: undefined}) : job)}
		: queue;
};

/**
A job whose work may be what ends the process must not do so for ever.
*/
const afterCrash = (job: Job, at: Date): Job => job.attempts < maxAttempts
	? begunAnew(job, job.attempts, 'It was under way when reelcat ended, and begins anew.')
	: {
		...job, state: 'parked', finishedAt: at.toISOString(), note: `Given up: reelcat ended while it was under way, at attempt ${job.attempts}.`,
	};

const begunAnew = (job: Job, attempts: number, note: string): Job => defined({
	...job, state: 'queued', attempts, startedAt: undefined, note,
});

/**
A job that ran takes its place among those that have not begun. One that was waiting behind it is joined with it, so that there is still one of them.
*/
const takeBack = (queue: Queue, job: Job, {at, place}: {at: Date; place: typeof placeJob}): Queue => {
	const behind = queue.jobs.find(other => other.id !== job.id && isPeer(other, job) && hasNotBegun(other));
	if (behind === undefined) {
		return {...queue, jobs: place(queue.jobs, job)};
	}

	const asAsked = joined(job, behind);
	const both = behind.state === 'paused'
		? defined<Job>({
			...asAsked, state: 'paused', dueAt: undefined, finishedAt: undefined,
		})
		: asAsked;
	const ended = cancelJob(queue, behind, at, `Joined with job ${job.id}.`);
	return {...ended, jobs: place(ended.jobs, both)};
};

export const cancelJob = (queue: Queue, job: Job, at: Date, note = 'Cancelled.'): Queue => endJob(queue, defined({
	...job, state: 'cancelled', finishedAt: at.toISOString(), dueAt: undefined, note,
}));

const runningJob = ({jobs}: Queue, id: string): Job | undefined => jobs.find(job => job.id === id && job.state === 'running');
