import test from 'ava';
import {emptyQueue} from '../../source/watch/jobs/queue.js';
import {worthKeeping} from '../../source/watch/jobs/queue-file.js';
import type {Job} from '../../source/watch/types.js';

const at = '2026-03-01T12:00:00.000Z';
const job = (change: Partial<Job>): Job => ({
	id: 'j', library: {id: 'films', title: 'Films'}, mode: 'incremental', state: 'queued', trigger: 'schedule', createdAt: at, attempts: 0, ...change,
});

const isKept = (change: Partial<Job>, now = at) => {
	const one = job(change);
	const isEnded = one.state === 'done' || one.state === 'cancelled';
	const kept = worthKeeping({...emptyQueue, jobs: isEnded ? [] : [one], history: isEnded ? [one] : []}, new Date(now));
	return kept.jobs.length + kept.history.length === 1;
};

test('what comes again by itself is not kept, so that a daemon with nothing to do writes nothing', t => {
	for (const trigger of ['start', 'schedule', 'catch-up'] as const) {
		t.false(isKept({trigger, state: 'queued'}));
		t.false(isKept({trigger, state: 'running', startedAt: at}));
		t.false(isKept({trigger, state: 'done', changes: {}}));
	}
});

test('what somebody asked for is kept, and so is what changed something or did not go well', t => {
	t.true(isKept({trigger: 'request', state: 'queued'}));
	t.true(isKept({trigger: 'hook', state: 'done'}));
	t.true(isKept({state: 'done', changes: {added: 1}}));
	for (const state of ['waiting', 'parked', 'paused', 'cancelled'] as const) {
		t.true(isKept({state}));
	}
});

test('a job that runs for long is kept, so that one during which the process dies is known', t => {
	t.true(isKept({state: 'running', startedAt: at}, '2026-03-01T12:00:05.000Z'));
	t.false(isKept({state: 'running', startedAt: at}, '2026-03-01T12:00:04.999Z'));
});
