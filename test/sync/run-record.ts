import test from 'ava';
import {runSchema} from '../../source/catalog/schema.js';
import type {ImportResult, LibraryResult, Problem} from '../../source/sync/events.js';
import {
	finishedRun,
	newRun,
	runsToDrop,
	startedRun,
	type RunPlan,
} from '../../source/sync/run-record.js';
import {runLibrary, runRecord} from '../helpers/run-records.js';

const plan: RunPlan = {
	id: 'r0123456789abcdef',
	startedAt: new Date('2026-05-01T10:00:00.400Z'),
	log: '20260501T100000Z-r0123456.log',
	command: 'sync',
	targets: [{id: 'films', title: 'Films', mode: 'look'}],
};

const library = (change: Partial<LibraryResult> = {}): LibraryResult => ({
	id: 'films',
	title: 'Films',
	expected: 10,
	imported: 3,
	unchanged: 7,
	failed: 0,
	skipped: 0,
	durationMs: 900,
	complete: true,
	sync: {
		mode: 'look', changes: {added: 2, upgraded: 1}, held: 4, notes: ['A note.'],
	},
	...change,
});

const result = (change: Partial<ImportResult> = {}): ImportResult => ({
	runId: plan.id, ok: true, cancelled: false, libraries: [library()], errors: [], requests: 12, bytes: 3400, durationMs: 950, ...change,
});

const problem = (ratingKey: string | undefined): Problem => ({
	library: {id: 'films', title: 'Films'}, ratingKey, title: undefined, stage: 'detail', code: 'timeout', message: 'It took too long.', hint: 'Wait.',
});

const end = new Date('2026-05-01T10:00:02Z');
const statusOf = (change: Partial<ImportResult>) => finishedRun(plan, result(change), end).status;

test('the id of a run is made as those of other records are, and each is another one', t => {
	const ids = Array.from({length: 100}, () => newRun(end).id);
	t.true(ids.every(id => /^r[\da-f]{16}$/v.test(id)));
	t.is(new Set(ids).size, 100);
});

test('a run that has begun says what it is about, and nothing else yet', t => {
	const run = startedRun(plan);
	t.notThrows(() => runSchema().parse(run));
	t.like(run, {
		id: plan.id, command: 'sync', status: 'running', startedAt: '2026-05-01T10:00:00Z', log: plan.log,
	});
	t.like(run.libraries, [{title: 'Films', mode: 'look', complete: false}]);
	t.is(run.finishedAt, undefined);
});

test('a run that has ended says all that its result says', t => {
	const run = finishedRun(plan, result(), end);
	t.notThrows(() => runSchema().parse(run));
	t.deepEqual(run, {
		id: plan.id,
		kind: 'run',
		command: 'sync',
		status: 'done',
		startedAt: '2026-05-01T10:00:00Z',
		finishedAt: '2026-05-01T10:00:02Z',
		durationMs: 950,
		requests: 12,
		receivedBytes: 3400,
		libraries: [{
			id: 'films',
			title: 'Films',
			expected: 10,
			imported: 3,
			unchanged: 7,
			failed: 0,
			skipped: 0,
			mode: 'look',
			complete: true,
			durationMs: 900,
			changes: {added: 2, upgraded: 1},
			held: 4,
			notes: ['A note.'],
		}],
		problems: [],
		problemCount: 0,
		log: plan.log,
	});
});

test('an import without a word of sync has the mode that it was planned with', t => {
	const {sync: _, ...imported} = library();
	const targets = [{id: 'films', title: 'Films', mode: 'retry' as const}];
	const run = finishedRun({...plan, command: 'import', targets}, result({libraries: [imported]}), end);
	t.is(run.libraries[0]!.mode, 'retry');
});

test('the status tells what came of a run', t => {
	const nothing = library({
		imported: 0, unchanged: 0, failed: 10, complete: false,
	});
	t.is(statusOf({}), 'done');
	t.is(statusOf({ok: false, cancelled: true}), 'cancelled');
	t.is(statusOf({ok: false}), 'partly');
	t.is(statusOf({ok: false, libraries: [nothing]}), 'failed');
	t.is(statusOf({ok: false, libraries: [nothing, library()]}), 'partly');
});

test('the first hundred problems are kept, and all are counted', t => {
	const run = finishedRun(plan, result({ok: false, errors: Array.from({length: 130}, (_, index) => problem(String(index)))}), end);
	t.is(run.problems.length, 100);
	t.is(run.problems.at(-1)!.ratingKey, '99');
	t.is(run.problemCount, 130);
	t.notThrows(() => runSchema().parse(run));
});

test('a problem without a ratingKey leaves it out', t => {
	const run = finishedRun(plan, result({ok: false, errors: [problem(undefined)]}), end);
	t.deepEqual(run.problems, [{
		libraryId: 'films', stage: 'detail', code: 'timeout', message: 'It took too long.', hint: 'Wait.',
	}]);
});

test('with a new one, the newest 500 runs stay', t => {
	const runs = Array.from({length: 502}, (_, minute) => runRecord(`r${minute}`, new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString().replace('.000', '')));
	t.deepEqual(runsToDrop(runs, 'new'), ['r2', 'r1', 'r0']);
	t.deepEqual(runsToDrop(runs, 'r501'), ['r1', 'r0']);
	t.deepEqual(runsToDrop(runs.slice(0, 499), 'new'), []);
});

test('runs that only touched single items push out none but their own kind', t => {
	const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString().replace('.000', '');
	const touches = Array.from({length: 300}, (_, minute) => ({...runRecord(`t${minute}`, at(minute + 1)), libraries: [runLibrary({mode: 'touch'})]}));
	const dropped = runsToDrop([runRecord('old', at(0)), ...touches], 'new');
	t.is(dropped.length, 101);
	t.false(dropped.includes('old'));
	t.true(dropped.includes('t0'));
});
