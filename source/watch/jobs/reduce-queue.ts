import type {ChangeCounts} from '../../sync/events.js';
import type {JobAction} from '../kinds.js';
import type {Fault} from '../types.js';
import {addJob, type JobRequest} from './add-job.js';
import {actOnJob} from './job-actions.js';
import {
	beginJob,
	cancelledJob,
	failJob,
	interruptJob,
	recoverJobs,
	succeedJob,
	wakeJobs,
} from './job-course.js';
import type {Queue} from './queue.js';

export type QueueMessage =
	| {type: 'add'; request: JobRequest}
	| {type: 'begin'; id: string; at: Date}
	| {type: 'succeed'; id: string; at: Date; runId?: string | undefined; changes?: ChangeCounts | undefined; note?: string | undefined}
	/**
	`random01`, from 0 to 1, spreads the times of the next tries.
	*/
	| {type: 'fail'; id: string; at: Date; fault: Fault; random01: number}
	/**
	It has ended because it was told to.
	*/
	| {type: 'cancelled'; id: string; at: Date; note?: string | undefined}
	/**
	It was stopped because this process ends in good order: it begins anew with the next one, and that is no attempt.
	*/
	| {type: 'interrupted'; id: string; at: Date}
	| {type: 'act'; id: string; action: JobAction; at: Date}
	/**
	Those whose time has come are queued.
	*/
	| {type: 'wake'; now: Date}
	/**
	After a start: what ran when the last process ended begins anew.
	*/
	| {type: 'recover'; at: Date};

/**
Messages that do not fit the state of their job change nothing; `actionError` says why an action does not.
*/
export const reduceQueue = (queue: Queue, message: QueueMessage): Queue => {
	switch (message.type) {
		case 'add': {
			return addJob(queue, message.request).queue;
		}

		case 'begin': {
			return beginJob(queue, message);
		}

		case 'succeed': {
			return succeedJob(queue, message);
		}

		case 'fail': {
			return failJob(queue, message);
		}

		case 'cancelled': {
			return cancelledJob(queue, message);
		}

		case 'interrupted': {
			return interruptJob(queue, message);
		}

		case 'act': {
			return actOnJob(queue, message);
		}

		case 'wake': {
			return wakeJobs(queue, message.now);
		}

		case 'recover': {
			return recoverJobs(queue, message.at);
		}
	}
};
