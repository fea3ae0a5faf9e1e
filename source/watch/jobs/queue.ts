import type {ErrorCode} from '../../base/errors.js';
import {defined} from '../../catalog/values.js';
import type {JobState, JobTrigger} from '../kinds.js';
import type {Job} from '../types.js';

/**
Only `reduceQueue` makes a new queue. A change that has no effect returns the same object.
*/
export type Queue = {
	/**
	Jobs that have not ended, in the order in which they run: running ones, touches, all others, parked ones.
	*/
	jobs: readonly Job[];
	/**
	Ended jobs, newest first, at most `historyCap`.
	*/
	history: readonly Job[];
	/**
	Ids of running jobs that a person has cancelled.
	*/
	cancelling: readonly string[];
	/**
	Ids of running jobs that a person has paused. They are paused as soon as they have stopped.
	*/
	pausing: readonly string[];
};

export const emptyQueue: Queue = {
	jobs: [], history: [], cancelling: [], pausing: [],
};

export const historyCap = 200;

const retryLadderMs = [30_000, 120_000, 600_000, 1_800_000, 3_600_000] as const;
const longestRetryMs = 3_600_000;
const jitter = 0.2;

/**
How often a job is tried before it is parked.
*/
export const maxAttempts = retryLadderMs.length + 1;

/**
Trying again does not help: somebody has to do something first.
*/
const lasting = new Set<ErrorCode>(['unauthorized', 'forbidden', 'usage', 'damaged', 'newer']);

/**
Faults of this machine that pass without anybody telling us: space is freed, another program ends. We retry for as long as it takes.
*/
const local = new Set<ErrorCode>(['locked', 'disk-full', 'not-writable']);

/**
@returns The delay before the next attempt; `undefined` if there is none
*/
export const afterFailure = (code: ErrorCode, {attempts, random01}: {attempts: number; random01: number}): {delayMs: number | undefined; note: string} => {
	if (lasting.has(code)) {
		return {delayMs: undefined, note: 'Given up: another attempt would not help.'};
	}

	const isPassing = local.has(code);
	if (!isPassing && attempts >= maxAttempts) {
		return {delayMs: undefined, note: `Given up after ${attempts} attempts.`};
	}

	const stepMs = retryLadderMs[attempts - 1] ?? longestRetryMs;
	return {
		delayMs: Math.round(stepMs * (1 - jitter + (2 * jitter * random01))),
		note: isPassing ? `Attempt ${attempts} failed.` : `Attempt ${attempts} of ${maxAttempts} failed.`,
	};
};

/**
A time further off than any retry means that the clock was set back, so it counts as due.
*/
export const isDue = (dueAt: string | undefined, now: Date): boolean => {
	const restMs = Date.parse(dueAt ?? '') - now.getTime();
	return !(restMs > 0 && restMs <= longestRetryMs * (1 + jitter));
};

/**
The next job that may begin, of a library that has no running job. `isBusy` tells of work that the queue does not know.
*/
export const nextJob = ({jobs}: Queue, now: Date, {isBusy = () => false}: {isBusy?: (libraryId: string) => boolean} = {}): Job | undefined => {
	const running = new Set(jobs.filter(({state}) => state === 'running').map(({library}) => library.id));
	return jobs.find(({state, dueAt, library}) =>
		(state === 'queued' || (state === 'waiting' && isDue(dueAt, now))) && !running.has(library.id) && !isBusy(library.id));
};

export const nextDueAt = ({jobs}: Queue): Date | undefined => {
	const dueAt = jobs.filter(({state}) => state === 'waiting').map(job => job.dueAt ?? '').toSorted().at(0);
	return dueAt === undefined ? undefined : new Date(dueAt);
};

/**
In the order in which they run, then the ended ones, newest first.
*/
export const allJobs = ({jobs, history}: Queue): Job[] => [...jobs, ...history];

export const findJob = (queue: Queue, id: string): Job | undefined => allJobs(queue).find(job => job.id === id);

/**
Whether somebody waits for the job.
*/
export const isUrgent = (trigger: JobTrigger): boolean => trigger === 'request' || trigger === 'hook';

/**
Puts a job behind all others of its group, but an urgent one before those that are not. It may be in the list already.
*/
export const placeJob = (jobs: readonly Job[], job: Job): Job[] => {
	const others = jobs.filter(({id}) => id !== job.id);
	const group = groupOf(job);
	const isBefore = (other: Job) => {
		const otherGroup = groupOf(other);
		return otherGroup < group || (otherGroup === group && (!isUrgent(job.trigger) || isUrgent(other.trigger)));
	};

	return others.toSpliced(others.findLastIndex(other => isBefore(other)) + 1, 0, job);
};

/**
Puts a job before all others of its group.
*/
export const placeFirst = (jobs: readonly Job[], job: Job): Job[] => {
	const others = jobs.filter(({id}) => id !== job.id);
	const index = others.findIndex(other => groupOf(other) >= groupOf(job));
	return others.toSpliced(index === -1 ? others.length : index, 0, job);
};

export const replaceJob = (jobs: readonly Job[], job: Job): Job[] => jobs.map(other => other.id === job.id ? job : other);

/**
The job that a move would change places with.
*/
export const neighbourOf = (jobs: readonly Job[], job: Job, step: 1 | -1): Job | undefined => {
	const index = jobs.findIndex(({id}) => id === job.id) + step;
	const neighbour = index < 0 ? undefined : jobs[index];
	return neighbour !== undefined && groupOf(neighbour) === groupOf(job) ? neighbour : undefined;
};

export const hasNotBegun = ({state}: Job): boolean => ['queued', 'waiting', 'paused', 'parked'].includes(state);

type Work = Pick<Job, 'library' | 'mode'>;

/**
Whether two jobs do the same kind of work on the same library. An audit changes nothing, so no other job can take its place.
*/
export const isPeer = (job: Work, other: Work): boolean =>
	job.library.id === other.library.id && (job.mode === 'audit') === (other.mode === 'audit');

/**
Moves a job to the history.
*/
export const endJob = (queue: Queue, job: Job): Queue => ({
	jobs: queue.jobs.filter(({id}) => id !== job.id),
	history: [job, ...queue.history].slice(0, historyCap),
	cancelling: queue.cancelling.filter(id => id !== job.id),
	pausing: queue.pausing.filter(id => id !== job.id),
});

export const cancelJob = (queue: Queue, job: Job, at: Date, note = 'Cancelled.'): Queue => endJob(queue, defined({
	...job, state: 'cancelled', finishedAt: at.toISOString(), dueAt: undefined, note,
}));

const groupOf = ({state, mode}: Job): number => groups[state] ?? (mode === 'touch' ? 1 : 2);

const groups: Partial<Record<JobState, number>> = {
	running: 0,
	parked: 3,
	done: 4,
	cancelled: 4,
};
