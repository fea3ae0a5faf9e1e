import test from 'ava';
import fc from 'fast-check';
import {
	afterFailure,
	findJob,
	isDue,
	maxAttempts,
	nextDueAt,
	nextJob,
} from '../../source/watch/jobs/queue.js';
import {createQueueScript} from '../helpers/job-queue.js';

test('a job that succeeded ends with what came of it', t => {
	const s = createQueueScript();
	const id = s.add('films');
	s.pass(1000);
	s.begin(id);
	t.deepEqual(findJob(s.queue(), id), {
		id, library: {id: 'films', title: 'films'}, mode: 'incremental', state: 'running', trigger: 'schedule', attempts: 1,
		createdAt: '2026-03-01T12:00:00.000Z', startedAt: '2026-03-01T12:00:01.000Z',
	});
	s.pass(2000);
	s.succeed(id);
	t.deepEqual(s.queue(), {
		jobs: [], cancelling: [], pausing: [], history: [{
			id, library: {id: 'films', title: 'films'}, mode: 'incremental', state: 'done', trigger: 'schedule', attempts: 1,
			createdAt: '2026-03-01T12:00:00.000Z', startedAt: '2026-03-01T12:00:01.000Z', finishedAt: '2026-03-01T12:00:03.000Z',
			runId: 'run-1', changes: {added: 1}, note: 'One item was added.',
		}],
	});
});

test('ended jobs are remembered newest first, two hundred of them', t => {
	const s = createQueueScript();
	for (let count = 0; count < 203; count++) {
		const id = s.add('films');
		s.begin(id);
		s.succeed(id);
	}

	const {history} = s.queue();
	t.is(history.length, 200);
	t.deepEqual([history.at(0)?.id, history.at(-1)?.id], ['203', '4']);
});

test('a failed job is tried again after longer and longer waits, six times in all, and is parked then', t => {
	const s = createQueueScript();
	const id = s.add('films');
	const waits: number[] = [];
	for (let attempt = 1; attempt < maxAttempts; attempt++) {
		s.begin(id);
		s.fail(id);
		t.is(findJob(s.queue(), id)?.note, `Attempt ${attempt} of 6 failed.`);
		const waitMs = nextDueAt(s.queue())!.getTime() - s.now().getTime();
		waits.push(waitMs / 1000);
		s.pass(waitMs - 1);
		t.is(nextJob(s.queue(), s.now()), undefined);
		s.pass(1);
		t.is(nextJob(s.queue(), s.now())?.id, id);
	}

	t.deepEqual(waits, [30, 120, 600, 1800, 3600]);
	s.begin(id);
	s.fail(id);
	const {state, attempts, fault, note, finishedAt, dueAt} = findJob(s.queue(), id)!;
	t.deepEqual({
		state, attempts, fault, note, finishedAt, dueAt,
	}, {
		state: 'parked', attempts: 6, fault: {code: 'unreachable', message: 'It is unreachable.'}, note: 'Given up after 6 attempts.', finishedAt: s.now().toISOString(), dueAt: undefined,
	});
	s.pass(10 ** 9);
	t.is(nextJob(s.queue(), s.now()), undefined);
});

test('a fault that no further try mends parks the job at once', t => {
	for (const code of ['unauthorized', 'forbidden', 'usage', 'damaged', 'newer'] as const) {
		const s = createQueueScript();
		const id = s.add('films');
		s.begin(id);
		s.fail(id, code);
		t.deepEqual(s.lines(), ['parked incremental films'], `of ${code}`);
		t.is(findJob(s.queue(), id)?.fault?.code, code);
	}
});

test('a fault of this machine that passes by itself is waited for, however long', t => {
	for (const code of ['locked', 'disk-full', 'not-writable'] as const) {
		const s = createQueueScript();
		const id = s.add('films');
		for (let attempt = 0; attempt < 20; attempt++) {
			s.begin(id);
			s.fail(id, code);
			t.deepEqual(s.lines(), ['waiting incremental films'], `of ${code}`);
			s.pass(3_600_000);
		}
	}
});

test('waits are spread by a fifth to either side', t => {
	fc.assert(fc.property(fc.integer({min: 1, max: 5}), fc.double({min: 0, max: 1, noNaN: true}), (attempts, random01) => {
		const usualMs = afterFailure('timeout', {attempts, random01: 0.5}).delayMs!;
		const delayMs = afterFailure('timeout', {attempts, random01}).delayMs!;
		t.true(delayMs >= usualMs * 0.8 && delayMs <= usualMs * 1.2);
	}));
	t.is(afterFailure('timeout', {attempts: 1, random01: 0}).delayMs, 24_000);
	t.is(afterFailure('timeout', {attempts: 1, random01: 1}).delayMs, 36_000);
});

test('a clock that is set back does not keep a job waiting for years', t => {
	const now = new Date('2026-03-01T12:00:00Z');
	t.false(isDue('2026-03-01T13:12:00Z', now));
	t.true(isDue('2026-03-01T12:00:00Z', now));
	t.true(isDue('2026-03-01T13:12:01Z', now));
	t.true(isDue('2036-03-01T12:00:00Z', now));
	t.true(isDue(undefined, now));
});

test('a request or a server that came back ends the wait, the schedule and notifications do not', t => {
	for (const [trigger, state] of [['request', 'queued'], ['hook', 'queued'], ['catch-up', 'queued'], ['schedule', 'waiting'], ['notification', 'waiting']] as const) {
		const s = createQueueScript();
		const id = s.add('films');
		s.begin(id);
		s.fail(id);
		t.is(s.add('films', 'incremental', trigger), id);
		t.deepEqual(s.lines(), [`${state} incremental films`], `by ${trigger}`);
		t.is(findJob(s.queue(), id)?.attempts, 1);
	}
});

test('the schedule does not wake a parked job, but that it asked is noted, once', t => {
	const s = createQueueScript();
	const id = s.add('films');
	s.begin(id);
	s.fail(id, 'unauthorized');
	t.is(s.add('films'), id);
	const noted = s.queue();
	t.is(findJob(noted, id)?.note, 'Given up: another attempt would not help. The schedule has asked for it since.');
	t.is(s.add('films'), id);
	t.is(s.queue(), noted);
	t.deepEqual(s.lines(), ['parked incremental films']);
});

test('whoever has a reason queues a parked job afresh', t => {
	for (const trigger of ['request', 'notification', 'catch-up', 'hook', 'start'] as const) {
		const s = createQueueScript();
		s.add('series');
		const id = s.add('films');
		s.begin(id);
		s.fail(id, 'unauthorized');
		t.is(s.add('films', 'full', trigger), id);
		t.deepEqual(findJob(s.queue(), id), {
			id, library: {id: 'films', title: 'films'}, mode: 'full', state: 'queued', trigger, createdAt: '2026-03-01T12:00:00.000Z', attempts: 0,
		}, `by ${trigger}`);
	}
});

test('touches that were given up do not keep the schedule from looking at the library', t => {
	const s = createQueueScript();
	const id = s.add('films', 'touch', 'notification');
	s.begin(id);
	s.fail(id, 'forbidden');
	t.is(s.add('films'), id);
	t.deepEqual(s.lines(), ['queued incremental films']);
});

test('what waits behind a job that fails is joined with it', t => {
	const s = createQueueScript();
	const id = s.add('films');
	s.begin(id);
	const behind = s.add('films', 'full', 'notification');
	s.fail(id);
	t.deepEqual(s.lines(), ['waiting full films', 'cancelled full films']);
	t.is(s.queue().jobs[0]!.id, id);
	t.is(findJob(s.queue(), behind)?.note, `Joined with job ${id}.`);
});

test('what was asked of a person behind a job that is given up is tried all the same', t => {
	const s = createQueueScript();
	const id = s.add('films');
	s.begin(id);
	s.add('films', 'incremental', 'request');
	s.fail(id, 'unauthorized');
	t.deepEqual(s.lines(), ['queued incremental films', 'cancelled incremental films']);
	t.is(findJob(s.queue(), id)?.attempts, 0);
});

test('a pause behind a job that fails holds', t => {
	const s = createQueueScript();
	const id = s.add('films');
	s.begin(id);
	s.act(s.add('films', 'full', 'notification'), 'pause');
	s.fail(id);
	t.deepEqual(s.lines(), ['paused full films', 'cancelled full films']);
	t.is(findJob(s.queue(), id)?.dueAt, undefined);
});

test('an audit that waits behind a job that fails stays what it is', t => {
	const s = createQueueScript();
	const id = s.add('films');
	s.begin(id);
	s.add('films', 'audit');
	s.fail(id);
	t.deepEqual(s.lines(), ['queued audit films', 'waiting incremental films']);
});

test('after a restart what ran begins anew, in its place and once', t => {
	const s = createQueueScript();
	s.add('series');
	const id = s.add('films');
	s.begin(id);
	s.add('films', 'full', 'notification');
	s.recover();
	t.deepEqual(s.lines(), ['queued full films', 'queued incremental series', 'cancelled full films']);
	t.is(findJob(s.queue(), id)?.note, 'It was running when reelcat ended, and starts again.');
	const recovered = s.queue();
	s.recover();
	t.is(s.queue(), recovered);
});

test('a job during which reelcat ended six times is parked, and no start wakes it', t => {
	const s = createQueueScript();
	const id = s.add('films');
	for (let start = 0; start < maxAttempts; start++) {
		s.begin(id);
		s.recover();
	}

	t.deepEqual(s.lines(), ['parked incremental films']);
	t.is(findJob(s.queue(), id)?.note, 'Given up: reelcat ended while attempt 6 was running.');
	s.add('films', 'incremental', 'start');
	t.deepEqual(s.lines(), ['parked incremental films']);
	s.add('films', 'incremental', 'request');
	t.deepEqual(s.lines(), ['queued incremental films']);
});

test('a job that reelcat stopped in good order comes first again and counts no attempt', t => {
	const s = createQueueScript();
	const id = s.add('films');
	s.add('series');
	for (let stop = 0; stop < 10; stop++) {
		s.begin(id);
		s.interrupted(id);
	}

	t.deepEqual(s.lines(), ['queued incremental films', 'queued incremental series']);
	t.is(findJob(s.queue(), id)?.attempts, 0);
});

test('messages that do not fit the state of a job change nothing', t => {
	const s = createQueueScript();
	const id = s.add('films');
	const queued = s.queue();
	s.succeed(id);
	s.fail(id);
	s.cancelled(id);
	s.interrupted(id);
	s.begin('nobody');
	s.act('nobody', 'cancel');
	s.pass(1000);
	t.is(s.queue(), queued);
	s.begin(id);
	s.succeed(id);
	const ended = s.queue();
	s.begin(id);
	s.succeed(id);
	s.fail(id);
	s.act(id, 'retry');
	t.is(s.queue(), ended);
});
