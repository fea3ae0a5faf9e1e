import {defined} from '../../catalog/values.js';
import type {JobAction} from '../kinds.js';
import type {Fault, Job} from '../types.js';
import {addJob, joined, type JobRequest} from './add-job.js';
import {actOnJob} from './job-actions.js';
import {
	afterFailure,
	cancelJob,
	endJob,
	hasNotBegun,
	isDue,
	isPeer,
	maxAttempts,
	placeFirst,
	placeJob,
	type Queue,
} from './queue.js';

type At = {id: string; at: Date};

export type QueueMessage =
	| {type: 'add'; request: JobRequest}
	| {type: 'begin'} & At
	| {type: 'succeed'; runId?: string | undefined; changes?: Job['changes'] | undefined; note?: string | undefined} & At
	/**
	`random01`, from 0 to 1, spreads the times of the next attempts.
	*/
	| {type: 'fail'; fault: Fault; random01: number} & At
	/**
	The job ended because it was told to.
	*/
	| {type: 'cancelled'; note?: string | undefined} & At
	/**
	The job was stopped because this process ends in good order: the next process starts it again, and the attempt does not count.
	*/
	| {type: 'interrupted'} & At
	| {type: 'act'; action: JobAction} & At
	/**
	Queues the jobs whose time has come.
	*/
	| {type: 'wake'; now: Date}
	/**
	After a start: jobs that ran when the last process ended start again.
	*/
	| {type: 'recover'; at: Date};

/**
A message that does not fit the state of its job changes nothing; `actionError` says why an action does not fit.
*/
export const reduceQueue = (queue: Queue, message: QueueMessage): Queue => {
	switch (message.type) {
		case 'add': {
			return addJob(queue, message.request).queue;
		}

		case 'begin': {
			return beginJob(queue, message);
		}

		case 'act': {
			return actOnJob(queue, message);
		}

		case 'wake': {
			return wakeJobs(queue, message.now);
		}

		case 'recover': {
			return recoverJobs(queue, message.at);
		}

		case 'succeed':
		case 'fail':
		case 'cancelled':
		case 'interrupted': {
			const job = queue.jobs.find(({id, state}) => id === message.id && state === 'running');
			return job === undefined ? queue : stopJob(queue, job, message);
		}
	}
};

/**
Begins a job, unless another job of its library runs.
*/
const beginJob = (queue: Queue, {id, at}: At): Queue => {
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

const stopJob = (queue: Queue, job: Job, message: Extract<QueueMessage, {type: 'succeed' | 'fail' | 'cancelled' | 'interrupted'}>): Queue => {
	const {at} = message;
	if (message.type === 'succeed') {
		const {runId, changes, note} = message;
		return endJob(queue, defined({
			...job, state: 'done', finishedAt: at.toISOString(), runId, changes, note,
		}));
	}

	// Cancelling or pausing a job makes it fail or stop.
	if (queue.cancelling.includes(job.id)) {
		return cancelJob(queue, job, at, message.type === 'cancelled' ? message.note : undefined);
	}

	if (queue.pausing.includes(job.id)) {
		return pauseBegun(queue, job, at);
	}

	if (message.type === 'cancelled') {
		return cancelJob(queue, job, at, message.note);
	}

	if (message.type === 'interrupted') {
		return takeBack(queue, begunAnew(job, job.attempts - 1, 'It was running when reelcat was stopped, and starts again.'), {at, place: placeFirst});
	}

	const {fault, random01} = message;
	const {delayMs, note} = afterFailure(fault.code, {attempts: job.attempts, random01});
	const next: Partial<Job> = delayMs === undefined
		? {state: 'parked', finishedAt: at.toISOString()}
		: {state: 'waiting', dueAt: new Date(at.getTime() + delayMs).toISOString()};
	return takeBack(queue, {
		...job, ...next, fault, note,
	}, {at, place: placeJob});
};

const recoverJobs = (queue: Queue, at: Date): Queue => {
	let recovered = queue;
	for (const job of queue.jobs.filter(({state}) => state === 'running').toReversed()) {
		if (queue.cancelling.includes(job.id)) {
			recovered = cancelJob(recovered, job, at);
		} else {
			recovered = queue.pausing.includes(job.id)
				? pauseBegun(recovered, job, at)
				: takeBack(recovered, afterCrash(job, at), {at, place: placeFirst});
		}
	}

	return recovered;
};

const wakeJobs = (queue: Queue, now: Date): Queue => {
	const isWoken = ({state, dueAt}: Job) => state === 'waiting' && isDue(dueAt, now);
	return queue.jobs.some(job => isWoken(job))
		? {...queue, jobs: queue.jobs.map(job => isWoken(job) ? defined({...job, state: 'queued', dueAt: undefined}) : job)}
		: queue;
};

/**
A job may be what ends the process, so the number of its attempts is limited.
*/
const afterCrash = (job: Job, at: Date): Job => job.attempts < maxAttempts
	? begunAnew(job, job.attempts, 'It was running when reelcat ended, and starts again.')
	: {
		...job, state: 'parked', finishedAt: at.toISOString(), note: `Given up: reelcat ended while attempt ${job.attempts} was running.`,
	};

const begunAnew = (job: Job, attempts: number, note: string): Job => defined({
	...job, state: 'queued', attempts, startedAt: undefined, note,
});

/**
The items of a touch that has begun are forgotten; an incremental run finds them.
*/
const pauseBegun = (queue: Queue, job: Job, at: Date): Queue => takeBack(
	{...queue, pausing: queue.pausing.filter(id => id !== job.id)},
	{
		...begunAnew(job, job.attempts - 1, 'It was paused while it ran; what was committed is kept.'),
		state: 'paused',
		mode: job.mode === 'touch' ? 'incremental' : job.mode,
	},
	{at, place: placeFirst},
);

/**
Puts a job that ran back among those that have not begun. If a peer waited behind it, the two become one job.
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
