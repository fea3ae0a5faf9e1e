import test from 'ava';
import type {PaceReason} from '../../source/plex/governor.js';
import {createTextProgress} from '../../source/reports/results/text-progress.js';
import type {ImportResult, Problem, SyncEvent} from '../../source/sync/events.js';

const started: SyncEvent = {
	type: 'run-started', runId: 'r', startedAt: '2024-01-01T00:00:00Z', libraries: [{id: 'f', title: 'Films\u{1B}[2J', libraryType: 'movie'}],
};
const importing: SyncEvent = {type: 'library-phase', libraryId: 'f', phase: 'importing'};
const counted = (expected: number): SyncEvent => ({type: 'library-counted', libraryId: 'f', expected});
const committed = (imported: number): SyncEvent => ({
	type: 'items-committed', libraryId: 'f', imported, unchanged: 0, lastTitle: undefined, revision: 1,
});
const problem = (number: number): Problem => ({
	library: {id: 'f', title: 'Films'},
	ratingKey: String(number),
	title: 'Ali\u{1B}[2Jen',
	stage: 'detail',
	code: 'timeout',
	message: 'The server did not answer.',
	hint: 'Try again.',
});
const library = {
	id: 'f', title: 'Films', expected: 10, imported: 8, unchanged: 1, failed: 0, skipped: 1, durationMs: 65_000, complete: true,
};
const finished = (change: Partial<ImportResult> = {}): SyncEvent => ({
	type: 'run-finished', result: {
		runId: 'run-1', ok: true, cancelled: false, libraries: [library], errors: [], requests: 12, bytes: 1_500_000, durationMs: 65_000, ...change,
	},
});

const run = (steps: ReadonlyArray<readonly [number, SyncEvent]>) => {
	const progress = createTextProgress();
	return steps.map(([nowMs, event]) => progress(event, nowMs));
};

test('a run is told from start to end, and the numbers add up', t => {
	t.deepEqual(run([[0, started], [1, importing], [70_000, {type: 'library-finished', result: library}], [70_001, finished()]]), [
		['Importing Films.'],
		[],
		['Films: 10 expected = 8 imported + 1 unchanged + 0 failed + 1 skipped in 1 min.'],
		['Total: 10 expected = 8 imported + 1 unchanged + 0 failed + 1 skipped, in 1 min, 12 requests, 1.5 MB.'],
	]);
});

test('a library has no more than a line per 5 seconds, and per 5 %, but one a minute', t => {
	const lines = run([
		[0, started],
		[0, counted(1000)],
		[0, importing],
		[4000, committed(400)],
		[6000, committed(1)],
		[8000, committed(400)],
		[12_000, committed(1)],
		[73_000, committed(1)],
	]).map(told => told.length);
	t.deepEqual(lines, [1, 0, 0, 0, 1, 0, 1, 1]);
});

test('a progress line says how far, how fast and how long', t => {
	const told = run([[0, started], [0, counted(1000)], [0, importing], [5000, committed(500)]])[3];
	t.regex(told![0]!, /^Films: 500 of 1,000, 50 %, [\d,]+\/s, about \d+ s left$/v);
});

test('problems are told one by one up to the twentieth, then once that there are more', t => {
	const steps = Array.from({length: 30}, (_, number) => [1, {type: 'problem', problem: problem(number), failed: 1}] as const);
	const lines = run([[0, started], ...steps]).slice(1).flat();
	t.is(lines.length, 21);
	t.is(lines[0], 'Problem with Films, Alien (ratingKey 0): The server did not answer. Try again.');
	t.is(lines[20], 'There are more problems; --json lists all of them.');
});

test('a problem that only the result knows is told at the end, with the way on', t => {
	const known = problem(1);
	const lines = run([
		[0, started],
		[1, {type: 'problem', problem: known, failed: 1}],
		[2, finished({ok: false, errors: [known, problem(2)]})],
	])[2]!;
	t.is(lines.length, 3);
	t.regex(lines[0]!, /ratingKey 2/v);
	t.is(lines[2], 'Ended with 2 problems. Run the import again to retry; what is already stored stays.');
});

test('a cancelled run says that nothing is lost', t => {
	t.regex(run([[0, started], [1, finished({ok: false, cancelled: true})]])[1]!.at(-1)!, /^Cancelled\. What was committed is kept/v);
});

test('retries are told, but not each', t => {
	const retried: SyncEvent = {
		type: 'request-retried', requestId: 1, label: 'GET /library', attempt: 2, waitMs: 2000, code: 'timeout',
	};
	t.deepEqual(run([[0, retried], [1000, retried], [6000, retried]]).map(lines => lines.length), [1, 0, 1]);
	t.is(run([[0, retried]])[0]![0], 'The request GET /library failed (timeout); trying again in 2 s.');
	t.is(run([[0, {...retried, waitMs: 120}]])[0]![0], 'The request GET /library failed (timeout); trying again at once.');
});

test('why the server is asked for less is told once as it comes, and its end', t => {
	const pace = (limit: number, reason: PaceReason): SyncEvent => ({type: 'pace-changed', limit, reason});
	t.deepEqual(run([
		[0, started],
		[1, pace(3, 'free')],
		[2, pace(1, 'streaming')],
		[3, pace(1, 'streaming')],
		[4, pace(2, 'free')],
		[5, pace(1, 'slow')],
		[6, pace(2, 'slow')],
		[7, pace(4, 'free')],
		[8, pace(2, 'slow')],
		[9, pace(1, 'refused')],
		[10, pace(2, 'scanning')],
	]).flat(), [
		'Importing Films.',
		'Slower: someone is streaming from the server.',
		'Requests run at full speed again.',
		'Slower: the server takes longer to answer.',
		'Requests run at full speed again.',
		'Slower: the server asks for fewer requests.',
		'Slower: the server is scanning a library.',
	]);
});

test('a server that sends text in another encoding is told of once', t => {
	const answered: SyncEvent = {
		type: 'request-finished', requestId: 1, label: '/library/metadata', ok: true, code: undefined, durationMs: 1, bytes: 1, isMended: true,
	};
	t.deepEqual(run([[0, started], [1, answered], [2, {...answered, requestId: 2}]]).slice(1), [['The server sends text that is not UTF-8; it is read as Latin-1.'], []]);
});
