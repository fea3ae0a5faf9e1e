import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test from 'ava';
import {statusReport} from '../../source/reports/daemon/daemon-reports.js';
import {
	loadReport,
	reportNames,
	reportScreenOf,
	type ReportName,
	type ReportQuestion,
	type ScreenSources,
} from '../../source/reports/registry.js';
import {reportCommands} from '../../source/reports/commands.js';
import {changes} from '../../source/history/changes.js';
import type {CatalogStore} from '../../source/catalog/catalog-store.js';
import {createCatalogIndex} from '../../source/query/catalog-index.js';
import {createMemoryStore} from '../../source/store/memory-store.js';
import {
	added,
	baseline,
	changed,
	removed,
} from '../helpers/events.js';
import {collection, playlist} from '../helpers/store-records.js';
import {commit, run} from '../commands/_past.js';
import {makeItem, makeLibrary} from '../query/_items.js';
import {watchStatus} from '../helpers/fake-watch.js';

const now = new Date('2026-03-10T12:00:00Z');

const sourcesOf = (store: CatalogStore): ScreenSources => ({
	store, index: createCatalogIndex(), queryWorld: () => ({now, libraries: store.header().libraries, servers: store.header().servers}), signal: new AbortController().signal, logFolder: '/nowhere', runningSince: undefined, now: () => now,
});

const setUp = async (change: Partial<ScreenSources> = {}) => {
	const store = createMemoryStore();
	await store.load();
	const options: ScreenSources = {
		...sourcesOf(store), ...change,
	};
	return {store, options, ask: async (question: ReportQuestion) => loadReport(question, options)};
};

const columnsOf = (name: ReportName) => reportScreenOf(name).columns.filter(({screen}) => screen !== undefined).map(({heading}) => heading);

const texts = (rows: ReadonlyArray<{cells: readonly string[]}>) => rows.map(({cells}) => cells.join(' | '));

test('changes of a period come library by library, and lead to the timeline of their item', async t => {
	const {store, ask} = await setUp();
	await commit(store, {
		libraries: [makeLibrary('films', 'Films')],
		put: [makeItem('a', {libraryId: 'films', title: 'Nosferatu'})],
		events: [
			added('a', {title: 'Nosferatu', at: '2026-03-01T10:00:00Z', runId: 'r1'}),
			changed('edited', 'a', [{title: 'Nosferato'}, {title: 'Nosferatu'}], {title: 'Nosferatu', at: '2026-03-09T10:00:00Z', runId: 'r2'}),
		],
	});
	const week = await ask({name: 'changes', days: 7});
	const {cells, amounts} = week[0]!;
	t.deepEqual(cells, ['The last 30 days']);
	t.is(amounts!.length, 30);
	t.deepEqual(amounts!.filter(count => count > 0), [1, 1]);
	t.is(week[1]!.cells[0], 'Films: 1 edited');
	t.deepEqual(week[1]!.opens, {name: 'library', libraryId: 'films'});
	const edited = week.find(({kind}) => kind === 'edited');
	t.regex(edited!.cells.join(' | '), /Nosferatu \| title Nosferato → Nosferatu/v);
	t.deepEqual(edited!.opens, {name: 'timeline', itemId: 'a'});
	t.is((await ask({name: 'changes', days: 1}))[1]!.cells[0], 'Nothing has changed in 1 day, as far as the syncs have seen.');
	t.is((await ask({name: 'changes', runId: 'r1'})).find(({kind}) => kind !== undefined)?.kind, 'added');
	t.is((await ask({name: 'changes', runId: 'never'}))[0]!.cells[0], 'This run found no changes.');
});

test('changes of many items, told a few at a time, are those told at once, also after a library was counted anew', async t => {
	const {store, ask} = await setUp();
	const items = Array.from({length: 700}, (_, index) => makeItem(`i${index}`, {libraryId: index % 2 === 0 ? 'films' : 'classics', title: `Title ${index}`}));
	const edit = (kind: 'edited' | 'rematched', at: string) => items.map(({id, libraryId, title}) =>
		changed(kind, id, kind === 'edited' ? [{title: 'Before'}, {title}] : [{guid: 'before'}, {guid: 'after'}], {libraryId, at, title}));
	const events = [...edit('edited', '2026-03-08T10:00:00Z'), baseline('classics', '2026-03-08T12:00:00Z'), ...edit('rematched', '2026-03-09T10:00:00Z')];
	await commit(store, {libraries: [makeLibrary('films', 'Films'), makeLibrary('classics', 'Classics')], put: items, events});
	const rows = await ask({name: 'changes', days: 7});
	const nothing = {name: () => undefined, file: () => undefined, item: (id: string) => items.find(item => item.id === id)};
	const atOnce = changes(events, {}, nothing).map(({libraryId, kind, rows: {length}}) => [libraryId, kind, length]);
	t.deepEqual(atOnce, [['films', 'rematched', 350], ['classics', 'rematched', 350], ['films', 'edited', 350]]);
	for (const [libraryId, kind, length] of atOnce) {
		const told = rows.filter(({id, isHeading}) => isHeading !== true && id.startsWith(`${libraryId} ${kind} `));
		t.is(told.length, length as number);
		t.deepEqual(told.map(({cells}) => cells[2]), told.map(({cells}) => cells[2]!).toSorted());
	}

	t.is(rows.filter(({isHeading}) => isHeading !== true).length, 1050);
});

test('the ids of the rows differ, also where one item has several changes', async t => {
	const {store, ask} = await setUp();
	await commit(store, {
		libraries: [makeLibrary('films', 'Films'), makeLibrary('classics', 'Classics')],
		put: [makeItem('a', {libraryId: 'films'})],
		events: ['films', 'classics'].flatMap(libraryId => (['edited', 'rematched'] as const).map(kind =>
			changed(kind, `${libraryId}-a`, [{[kind === 'edited' ? 'title' : 'guid']: 'before'}, {[kind === 'edited' ? 'title' : 'guid']: 'after'}], {at: '2026-03-09T10:00:00Z', libraryId}))),
	});
	const rows = await ask({name: 'changes', days: 7});
	t.true(rows.length > 4);
	t.is(new Set(rows.map(({id}) => id)).size, rows.length);
});

test('a timeline says whether its item is still there, and leads to it and to the runs', async t => {
	const {store, ask} = await setUp();
	await commit(store, {
		libraries: [makeLibrary('films', 'Films')],
		put: [makeItem('a', {libraryId: 'films', title: 'Nosferatu'})],
		events: [
			changed('edited', 'a', [{title: 'Nosferato'}, {title: 'Nosferatu'}], {title: 'Nosferatu', at: '2026-03-09T10:00:00Z', runId: 'r2'}),
			removed(makeItem('b', {libraryId: 'films', title: 'Gone'}), [], {at: '2026-03-09T10:00:00Z', runId: 'r2'}),
		],
	});
	const there = await ask({name: 'timeline', itemId: 'a'});
	t.deepEqual(there[0]!.opens, {name: 'detail', itemId: 'a'});
	t.deepEqual(there[1]!.opens, {name: 'run', runId: 'r2'});
	const gone = await ask({name: 'timeline', itemId: 'b'});
	t.is(gone[0]!.cells[0], 'No longer in the catalogue.');
	t.is(gone[0]!.opens, undefined);
	t.is(gone[1]!.kind, 'removed');
});

test('a run that this process is doing is running, the same run is interrupted when nobody does it', async t => {
	const {store, ask} = await setUp({runningSince: '2026-03-10T11:00:00Z'});
	await commit(store, {libraries: [makeLibrary('films', 'Films')], put: [{...run('r1', '2026-03-10T11:00:00Z'), status: 'running'}]});
	t.regex(texts(await ask({name: 'runs'}))[0]!, /running/v);
	const later = await loadReport({name: 'runs'}, sourcesOf(store));
	t.regex(texts(later)[0]!, /interrupted/v);
});

test('a run leads to its changes and its log, whose lines are those of the file', async t => {
	const logFolder = await mkdtemp(path.join(tmpdir(), 'reelcat-log-'));
	t.teardown(async () => rm(logFolder, {recursive: true}));
	const log = '20260310T110000Z-r000000.log';
	await writeFile(path.join(logFolder, log), '{"time":"2026-03-10T11:00:00Z","level":"info","msg":"GET /identity: 200"}\nnot a line\n');
	const {store, ask} = await setUp({logFolder});
	await commit(store, {libraries: [makeLibrary('films', 'Films')], put: [{...run('r1', '2026-03-10T11:00:00Z'), log}, run('r2', '2026-03-10T11:30:00Z')]});
	const rows = await ask({name: 'run', runId: 'r1'});
	t.deepEqual(rows.slice(0, 2).map(({opens}) => opens), [{name: 'changes', runId: 'r1'}, {name: 'log', runId: 'r1'}]);
	const lines = texts(await ask({name: 'log', runId: 'r1'}));
	t.regex(lines[0]!, /info +GET \/identity: 200/v);
	t.is(lines[1], 'not a line');
	await t.throwsAsync(ask({name: 'log', runId: 'r2'}), {code: 'not-found', message: /has no log/v});
	await t.throwsAsync(ask({name: 'run', runId: 'r9'}), {code: 'not-found', message: /not remembered/v});
});

test('what is held is listed library by library with its size, and leads to its item', async t => {
	const {store, ask} = await setUp();
	t.is(texts(await ask({name: 'held'}))[0], 'Nothing is held: no removal waits for you.');
	await commit(store, {
		libraries: [makeLibrary('films', 'Films')],
		put: [
			makeItem('a', {
				libraryId: 'films', title: 'Nosferatu', year: 1922, missingSince: '2026-03-01T10:00:00Z',
			}),
			makeItem('b', {libraryId: 'films', title: 'Still there'}),
		],
	});
	const rows = await ask({name: 'held'});
	t.is(rows[0]!.cells[0], 'Films: 1 item, 0 files, 0 B');
	t.is(rows.length, 2);
	t.deepEqual(rows[1]!.opens, {name: 'detail', itemId: 'a'});
});

test('the reports that are screens have a crumb and columns, and those with a command a name of its own', t => {
	t.deepEqual(Object.fromEntries(reportNames.map(name => [reportScreenOf(name).crumb, columnsOf(name)])), {
		Runs: ['When', 'Command', 'Result', 'Took', 'Changes', 'Problems'],
		Run: ['Run'],
		Log: ['Log'],
		Collections: ['Title', 'Items', 'Kind', 'Library'],
		Playlists: ['Title', 'Items', 'Kind'],
		Members: ['Type', 'Year', 'Title'],
		Changes: ['What', 'When', 'Title', 'Before → after'],
		Timeline: ['When', 'What', 'Before → after'],
		Missing: ['Type', 'Title', 'Year', 'Quality', 'Size', 'Gone since'],
	});
	t.deepEqual(reportCommands.map(({name}) => name), ['runs', 'ls', 'show', 'collections', 'playlists', 'diff', 'lost', 'verify']);
});

test('a row of a screen has a cell for each of its columns', async t => {
	const {store, ask} = await setUp();
	await commit(store, {
		libraries: [makeLibrary('films', 'Films')],
		put: [makeItem('a', {libraryId: 'films', missingSince: '2026-03-01T10:00:00Z'}), run('r1', '2026-03-09T10:00:00Z')],
		events: [changed('edited', 'a', [{title: 'Before'}, {title: 'After'}], {at: '2026-03-09T10:00:00Z', runId: 'r1'})],
	});
	const questions: ReportQuestion[] = [{name: 'changes', days: 7}, {name: 'timeline', itemId: 'a'}, {name: 'runs'}, {name: 'run', runId: 'r1'}, {name: 'held'}];
	for (const question of questions) {
		const rows = (await ask(question)).filter(({isHeading}) => isHeading !== true);
		t.true(rows.length > 0, question.name);
		t.deepEqual(new Set(rows.map(({cells}) => cells.length)), new Set([columnsOf(question.name).length]), question.name);
	}
});

test('a collection leads to its members, these to their items, and one that is gone says so', async t => {
	const {store, ask} = await setUp();
	t.deepEqual(texts(await ask({name: 'collections'})), ['The catalogue has no collections. An import or sync reads them.']);
	await commit(store, {
		libraries: [makeLibrary('films', 'Films')],
		put: [
			makeItem('a', {title: 'Nosferatu', year: 1922}),
			collection('c1', ['a'], {
				serverId: 'server', libraryId: 'films', title: 'Silent', smart: true, filter: '/all?year=1922',
			}),
			{...playlist('q1', ['a', 'a']), serverId: 'server', title: 'Twice'},
		],
	});
	const [silent] = await ask({name: 'collections'});
	t.deepEqual([silent!.cells, silent!.kind], [['Silent', '1', 'smart', 'Films'], 'smart']);
	t.deepEqual(silent!.opens, {name: 'members', listId: 'c1', title: 'Silent'});
	const members = await ask({name: 'members', listId: 'c1', title: 'Silent'});
	t.deepEqual(texts(members), ['Silent (Films): 1 item', 'Filter: /all?year=1922', 'movie | 1922 | Nosferatu']);
	t.deepEqual(members.at(-1)!.opens, {name: 'detail', itemId: 'a'});
	t.deepEqual(texts(await ask({name: 'playlists'})), ['Twice | 2 | ']);
	const twice = await ask({name: 'members', listId: 'q1', title: 'Twice'});
	t.is(new Set(twice.map(({id}) => id)).size, 3);
	t.deepEqual(texts(await ask({name: 'members', listId: 'c9', title: 'Gone'})), ['It is no longer in the catalogue.']);
});

test('a changed collection is told in the changes, and leads to its members', async t => {
	const {store, ask} = await setUp();
	await commit(store, {
		libraries: [makeLibrary('films', 'Films')],
		put: [makeItem('a', {title: 'Nosferatu'}), collection('c1', ['a'], {serverId: 'server', libraryId: 'films', title: 'Silent'})],
		events: [
			{
				kind: 'collection-changed', at: '2026-03-09T10:00:00Z', revision: 1, runId: 'r1', libraryId: 'films', listId: 'c1', title: 'Silent', past: {items: []}, present: {items: ['a']},
			},
			{
				kind: 'playlist-removed', at: '2026-03-09T10:00:00Z', revision: 1, runId: 'r1', libraryId: 'server', listId: 'q1', title: 'Twice', past: {items: ['a', 'a']},
			},
			{
				kind: 'playlist-added', at: '2026-03-09T10:00:00Z', revision: 1, runId: 'r1', libraryId: 'server', listId: 'q2', title: 'Once', present: {items: ['a']},
			},
		],
	});
	const rows = await ask({name: 'changes', days: 7});
	t.deepEqual(rows.filter(({isHeading}) => isHeading === true).map(({cells}) => cells[0]), ['The last 30 days', 'Films: 1 collection changed', '  Its history has not begun yet.', 'Playlists: 1 playlist added, 1 playlist removed']);
	const [changed_, added_, removed_] = rows.filter(({isHeading}) => isHeading !== true);
	t.regex(changed_!.cells.join(' | '), /Silent \| .*Nosferatu/v);
	t.deepEqual(changed_!.opens, {name: 'members', listId: 'c1', title: 'Silent'});
	t.regex(removed_!.cells.join(' | '), /Twice \| .*2 items/v);
	t.deepEqual([changed_, added_, removed_].map(row => row!.change), ['changed', 'added', 'removed']);
	t.is(rows[0]!.amounts!.reduce((sum, amount) => sum + amount), 3);
});

test('the state of a daemon is told with the times since when it is so', t => {
	const [first, server, push] = statusReport.text(watchStatus(), {});
	t.is(first, 'reelcat 0.1.0 has watched since 09:30 (process 4711): ok');
	t.is(server, 'Server        Attic, reachable since 09:30');
	t.is(push, 'Push          notifications by websocket since 09:31');
});
