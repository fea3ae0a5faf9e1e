import {mkdir, writeFile} from 'node:fs/promises';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {instantOf} from '../../source/catalog/values.js';
import type {Run} from '../../source/catalog/types.js';
import {runsJsonSchema} from '../../source/reports/run/run-report.js';
import type {OpenedCatalog} from '../../source/store/catalog-context.js';
import {openCatalog} from '../../source/store/open-catalog.js';
import {runCommand} from '../helpers/run-command.js';
import {runLibrary, runRecord} from '../helpers/run-records.js';
import {item, put, temporaryFolder} from '../helpers/store-records.js';

const library = runLibrary({
	title: 'Films \u{1B}[2J', expected: 188, imported: 15, unchanged: 172, failed: 1, changes: {added: 12, upgraded: 3}, held: 30, notes: ['A scan was going on.'], durationMs: 2400, complete: false,
});

const past: Run[] = [
	runRecord('r1111111111111111', '2026-05-01T10:00:00Z', {command: 'import', libraries: [runLibrary({expected: 173, imported: 173})], requests: 1200}),
	runRecord('r2222222222222222', '2026-05-02T10:00:00Z', {status: 'running'}),
	runRecord('r2233333333333333', '2026-05-03T10:00:00Z', {
		status: 'partly',
		durationMs: 65_000,
		requests: 12,
		receivedBytes: 1_500_000,
		libraries: [library, runLibrary({
			id: 'shows', title: 'Series', expected: 5, unchanged: 5,
		})],
		problems: [{
			libraryId: 'films', ratingKey: '77', title: 'Alien\u{1B}]0;owned\u{7}', stage: 'detail', code: 'server-error', message: 'It failed.', hint: 'Try again.',
		}],
		problemCount: 101,
		log: '20260503T100000Z-r2233333.log',
	}),
];

/**
A home with these runs in its catalogue, and the command run in this process.
*/
const setUp = async (t: ExecutionContext, runs: readonly Run[] = past, {afterOpen}: {afterOpen?: (data: string) => Promise<void>} = {}) => {
	const home = await temporaryFolder(t);
	const data = path.join(home, '.local/share/reelcat');
	const store = await openCatalog({folder: data});
	await store.load();
	await put(store, item('i1'), ...runs);
	await store.close();

	const run = async (...argv: string[]) => {
		const {stdout, stderr} = await runCommand(data, argv, {home, afterOpen: async () => afterOpen?.(data)});
		return {stdout, stderr, lines: stdout.trimEnd().split('\n')};
	};

	return {home, data, run};
};

const nowInstant = () => instantOf(new Date());

const words = (line: string | undefined) => line?.split(/ {2,}/v);

test('runs are listed newest first, with equation, changes, cost and errors', async t => {
	const {run} = await setUp(t);
	const {lines} = await run('runs');
	t.deepEqual(words(lines[0]), ['Run', 'When', 'Command', 'Result', 'Libraries', 'Items', 'Changes', 'Errors', 'Took', 'Requests', 'Received']);
	const [id, , command, result, libraries, ...rest] = words(lines[1])!;
	t.deepEqual([id, command, result, libraries], ['r2233333', 'sync', 'partly done', 'Films, Series']);
	t.deepEqual(rest, ['193 = 15 imported + 177 unchanged + 1 failed', '12 added, 3 upgraded', '101', '1 min', '12', '1.5 MB']);
	t.deepEqual(words(lines[3])!.slice(2, 6), ['import', 'done', 'Films', '173 = 173 imported']);
	t.is(lines.length, 4);
});

test('a run that was killed is listed as interrupted, without numbers that nobody knows', async t => {
	const {run} = await setUp(t);
	const {lines} = await run('runs');
	t.deepEqual(words(lines[2])!.slice(2), ['sync', 'interrupted', 'Films']);
	const {stdout} = await run('runs', 'r2222');
	t.regex(stdout, /interrupted[\s\S]*This run was interrupted/v);
	t.notRegex(stdout, /expected|problem/v);
});

test('a run is running while the process writes that began it', async t => {
	const {run, data} = await setUp(t, []);
	const writer = await openCatalog({folder: data});
	await writer.load();
	await put(writer, runRecord('r4444444444444444', nowInstant(), {status: 'running'}));
	const during = await run('runs');
	t.deepEqual(words(during.lines[1])!.slice(2, 4), ['sync', 'running']);
	await writer.close();
	const after = await run('runs');
	t.deepEqual(words(after.lines[1])!.slice(2, 4), ['sync', 'interrupted']);
});

test('--limit and --json go together, and the object is the documented one', async t => {
	const {run} = await setUp(t);
	const {stdout} = await run('runs', '--json', '--limit', '2');
	const {runs} = runsJsonSchema.parse(JSON.parse(stdout));
	t.deepEqual(runs.map(({id, status}) => ({id, status})), [{id: 'r2233333333333333', status: 'partly'}, {id: 'r2222222222222222', status: 'interrupted'}]);
	t.like(runs[0], {
		totals: {
			expected: 193, imported: 15, unchanged: 177, failed: 1, skipped: 0,
		}, changes: {added: 12, upgraded: 3}, held: 30,
	});
});

test('no line of a run is cut at 80 columns, where a screen has 76 for it', async t => {
	const {run} = await setUp(t, [runRecord('r5555555555555555', '2026-05-04T10:00:00Z', {
		command: 'import',
		durationMs: 3_600_000,
		requests: 25_000,
		receivedBytes: 2_500_000_000,
		libraries: [runLibrary({
			mode: 'import', expected: 250_000, imported: 250_000, durationMs: 3_600_000,
		})],
		log: '20260504T100000Z-r5555555.log',
	})]);
	const {lines} = await run('runs', 'latest');
	t.true(lines.includes('Films: import, in 1 h'), lines.join('\n'));
	t.deepEqual(lines.filter(line => line.length > 76), []);
});

test('one run is shown in full, with its libraries, notes and problems', async t => {
	const {run} = await setUp(t);
	const {stdout, lines} = await run('runs', 'latest');
	t.is(lines[0], 'Run r2233333333333333: sync, partly done');
	t.true(lines.includes('193 expected = 15 imported + 177 unchanged + 1 failed + 0 skipped'));
	t.regex(stdout, /Films: look, in 2 s, incomplete\n {2}188 expected = 15 imported \+ 172 unchanged \+ 1 failed \+ 0 skipped\n {2}12 added, 3 upgraded\n {2}30 removals held\n {2}A scan was going on\.\n\nSeries: look, in 0 s\n/v);
	t.regex(stdout, /\n101 problems\n {2}Films, Alien, ratingKey 77: It failed\. \(server-error\) Try again\.\n {2}And 100 more/v);
	t.notRegex(stdout, /[\p{Control}--\n]/v);
	t.is((await run('runs', 'r1', '--json')).stdout, (await run('runs', 'r1111111111111111', '--json')).stdout);
});

test('a run that is not there, or is meant by too little of its id, is an error that says what to do', async t => {
	const {run} = await setUp(t);
	await t.throwsAsync(run('runs', 'r9'), {code: 'not-found', message: /no run "r9"/v});
	const error = await t.throwsAsync<Error & {hint: string}>(run('runs', 'r22'), {code: 'usage', message: /2 runs/v});
	t.regex(error.hint, /r2233333333333333, r2222222222222222/v);
	await t.throwsAsync(run('runs', 'r1', 'r2'), {code: 'usage'});
	await t.throwsAsync(run('runs', '--log'), {code: 'usage', message: /Name the run/v});
});

test('a catalogue without runs says so', async t => {
	const {run} = await setUp(t, []);
	const {stdout, stderr} = await run('runs');
	t.is(stdout, '');
	t.regex(stderr, /No run has been recorded yet/v);
	t.is((await run('runs', '--json')).stdout, '{"schema":1,"runs":[]}\n');
	await t.throwsAsync(run('runs', 'latest'), {code: 'not-found', message: /No run is remembered/v});
});

const logLine = String.raw`{"level":"warn","time":"2026-05-03T10:00:01.000Z","fault":{"code":"timeout"},"msg":"Alien\u001b[2J was slow"}`;

test('the log of a run is printed for people, as it is for machines, and a torn line is shown', async t => {
	const {run, home} = await setUp(t);
	const folder = path.join(home, '.local/state/reelcat/logs');
	await mkdir(folder, {recursive: true});
	await writeFile(path.join(folder, '20260503T100000Z-r2233333.log'), `${logLine}\n{"level":"in\u{1B}[2J`);
	const {lines} = await run('runs', 'latest', '--log');
	t.regex(lines[0]!, /^\d{2}:\d{2}:01\.000 warn {2}Alien was slow$/v);
	t.is(lines[1], '{"level":"in');
	t.is((await run('runs', 'latest', '--log', '--json')).lines[0], logLine);
});

test('a log that is not there any more is told, and no name leads out of the folder', async t => {
	const {run} = await setUp(t, [
		past[2]!,
		runRecord('r5555555555555555', '2026-05-01T09:00:00Z', {log: '../../../share/reelcat/catalog.json'}),
		runRecord('r6666666666666666', '2026-05-01T08:00:00Z', {command: 'accept'}),
	]);
	await t.throwsAsync(run('runs', 'latest', '--log'), {code: 'not-found', message: /"20260503T100000Z-r2233333\.log" is not there/v});
	await t.throwsAsync(run('runs', 'r5', '--log'), {code: 'not-found', message: /is not there/v});
	await t.throwsAsync(run('runs', 'r6', '--log'), {code: 'not-found', message: /has no log/v});
});

test('lists and exports do not know of runs', async t => {
	const {run} = await setUp(t);
	for (const argv of [['ls', '--json'], ['export']]) {
		const {lines} = await run(...argv);
		t.is(lines.length, 1);
		t.regex(lines[0]!, /Title of i1/v);
	}
});

test('a run that begins after the command has looked for a writer is running', async t => {
	let writer: OpenedCatalog | undefined;
	const {run} = await setUp(t, [], {
		async afterOpen(data) {
			if (writer !== undefined) {
				return;
			}

			writer = await openCatalog({folder: data});
			await writer.load();
			await put(writer, runRecord('r7777777777777777', nowInstant(), {status: 'running'}));
		},
	});
	const {lines} = await run('runs');
	t.deepEqual(words(lines[1])!.slice(2, 4), ['sync', 'running']);
	await writer?.close();
});
