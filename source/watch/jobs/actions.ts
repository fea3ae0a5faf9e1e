import {
	jobActions,
	type Job,
	type JobAction,
	type JobState,
} from '../types.js';

const allowed: Readonly<Record<JobAction, readonly JobState[]>> = {
	pause: ['queued', 'waiting'],
	resume: ['paused'],
	cancel: ['queued', 'running', 'paused', 'waiting', 'parked'],
	retry: ['waiting', 'parked', 'cancelled'],
	'run-now': ['queued', 'paused', 'waiting', 'parked', 'cancelled', 'done'],
	'move-up': ['queued', 'paused', 'waiting'],
	'move-down': ['queued', 'paused', 'waiting'],
};

const verbs: Readonly<Record<JobAction, string>> = {
	pause: 'paused',
	resume: 'resumed',
	cancel: 'cancelled',
	retry: 'tried again',
	'run-now': 'run now',
	'move-up': 'moved',
	'move-down': 'moved',
};

const conditions: Readonly<Record<JobState, string>> = {
	queued: 'waits for its turn',
	running: 'is running',
	paused: 'is paused',
	waiting: 'waits for its next try',
	parked: 'is parked',
	done: 'is done',
	cancelled: 'was cancelled',
};

/**
Why an action is not possible, a sentence; undefined when it is.
*/
export const actionRefusal = ({state}: Pick<Job, 'state'>, action: JobAction): string | undefined =>
	allowed[action].includes(state) ? undefined : `The job ${conditions[state]} and cannot be ${verbs[action]}.`;

/**
Everything that can be done with a job.
*/
export const actionsOf = (job: Pick<Job, 'state'>): JobAction[] => jobActions.filter(action => actionRefusal(job, action) === undefined);
