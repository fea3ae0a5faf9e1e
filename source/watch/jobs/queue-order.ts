import type {
	Job,
	JobMode,
	JobState,
	JobTrigger,
} from '../types.js';
import type {Queue} from './queue.js';

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
