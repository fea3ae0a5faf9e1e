import test from 'ava';
import {actionError, actionsFor, canAct} from '../../source/watch/jobs/job-actions.js';
import {allJobs, findJob, nextJob} from '../../source/watch/jobs/queue.js';
import {jobActions, jobStates} from '../../source/watch/kinds.js';
import type {Job} from '../../source/watch/types.js';
import {createQueueScript} from '../helpers/job-queue.js';

test('a paused job waits until it is resumed', t => {
	const s = createQueueScript();
	const id = s.add('films');
	s.act(id, 'pause');
	t.is(nextJob(s.queue(), s.now()), undefined);
	t.is(s.add('films', 'full', 'request'), id);
	t.deepEqual(s.lines(), ['paused full films']);
	s.act(id, 'resume');
	t.is(nextJob(s.queue(), s.now())?.id, id);
});

test('a job that waits for its next try can be paused, and runs at once when it is resumed', t => {
	const s = createQueueScript();
	const id = s.add('films');
	s.begin(id);
	s.fail(id);
	s.act(id, 'pause');
	s.pass(10 ** 7);
	t.deepEqual(s.lines(), ['paused incremental films']);
	t.false('dueAt' in findJob(s.queue(), id)!);
	s.act(id, 'resume');
	t.is(nextJob(s.queue(), s.now())?.id, id);
});

test('a job that has not begun is cancelled at once', t => {
	const s = createQueueScript();
	s.act(s.add('films'), 'cancel');
	t.deepEqual(s.lines(), ['cancelled incremental films']);
	t.is(s.queue().history[0]?.finishedAt, s.now().toISOString());
});

test('a running job is cancelled when it has ended, however it ends', t => {
	for (const [end, line] of [['cancelled', 'cancelled'], ['fail', 'cancelled'], ['interrupted', 'cancelled'], ['succeed', 'done']] as const) {
		const s = createQueueScript();
		const id = s.add('films');
		s.begin(id);
		t.false(s.queue().cancelling.includes(id));
		s.act(id, 'cancel');
		t.true(s.queue().cancelling.includes(id));
		t.deepEqual(s.lines(), ['running incremental films']);
		s[end](id);
		t.deepEqual(s.lines(), [`${line} incremental films`], `by ${end}`);
		t.false(s.queue().cancelling.includes(id));
	}
});

test('a running job is paused when it has stopped, however it ends, and its attempt does not count', t => {
	for (const [end, line] of [['cancelled', 'paused'], ['fail', 'paused'], ['interrupted', 'paused'], ['recover', 'paused'], ['succeed', 'done']] as const) {
		const s = createQueueScript();
		const id = s.add('films');
		s.begin(id);
		s.act(id, 'pause');
		s.act(id, 'pause');
		t.deepEqual(s.queue().pausing, [id]);
		t.deepEqual(s.lines(), ['running incremental films']);
		s[end](id);
		t.deepEqual(s.lines(), [`${line} incremental films`], `by ${end}`);
		t.deepEqual(s.queue().pausing, []);
		if (line === 'done') {
			continue;
		}

		t.like(findJob(s.queue(), id), {attempts: 0, startedAt: undefined, fault: undefined});
		t.is(nextJob(s.queue(), s.now()), undefined);
		s.act(id, 'resume');
		t.is(nextJob(s.queue(), s.now())?.id, id);
	}
});

test('a touch that is paused becomes a comparison, what waits behind a paused job joins it, and to cancel is stronger', t => {
	const s = createQueueScript();
	const touch = s.add('films', 'touch', 'notification');
	s.begin(touch);
	s.add('films', 'full', 'request');
	s.act(touch, 'pause');
	s.cancelled(touch);
	t.deepEqual(s.lines(), ['paused full films', 'cancelled full films']);
	const other = s.add('series');
	s.begin(other);
	s.act(other, 'pause');
	s.act(other, 'cancel');
	s.cancelled(other);
	t.is(findJob(s.queue(), other)?.state, 'cancelled');
	t.deepEqual(s.queue().pausing, []);
});

test('a running job that was to be cancelled when reelcat ended does not begin anew', t => {
	const s = createQueueScript();
	const id = s.add('films');
	s.begin(id);
	s.act(id, 'cancel');
	s.recover();
	t.deepEqual(s.lines(), ['cancelled incremental films']);
	t.deepEqual(s.queue().cancelling, []);
});

test('what was given up, cancelled or waits is retried as if it had never been tried', t => {
	const s = createQueueScript();
	const [parked, cancelled, waiting] = [s.add('films'), s.add('series'), s.add('music')];
	s.begin(parked);
	s.fail(parked, 'unauthorized');
	s.act(cancelled, 'cancel');
	s.begin(waiting);
	s.fail(waiting);
	for (const id of [parked, cancelled, waiting]) {
		s.act(id, 'retry');
		const {state, attempts, trigger, dueAt, fault, finishedAt} = findJob(s.queue(), id)!;
		t.deepEqual({
			state, attempts, trigger, dueAt, fault, finishedAt,
		}, {
			state: 'queued', attempts: 0, trigger: 'request', dueAt: undefined, fault: undefined, finishedAt: undefined,
		});
	}

	t.deepEqual(s.lines(), ['queued incremental films', 'queued incremental series', 'queued incremental music']);
});

test('touches that were cancelled come back as a look at the library', t => {
	const s = createQueueScript();
	const id = s.add('films', 'touch', 'notification');
	s.act(id, 'cancel');
	s.act(id, 'retry');
	t.deepEqual(s.lines(), ['queued incremental films']);
});

test('a cancelled job does not come back beside another that does the same', t => {
	const s = createQueueScript();
	const id = s.add('films');
	s.act(id, 'cancel');
	const other = s.add('films');
	const before = s.queue();
	s.act(id, 'retry');
	t.is(s.queue(), before);
	t.is(actionError(findJob(before, id)!, 'retry', allJobs(before)), `The job cannot be retried: job ${other} does the same.`);
});

test('run now brings a job to the front, whatever kept it', t => {
	const s = createQueueScript();
	const [parked, waiting, paused] = [s.add('films'), s.add('series'), s.add('music')];
	s.add('photos', 'incremental', 'request');
	s.begin(parked);
	s.fail(parked, 'forbidden');
	s.begin(waiting);
	s.fail(waiting);
	s.act(paused, 'pause');
	for (const id of [paused, waiting, parked]) {
		s.act(id, 'run-now');
		t.is(nextJob(s.queue(), s.now())?.id, id);
	}

	t.deepEqual(s.lines(), ['queued incremental films', 'queued incremental series', 'queued incremental music', 'queued incremental photos']);
	t.is(findJob(s.queue(), parked)?.attempts, 0);
	t.is(findJob(s.queue(), waiting)?.attempts, 1);
	s.add('anime', 'incremental', 'request');
	t.is(s.lines().at(-1), 'queued incremental anime');
});

test('what a person wants to run now stays before what is requested later', t => {
	const s = createQueueScript();
	s.add('films');
	const id = s.add('series');
	s.act(id, 'run-now');
	s.add('music', 'incremental', 'request');
	t.deepEqual(s.lines(), ['queued incremental series', 'queued incremental music', 'queued incremental films']);
});

test('jobs change places among those of their kind', t => {
	const s = createQueueScript();
	const [first, second] = [s.add('films'), s.add('series')];
	const touch = s.add('music', 'touch', 'notification');
	s.act(second, 'move-up');
	t.deepEqual(s.lines(), ['queued touch music', 'queued incremental series', 'queued incremental films']);
	s.act(second, 'move-up');
	s.act(touch, 'move-down');
	t.deepEqual(s.lines(), ['queued touch music', 'queued incremental series', 'queued incremental films']);
	s.act(second, 'move-down');
	s.act(second, 'move-down');
	t.deepEqual(s.lines(), ['queued touch music', 'queued incremental films', 'queued incremental series']);
	t.is(nextJob(s.queue(), s.now())?.id, touch);
	const reason = (id: string, action: 'move-up' | 'move-down') => actionError(findJob(s.queue(), id)!, action, allJobs(s.queue()));
	t.is(reason(first, 'move-up'), 'The job is the first of its kind, so it cannot be moved up.');
	t.is(reason(second, 'move-down'), 'The job is the last of its kind, so it cannot be moved down.');
	t.is(reason(second, 'move-up'), undefined);
});

test('a job does not change places with one that has ended', t => {
	const s = createQueueScript();
	s.act(s.add('series'), 'cancel');
	const id = s.add('films');
	t.false(canAct(findJob(s.queue(), id)!, 'move-down', allJobs(s.queue())));
});

test('for each action that a state does not allow there is a sentence', t => {
	const job = (state: Job['state']): Job => ({
		id: '1', library: {id: 'films', title: 'Films'}, mode: 'incremental', state, trigger: 'schedule', createdAt: '2026-03-01T12:00:00.000Z', attempts: 1,
	});
	t.deepEqual(Object.fromEntries(jobStates.map(state => [state, actionsFor(job(state)).join(' ')])), {
		queued: 'pause cancel run-now move-up move-down',
		running: 'pause cancel',
		paused: 'resume cancel run-now move-up move-down',
		waiting: 'pause cancel retry run-now move-up move-down',
		parked: 'cancel retry run-now',
		done: '',
		cancelled: 'retry',
	});
	t.is(actionError(job('parked'), 'pause'), 'The job is parked, so it cannot be paused.');
	t.is(actionError(job('waiting'), 'resume'), 'The job is waiting for its next try, so it cannot be resumed.');
	t.is(actionError(job('done'), 'retry'), 'The job is done, so it cannot be retried.');
	for (const state of jobStates) {
		for (const action of jobActions) {
			t.is(canAct(job(state), action), actionError(job(state), action) === undefined);
		}
	}
});
