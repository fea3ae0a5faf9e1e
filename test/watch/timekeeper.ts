import test from 'ava';
import {createTimekeeper} from '../../source/watch/timekeeper.js';
import {readWatchSettings} from '../../source/watch/watch-settings.js';
import {createVirtualClock} from '../helpers/virtual-clock.js';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/**
One library that is looked at whenever it is due; nothing takes time.
*/
const createTime = (start: string, stored: unknown) => {
	const clock = createVirtualClock(start);
	const settings = readWatchSettings({timeZone: 'Europe/Berlin', ...stored as Record<string, unknown>});
	const runs: Array<{at: string; mode: string}> = [];
	const jumps: number[] = [];
	let polls = 0;
	let isPolling = false;
	let last = {incremental: clock.now().toISOString(), full: clock.now().toISOString()};
	const timekeeper = createTimekeeper({
		clock,
		settings: () => settings,
		libraries: () => [{
			id: 'films', title: 'Films', key: '1', lastIncrementalAt: last.incremental, lastFullAt: last.full,
		}],
		isPolling: () => isPolling,
		async onTick() {/* nothing to look at */},
		async onPoll() {
			polls++;
		},
		onDue(_library, mode) {
			const at = clock.now().toISOString();
			runs.push({at, mode});
			last = {incremental: at, full: mode === 'full' ? at : last.full};
		},
		onJump(jumpMs) {
			jumps.push(jumpMs);
		},
	});
	timekeeper.start();
	return {
		clock, runs, jumps, timekeeper, polls: () => polls,
		poll(isOn: boolean) {
			isPolling = isOn;
			timekeeper.soon();
		},
	};
};

test('a day has as many runs as its schedule says, and one full one', async t => {
	const {clock, runs} = createTime('2026-03-01T10:00:00Z', {interval: '1h', fullEvery: '0 3 * * *'});
	await clock.advance(dayMs + 60_000);
	t.is(runs.filter(({mode}) => mode === 'full').length, 1);
	t.is(runs.find(({mode}) => mode === 'full')?.at, '2026-03-02T02:00:00.000Z');
	t.true(runs.length >= 23 && runs.length <= 25, String(runs.length));
});

test('where clocks go forward the run of the missing hour comes right after it, and where they go back it comes once', async t => {
	const spring = createTime('2026-03-28T12:00:00Z', {interval: '12h', fullEvery: '30 2 * * *'});
	await spring.clock.advance(2 * dayMs);
	t.deepEqual(spring.runs.filter(({mode}) => mode === 'full').map(({at}) => at), ['2026-03-29T01:00:00.000Z', '2026-03-30T00:30:00.000Z']);
	const autumn = createTime('2026-10-24T12:00:00Z', {interval: '12h', fullEvery: '30 2 * * *'});
	await autumn.clock.advance(2 * dayMs);
	t.is(autumn.runs.filter(({mode}) => mode === 'full').length, 2);
});

test('the 29th of February has its run', async t => {
	const {clock, runs} = createTime('2028-02-28T12:00:00Z', {interval: '7d', fullEvery: '0 3 29 2 *'});
	await clock.advance(dayMs);
	t.deepEqual(runs, [{at: '2028-02-29T02:00:00.000Z', mode: 'full'}]);
});

test('a laptop that slept for days does what it missed once, within a minute of waking, and says that it slept', async t => {
	const {clock, runs, jumps} = createTime('2026-03-01T10:00:00Z', {interval: '15m', fullEvery: '30d'});
	await clock.advance(20 * 60_000);
	const before = runs.length;
	clock.jump(3 * dayMs);
	await clock.advance(61_000);
	t.is(runs.length - before, 1);
	t.deepEqual(jumps, [3 * dayMs]);
});

test('a clock that is set back puts nothing off, and is told', async t => {
	const {clock, runs, jumps} = createTime('2026-03-01T10:00:00Z', {interval: '15m', fullEvery: '30d'});
	await clock.advance(16 * 60_000);
	const before = runs.length;
	clock.jump(-2 * dayMs);
	await clock.advance(61_000);
	t.is(runs.length - before, 1);
	t.deepEqual(jumps, [-2 * dayMs]);
});

test('in quiet hours nothing is due, and what came due comes at their end', async t => {
	const {clock, runs, timekeeper} = createTime('2026-03-01T16:30:00Z', {interval: '1h', fullEvery: '30d', quietHours: '18:00-23:30'});
	await clock.advance(hourMs);
	t.is(timekeeper.quietUntil()?.toISOString(), '2026-03-01T22:30:00.000Z');
	t.deepEqual(runs, []);
	await clock.advance(5 * hourMs);
	t.is(runs[0]?.at, '2026-03-01T22:30:00.000Z');
});

test('stamps are asked for once a minute as long as nobody tells of changes, and not at all otherwise', async t => {
	const {clock, polls, poll} = createTime('2026-03-01T10:00:00Z', {interval: '12h', fullEvery: '30d'});
	await clock.advance(hourMs);
	t.is(polls(), 0);
	poll(true);
	await clock.advance(10 * 60_000);
	t.true(polls() >= 9 && polls() <= 11, String(polls()));
	poll(false);
	const before = polls();
	await clock.advance(hourMs);
	t.is(polls(), before);
});

test('once it is closed no timer is left', async t => {
	const {clock, timekeeper} = createTime('2026-03-01T10:00:00Z', {});
	await clock.advance(hourMs);
	timekeeper.close();
	t.is(clock.pending(), 0);
});
