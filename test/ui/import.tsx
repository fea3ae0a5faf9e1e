import {setImmediate} from 'node:timers/promises';
import test from 'ava';
import {AppError} from '../../source/base/errors.js';
import type {ImportResult, SyncEvent} from '../../source/sync/events.js';
import {displayWidth} from '../../source/base/text/width.js';
import {
	connection,
	fakeServices,
	problem,
	result,
	row,
} from '../helpers/fake-services.js';
import {openApp} from '../helpers/open-app.js';
import {keys} from '../helpers/render-screen.js';

const libraryResult = (id: string, title: string, failed = 0): ImportResult['libraries'][number] => ({
	id, title, expected: 4800, imported: 4800 - failed, unchanged: 0, failed, skipped: 0, durationMs: 63_000, complete: true,
});

/**
An import that goes on until the test ends it.
*/
const setUp = (change: Parameters<typeof fakeServices>[0] = {}) => {
	const {promise, resolve} = Promise.withResolvers<ImportResult>();
	const fake = fakeServices({
		libraries: async () => [
			row('films', {title: '東京物語', isChosen: true}),
			row('shows', {title: 'Shows', type: 'show', isChosen: true}),
		],
		initial: {connection},
		startImport: async () => promise,
		...change,
	});
	return {
		...fake,
		end: resolve,
	};
};

const started: SyncEvent = {
	type: 'run-started', runId: 'r', startedAt: '2026-01-15T12:00:00Z', libraries: [
		{id: 'films', title: '東京物語', libraryType: 'movie'},
		{id: 'shows', title: 'Shows', libraryType: 'show'},
	],
};

const films = {id: 'films', title: '東京物語'};

const halfWay: SyncEvent[] = [
	started,
	{type: 'library-phase', libraryId: 'films', phase: 'importing'},
	{type: 'library-counted', libraryId: 'films', expected: 4800},
	{type: 'request-started', requestId: 1, label: 'details 1-100'},
	{
		type: 'items-committed', libraryId: 'films', imported: 1200, unchanged: 0, lastTitle: 'Alien', revision: 2,
	},
	{type: 'problem', problem: problem(1, {library: films}), failed: 1},
	{type: 'problem', problem: problem(2, {library: films, title: '\u{1B}[31m東京物語'}), failed: 1},
];

const running = async (fake: ReturnType<typeof setUp>, size: Parameters<typeof openApp>[1] = {}) => {
	let nowMs = 0;
	const app = await openApp(fake.services, {now: () => nowMs, ...size});
	await app.until(frame => frame.includes('[x] Shows'));
	await app.press(keys.enter);
	for (const event of halfWay) {
		fake.report(event);
		nowMs += 1000;
	}

	await setImmediate();
	return {
		...app, wait(ms: number) {
			nowMs += ms;
		},
	};
};

test('an import at 80x24 shows a bar per library, the requests in flight and the problems', async t => {
	const app = await running(setUp());
	const lines = app.lines();
	t.regex(lines[2]!, /^╭─ Import ─+ 0 of 2 done ╮$/v);
	t.regex(lines[3]!, /^│ █+.░+ 12 % {2}1,202 of about 9,600 │$/v);
	t.regex(lines[4]!, /^│ Items +▁*█ +\d+\/s +Answers +▁+ +│$/v);
	t.true(lines[5]!.startsWith('╰─ Ctrl-C cancels ─'));
	t.true(lines[5]!.includes(' 1 request in flight · 1 sent · 0 B received ╯'));
	t.regex(lines[7]!, /^│ {2}東京物語 +importing +██.░{4,} +1,202\/4,800 +\d+\/s +ETA \d+:\d\d +✗ 2 +│$/v);
	t.regex(lines[8]!, /^│ {2}Shows +waiting +░+ +│$/v);
	t.regex(lines[10]!, /^╭─ Imported just now ─+╮╭─ Problems ─+ 1\/2 ╮$/v);
	t.regex(lines[11]!, /^│ Alien +││› ✗ Broken 1 +│$/v);
	t.regex(lines[12]!, /│ {4}The server sent something that is not JSON\. +│$/v);
	t.true(lines.every(line => displayWidth(line) <= 80));
	t.is(lines.length, 24);
	app.close();
});

test('while an import runs, the footer says how to cancel it, at 40x10 as well', async t => {
	for (const size of [{}, {columns: 40, rows: 10}]) {
		const fake = setUp();
		const app = await running(fake, size);
		t.true(app.lines().at(-1)?.startsWith('Ctrl-C cancel  '));
		fake.end(result());
		await app.until(() => app.store.get().job.status === 'finished');
		await setImmediate();
		t.false(app.lines().at(-1)?.includes('Ctrl-C'));
		app.close();
	}
});

test('the speed and the time that is left never touch, and where nothing comes there is no speed', async t => {
	const app = await running(setUp());
	for (const [ratePerSecond, etaMs, shown] of [[1234.4, 5_428_000, /1,234\/s +ETA 1h 30m/v], [0.04, 35_999_000, /4,800 +ETA 10h 00m/v], [9999, 3_599_000, /9,999\/s +ETA 59:59/v]] as const) {
		app.store.dispatch({
			apply: state => ({
				...state, job: {...state.job, progress: {...state.job.progress, libraries: state.job.progress.libraries.map(each => ({...each, ratePerSecond, etaMs}))}},
			}),
		});
		await app.until(frame => shown.test(frame));
		t.true(app.lines().every(line => displayWidth(line) <= 80));
	}

	app.close();
});

test('an import at 40x10 still shows the bars and the problems', async t => {
	const app = await running(setUp(), {columns: 40, rows: 10});
	t.regex(app.lines()[1]!, /^ █+.░+ 12 %$/v);
	t.regex(app.lines()[2]!, /東京物語 +25 % +1,202 ✗ 2$/v);
	t.true(app.frame().includes('› ✗ Broken 1'));
	t.is(app.lines().length, 10);
	app.close();
});

test('why the server is asked for less is said on the import screen, at 40x10 as well, and goes with its reason', async t => {
	for (const size of [{}, {columns: 40, rows: 10}]) {
		const fake = setUp();
		const app = await running(fake, size);
		fake.report({type: 'pace-changed', limit: 1, reason: 'streaming'});
		await app.until(frame => frame.includes('Slower: someone is streaming from the'));
		t.true(app.lines().every(line => displayWidth(line) <= (size.columns ?? 80)));
		t.true(app.frame().includes('› ✗ Broken 1'));
		fake.report({type: 'pace-changed', limit: 2, reason: 'free'});
		await app.until(frame => !frame.includes('Slower'));
		app.close();
	}
});

test('a problem opens to item, stage, cause and what to do', async t => {
	const app = await running(setUp());
	await app.press('j', keys.enter);
	t.deepEqual(app.lines().slice(2, 9).filter(line => line !== ''), [
		'Library     東京物語',
		'Item        東京物語',
		'Plex id     2',
		'Stage       Fetching details',
		'Cause       The server sent something that is not JSON. (malformed)',
		'What to do  Refresh the metadata of the item on the server, then press r.',
	]);
	app.close();
});

test('Esc leaves a running import for the list that it fills, and its progress stays in sight', async t => {
	const fake = setUp();
	const app = await running(fake);
	await app.press(keys.escape);
	await app.until(frame => frame.includes('Nothing is here yet.'));
	t.true(app.lines()[0]?.includes('importing 12 % ✗ 2'));
	t.deepEqual(fake.calls, []);
	await app.press('w');
	t.regex(app.frame(), /Problems ─+ 1\/2 ╮/v);
	app.close();
});

test('at the end there is a table that adds up, aligned under wide titles', async t => {
	const fake = setUp();
	const app = await running(fake, {rows: 30});
	fake.end(result({ok: false, libraries: [libraryResult('films', '東京物語', 2), libraryResult('shows', 'Shows')], errors: [problem(1), problem(2)]}));
	await app.until(frame => frame.includes('expected ='));
	t.true(app.frame().includes('9,600 expected = 9,598 imported + 0 unchanged + 2 failed + 0 skipped'));
	const lines = app.lines();
	const table = lines.slice(lines.findIndex(line => line.startsWith('┌')), lines.findIndex(line => line.startsWith('└')) + 1);
	t.is(table.length, 9);
	t.is(new Set(table.map(line => displayWidth(line))).size, 1);
	const rules = (line: string) => Array.from(line.matchAll(/[│┬┴┼]/gv), ({index}) => displayWidth(line.slice(0, index)));
	t.deepEqual(rules(table[3]!).slice(1, -1), rules(table[0]!));
	t.deepEqual(rules(table[3]!), rules(table[5]!));
	t.true(table[3]!.includes('│ 東京物語 '));
	app.close();
});

test('the summary names libraries that needed nothing as well, and still fits', async t => {
	const fake = setUp();
	const app = await running(fake, {columns: 100, rows: 24});
	const libraries = ['films', 'shows', 'classics', 'anime', 'clips', 'inbox'].map(id => libraryResult(id, `Library ${id}`));
	fake.end(result({libraries}));
	await app.until(frame => frame.includes('expected ='));
	for (const {title} of libraries) {
		t.true(app.frame().includes(title), title);
	}

	app.close();
});

test('R brings the catalogue in step, and says what it found', async t => {
	const fake = setUp({
		startSync: async () => result({
			libraries: [{
				...libraryResult('films', '東京物語'), sync: {
					mode: 'sweep', changes: {added: 12, upgraded: 3}, held: 0, notes: [],
				},
			}],
		}),
	});
	const app = await openApp(fake.services);
	await app.until(frame => frame.includes('[x] Shows'));
	await app.press('R');
	await app.until(frame => frame.includes('In step: 12 added, 3 upgraded.'));
	t.true(app.frame().includes('› Sync'));
	await app.press('C');
	await app.until(frame => frame.includes('edited in run-1'));
	app.close();
});

test('C shows the changes of a period, and the brackets change the period', async t => {
	const fake = setUp();
	const app = await openApp(fake.services);
	await app.until(frame => frame.includes('[x] Shows'));
	await app.press('C');
	await app.until(frame => frame.includes('edited 7 days'));
	await app.press(']');
	await app.until(frame => frame.includes('edited 30 days'));
	await app.press('[');
	await app.press('[');
	await app.until(frame => frame.includes('edited 1 days'));
	t.true(app.frame().includes('Changes of a day'));
	app.close();
});

test('where the table does not fit, the summary is plain lines', async t => {
	const fake = setUp();
	const app = await running(fake, {columns: 60, rows: 16});
	fake.end(result({libraries: [libraryResult('films', '東京物語'), libraryResult('shows', 'Shows')]}));
	await app.until(frame => frame.includes('9,600 = 9,600 + 0 + 0 + 0'));
	t.notRegex(app.frame(), /[┌┬┼]/v);
	t.regex(app.frame(), /\n│東京物語 +4,800 +4,800 +0 +0 +0 +│\n/v);
	app.close();

	const narrow = await running(setUp(), {columns: 59, rows: 16});
	t.notRegex(narrow.frame(), /│/v);
	narrow.close();
});

test('when the server takes the token no more, it is said once what to do, c leads to the sign-in, and r goes on afterwards', async t => {
	const fake = setUp();
	const app = await running(fake);
	fake.end(result({ok: false, errors: [problem(1, {code: 'unauthorized', message: 'The server does not accept the token.'})]}));
	await app.until(frame => frame.includes('Press c to sign in again'));
	await app.press('c');
	await app.until(frame => frame.includes('Sign in with Plex'));
	await app.press(keys.escape);
	await app.until(frame => frame.includes('Ended with 1 problem'));
	await app.press('r');
	await app.until(() => fake.calls.length > 0);
	t.deepEqual(fake.calls, ['retry 1']);
	app.close();
});

test('r tries what failed again', async t => {
	const fake = setUp();
	const app = await running(fake);
	fake.end(result({ok: false, errors: [problem(1), problem(2)]}));
	await app.until(frame => frame.includes('r tries what failed again'));
	await app.press('r');
	await app.until(() => fake.calls.length > 0);
	t.deepEqual(fake.calls, ['retry 2']);
	app.close();
});

test('the first Ctrl-C cancels and says so, a second within two seconds quits with 130', async t => {
	const fake = setUp();
	const app = await running(fake);
	await app.press(keys.ctrlC);
	t.deepEqual(fake.calls, ['cancel']);
	t.true(app.lines().at(-2)?.includes('Cancelling… press Ctrl-C again to quit at once.'));
	app.wait(1500);
	await app.press(keys.ctrlC);
	t.deepEqual(app.exits, [130]);
	app.close();
});

test('a Ctrl-C long after the first asks again instead of quitting', async t => {
	const fake = setUp();
	const app = await running(fake);
	await app.press(keys.ctrlC);
	app.wait(5000);
	await app.press(keys.ctrlC);
	t.deepEqual(app.exits, []);
	app.close();
});

test('Ctrl-C with nothing running quits with 130, q at the root with 0', async t => {
	const first = await openApp(setUp().services);
	await first.press(keys.ctrlC);
	t.deepEqual(first.exits, [130]);
	first.close();
	const second = await openApp(setUp().services);
	await second.press('q');
	t.deepEqual(second.exits, [0]);
	second.close();
});

test('q asks while an import runs, and y cancels it and quits', async t => {
	const fake = setUp();
	const app = await running(fake);
	await app.press(keys.escape, 'q', 'q');
	t.true(app.frame().includes('Quit and cancel it?'));
	t.deepEqual(app.exits, []);
	await app.press('y');
	t.deepEqual(app.exits, [0]);
	t.deepEqual(fake.calls, ['cancel']);
	app.close();
});

test('ticks are remembered, and only ticked libraries are imported', async t => {
	const imported: string[][] = [];
	const fake = setUp({
		async startImport(ids) {
			imported.push([...ids]);
			return result();
		},
	});
	const app = await openApp(fake.services);
	await app.until(frame => frame.includes('[x] Shows'));
	await app.press(' ', keys.enter);
	await app.until(() => imported.length > 0);
	t.deepEqual(fake.calls, ['choose shows']);
	t.deepEqual(imported, [['shows']]);
	app.close();
});

test('Ctrl-Z suspends and Ctrl-L repaints', async t => {
	const app = await openApp(setUp().services);
	await app.press(keys.ctrlZ, '\u{C}');
	t.deepEqual(app.asked, ['suspend', 'repaint']);
	app.close();
});

test('after a run that failed or was cancelled, r imports the same libraries again', async t => {
	for (const ending of ['failed', 'cancelled'] as const) {
		const imported: string[][] = [];
		const fake = setUp({
			async startImport(ids) {
				imported.push([...ids]);
				if (ending === 'failed') {
					throw new AppError('unreachable', 'The server does not answer.', {hint: 'Is it switched on?'});
				}

				return result({ok: false, cancelled: true, errors: [problem(1)]});
			},
		});
		const app = await openApp(fake.services);
		await app.until(frame => frame.includes('[x] Shows'));
		await app.press(keys.enter);
		await app.until(frame => frame.includes(ending === 'failed' ? 'Press r to try again, Esc to go back.' : 'r goes on.'));
		await app.press('r');
		await app.until(() => imported.length > 1);
		t.deepEqual(imported, [['films', 'shows'], ['films', 'shows']]);
		t.deepEqual(fake.calls, []);
		app.close();
	}
});

test('a page in the problems is as many rows as are on the screen', async t => {
	const fake = setUp();
	const app = await running(fake);
	for (let number = 3; number <= 100; number++) {
		fake.report({type: 'problem', problem: problem(number, {library: films}), failed: 1});
	}

	await app.until(frame => frame.includes(' 1/100 ╮'));
	const shown = app.lines().filter(line => line.includes('✗ Broken') || line.includes('✗ 東京物語')).length;
	t.true(shown > 3);
	await app.press(keys.pageDown);
	t.true(app.frame().includes(` ${shown}/100 ╮`));
	app.close();
});

test('a summary that is cut off says how much is left out', async t => {
	const fake = setUp();
	const app = await running(fake, {columns: 40, rows: 10});
	const libraries = Array.from({length: 9}, (_, number) => libraryResult(String(number), `Library ${number}`));
	fake.end(result({libraries}));
	await app.until(frame => frame.includes('Imported without errors'));
	const whole = app.lines().filter(line => /^(?:Libra…|Sum) +43?,|^Libr.*4,800/v.test(line)).length;
	t.true(app.frame().includes(`  ${10 - whole} more in a taller terminal`), app.frame());
	app.close();
});

test('Enter after an import without problems opens its first library', async t => {
	const fake = setUp();
	const app = await running(fake, {columns: 120, rows: 40});
	fake.end(result({libraries: [libraryResult('films', '東京物語'), libraryResult('shows', 'Shows')]}));
	await app.until(frame => frame.includes('Enter browses 東京物語'));
	t.regex(app.frame(), /╭─ Items ─+╮╭─ Imported ─+╮/v);
	t.regex(app.frame(), /│ +9,600 +││ +9,600 +│/v);
	await app.press(keys.enter);
	await app.until(frame => frame.includes('› 東京物語'));
	app.close();
});

test('Enter goes nowhere while an import without problems runs', async t => {
	const fake = setUp();
	const app = await openApp(fake.services);
	await app.until(frame => frame.includes('[x] Shows'));
	await app.press(keys.enter);
	fake.report(started);
	await setImmediate();
	await app.press(keys.enter);
	t.true(app.frame().includes('There is no problem to open.'));
	t.regex(app.frame(), /╭─ Imported just now ─+╮\n│ {2}Nothing yet\./v);
	app.close();
});

test('the causes of problems are shown in full beside what was imported', async t => {
	const fake = setUp();
	const app = await running(fake, {columns: 120, rows: 40});
	fake.report({type: 'problem', problem: problem(3, {library: films, message: `The cause is long: ${'word '.repeat(40)}end.`}), failed: 1});
	await app.until(frame => frame.includes(' 1/3 ╮'));
	t.true(app.lines().some(line => line.includes('end.')));
	t.true(app.lines().every(line => displayWidth(line) <= 120));
	app.close();
});
