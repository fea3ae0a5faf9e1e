import test from 'ava';
import fc from 'fast-check';
import {createNews} from '../../source/watch/news.js';
import type {NumberedEvent, WatchStatus} from '../../source/watch/types.js';
import {createVirtualClock} from '../helpers/virtual-clock.js';

const status = (): WatchStatus => ({
	schema: 1,
	version: '1.0.0',
	pid: 1,
	startedAt: '2026-03-01T12:00:00Z',
	now: '2026-03-01T12:00:00Z',
	health: 'ok',
	reasons: [],
	push: {state: 'off', since: '2026-03-01T12:00:00Z'},
	libraries: [],
	jobs: [],
	alerts: [],
	notes: [],
	requests: 0,
	revision: 0,
	settings: {interval: '15m', fullEvery: '7d', isAudited: false},
});

test('whoever comes back is told all that came after the last number, or everything anew where that is forgotten', t => {
	const property = fc.property(fc.nat({max: 60}), fc.nat({max: 60}), (told, seen) => {
		const news = createNews({clock: createVirtualClock(), remembered: 20});
		const all: NumberedEvent[] = [];
		news.subscribe(event => {
			all.push(event);
		}, {status});
		for (let number = 0; number < told; number++) {
			news.note(`note ${number}`);
		}

		const last = all[Math.min(seen, told)]!.id;
		const again: NumberedEvent[] = [];
		news.subscribe(event => {
			again.push(event);
		}, {after: last, status})();
		const missed = all.filter(({id}) => id > last);
		const isTold = again.length === missed.length && again.every(({id}, index) => id === missed[index]!.id);
		const isAnew = again.length === 1 && again[0]!.event.type === 'status';
		// What is remembered for sure must be told as it was.
		return missed.length <= 20 ? isTold : (isTold || isAnew);
	});
	t.notThrows(() => {
		fc.assert(property);
	});
});

test('a number of an earlier process, or of none, is answered with everything', t => {
	const clock = createVirtualClock();
	const before = createNews({clock});
	before.note('before');
	let last = 0;
	before.subscribe(({id}) => {
		last = id;
	}, {status});
	clock.jump(1000);
	const after = createNews({clock});
	for (const number of [last, 0, Number.MAX_SAFE_INTEGER]) {
		const told: string[] = [];
		after.subscribe(({event}) => {
			told.push(event.type);
		}, {after: number, status})();
		t.deepEqual(told, ['status']);
	}
});

test('progress is told to who listens, and not to who comes later', t => {
	const news = createNews({clock: createVirtualClock()});
	const told: string[] = [];
	let first = 0;
	news.subscribe(({id, event}) => {
		first = first === 0 ? id : first;
		told.push(event.type);
	}, {status});
	news.tell({
		type: 'progress', progress: {
			jobId: 'j', phase: 'importing', done: 1, expected: 2, ratePerSecond: 1,
		},
	});
	t.deepEqual(told, ['status', 'progress']);
	const later: string[] = [];
	news.subscribe(({event}) => {
		later.push(event.type);
	}, {after: first, status});
	t.deepEqual(later, []);
});

test('of notes the newest are kept, and what is remembered is bounded', t => {
	const noted: string[] = [];
	const news = createNews({
		clock: createVirtualClock(), keptNotes: 5, onNote({text}) {
			noted.push(text);
		},
	});
	for (let number = 0; number < 50; number++) {
		news.note(String(number));
	}

	t.deepEqual(news.notes().map(({text}) => text), ['49', '48', '47', '46', '45']);
	t.is(noted.length, 50);
});
