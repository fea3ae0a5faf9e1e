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
	Of the job, should it become one of its own.
	*/
	id: string;
	library: LibraryName;
	mode: JobMode;
	trigger: JobTrigger;
	at: Date;
};

/**
Ask for work. What comes back is the job that does it: one that has not begun takes it on and keeps its id, else it is a new one. Behind a running job a new one waits for its end, unless only the schedule asks for what that one does anyway.

A parked job is begun afresh for whoever has a reason to think that it will go better; the schedule has none.
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
What becomes of a job that has not begun when it is asked for once more; the same object when nothing does.
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

/**
As if it had never been tried.
*/
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
A start may come after a repair, but not for a job that was parked because reelcat ended with it again and again: that one has no fault.
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
