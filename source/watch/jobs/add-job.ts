import {defined} from '../../catalog/values.js';
import {jobModes, type JobMode, type JobTrigger} from '../kinds.js';
import type {Job, LibraryName} from '../types.js';
import {
	findJob,
	hasNotBegun,
	isPeer,
	isUrgent,
	placeJob,
	replaceJob,
	type Queue,
} from './queue.js';

export type JobRequest = {
	/**
	Id of the job if a new one is made.
	*/
	id: string;
	library: LibraryName;
	mode: JobMode;
	trigger: JobTrigger;
	at: Date;
};

/**
Asks for work. A job that has not begun takes the request on and keeps its id; otherwise a new job is made. A new job waits behind a running one, unless only the schedule asks for what the running one does anyway.

A request that is not from the schedule starts a parked job again: the person who asks has a reason to think that it will work now.

@returns The job that does the work
*/
export const addJob = (queue: Queue, request: JobRequest): {queue: Queue; job: Job} => {
	const known = findJob(queue, request.id);
	if (known !== undefined) {
		return {queue, job: known};
	}

	const peers = queue.jobs.filter(job => isPeer(job, request));
	const next = peers.find(job => hasNotBegun(job));
	if (next !== undefined) {
		const job = joined(next, request);
		return {queue: job === next ? queue : {...queue, jobs: moved(queue.jobs, next, job)}, job};
	}

	const running = peers.find(({mode}) => isOfSchedule(request.trigger) && strengthOf(mode) >= strengthOf(request.mode));
	if (running !== undefined) {
		return {queue, job: running};
	}

	const {id, library, mode, trigger, at} = request;
	const job: Job = {
		id, library, mode, state: 'queued', trigger, createdAt: at.toISOString(), attempts: 0,
	};
	return {queue: {...queue, jobs: placeJob(queue.jobs, job)}, job};
};

/**
Joins a request with a job that has not begun. Returns the same object if nothing changes.
*/
export const joined = (job: Job, request: Pick<JobRequest, 'library' | 'mode' | 'trigger'>): Job => {
	const isStronger = strengthOf(request.mode) > strengthOf(job.mode);
	const isMoreUrgent = isUrgent(request.trigger) && !isUrgent(job.trigger);
	const changed: Job = {
		...job,
		...(request.library.title !== job.library.title && {library: request.library}),
		mode: isStronger ? request.mode : job.mode,
		trigger: isMoreUrgent || (isStronger && !isUrgent(job.trigger)) ? request.trigger : job.trigger,
		...nextState(job, request.trigger, isStronger),
	};
	return hasSameFields(job, changed) ? job : defined(changed);
};

const nextState = (job: Job, trigger: JobTrigger, isStronger: boolean): Partial<Job> => {
	if (job.state === 'parked') {
		// Touches of single items must not keep the library from being looked at as a whole.
		return (isStronger && job.mode === 'touch') || canHelp(job, trigger) ? afresh : {note: withAsked(job.note)};
	}

	// Somebody waits, or the server has just come back.
	return job.state === 'waiting' && (trigger === 'catch-up' || isUrgent(trigger)) ? {state: 'queued', dueAt: undefined} : {};
};

export const afresh = {
	state: 'queued',
	attempts: 0,
	dueAt: undefined,
	startedAt: undefined,
	finishedAt: undefined,
	fault: undefined,
	note: undefined,
} as const satisfies Partial<Job>;

/**
A start may come after a repair. A job that was parked because reelcat ended during it again and again has no fault; a start does not help it.
*/
const canHelp = ({fault}: Job, trigger: JobTrigger): boolean => trigger !== 'schedule' && (trigger !== 'start' || fault !== undefined);

const isOfSchedule = (trigger: JobTrigger): boolean => trigger === 'schedule' || trigger === 'start';

const strengthOf = (mode: JobMode): number => jobModes.indexOf(mode);

const asked = 'The schedule has asked for it since.';

const withAsked = (note = ''): string => note.endsWith(asked) ? note : `${note} ${asked}`.trim();

const moved = (jobs: readonly Job[], before: Job, job: Job): Job[] => {
	const isElsewhere = before.state === 'parked' !== (job.state === 'parked')
		|| (before.mode === 'touch') !== (job.mode === 'touch')
		|| isUrgent(before.trigger) !== isUrgent(job.trigger);
	return isElsewhere ? placeJob(jobs, job) : replaceJob(jobs, job);
};

const hasSameFields = (job: Job, other: Job): boolean => Object.entries(other).every(([name, value]) => job[name as keyof Job] === value);
