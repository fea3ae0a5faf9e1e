import {
	type Job,
	type JobAction,
	jobActions,
	type JobState,
} from '../types.js';
import {hasNotBegun, isPeer, neighbourOf} from './queue-order.js';

/**
In which states a job takes an action, and what a person would say of it.
*/
const rules: Record<JobAction, {states: readonly JobState[]; participle: string}> = {
	pause: {states: ['queued', 'waiting'], participle: 'paused'},
	resume: {states: ['paused'], participle: 'resumed'},
	cancel: {states: ['queued', 'running', 'paused', 'waiting', 'parked'], participle: 'cancelled'},
	retry: {states: ['waiting', 'parked', 'cancelled'], participle: 'retried'},
	'run-now': {states: ['queued', 'paused', 'waiting', 'parked'], participle: 'run now'},
	'move-up': {states: ['queued', 'paused', 'waiting'], participle: 'moved up'},
	'move-down': {states: ['queued', 'paused', 'waiting'], participle: 'moved down'},
};

/**
A sentence that says why a job cannot be paused, moved and so on; `undefined` when it can. `jobs` are all that there are, ended ones too or not: some reasons are with the others.
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
	return instead && `The job cannot be ${participle}: job ${instead.id} is there to do the same.`;
};

export const canAct = (job: Job, action: JobAction, jobs: readonly Job[] = []): boolean => actionError(job, action, jobs) === undefined;

/**
What a person can do with a job.
*/
export const actionsFor = (job: Job, jobs: readonly Job[] = []): JobAction[] => jobActions.filter(action => canAct(job, action, jobs));

const stateWords = ({state}: Job): string => state === 'waiting' ? 'waiting for its next try' : state;
