import type {
	JobMode,
	JobState,
	JobTrigger,
} from '../kinds.js';
import type {Job} from '../types.js';
import {isDue} from './back-off.js';

/**
What there is to do, and what was done. Only `reduceQueue` makes a new one of it; what changes nothing gives back the same object.
*/
export type Queue = {
	/**
	Not ended, in the order in which they run: running ones, touches, all others, parked ones.
	*/
	jobs: readonly Job[];
	/**
	Ended, the newest first; the oldest drop out beyond `historyCap`.
	*/
	history: readonly Job[];
	/**
	Ids of running jobs that a person wants to end.
	*/
	cancelling: readonly string[];
};

export const emptyQueue: Queue = {jobs: [], history: [], cancelling: []};

/**
The one that may begin: touches before all else, then in order; none of a library that is at work already. `isBusy` tells of work that the queue does not know of.
*/
export const nextJob = ({jobs}: Queue, now: Date, {isBusy = () => false}: {isBusy?: (libraryId: string) => boolean} = {}): Job | undefined => {
	const running = new Set(jobs.filter(({state}) => state === 'running').map(({library}) => library.id));
	return jobs.find(({state, dueAt, library}) =>
		(state === 'queued' || (state === 'waiting' && isDue(dueAt, now))) && !running.has(library.id) && !isBusy(library.id));
};

/**
When the next one comes whose time has not come yet.
*/
export const nextDueAt = ({jobs}: Queue): Date | undefined => {
	const dueAt = jobs.filter(({state}) => state === 'waiting').map(job => job.dueAt ?? '').toSorted().at(0);
	return dueAt === undefined ? undefined : new Date(dueAt);
};

/**
As a person is shown them: in the order in which they run, then the ended ones, newest first.
*/
export const allJobs = ({jobs, history}: Queue): Job[] => [...jobs, ...history];

export const findJob = (queue: Queue, id: string): Job | undefined => allJobs(queue).find(job => job.id === id);

/**
How many ended jobs are remembered.
*/
export const historyCap = 200;

/**
Somebody waits for it.
*/
export const isUrgent = (trigger: JobTrigger): boolean => trigger === 'request' || trigger === 'hook';

/**
Put a job in its place, wherever it was before: behind all others of its group, but an urgent one before those that are not.
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
As `placeJob`, but before all others of its group.
*/
export const placeFirst = (jobs: readonly Job[], job: Job): Job[] => {
	const others = jobs.filter(({id}) => id !== job.id);
	const index = others.findIndex(other => groupOf(other) >= groupOf(job));
	return others.toSpliced(index === -1 ? others.length : index, 0, job);
};

/**
With a job in place of that of the same id.
*/
export const replaceJob = (jobs: readonly Job[], job: Job): Job[] => jobs.map(other => other.id === job.id ? job : other);

/**
The one that a move would change places with.
*/
export const neighbourOf = (jobs: readonly Job[], job: Job, step: 1 | -1): Job | undefined => {
	const index = jobs.findIndex(({id}) => id === job.id) + step;
	const neighbour = index < 0 ? undefined : jobs[index];
	return neighbour !== undefined && groupOf(neighbour) === groupOf(job) ? neighbour : undefined;
};

/**
That waits for its turn, whether or not its time has come: `queued`, `waiting`, `paused` or `parked`.
*/
export const hasNotBegun = ({state}: Job): boolean => ['queued', 'waiting', 'paused', 'parked'].includes(state);

/**
Of the same library and the same kind of work. An audit changes nothing, so no other job does its work or waits in its stead.
*/
export const isPeer = (job: {library: {id: string}; mode: JobMode}, other: {library: {id: string}; mode: JobMode}): boolean =>
	job.library.id === other.library.id && (job.mode === 'audit') === (other.mode === 'audit');

/**
Take a job out of the queue for good.
*/
export const endJob = (queue: Queue, job: Job): Queue => ({
	jobs: queue.jobs.filter(({id}) => id !== job.id),
	history: [job, ...queue.history].slice(0, historyCap),
	cancelling: queue.cancelling.filter(id => id !== job.id),
});

const groupOf = ({state, mode}: Job): number => groups[state] ?? (mode === 'touch' ? 1 : 2);

const groups: Partial<Record<JobState, number>> = {
	running: 0,
	parked: 3,
	done: 4,
	cancelled: 4,
};
