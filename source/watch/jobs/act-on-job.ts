import {defined} from '../../catalog/defined.js';
import type {Job, JobAction} from '../types.js';
import {afresh} from './add-job.js';
import {canAct} from './job-actions.js';
import {cancelJob} from './job-course.js';
import type {Queue} from './queue.js';
import {
	neighbourOf,
	placeFirst,
	placeJob,
	replaceJob,
} from './queue-order.js';

/**
What a person does with a job; nothing where `actionError` has a reason.
*/
export const actOnJob = (queue: Queue, {id, action, at}: {id: string; action: JobAction; at: Date}): Queue => {
	const all = [...queue.jobs, ...queue.history];
	const job = all.find(other => other.id === id);
	return job !== undefined && canAct(job, action, all) ? actions[action](queue, job, at) : queue;
};

const actions: Record<JobAction, (queue: Queue, job: Job, at: Date) => Queue> = {
	pause: (queue, job) => withJobs(queue, replaceJob(queue.jobs, defined({...job, state: 'paused', dueAt: undefined}))),
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
Of an ended touch nobody knows the items any more: a look at the whole library finds them.
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
