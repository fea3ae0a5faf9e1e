import {addJob, type JobRequest} from '../../source/watch/jobs/add-job.js';
import {allJobs, emptyQueue, type Queue} from '../../source/watch/jobs/queue.js';
import {reduceQueue} from '../../source/watch/jobs/reduce-queue.js';
import type {ErrorCode} from '../../source/base/errors.js';
import type {JobAction, JobMode, JobTrigger} from '../../source/watch/kinds.js';

export type QueueScript = {
	queue: () => Queue;
	/**
	Returns the id of the job that does the work. `films` is both id and title of a library.
	*/
	add: (library: string, mode?: JobMode, trigger?: JobTrigger) => string;
	begin: (id: string) => void;
	succeed: (id: string) => void;
	fail: (id: string, code?: ErrorCode) => void;
	act: (id: string, action: JobAction) => void;
	cancelled: (id: string) => void;
	interrupted: (id: string) => void;
	recover: () => void;
	/**
	Let time pass, and wake the jobs that are due.
	*/
	pass: (ms: number) => void;
	now: () => Date;
	/**
	`queued full films`, in order; ended jobs come last.
	*/
	lines: () => string[];
};

/**
A queue with short commands; ids are `1`, `2` and so on, and there is no jitter.
*/
export const createQueueScript = (start: Queue = emptyQueue): QueueScript => {
	let queue = start;
	let nowMs = Date.parse('2026-03-01T12:00:00Z');
	let ids = 0;
	const now = () => new Date(nowMs);

	return {
		queue: () => queue,
		add(library, mode = 'incremental', trigger = 'schedule') {
			const request: JobRequest = {
				id: String(++ids), library: {id: library, title: library}, mode, trigger, at: now(),
			};
			const added = addJob(queue, request);
			queue = added.queue;
			return added.job.id;
		},
		begin(id) {
			queue = reduceQueue(queue, {type: 'begin', id, at: now()});
		},
		succeed(id) {
			queue = reduceQueue(queue, {
				type: 'succeed', id, at: now(), runId: `run-${id}`, changes: {added: 1}, note: 'One item was added.',
			});
		},
		fail(id, code = 'unreachable') {
			queue = reduceQueue(queue, {
				type: 'fail', id, at: now(), fault: {code, message: `It is ${code}.`}, random01: 0.5,
			});
		},
		act(id, action) {
			queue = reduceQueue(queue, {
				type: 'act', id, action, at: now(),
			});
		},
		cancelled(id) {
			queue = reduceQueue(queue, {type: 'cancelled', id, at: now()});
		},
		interrupted(id) {
			queue = reduceQueue(queue, {type: 'interrupted', id, at: now()});
		},
		recover() {
			queue = reduceQueue(queue, {type: 'recover', at: now()});
		},
		pass(ms) {
			nowMs += ms;
			queue = reduceQueue(queue, {type: 'wake', now: now()});
		},
		now,
		lines: () => allJobs(queue).map(({state, mode, library}) => `${state} ${mode} ${library.id}`),
	};
};
