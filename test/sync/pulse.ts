import test from 'ava';
import fc from 'fast-check';
import type {SyncEvent} from '../../source/sync/events.js';
import {
	answerTimes,
	itemsPerSecond,
	noPulse,
	reducePulse,
	type Pulse,
} from '../../source/sync/pulse.js';

const started: SyncEvent = {
	type: 'run-started', runId: 'run', startedAt: '2026-01-01T00:00:00Z', libraries: [],
};

const committed = (imported: number, lastTitle?: string): SyncEvent => ({
	type: 'items-committed', libraryId: 'films', imported, unchanged: 0, lastTitle, revision: 1,
});

const answered = (durationMs: number): SyncEvent => ({
	type: 'request-finished', requestId: 1, label: 'page', ok: true, code: undefined, bytes: 1, durationMs,
});

const fold = (steps: ReadonlyArray<readonly [number, SyncEvent]>): Pulse => {
	let pulse = noPulse;
	for (const [nowMs, event] of steps) {
		pulse = reducePulse(pulse, {event, nowMs});
	}

	return pulse;
};

test('items are counted in the second in which they came', t => {
	t.deepEqual(itemsPerSecond(fold([[500, started], [600, committed(3)], [1499, committed(4)], [3600, committed(5)]])), [7, 0, 0, 5]);
});

test('a second without an answer has the time of the one before', t => {
	t.deepEqual(answerTimes(fold([[0, started], [10, answered(100)], [20, answered(300)], [2100, answered(40)]])), [200, 200, 40]);
});

test('the last titles come first, and the same title not twice', t => {
	const {latest} = fold([[0, started], [1, committed(1, 'Alien')], [2, committed(1, 'Alien')], [3, committed(1)], [4, committed(1, 'Brazil')]]);
	t.deepEqual(latest.map(({title}) => title), ['Brazil', 'Alien']);
});

test('a new run begins anew', t => {
	t.deepEqual(itemsPerSecond(fold([[0, started], [10, committed(9)], [5000, started]])), []);
});

test('the last two minutes have all items that came in them, at whatever times', t => {
	const step = fc.record({afterMs: fc.nat(90_000), count: fc.nat(1000)});
	t.notThrows(() => {
		fc.assert(fc.property(fc.array(step, {maxLength: 40}), steps => {
			let nowMs = 0;
			const events = steps.map(({afterMs, count}) => {
				nowMs += afterMs;
				return [nowMs, committed(count)] as const;
			});
			const seconds = itemsPerSecond(fold([[0, started], ...events]));
			const first = Math.max(0, Math.floor(nowMs / 1000) - 119);
			const expected = events.reduce((sum, [atMs, event]) => sum + (Math.floor(atMs / 1000) >= first && event.type === 'items-committed' ? event.imported : 0), 0);
			return seconds.length <= 120 && seconds.reduce((sum, items) => sum + items, 0) === expected;
		}));
	});
});
