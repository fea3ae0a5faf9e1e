import test from 'ava';
import fc from 'fast-check';
import {progressBars} from '../../source/reports/results/progress-bars.js';
import {initialProgress, reduceProgress} from '../../source/sync/progress.js';
import type {SyncEvent} from '../../source/sync/events.js';
import {displayWidth} from '../../source/base/text/width.js';

const progressOf = (steps: ReadonlyArray<readonly [number, SyncEvent]>) => {
	let state = initialProgress;
	for (const [nowMs, event] of steps) {
		state = reduceProgress(state, {event, nowMs});
	}

	return state;
};

const started = (...titles: string[]): SyncEvent => ({
	type: 'run-started', runId: 'r', startedAt: '2024-01-01T00:00:00Z', libraries: titles.map((title, index) => ({id: String(index), title, libraryType: 'movie'})),
});
const importing = (libraryId: string): SyncEvent => ({type: 'library-phase', libraryId, phase: 'importing'});
const counted = (libraryId: string, expected: number): SyncEvent => ({type: 'library-counted', libraryId, expected});
const committed = (libraryId: string, imported: number): SyncEvent => ({
	type: 'items-committed', libraryId, imported, unchanged: 0, lastTitle: undefined, revision: 1,
});
const finished = (id: string, title: string): SyncEvent => ({
	type: 'library-finished', result: {
		id, title, expected: 10, imported: 10, unchanged: 0, failed: 0, skipped: 0, durationMs: 1000, complete: true,
	},
});

const half = progressOf([[0, started('Films', 'Series')], [0, importing('0')], [0, counted('0', 1000)], [2500, committed('0', 250)], [5000, committed('0', 250)]]);

test('each library has a bar with how far, how fast and how long, and the run has one', t => {
	t.deepEqual(progressBars(half, {columns: 100, rows: 24}), [
		'Films   ████████████░░░░░░░░░░░░  50 %, 500 of 1,000, about 10 s left, 100/s',
		'Series  waiting',
		'Total   ██████░░░░░░░░░░░░░░░░░░  25 %, 0 of 2 libraries done',
	]);
});

test('a library that is finished has no bar any more, and a run of one library has no total', t => {
	const one = progressOf([[0, started('Films', 'Series')], [0, importing('0')], [1, finished('0', 'Films')], [2, importing('1')]]);
	t.deepEqual(progressBars(one, {columns: 60, rows: 24, isAscii: true}), [
		'Series  ------------  counting',
		'Total   ######------  50 %, 1 of 2 libraries done',
	]);
	t.is(progressBars(progressOf([[0, started('Films')]]), {columns: 80, rows: 24}).length, 1);
});

test('a run that has not begun or has ended has no bars', t => {
	t.deepEqual(progressBars(initialProgress, {columns: 80, rows: 24}), []);
});

test('with many libraries the bars take at most half of the terminal, and say how many more there are', t => {
	const many = progressOf([[0, started(...Array.from({length: 30}, (_, index) => `Library ${index}`))]]);
	const lines = progressBars(many, {columns: 80, rows: 20});
	t.is(lines.length, 10);
	t.is(lines[8], 'and 22 more');
	t.regex(lines[9]!, /^Total .*0 of 30 libraries done$/v);
});

test('no line fills the width of a terminal, whatever the titles are', t => {
	fc.assert(fc.property(fc.array(fc.string({unit: 'grapheme', maxLength: 40}), {minLength: 1, maxLength: 6}), fc.integer({min: 4, max: 200}), fc.integer({min: 1, max: 60}), (titles, columns, rows) => {
		const progress = progressOf([[0, started(...titles)], [0, importing('0')], [0, counted('0', 1000)], [5000, committed('0', 250)]]);
		for (const line of progressBars(progress, {columns, rows})) {
			t.true(displayWidth(line) < columns, `${columns}: ${line}`);
		}
	}));
});
