import test from 'ava';
import {AppError} from '../../source/base/errors.js';
import {
	initialDaemonState,
	type DaemonChange,
	type DaemonEvent,
	type DaemonState,
} from '../../source/watch/daemon-state.js';
import {allJobs} from '../../source/watch/jobs/queue.js';
import {reduceDaemon} from '../../source/watch/reduce-daemon.js';
import type {Job} from '../../source/watch/types.js';
import {readWatchSettings} from '../../source/watch/watch-settings.js';

const now = new Date('2026-03-01T12:00:00Z');

const films = {
	id: 'films', serverId: 'attic', server: 'Attic', key: '1', title: 'Films', type: 'movie', isPaused: false,
};

const createPlay = (stored: unknown = {}) => {
	let state: DaemonState = initialDaemonState(readWatchSettings(stored), now);
	let ids = 0;
	const play = (event: DaemonEvent): DaemonChange => {
		const change = reduceDaemon(state, event, {now, monotonicMs: 0, newId: () => String(++ids)});
		({state} = change);
		return change;
	};

	play({type: 'watched', watched: [films]});
	return {
		play,
		state: () => state,
		jobs: () => allJobs(state.queue).map(job => `${job.state} ${job.mode} ${job.trigger}`),
		begin(): Job {
			const [{id}] = state.queue.jobs as [Job];
			play({type: 'begun', id});
			return state.queue.jobs[0]!;
		},
	};
};

const actionsOf = ({actions}: DaemonChange) => actions.map(({type}) => type);

test('what the server speaks of waits as items, and as a whole library once there are too many', t => {
	const {play, state, jobs} = createPlay();
	const speak = (count: number, from = 0) => play({type: 'dirty', dirty: {libraryId: 'films', ratingKeys: Array.from({length: count}, (_, index) => String(from + index)), isWhole: false}});
	t.deepEqual(actionsOf(speak(3)), ['tell', 'keep-queue', 'kick']);
	t.is(state().touched.get('films')?.size, 3);
	t.deepEqual(jobs(), ['queued touch notification']);
	speak(998, 3);
	t.false(state().touched.has('films'));
	t.deepEqual(jobs(), ['queued incremental notification']);
});

test('an outage loses the server, and the job waits for its next try', t => {
	const {play, begin, jobs, state} = createPlay();
	play({
		type: 'wanted', libraries: [films], mode: 'incremental', trigger: 'schedule',
	});
	const job = begin();
	const change = play({
		type: 'ended', job, outcome: {kind: 'failed', fault: {code: 'unreachable', message: 'Gone.'}}, revision: 1, random01: 0.5,
	});
	t.deepEqual(actionsOf(change), ['lose-server', 'tell', 'keep-queue', 'note', 'after-job', 'judge', 'tell-status-soon', 'back-up']);
	t.deepEqual(jobs(), ['waiting incremental schedule']);
	t.is(state().memory.get('films')?.failures, 1);
});

test('a job that ends because the daemon closes begins anew, and nothing else follows', t => {
	const {play, begin, jobs} = createPlay();
	play({
		type: 'wanted', libraries: [films], mode: 'full', trigger: 'request',
	});
	const job = begin();
	play({type: 'closing'});
	const change = play({
		type: 'ended', job, outcome: {kind: 'cancelled'}, revision: 1, random01: 0.5,
	});
	t.deepEqual(actionsOf(change), ['tell', 'keep-queue']);
	t.deepEqual(jobs(), ['queued full request']);
});

test('a full comparison by schedule is followed by an audit where that is set', t => {
	const {play, begin, jobs} = createPlay({audit: true});
	play({type: 'due', library: films, mode: 'full'});
	const job = begin();
	play({
		type: 'ended', job, outcome: {kind: 'done', isUnfinished: false, changes: {added: 2}}, revision: 7, random01: 0.5,
	});
	t.deepEqual(jobs(), ['queued audit schedule', 'done full schedule']);
});

test('items that a comparison has joined are read after it', t => {
	const {play, begin, jobs} = createPlay();
	play({type: 'dirty', dirty: {libraryId: 'films', ratingKeys: ['7'], isWhole: false}});
	play({type: 'due', library: films, mode: 'incremental'});
	const job = begin();
	play({
		type: 'ended', job, outcome: {kind: 'done', isUnfinished: false}, revision: 7, random01: 0.5,
	});
	t.deepEqual(jobs(), ['queued touch notification', 'done incremental schedule']);
});

test('the first connection starts, the next ones catch up, and the same request twice is one job', t => {
	const {play, jobs} = createPlay();
	play({type: 'connected'});
	t.deepEqual(jobs(), ['queued incremental start']);
	play({type: 'unreachable', error: new AppError('unreachable', 'Gone.')});
	play({type: 'connected'});
	t.is(jobs().length, 1);
	const request: DaemonEvent = {
		type: 'wanted', libraries: [films], mode: 'full', trigger: 'request',
	};
	const [first] = play(request).jobs;
	const [second] = play(request).jobs;
	t.is(first?.id, second?.id);
	t.deepEqual(jobs(), ['queued full request']);
});

test('an event changes nothing of the state before it', t => {
	const {play, state} = createPlay();
	const before = state();
	const copy = structuredClone({...before, settings: undefined});
	play({type: 'push', news: {type: 'connected', via: 'sse', isFirst: true}});
	play({type: 'dirty', dirty: {libraryId: 'films', ratingKeys: ['1'], isWhole: false}});
	t.deepEqual({...before, settings: undefined}, copy);
});
