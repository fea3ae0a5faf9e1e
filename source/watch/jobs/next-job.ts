import type {Job} from '../types.js';
import {isDue} from './back-off.js';
import type {Queue} from './queue.js';

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
Whether a person wants a running job to end: whoever runs it breaks it off, and says `cancelled` when it has ended.
*/
export const isCancelRequested = ({cancelling}: Queue, id: string): boolean => cancelling.includes(id);

/**
As a person is shown them: in the order in which they run, then the ended ones, newest first.
*/
export const allJobs = ({jobs, history}: Queue): Job[] => [...jobs, ...history];

export const findJob = (queue: Queue, id: string): Job | undefined => allJobs(queue).find(job => job.id === id);
