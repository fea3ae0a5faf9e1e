import test from 'ava';
import fc from 'fast-check';
import {jobStates, jobTriggers} from '../../../../source/watch/kinds.js';
import type {Job, WatchEvent} from '../../../../source/watch/types.js';
import {foldWatch, isEnded, orderJobs} from '../../../../source/ui/screens/watch/fold.js';
import type {WatchKnown} from '../../../../source/ui/screens/watch/state.js';
import {
	alert,
	busyStatus,
	job,
	note,
	today,
	watched,
	watchStatus,
} from '../../../helpers/fake-watch.js';

const knownOf = (status = watchStatus()): WatchKnown => foldWatch(undefined, {type: 'status', status})!;

const after = (known: WatchKnown, ...events: WatchEvent[]) => {
	let current = known;
	for (const event of events) {
		current = foldWatch(current, event)!;
	}

	return current;
};

const idsOf = ({status: {jobs}}: WatchKnown) => jobs.map(({id}) => id);
const library = (known: WatchKnown, id = 'movies') => known.status.libraries.find(one => one.id === id)!;

test('nothing is known before the first status, and a status replaces all', t => {
	t.is(foldWatch(undefined, {type: 'job', job: job('a')}), undefined);
	const known = after(knownOf(busyStatus()), {type: 'status', status: watchStatus({jobs: [job('b')], revision: 9000})});
	t.deepEqual(idsOf(known), ['b']);
	t.is(known.status.revision, 9000);
	t.is(known.progress.size, 0);
});

test('a job that begins comes to the front, one that ends before those that ended earlier, and each is there once', t => {
	const known = knownOf(watchStatus({jobs: [job('a'), job('b'), job('c'), job('old', {state: 'done'})]}));
	const begun = after(known, {type: 'job', job: job('b', {state: 'running'})});
	t.deepEqual(idsOf(begun), ['b', 'a', 'c', 'old']);
	const done = after(begun, {type: 'job', job: job('b', {state: 'done', finishedAt: today(12)})});
	t.deepEqual(idsOf(done), ['a', 'c', 'b', 'old']);
	const retried = after(done, {type: 'job', job: job('b', {state: 'queued'})});
	t.deepEqual(idsOf(retried), ['a', 'c', 'b', 'old']);
	t.is(retried.status.jobs[2]!.state, 'queued');
});

test('what is new stands where the queue puts it: touches first, then what was asked for, and what is parked last', t => {
	const known = knownOf(watchStatus({jobs: [job('run', {state: 'running'}), job('a'), job('audit', {mode: 'audit'})]}));
	const next = after(
		known,
		{type: 'job', job: job('touch', {mode: 'touch'})},
		{type: 'job', job: job('asked', {trigger: 'request'})},
		{type: 'job', job: job('b')},
	);
	t.deepEqual(idsOf(next), ['run', 'touch', 'asked', 'a', 'audit', 'b']);
	const parked = after(next, {type: 'job', job: job('touch', {mode: 'touch', state: 'parked'})});
	t.deepEqual(idsOf(parked), ['run', 'asked', 'a', 'audit', 'b', 'touch']);
});

test('the order that a daemon gives when it is asked changes no job, and forgets none that it does not name', t => {
	const known = knownOf(watchStatus({jobs: [job('a'), job('b', {state: 'paused'}), job('new'), job('old', {state: 'done'})]}));
	const ordered = orderJobs(known, ['b', 'a', 'old']);
	t.deepEqual(idsOf(ordered), ['b', 'a', 'new', 'old']);
	t.is(ordered.status.jobs[0]!.state, 'paused');
});

test('a library follows its jobs until the next status tells of it', t => {
	const known = knownOf(watchStatus({libraries: [watched('movies', {held: 2, state: 'held'}), watched('shows')]}));
	const running = after(known, {type: 'job', job: job('a', {state: 'running', attempts: 1})});
	t.is(library(running).state, 'running');
	t.is(library(running, 'shows'), library(known, 'shows'));
	const failing = after(running, {type: 'job', job: job('a', {state: 'waiting', attempts: 3, fault: {code: 'timeout', message: 'No answer.'}})});
	t.is(library(failing).state, 'failing');
	t.is(library(failing).failures, 3);
	const done = after(failing, {
		type: 'job', job: job('a', {
			state: 'done', mode: 'full', finishedAt: today(13), changes: {added: 2},
		}),
	});
	t.like(library(done), {
		state: 'held', failures: 0, lastRunAt: today(13), lastMode: 'full', lastChangedAt: today(13), lastChanges: {added: 2},
	});
	const touched = after(done, {
		type: 'job', job: job('b', {
			state: 'done', mode: 'touch', finishedAt: today(14), changes: {},
		}),
	});
	t.like(library(touched), {lastRunAt: today(13), lastMode: 'full', lastChanges: {added: 2}});
});

test('an alert makes a daemon degraded, and its recovery well again, as long as there is no other', t => {
	const known = after(knownOf(), {type: 'alert', alert: alert(), isRecovered: false});
	t.is(known.status.health, 'degraded');
	t.deepEqual(known.status.reasons, [alert().message]);
	const worse = after(known, {type: 'alert', alert: alert({message: 'The sync of Anime failed 4 times.'}), isRecovered: false});
	t.is(worse.status.alerts.length, 1);
	t.deepEqual(worse.status.reasons, ['The sync of Anime failed 4 times.']);
	const two = after(worse, {type: 'alert', alert: alert({kind: 'disk-low', subject: '/data', message: 'The disk is nearly full.'}), isRecovered: false});
	const one = after(two, {type: 'alert', alert: alert({message: 'It works again.'}), isRecovered: true});
	t.is(one.status.health, 'degraded');
	t.is(one.recovered, 'The sync of Anime failed 4 times.');
	const well = after(one, {type: 'alert', alert: alert({kind: 'disk-low', subject: '/data'}), isRecovered: true});
	t.is(well.status.health, 'ok');
	t.deepEqual(well.status.alerts, []);
});

test('a note is told once, newest first, and a viewer keeps no more than 100', t => {
	let known = knownOf();
	for (let id = 1; id <= 150; id++) {
		known = after(known, {type: 'note', note: note(id % 24, {id})});
	}

	t.is(after(known, {type: 'note', note: note(1, {id: 150})}), known);
	t.deepEqual(known.status.notes.map(({id}) => id), Array.from({length: 100}, (_, index) => 150 - index));
});

test('late progress of a job that has ended does not bring its bar back', t => {
	const progress = {
		jobId: 'run', phase: 'importing', done: 9, expected: 10, ratePerSecond: 1,
	};
	const known = after(knownOf(busyStatus()), {type: 'progress', progress});
	t.is(known.progress.get('run')?.done, 9);
	const done = after(known, {type: 'job', job: job('run', {state: 'done'})});
	t.is(done.progress.size, 0);
	t.is(after(done, {type: 'progress', progress}), done);
});

const jobs = fc.record({
	id: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
	state: fc.constantFrom(...jobStates),
	mode: fc.constantFrom('touch' as const, 'incremental' as const, 'full' as const, 'audit' as const),
	trigger: fc.constantFrom(...jobTriggers),
	title: fc.constantFrom('movies', 'shows'),
}).map(({id, title, ...rest}) => job(id, {...rest, library: {id: title, title}}));

const sorted = (all: readonly Job[]) => [...all.filter(one => !isEnded(one)), ...all.filter(one => isEnded(one))];

const statuses = fc.uniqueArray(jobs, {selector: ({id}) => id}).map(all => watchStatus({jobs: sorted(all)}));

const events: fc.Arbitrary<WatchEvent> = fc.oneof(
	{weight: 5, arbitrary: jobs.map(one => ({type: 'job' as const, job: one}))},
	{
		weight: 2, arbitrary: fc.constantFrom('a', 'b', 'c').map(jobId => ({
			type: 'progress' as const, progress: {
				jobId, phase: 'importing', done: 1, expected: 2, ratePerSecond: 1,
			},
		})),
	},
	{weight: 1, arbitrary: statuses.map(status => ({type: 'status' as const, status}))},
);

const byId = (left: Job, right: Job) => left.id.localeCompare(right.id);

test('whatever is told, each job is there once as it was told last, what ended stands below, and only what runs has a bar', t => {
	fc.assert(fc.property(fc.array(events, {maxLength: 30}), told => {
		let known = knownOf();
		let last = new Map<string, Job>();
		for (const event of told) {
			known = after(known, event);
			if (event.type === 'job') {
				last.set(event.job.id, event.job);
			} else if (event.type === 'status') {
				last = new Map(event.status.jobs.map(one => [one.id, one]));
			}

			const all = known.status.jobs;
			const expected = last.values().toArray();
			const running = new Set(expected.filter(({state}) => state === 'running').map(({id}) => id));
			t.deepEqual(all.toSorted(byId), expected.toSorted(byId));
			t.deepEqual(all, sorted(all));
			t.deepEqual(known.progress.keys().filter(id => !running.has(id)).toArray(), []);
		}
	}));
});

test('an event of a daemon with 20 libraries and 200 jobs takes less than a millisecond', t => {
	const libraries = Array.from({length: 20}, (_, index) => watched(`library ${index}`));
	const status = watchStatus({
		libraries,
		jobs: Array.from({length: 200}, (_, index) => job(`job ${index}`, {library: {id: `library ${index % 20}`, title: ''}, state: index < 100 ? 'queued' : 'done'})),
		notes: Array.from({length: 100}, (_, index) => note(index % 24, {id: 100 - index})),
	});
	const all: WatchEvent[] = [
		{type: 'status', status},
		{type: 'job', job: job('job 7', {state: 'running'})},
		{
			type: 'progress', progress: {
				jobId: 'job 7', phase: 'importing', done: 1, expected: 2, ratePerSecond: 1,
			},
		},
		{type: 'job', job: job('job 7', {state: 'done'})},
		{type: 'alert', alert: alert(), isRecovered: false},
		{type: 'note', note: note(1, {id: 1000})},
	];
	let known = knownOf(status);
	const taken: number[] = [];
	for (let round = 0; round < 200; round++) {
		for (const event of all) {
			const startMs = performance.now();
			known = after(known, event);
			taken.push(performance.now() - startMs);
		}
	}

	// The median: the machine has other things to do as well.
	const median = taken.toSorted((left, right) => left - right)[Math.floor(taken.length / 2)]!;
	t.true(median < 1, `${median} ms`);
});
