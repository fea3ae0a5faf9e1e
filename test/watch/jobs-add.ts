import test from 'ava';
import {addJob} from '../../source/watch/jobs/add-job.js';
import {emptyQueue, findJob, nextJob} from '../../source/watch/jobs/queue.js';
import {reduceQueue} from '../../source/watch/jobs/reduce-queue.js';
import {createQueueScript} from '../helpers/job-queue.js';

const at = new Date('2026-03-01T12:00:00Z');

test('a request becomes a job that is queued', t => {
	const {queue, job} = addJob(emptyQueue, {
		id: 'j1', library: {id: 'films', title: 'Films'}, mode: 'incremental', trigger: 'schedule', at,
	});
	t.deepEqual(job, {
		id: 'j1', library: {id: 'films', title: 'Films'}, mode: 'incremental', state: 'queued', trigger: 'schedule', createdAt: '2026-03-01T12:00:00.000Z', attempts: 0,
	});
	t.deepEqual(queue, {...emptyQueue, jobs: [job]});
});

test('the same trigger twice gives the same job, and the same queue', t => {
	const request = {
		id: 'j1', library: {id: 'films', title: 'Films'}, mode: 'full', trigger: 'request', at,
	} as const;
	const once = addJob(emptyQueue, request);
	for (const id of ['j1', 'j2']) {
		const twice = addJob(once.queue, {...request, id});
		t.is(twice.queue, once.queue);
		t.is(twice.job, once.job);
	}
});

test('a stronger mode upgrades the job that has not begun, a weaker one is part of it', t => {
	const s = createQueueScript();
	const id = s.add('films', 'touch', 'notification');
	t.is(s.add('films', 'incremental', 'schedule'), id);
	t.deepEqual(s.lines(), ['queued incremental films']);
	t.is(s.add('films', 'full', 'request'), id);
	t.is(s.add('films', 'incremental', 'schedule'), id);
	t.is(s.add('films', 'touch', 'notification'), id);
	t.deepEqual(s.lines(), ['queued full films']);
	t.is(findJob(s.queue(), id)?.trigger, 'request');
});

test('an audit stands beside the others and joins with itself only', t => {
	const s = createQueueScript();
	const full = s.add('films', 'full');
	const audit = s.add('films', 'audit');
	t.not(audit, full);
	t.is(s.add('films', 'audit', 'request'), audit);
	t.is(s.add('films', 'incremental'), full);
	t.deepEqual(s.lines(), ['queued audit films', 'queued full films']);
});

test('touches go before all others, and a request before what is scheduled', t => {
	const s = createQueueScript();
	s.add('films', 'full');
	s.add('series');
	s.add('music', 'incremental', 'request');
	s.add('photos', 'incremental', 'hook');
	s.add('anime', 'touch', 'notification');
	s.add('concerts', 'touch', 'notification');
	t.deepEqual(s.lines(), [
		'queued touch anime', 'queued touch concerts', 'queued incremental music', 'queued incremental photos', 'queued full films', 'queued incremental series',
	]);
});

test('a scheduled job that is requested too comes forward', t => {
	const s = createQueueScript();
	s.add('films');
	const id = s.add('series');
	t.is(s.add('series', 'incremental', 'request'), id);
	t.deepEqual(s.lines(), ['queued incremental series', 'queued incremental films']);
	t.is(s.add('films', 'full', 'catch-up'), '1');
	t.is(s.add('series', 'full', 'schedule'), id);
	t.deepEqual(s.lines(), ['queued full series', 'queued full films']);
	t.deepEqual(s.queue().jobs.map(({trigger}) => trigger), ['request', 'catch-up']);
});

test('behind a job that runs a new one waits for its end', t => {
	const s = createQueueScript();
	const first = s.add('films');
	s.begin(first);
	const touch = s.add('films', 'touch', 'notification');
	t.not(touch, first);
	t.is(s.add('films', 'incremental', 'request'), touch);
	t.is(nextJob(s.queue(), s.now()), undefined);
	s.begin(touch);
	t.deepEqual(s.lines(), ['running incremental films', 'queued incremental films']);
	s.succeed(first);
	t.is(nextJob(s.queue(), s.now())?.id, touch);
});

test('what the schedule asks of a running job that does it anyway is that job', t => {
	const s = createQueueScript();
	const id = s.add('films', 'full');
	s.begin(id);
	t.is(s.add('films', 'incremental', 'schedule'), id);
	t.is(s.add('films', 'full', 'start'), id);
	t.deepEqual(s.lines(), ['running full films']);

	const other = s.add('series', 'incremental');
	s.begin(other);
	t.not(s.add('series', 'full', 'schedule'), other);
});

test('a library has one job at work, whatever its kind', t => {
	const s = createQueueScript();
	const [sync, audit] = [s.add('films'), s.add('films', 'audit')];
	s.begin(sync);
	s.begin(audit);
	t.deepEqual(s.lines(), ['running incremental films', 'queued audit films']);
	const series = s.add('series');
	t.is(nextJob(s.queue(), s.now())?.id, series);
	t.is(nextJob(s.queue(), s.now(), {isBusy: id => id === 'series'}), undefined);
});

test('a library that was renamed is shown by its new title', t => {
	const s = createQueueScript();
	const id = s.add('films');
	const queue = reduceQueue(s.queue(), {
		type: 'add', request: {
			id: 'new', library: {id: 'films', title: 'Movies'}, mode: 'incremental', trigger: 'schedule', at,
		},
	});
	t.deepEqual(findJob(queue, id)?.library, {id: 'films', title: 'Movies'});
	t.is(queue.jobs.length, 1);
});
