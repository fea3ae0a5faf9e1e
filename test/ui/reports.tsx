import test from 'ava';
import {AppError} from '../../source/base/errors.js';
import {compileQuery} from '../../source/query/language/compile.js';
import type {ListState} from '../../source/ui/parts/list.js';
import {catalogChanged} from '../../source/ui/screens/libraries/reduce.js';
import {topScreen, type Screen} from '../../source/ui/ui-state.js';
import {displayWidth} from '../../source/base/text/width.js';
import {
	connection,
	emptyHeader,
	fakeServices,
	library,
	movie,
	row,
} from '../helpers/fake-services.js';
import {openApp} from '../helpers/open-app.js';
import {keys} from '../helpers/render-screen.js';

const open = async (change: Parameters<typeof fakeServices>[0] = {}, size: Parameters<typeof openApp>[1] = {}) => {
	const fake = fakeServices({
		libraries: async () => [row('movies', {title: 'Movies', isChosen: true, catalogCount: 2})],
		items: [movie(1), movie(2)],
		initial: {connection, catalog: {...emptyHeader, libraries: [library('movies', 'movie')]}},
		...change,
	});
	const app = await openApp(fake.services, size);
	await app.until(frame => frame.includes('Movies'));
	return {...app, calls: fake.calls, services: fake.services};
};

test('a change opens the timeline of its item, that opens the item and the run, and Esc leads back step by step', async t => {
	const app = await open();
	await app.press('C');
	await app.until(frame => frame.includes('Nosferatu'));
	await app.press('j', 'j', keys.enter);
	await app.until(frame => frame.includes('What happened to m2'));
	t.regex(app.lines()[0]!, /Changes of 7 days › Nosferatu/v);
	await app.press(keys.enter);
	await app.until(frame => frame.includes('Nosferatu › Movie 2'));
	await app.press(keys.escape);
	await app.until(frame => frame.includes('What happened to m2'));
	await app.press('j', keys.enter);
	await app.until(frame => frame.includes('Log of this run'));
	await app.press(keys.escape);
	await app.until(frame => frame.includes('What happened to m2'));
	await app.press(keys.escape);
	await app.until(frame => frame.includes('Movies: 1 added, 2 edited'));
	app.close();
});

test('an item that is gone has a timeline, and says that there is no detail', async t => {
	const app = await open();
	await app.press('C');
	await app.until(frame => frame.includes('Metropolis'));
	await app.press('G', keys.enter);
	await app.until(frame => frame.includes('What happened to gone'));
	await app.press(keys.enter);
	await app.until(frame => frame.includes('It is not in the catalogue any more.'));
	t.deepEqual(app.failures, []);
	app.close();
});

test('f shows one kind of change at a time, / asks with a query as one types, and Esc shows all again', async t => {
	const queries: Array<string | undefined> = [];
	const app = await open();
	const {report} = app.services;
	// The words of a query need not be in the rows that it finds.
	const found = [{id: 'movies', cells: ['Movies: 1 added'], isHeading: true}, {
		id: 'd', cells: ['added', '2026-05-04 10:00', 'Zazie', ''], kind: 'added',
	}];
	app.services.report = async (question, options) => {
		const query = 'query' in question ? question.query : undefined;
		queries.push(query);
		return query === 'cafe lin' ? found : report(question, options);
	};

	await app.press('C');
	await app.until(frame => frame.includes('Nosferatu'));
	await app.press('f');
	await app.until(frame => /only added[\s\S]*Café/v.test(frame));
	t.notRegex(app.frame(), /Nosferatu/v);
	await app.press('f');
	await app.until(frame => /only edited[\s\S]*Nosferatu[\s\S]*Metropolis/v.test(frame));
	await app.press(keys.escape);
	await app.until(frame => frame.includes('Movies: 1 added'));
	await app.press('/', ...'cafe lin');
	await app.until(frame => frame.includes('/cafe lin') && /› [^\n]*Zazie/v.test(frame));
	t.regex(app.frame(), /Movies: 1 added/v);
	t.notRegex(app.frame(), /Metropolis|Café/v);
	t.is(queries.at(-1), 'cafe lin');
	// Another period is asked the same question.
	await app.press(keys.enter, ']');
	await app.until(frame => frame.includes('30 days  /cafe lin') && frame.includes('Zazie'));
	t.deepEqual(queries.slice(-2), ['cafe lin', 'cafe lin']);
	await app.press(keys.escape);
	await app.until(frame => frame.includes('Metropolis'));
	t.is(queries.at(-1), undefined);
	app.close();
});

test('a wrong query in the changes is marked and said, the rows stay, and the next right one is asked', async t => {
	const queries: Array<string | undefined> = [];
	const app = await open();
	const {report} = app.services;
	app.services.report = async (question, options) => {
		const query = 'query' in question ? question.query : undefined;
		queries.push(query);
		// The real one reads the query before anything else.
		await compileQuery(query ?? '', app.services.queryWorld());
		return report(question, options);
	};

	await app.press('C');
	await app.until(frame => frame.includes('Nosferatu'));
	await app.press('/', '(');
	await app.until(() => topScreen(app.store.get()).filterFault !== undefined);
	t.regex(app.frame(), /Nosferatu[\s\S]+Metropolis/v);
	await app.press('\u{7F}', ...'metro gener:x');
	await app.until(frame => frame.includes('There is no field gener; did you mean genre?'));
	t.deepEqual(topScreen(app.store.get()).filterFault, {start: 6, end: 11});
	await app.press('\u{7F}', '\u{7F}', '\u{7F}', '\u{7F}', '\u{7F}', '\u{7F}', '\u{7F}', '\u{7F}');
	await app.until(() => topScreen(app.store.get()).filterFault === undefined);
	t.is(queries.at(-1), 'metro');
	// What is read again is asked with the query that the rows answer.
	await app.press(keys.enter, 'r');
	await app.until(() => queries.length > 0 && queries.at(-1) === 'metro');
	app.close();
});

test('an answer to a query that was typed on since is dropped, and only then the newest query is asked', async t => {
	const app = await open();
	const {report} = app.services;
	const queries: Array<string | undefined> = [];
	const {promise: held, resolve: release} = Promise.withResolvers<void>();
	app.services.report = async (question, options) => {
		queries.push('query' in question ? question.query : undefined);
		const rows = await report(question, options);
		if ('query' in question && question.query === 'n') {
			await held;
		}

		return rows;
	};

	await app.press('C');
	await app.until(frame => frame.includes('Nosferatu'));
	await app.press('/', 'n');
	await app.press('\u{7F}', 'm', 'e');
	await app.until(frame => frame.includes('/me'));
	t.deepEqual(queries, [undefined, 'n']);
	t.regex(app.frame(), /Café/v);
	release();
	await app.until(frame => frame.includes('Metropolis') && !frame.includes('Nosferatu'));
	t.deepEqual(queries, [undefined, 'n', 'me']);
	app.close();
});

test('the heading of a library opens the library', async t => {
	const app = await open();
	await app.press('C');
	await app.until(frame => frame.includes('Nosferatu'));
	await app.press('g', 'g', keys.enter);
	await app.until(frame => frame.includes('Movie 2'));
	t.regex(app.lines()[0]!, /› Movies/v);
	app.close();
});

test('H lists the runs, a run leads to its changes and its log, and a line of the log opens whole', async t => {
	const app = await open();
	await app.press('H');
	await app.until(frame => frame.includes('failed'));
	await app.press('L');
	await app.until(frame => frame.includes('GET /identity of run-2'));
	await app.press(keys.enter);
	await app.until(frame => frame.includes('The whole line of run-2'));
	await app.press(keys.escape);
	await app.until(frame => frame.includes('GET /identity of run-2'));
	await app.press(keys.escape);
	await app.until(frame => frame.includes('failed'));
	await app.press('j', keys.enter);
	await app.until(frame => frame.includes('Changes of this run'));
	await app.press(keys.enter);
	await app.until(frame => frame.includes('edited in run-1'));
	t.deepEqual(app.failures, []);
	app.close();
});

test('M lists what is held, Enter and t lead to the item, and A asks before it accepts what was asked about and reads the list again', async t => {
	const held = {...library('movies', 'movie'), sync: {held: {items: 1}}} as unknown as ReturnType<typeof library>;
	const app = await open({initial: {connection, catalog: {...emptyHeader, libraries: [held]}}});
	await app.press('M');
	await app.until(frame => frame.includes('4 GB'));
	await app.press('t');
	await app.until(frame => frame.includes('What happened to m1'));
	await app.press(keys.escape);
	await app.until(frame => frame.includes('4 GB'));
	await app.press(keys.enter);
	await app.until(frame => frame.includes('› Movie 1'));
	await app.press(keys.escape);
	await app.until(frame => frame.includes('4 GB'));
	await app.press('A');
	await app.until(frame => frame.includes('Remove what is held?') && frame.includes('Movies 1.'));
	await app.press(keys.escape);
	t.false(app.calls.includes('accept movies'));
	await app.press('A');
	await app.until(frame => frame.includes('Movies 1.'));
	const more = {...held, sync: {held: {items: 900}}} as unknown as ReturnType<typeof library>;
	app.controller.tell(catalogChanged({...emptyHeader, libraries: [more]}));
	await app.press('y');
	await app.until(frame => frame.includes('Nothing was removed: what is held has changed'));
	t.false(app.calls.includes('accept movies'));
	await app.press('A');
	await app.until(frame => frame.includes('Movies 900.'));
	await app.press('y');
	await app.until(frame => frame.includes('3 items removed'));
	t.deepEqual(app.calls.filter(call => call !== 'report timeline'), ['report held', 'accept movies', 'report held']);
	app.close();
});

test('a report that cannot be read says why and what to do, and r tries again', async t => {
	let isBroken = true;
	const app = await open({
		async report() {
			if (isBroken) {
				throw new AppError('not-found', 'This run is not remembered any more.', {hint: 'The newest 500 runs are.'});
			}

			return [{id: 'a', cells: ['2026-05-01', 'sync', 'done', '', 'no changes', '']}];
		},
	});
	await app.press('H');
	await app.until(frame => frame.includes('not remembered any more') && frame.includes('The newest 500 runs are.'));
	isBroken = false;
	await app.press('r');
	await app.until(frame => frame.includes('no changes'));
	t.deepEqual(app.failures, []);
	app.close();
});

test('hostile text moves no column and every report fits every size', async t => {
	const title = '\u{1B}[2J\u{1B}]0;owned\u{7}東京物語\u{202E}x'.repeat(40);
	const app = await open({
		report: async () => [
			{id: 'h', cells: [title], isHeading: true},
			{id: 'a', cells: ['edited', '2026-05-02 10:00', title, title, title, title]},
		],
	});
	for (const key of ['C', 'H', 'M']) {
		await app.press(key);
		await app.until(frame => frame.includes('東京'));
		for (const [columns, rows] of [[40, 10], [59, 12], [80, 24], [120, 40]] as const) {
			await app.resize({columns, rows});
			t.true(app.lines().length <= rows && app.lines().every(line => displayWidth(line) <= columns), `${key} at ${columns}x${rows}:\n${app.frame()}`);
			t.notRegex(app.frame().replaceAll('\n', ''), /[\p{Control}\u{202E}]|owned/v);
		}

		await app.resize({columns: 80, rows: 24});
		await app.press(keys.escape);
		await app.until(frame => frame.includes('[x] Movies'));
	}

	app.close();
});

test('of 50,000 rows a frame looks only at those that it shows', async t => {
	let reads = 0;
	const rows = Array.from({length: 50_000}, (_, index) => ({
		id: String(index),
		get cells() {
			reads++;
			return ['edited', '2026-05-02 10:00', `Title ${index}`, 'title'];
		},
	}));
	const app = await open({report: async () => rows});
	await app.press('C');
	await app.until(frame => frame.includes('Title 3'));
	reads = 0;
	await app.press('G');
	t.regex(app.frame(), /Title 49999/v);
	t.true(reads < 1000, String(reads));
	app.close();
});

test('a screen reader hears the row that is selected, and what is shown of all', async t => {
	const app = await open({}, {isScreenReader: true});
	await app.press('C');
	await app.until(frame => frame.includes('Movies: 1 added, 2 edited, 1 of 4.'));
	await app.press('f');
	await app.until(frame => frame.includes('Only added.') && frame.includes('added, 2026-05-01 10:00, Café Linnéa, 4K, 1 of 1.'));
	t.deepEqual(app.failures, []);
	app.close();
});

test('with two servers the lists tell the server, and what is accepted is of the connected one', async t => {
	const held = (id: string, serverId: string, items: number) => library(id, 'movie', {
		title: 'Films', serverId, counts: {
			movie: 3, show: 0, season: 0, episode: 0,
		}, sync: {held: {items}} as unknown as NonNullable<ReturnType<typeof library>['sync']>,
	});
	const catalog = {...emptyHeader, servers: [{id: 'server', name: 'Attic'}, {id: 'barn', name: 'Barn'}], libraries: [held('attic-films', 'server', 1), held('barn-films', 'barn', 7)]};
	const app = await openApp(fakeServices({initial: {connection: undefined, catalog}}).services);
	await app.until(frame => frame.includes('Films@Attic') && frame.includes('Films@Barn'));
	await app.press('j', 'l');
	await app.until(frame => frame.includes('reelcat Barn › Films'));
	app.close();

	const fake = fakeServices({initial: {connection, catalog}, libraries: async () => [row('attic-films', {title: 'Films'}), row('new', {title: 'New'})]});
	const connected = await openApp(fake.services);
	await connected.until(frame => frame.includes('Films@Attic') && frame.includes('New@Attic'));
	await connected.press('A');
	t.regex(connected.frame(), /1 item that Attic no longer has will be removed/v);
	await connected.press('y');
	await connected.until(frame => frame.includes('items removed'));
	t.true(fake.calls.includes('accept attic-films'));
	connected.close();

	const elsewhere = await openApp(fakeServices({initial: {connection, catalog: {...catalog, libraries: [library('attic-films', 'movie'), held('barn-films', 'barn', 7)]}}}).services);
	await elsewhere.press('A');
	t.regex(elsewhere.frame(), /What is held is of another server; connect to it with c first/v);
	elsewhere.close();
});

test('a report has a panel where there is room, with before and after on a second line, and none where there is not', async t => {
	const app = await open({}, {columns: 80, rows: 24});
	await app.press('C');
	await app.until(frame => frame.includes('Nosferatu'));
	const lines = app.lines();
	t.regex(lines[2]!, /^╭─ Changes of 7 days ─+ 1\/4 ╮$/v);
	t.notRegex(lines[0]!, /1\/4/v);
	const at = lines.findIndex(line => line.includes('Nosferatu'));
	t.notRegex(lines[at]!, /edited 7 days/v);
	t.regex(lines[at + 1]!, /^│ {16}edited 7 days +│$/v);
	app.close();

	const small = await open({}, {columns: 59, rows: 24});
	await small.press('C');
	await small.until(frame => frame.includes('Nosferatu'));
	t.regex(small.lines().find(line => line.includes('Nosferatu'))!, /edited 7/v);
	t.notRegex(small.frame(), /╭/v);
	t.regex(small.lines()[0]!, /1\/4$/v);
	small.close();
});

test('what happened has a sign, the days have a heat map, and z hides the rows of a library', async t => {
	const app = await open({
		report: async () => [
			{
				id: 'daily', cells: ['The last 30 days'], isHeading: true, tone: 'dim', amounts: [0, 1, 100],
			},
			{
				id: 'movies', cells: ['Movies: 1 added, 1 removed'], isHeading: true, isFoldable: true,
			},
			{
				id: 'a', cells: ['added', '', 'Alien', ''], kind: 'added', change: 'added',
			},
			{
				id: 'b', cells: ['removed', '', 'Brazil', ''], kind: 'removed', change: 'removed',
			},
			{
				id: 'shows', cells: ['Shows: 1 upgraded'], isHeading: true, isFoldable: true,
			},
			{
				id: 'c', cells: ['upgraded', '', 'Chernobyl', '1080p → 4K'], kind: 'upgraded', change: 'upgraded',
			},
		],
	}, {columns: 100, rows: 30});
	await app.press('C');
	await app.until(frame => frame.includes('Chernobyl'));
	t.regex(app.frame(), /The last 30 days +·░█/v);
	t.regex(app.frame(), /\+ added +Alien/v);
	t.regex(app.frame(), /− removed +Brazil/v);
	t.regex(app.frame(), /↑ upgraded +Chernobyl/v);
	t.regex(app.frame(), /▾ Movies: 1 added/v);
	t.regex(app.frame(), /› ▾ Movies/v);
	await app.press('j', 'z');
	await app.until(frame => frame.includes('▸ Movies: 1 added'));
	t.notRegex(app.frame(), /Alien|Brazil/v);
	t.true(app.frame().includes('Chernobyl'));
	t.regex(app.frame(), /› ▸ Movies/v);
	await app.press('z');
	await app.until(frame => frame.includes('Alien'));
	// What a query finds has headings with its own counts, so that they can be folded as well.
	await app.press('z', '/', 'a', keys.enter);
	await app.until(frame => frame.includes('▸ Movies: 1 added'));
	await app.press('g', 'g', 'z');
	await app.until(frame => frame.includes('▾ Movies: 1 added') && frame.includes('Alien'));
	// One kind has none, because their counts are those of all kinds.
	await app.press('f', 'z');
	await app.until(frame => frame.includes('There is nothing to fold here.'));
	t.notRegex(app.frame(), /Movies: 1 added/v);
	app.close();
});

test('g c lists the collections, Enter opens one and its items, and g p lists the playlists', async t => {
	const app = await open();
	await app.press('g', 'c');
	await app.until(frame => frame.includes('Before Sound'));
	await app.press(keys.enter);
	await app.until(frame => frame.includes('What is in c1'));
	t.regex(app.lines()[0]!, /Collections › Before Sound/v);
	await app.press('j', keys.enter);
	await app.until(frame => frame.includes('› Movie 1'));
	await app.press(keys.escape, keys.escape, keys.escape);
	await app.press('g', 'p');
	await app.until(frame => frame.includes('Double Bill'));
	t.deepEqual(app.failures, []);
	app.close();
});

test('a click in the changes goes to the row that is shown there, also to its second line and in a list that has scrolled', async t => {
	const rows = Array.from({length: 40}, (_, number) => ({
		id: `c${number}`, cells: ['edited', '', `Film ${number} `, number % 2 === 0 ? '' : `after ${number} `], kind: 'edited', change: 'changed' as const, opens: {name: 'timeline' as const, itemId: 'm1'},
	}));
	const report = async () => [
		{
			id: 'daily', cells: ['The last 30 days'], isHeading: true, amounts: [0, 1],
		},
		...rows,
	];
	const click = (app: Awaited<ReturnType<typeof open>>, text: string) => {
		const at = app.lines().findIndex(line => line.includes(text));
		app.controller.point({
			kind: 'press', button: 'left', column: 6, row: at,
		});
		app.controller.point({
			kind: 'release', button: 'left', column: 6, row: at,
		});
		return topScreen(app.store.get()) as Screen & {list: ListState};
	};

	const app = await open({report}, {columns: 90, rows: 30});
	await app.press('C');
	await app.until(frame => frame.includes('Film 5 '));
	t.is(click(app, 'Film 5 ').list.selectedId, 'c5');
	t.is(click(app, 'after 3 ').list.selectedId, 'c3');
	t.is(click(app, 'The last 30 days').list.selectedId, 'c3');
	t.is(click(app, '╰').list.selectedId, 'c3');
	await app.press('G');
	await app.until(frame => frame.includes('Film 39 '));
	t.is(click(app, 'after 35 ').list.selectedId, 'c35');
	t.is(click(app, 'Film 36 ').list.selectedId, 'c36');
	click(app, 'Film 36 ');
	await app.until(() => topScreen(app.store.get()).name === 'timeline');
	app.close();

	const small = await open({report}, {columns: 50, rows: 12});
	await small.press('C');
	await small.until(frame => frame.includes('Film 5 '));
	t.is(click(small, 'Film 5 ').list.selectedId, 'c5');
	small.close();
});

test('a timeline over the detail of the same item is called so, because the header has the title already', async t => {
	const app = await open();
	await app.press('M');
	await app.until(frame => frame.includes('4 GB'));
	await app.press('t');
	await app.until(frame => frame.includes('What happened to m1'));
	t.regex(app.lines()[0]!, /Missing › Movie 1$/v);
	await app.press(keys.escape);
	await app.until(frame => frame.includes('4 GB'));
	await app.press(keys.enter);
	await app.until(frame => frame.includes('› Movie 1'));
	await app.press('t');
	await app.until(frame => frame.includes('What happened to m1'));
	t.regex(app.lines()[0]!, /Missing › Movie 1 › Timeline$/v);
	app.close();
});
