import {defined} from '../../catalog/values.js';
import {jobActions, type JobAction, type JobState} from '../kinds.js';
import type {Job} from '../types.js';
import {afresh} from './add-job.js';
import {
	allJobs,
	cancelJob,
	hasNotBegun,
	isPeer,
	neighbourOf,
	placeFirst,
	placeJob,
	replaceJob,
	type Queue,
} from './queue.js';

const rules: Record<JobAction, {states: readonly JobState[]; participle: string}> = {
	pause: {states: ['queued', 'running', 'waiting'], participle: 'paused'},
	resume: {states: ['paused'], participle: 'resumed'},
	cancel: {states: ['queued', 'running', 'paused', 'waiting', 'parked'], participle: 'cancelled'},
	retry: {states: ['waiting', 'parked', 'cancelled'], participle: 'retried'},
	'run-now': {states: ['queued', 'paused', 'waiting', 'parked'], participle: 'run now'},
	'move-up': {states: ['queued', 'paused', 'waiting'], participle: 'moved up'},
	'move-down': {states: ['queued', 'paused', 'waiting'], participle: 'moved down'},
};

/**
Why a job cannot be paused, moved and so on, as a sentence. Some reasons depend on the other jobs: `jobs` are all that there are, with or without the ended ones.
*/
export const actionError = (job: Job, action: JobAction, jobs: readonly Job[] = []): string | undefined => {
	const {states, participle} = rules[action];
	if (!states.includes(job.state)) {
		return `The job is ${stateWords(job)}, so it cannot be ${participle}.`;
	}

	if (jobs.length === 0) {
		return undefined;
	}

	const step = action === 'move-up' ? -1 : (action === 'move-down' ? 1 : undefined);
	if (step !== undefined && neighbourOf(jobs, job, step) === undefined) {
		return `The job is the ${step === -1 ? 'first' : 'last'} of its kind, so it cannot be ${participle}.`;
	}

	const instead = job.state === 'cancelled' ? jobs.find(other => isPeer(other, job) && hasNotBegun(other)) : undefined;
	return instead && `The job cannot be ${participle}: job ${instead.id} does the same.`;
};

export const canAct = (job: Job, action: JobAction, jobs: readonly Job[] = []): boolean => actionError(job, action, jobs) === undefined;

export const actionsFor = (job: Job, jobs: readonly Job[] = []): JobAction[] => jobActions.filter(action => canAct(job, action, jobs));

const stateWords = ({state}: Job): string => state === 'waiting' ? 'waiting for its next try' : state;

/**
Changes nothing if `actionError` gives a reason.
*/
export const actOnJob = (queue: Queue, {id, action, at}: {id: string; action: JobAction; at: Date}): Queue => {
	const all = allJobs(queue);
	const job = all.find(other => other.id === id);
	return job !== undefined && canAct(job, action, all) ? actions[action](queue, job, at) : queue;
};

const actions: Record<JobAction, (queue: Queue, job: Job, at: Date) => Queue> = {
	pause(queue, job) {
		if (job.state !== 'running') {
			return withJobs(queue, replaceJob(queue.jobs, defined({...job, state: 'paused', dueAt: undefined})));
		}

		return queue.pausing.includes(job.id) ? queue : {...queue, pausing: [...queue.pausing, job.id]};
	},
	resume: (queue, job) => withJobs(queue, replaceJob(queue.jobs, {...job, state: 'queued'})),
	cancel(queue, job, at) {
		if (job.state !== 'running') {
			return cancelJob(queue, job, at);
		}

		return queue.cancelling.includes(job.id) ? queue : {...queue, cancelling: [...queue.cancelling, job.id]};
	},
	retry: (queue, job) => ({
		...withJobs(queue, placeJob(queue.jobs, again(job))),
		history: queue.history.filter(({id}) => id !== job.id),
	}),
	'run-now': (queue, job) => withJobs(queue, placeFirst(queue.jobs, defined({
		...job,
		...(job.state === 'parked' && afresh),
		state: 'queued',
		dueAt: undefined,
		trigger: 'request',
	}))),
	'move-up': (queue, job) => withJobs(queue, moved(queue.jobs, job, -1)),
	'move-down': (queue, job) => withJobs(queue, moved(queue.jobs, job, 1)),
};

const withJobs = (queue: Queue, jobs: readonly Job[]): Queue => ({...queue, jobs});

/**
The items of an ended touch are forgotten; an incremental run finds them.
*/
const again = (job: Job): Job => defined({
	...job,
	...afresh,
	trigger: 'request',
	mode: job.state === 'cancelled' && job.mode === 'touch' ? 'incremental' : job.mode,
});

const moved = (jobs: readonly Job[], job: Job, step: 1 | -1): Job[] => {
	const neighbour = neighbourOf(jobs, job, step);
	return jobs.map(other => other.id === job.id ? neighbour ?? other : (other.id === neighbour?.id ? job : other));
};
