import {setTimeout as delay} from 'node:timers/promises';
import test from 'ava';
import type {Item, Run} from '../../source/catalog/types.js';
import {AppError} from '../../source/base/errors.js';
import {normalize} from '../../source/plex/normalize/normalize.js';
import type {ListPage, PlexClient, Section} from '../../source/plex/types.js';
import {listRuns} from '../../source/history/runs.js';
import {checkHistory} from '../../source/store/check-history.js';
import {createMemoryStore} from '../../source/store/memory-store.js';
import {storedItems, type CatalogStore} from '../../source/catalog/catalog-store.js';
import type {LibraryResult, SyncEvent} from '../../source/sync/events.js';
import {importLibraries, type ImportTarget} from '../../source/sync/sync.js';
import {newRun} from '../../source/sync/run-record.js';
import {runRecord} from '../helpers/run-records.js';

type Row = Record<string, unknown>;

const section = (key: string, type = 'movie'): Section => ({
	id: `uuid-${key}`,
	uuid: `uuid-${key}`,
	key,
	title: `Library ${key}`,
	type,
	agent: undefined,
	language: undefined,
	locations: [],
	isRefreshing: false,
	contentChangedAt: undefined,
	scannedAt: undefined,
	updatedAt: undefined,
});

const movie = (ratingKey: number, extra: Row = {}): Row => ({
	ratingKey: String(ratingKey),
	type: 'movie',
	title: `Movie ${ratingKey}`,
	Role: [{tag: 'Mira Holt', tagKey: '5d7768aaaa0005ee001e0002', role: 'Captain'}],
	Media: [{id: ratingKey, Part: [{id: ratingKey, file: `/films/${ratingKey}.mkv`, size: 100}]}],
	...extra,
});

const movies = (count: number) => Array.from({length: count}, (_, index) => movie(index + 1));

const episode = (ratingKey: string, extra: Row = {}): Row => ({
	ratingKey,
	type: 'episode',
	title: `Episode ${ratingKey}`,
	index: 1,
	parentIndex: 1,
	parentRatingKey: '11',
	grandparentRatingKey: '10',
	grandparentTitle: 'Harbour Lights',
	parentTitle: 'Season 1',
	...extra,
});

const show: Row = {ratingKey: '10', type: 'show', title: 'Harbour Lights'};
const season: Row = {
	ratingKey: '11',
	type: 'season',
	title: 'Season 1',
	index: 1,
	parentRatingKey: '10',
};

type Scripted = {
	listed: Record<string, unknown[]>;
	/**
	What a detail call knows beyond what is listed.
	*/
	hidden?: Row[];
	total?: number;
	onDetails?: (ratingKeys: readonly string[]) => Promise<void> | void;
	onPage?: (sectionKey: string) => void;
};

/**
A server whose answers are given; real HTTP is tried with the demo server.
*/
const scripted = ({listed, hidden = [], total, onDetails, onPage}: Scripted) => {
	let requests = 0;
	const rowsOf = (sectionKey: string, type: string) => (listed[sectionKey] ?? []).filter(row => (row as Row | undefined)?.['type'] === type || typeof row !== 'object');
	const plex: PlexClient = {
		baseUrl: 'http://plex.example:32400',
		identity: async () => ({id: 'server-1', version: '1', isClaimed: true}),
		server: async () => ({
			id: 'server-1',
			name: 'attic',
			version: '1',
			isClaimed: true,
		}),
		sections: async () => [],
		async page({sectionKey, type, start, size}): Promise<ListPage> {
			requests++;
			onPage?.(sectionKey);
			const rows = rowsOf(sectionKey, type);
			return {rows: rows.slice(start, start + size), total: total ?? rows.length, serverSeconds: undefined};
		},
		list: async () => ({rows: [], total: 0, serverSeconds: undefined}),
		async details(ratingKeys, {signal} = {}) {
			requests++;
			await onDetails?.(ratingKeys);
			if (signal?.aborted === true) {
				throw new AppError('cancelled', 'The request was cancelled.');
			}

			return [...Object.values(listed).flat(), ...hidden].filter(row => ratingKeys.includes((row as Row)['ratingKey'] as string));
		},
		picture: async () => new Uint8Array(),
		async children() {
			requests++;
			return [];
		},
		usage: () => ({requests, bytes: 0}),
		close() {/* nothing is open */},
	};
	return plex;
};

const run = async (
	plex: PlexClient,
	{targets = [{section: section('1')}], store, signal = new AbortController().signal, now}: {targets?: ImportTarget[]; store?: CatalogStore; signal?: AbortSignal; now?: () => Date} = {},
) => {
	const catalog = store ?? createMemoryStore();
	if (store === undefined) {
		await catalog.load();
	}

	const events: SyncEvent[] = [];
	const result = await importLibraries({
		plex,
		server: await plex.server(),
		store: catalog,
		normalize,
		targets,
		report(event) {
			events.push(event);
		},
		signal,
		...(now !== undefined && {now}),
	});
	return {result, store: catalog, events};
};

const isBalanced = ({expected, imported, unchanged, failed, skipped}: LibraryResult) => expected === imported + unchanged + failed + skipped;

/**
A store that does something before each commit, which may make it fail.
*/
const beforeCommits = (store: CatalogStore, act: () => void | Promise<void>): CatalogStore => ({
	...store,
	async begin() {
		const transaction = await store.begin();
		return {
			...transaction,
			async commit() {
				await act();
				return transaction.commit();
			},
		};
	},
});

const fullAfter = (store: CatalogStore, commits: number): CatalogStore => {
	let done = 0;
	return beforeCommits(store, () => {
		if (++done > commits) {
			throw new AppError('disk-full', 'The disk is full.');
		}
	});
};

const itemsOf = async (store: CatalogStore) => {
	const items: Item[] = [];
	for await (const batch of storedItems(store)) {
		items.push(...batch);
	}

	return items;
};

test('a first import keeps every item, and a second one finds all of them unchanged', async t => {
	const plex = scripted({listed: {1: movies(1234)}});
	const first = await run(plex);
	t.like(first.result.libraries[0], {
		expected: 1234,
		imported: 1234,
		unchanged: 0,
		failed: 0,
		skipped: 0,
		complete: true,
	});
	t.true(first.result.ok);
	t.is((await itemsOf(first.store)).length, 1234);
	t.true((await first.store.check()).ok);

	const {revision} = first.store.header();
	const second = await run(plex, {store: first.store});
	t.like(second.result.libraries[0], {expected: 1234, imported: 0, unchanged: 1234});
	t.true(first.store.header().revision >= revision);
});

test('only what differs is imported again', async t => {
	const rows = movies(10);
	const {store} = await run(scripted({listed: {1: rows}}));
	rows[3] = movie(4, {title: 'Another title'});
	const {result} = await run(scripted({listed: {1: rows}}), {store});
	t.like(result.libraries[0], {imported: 1, unchanged: 9});
});

test('a person who is listed now with and now without a picture is written once and keeps the picture', async t => {
	const picture = 'https://metadata-static.plex.tv/0/people/0aaa.jpg';
	const rows = [
		movie(1),
		movie(2, {Role: [{tag: 'Mira Holt', tagKey: '5d7768aaaa0005ee001e0002', thumb: picture}]}),
		movie(3),
	];
	const {store} = await run(scripted({listed: {1: rows}}));
	await run(scripted({listed: {1: rows}}), {store});
	const people = (await store.page({kind: 'person', limit: 10})).records;
	t.is(people.length, 1);
	t.like(people[0], {name: 'Mira Holt', thumb: picture});
});

test('requests of a first import stay below items/50 + pages + 20', async t => {
	const {result} = await run(scripted({listed: {1: movies(2000)}}));
	t.true(result.requests <= (2000 / 50) + 4 + 20, `${result.requests} requests`);
});

test('a first import asks the store for many records at once', async t => {
	const store = createMemoryStore();
	await store.load();
	let gets = 0;
	const counting: CatalogStore = {
		...store,
		async get(id) {
			gets++;
			return store.get(id);
		},
	};
	const {result} = await run(scripted({listed: {1: movies(500)}}), {store: counting});
	t.is(result.libraries[0]!.imported, 500);
	t.true(gets < 20, `${gets} single records`);
});

test('while a store takes long to commit, the next batches are fetched', async t => {
	const store = createMemoryStore();
	await store.load();
	const fetched = Promise.withResolvers<void>();
	let batches = 0;
	const plex = scripted({
		listed: {1: movies(2000)},
		onDetails() {
			batches++;
			// More than are in flight at a time.
			if (batches > 8) {
				fetched.resolve();
			}
		},
	});
	let isOverlapping: boolean | undefined;
	const slow = beforeCommits(store, async () => {
		if (batches > 0) {
			isOverlapping ??= await Promise.race([fetched.promise.then(() => true), delay(5000, false)]);
		}
	});
	const {result} = await run(plex, {store: slow});
	t.is(result.libraries[0]!.imported, 2000);
	t.true(isOverlapping);
});

test('a first import asks only once whether the twin in another library is still there', async t => {
	const guid = 'plex://movie/twin';
	let asked = 0;
	const plex = scripted({
		listed: {1: Array.from({length: 500}, (_, index) => movie(index + 1001, {guid})), 2: [movie(1, {guid})]},
		onDetails(ratingKeys) {
			asked += ratingKeys.includes('1') ? 1 : 0;
		},
	});
	const {store} = await run(plex, {targets: [{section: section('2')}], now: () => new Date('2026-03-01T12:00:00Z')});
	asked = 0;
	await run(plex, {store});
	t.is(asked, 1);
	t.is((await itemsOf(store)).length, 501);
});

test('while the clock of this machine is behind that of the server, what was added since keeps its date', async t => {
	const serverSeconds = Date.parse('2026-11-21T00:00:00Z') / 1000;
	const plex = scripted({listed: {1: [movie(1, {addedAt: serverSeconds - 3600}), movie(2, {addedAt: serverSeconds + (2 * 86_400)})]}});
	const now = () => new Date('2026-11-01T12:00:00Z');
	const {store} = await run({...plex, usage: () => ({...plex.usage(), serverSeconds})}, {now});
	t.deepEqual((await itemsOf(store)).map(({addedAt}) => addedAt), ['2026-11-20T23:00:00Z', undefined]);
});

test('one item whose details cannot be had costs one error with the item in it', async t => {
	const plex = scripted({
		listed: {1: movies(300)},
		onDetails(ratingKeys) {
			if (ratingKeys.includes('77')) {
				throw new AppError('server-error', 'The server failed.');
			}
		},
	});
	const {result} = await run(plex);
	t.like(result.libraries[0], {expected: 300, imported: 299, failed: 1});
	t.like(result.errors, [{
		ratingKey: '77', title: 'Movie 77', stage: 'detail', code: 'server-error',
	}]);
	t.false(result.ok);
});

test('rows that cannot be kept become errors and the others go on', async t => {
	const rows = [movie(1), 'not a row', {type: 'movie', title: 'No key'}, movie(2)];
	const {result} = await run(scripted({listed: {1: rows}}));
	t.like(result.libraries[0], {expected: 4, imported: 2, failed: 2});
	t.true(isBalanced(result.libraries[0]!));
	t.true(result.errors.some(({title}) => title === 'No key'));
});

test('an item that is listed twice is kept once and counted as skipped', async t => {
	const {result} = await run(scripted({listed: {1: [movie(1), movie(2), movie(1)]}}));
	t.like(result.libraries[0], {expected: 3, imported: 2, skipped: 1});
	t.true(result.ok);
});

test('an item that is gone between listing and details is an error, not silence', async t => {
	const rows = movies(3);
	const plex = scripted({
		listed: {1: rows},
		onDetails() {
			rows.splice(1, 1);
		},
	});
	const {result} = await run(plex);
	t.like(result.libraries[0], {expected: 3, imported: 2, failed: 1});
	t.like(result.errors, [{ratingKey: '2', code: 'not-found'}]);
});

test('rows that were announced and never listed are counted as failed', async t => {
	const {result} = await run(scripted({listed: {1: movies(5)}, total: 8}));
	t.like(result.libraries[0], {expected: 8, imported: 5, failed: 3});
	t.regex(result.errors[0]!.message, /announced 8 .* listed only 5/v);
});

test('a section that is gone when it is listed is an error of that library, and the next one is imported', async t => {
	const plex = scripted({
		listed: {2: movies(4)},
		onPage(sectionKey) {
			if (sectionKey === '1') {
				throw new AppError('not-found', 'The server has no such library.');
			}
		},
	});
	const {result} = await run(plex, {targets: [{section: section('1')}, {section: section('2')}]});
	t.like(result.errors, [{library: {id: 'uuid-1'}, ratingKey: undefined, code: 'not-found'}]);
	t.like(result.libraries[1], {expected: 4, imported: 4});
	t.true(result.libraries.every(library => isBalanced(library)));
});

test('a token that dies in mid-import ends the library with one error and keeps what was committed', async t => {
	let calls = 0;
	const plex = scripted({
		listed: {1: movies(1000)},
		onDetails() {
			if (++calls > 3) {
				throw new AppError('unauthorized', 'The token is not accepted.');
			}
		},
	});
	const {result, store} = await run(plex);
	const [library] = result.libraries;
	t.true(isBalanced(library!));
	t.is(library!.imported, 300);
	t.is(library!.failed, 700);
	t.is(result.errors.length, 1);
	t.is((await itemsOf(store)).length, 300);
	t.false(library!.complete);
});

test('a cancelled import keeps what was committed and counts the rest as skipped', async t => {
	const controller = new AbortController();
	let calls = 0;
	const plex = scripted({
		listed: {1: movies(1000)},
		onDetails() {
			if (++calls === 5) {
				controller.abort();
			}
		},
	});
	const {result, store} = await run(plex, {signal: controller.signal});
	const [library] = result.libraries;
	t.true(result.cancelled);
	t.true(isBalanced(library!));
	t.is((await itemsOf(store)).length, library!.imported);
	t.true(library!.skipped > 0);
	t.deepEqual(result.errors, []);
});

test('a commit that is under way when an import is cancelled is waited for, and its items count', async t => {
	for (const cancelledAt of [2, 3, 4, 5]) {
		const controller = new AbortController();
		const memory = createMemoryStore();
		await memory.load();
		let commits = 0;
		const store = beforeCommits(memory, async () => {
			commits++;
			if (commits !== cancelledAt) {
				return;
			}

			controller.abort();
			await delay(200);
		});
		// The other batches are still fetched then, and end before the commit does.
		const plex = scripted({listed: {1: movies(5000)}, onDetails: async () => delay(20)});
		const {result} = await run(plex, {signal: controller.signal, store});
		const [library] = result.libraries;
		t.true(result.cancelled);
		t.true(isBalanced(library!));
		t.is((await itemsOf(memory)).length, library!.imported);
		t.true(library!.imported > 0 && library!.skipped > 0);
		// The catalogue knows that it does not have everything.
		t.like(memory.header().libraries[0]!.lastImport, {imported: library!.imported, complete: false});
	}
});

test('libraries that a cancelled import did not reach are in the result, with nothing done', async t => {
	const controller = new AbortController();
	controller.abort();
	const {result} = await run(scripted({listed: {}}), {targets: [{section: section('1')}, {section: section('2')}], signal: controller.signal});
	t.deepEqual(result.libraries.map(({id, expected, complete}) => ({id, expected, complete})), [
		{id: 'uuid-1', expected: 0, complete: false},
		{id: 'uuid-2', expected: 0, complete: false},
	]);
});

const television = (rows: unknown[], hidden: Row[] = []) => ({
	plex: scripted({listed: {2: rows}, hidden}),
	targets: [{section: section('2', 'show')}],
});

const checkedItems = async (store: CatalogStore) => {
	const report = await store.check();
	return {problems: report.problems, items: new Map((await itemsOf(store)).map(item => [item.title, item]))};
};

test('episodes hang below their season and show', async t => {
	const {plex, targets} = television([show, season, episode('12')]);
	const {store, result} = await run(plex, {targets});
	const {problems, items} = await checkedItems(store);
	t.deepEqual(problems, []);
	t.is(items.get('Episode 12')!.showId, items.get('Harbour Lights')!.id);
	t.is(items.get('Episode 12')!.seasonId, items.get('Season 1')!.id);
	t.like(result.libraries[0], {expected: 3, imported: 3});
});

test('an episode whose show is not listed gets the show that the detail call knows', async t => {
	const {plex, targets} = television([episode('12')], [show, season]);
	const {store, result} = await run(plex, {targets});
	const {problems, items} = await checkedItems(store);
	t.deepEqual(problems, []);
	t.is(items.get('Harbour Lights')!.placeholder, undefined);
	t.like(result.libraries[0], {expected: 1, imported: 1, failed: 0});
});

test('an episode whose show nobody knows gets a placeholder with the name that the episode gives', async t => {
	const {plex, targets} = television([episode('12')]);
	const {store} = await run(plex, {targets});
	const {problems, items} = await checkedItems(store);
	t.deepEqual(problems, []);
	t.like(items.get('Harbour Lights'), {type: 'show', placeholder: true, ratingKey: '10'});
	t.like(items.get('Season 1'), {type: 'season', placeholder: true, seasonNumber: 1});
});

test('an episode of a hidden season finds the listed season by its number', async t => {
	const {plex, targets} = television([show, season, episode('12', {parentRatingKey: undefined, skipParent: true})]);
	const {store} = await run(plex, {targets});
	const {problems, items} = await checkedItems(store);
	t.deepEqual(problems, []);
	t.is(items.get('Episode 12')!.seasonId, items.get('Season 1')!.id);
});

test('an episode of a season that the server never lists gets a season of its own, the same at every import', async t => {
	const {plex, targets} = television([show, episode('12', {
		parentRatingKey: undefined, parentTitle: undefined, skipParent: true, parentIndex: 2024,
	})]);
	const {store} = await run(plex, {targets});
	const {problems, items} = await checkedItems(store);
	t.deepEqual(problems, []);
	t.like(items.get('Season 2024'), {type: 'season', placeholder: true, seasonNumber: 2024});
	const again = await run(plex, {targets, store});
	t.like(again.result.libraries[0], {imported: 0, unchanged: 2});
});

test('a retry imports the failed items only and corrects the totals of the library', async t => {
	let isBroken = true;
	const plex = scripted({
		listed: {1: movies(50)},
		onDetails(ratingKeys) {
			if (isBroken && ratingKeys.includes('7')) {
				throw new AppError('server-error', 'The server failed.');
			}
		},
	});
	const {store} = await run(plex);
	t.like(store.header().libraries[0]!.lastImport, {imported: 49, failed: 1});
	isBroken = false;
	const {result} = await run(plex, {store, targets: [{section: section('1'), ratingKeys: ['7']}]});
	t.like(result.libraries[0], {expected: 1, imported: 1});
	t.like(store.header().libraries[0]!.lastImport, {expected: 50, imported: 50, failed: 0});
});

test('an item whose key belongs to something else goes, even when a retry or a doubtful listing cannot tell what is missing', async t => {
	const listed: Record<string, unknown[]> = {1: movies(30)};
	const plex = scripted({listed});
	const {store} = await run(plex);
	const other = (ratingKey: number) => movie(ratingKey, {title: `Other ${ratingKey}`, guid: `plex://movie/other${ratingKey}`, Media: [{id: 900 + ratingKey, Part: [{id: 900 + ratingKey, file: `/films/other-${ratingKey}.mkv`, size: 100}]}]});
	const titles = async (ratingKey: string) => (await itemsOf(store)).filter(item => item.ratingKey === ratingKey).map(({title}) => title);
	listed['1'] = movies(30).with(6, other(7));
	await run(plex, {store, targets: [{section: section('1'), ratingKeys: ['7']}]});
	t.deepEqual(await titles('7'), ['Other 7']);

	// The server no longer names the library, so what it does not list is not certainly gone.
	listed['1'] = movies(29).with(6, other(7)).with(7, other(8));
	await run(plex, {store});
	t.deepEqual(await titles('8'), ['Other 8']);
	t.deepEqual(await titles('30'), ['Movie 30']);
	t.deepEqual((await checkHistory(store)).problems, []);
});

test('what is missing is confirmed one batch at a time, so that the rows of a whole library are never in memory', async t => {
	const sections = ['1', '2'].map(key => ({...section(key), contentChangedAt: '1'}));
	const listed: Record<string, unknown[]> = {1: movies(250), 2: [movie(900)]};
	const steps: string[] = [];
	const plex: PlexClient = {
		...scripted({
			listed,
			onDetails() {
				steps.push('ask');
			},
		}),
		sections: async () => sections,
	};
	const store = createMemoryStore();
	await store.load();
	const importAll = async (targets: ImportTarget[]) => importLibraries({
		plex,
		server: await plex.server(),
		store,
		normalize(...given) {
			if (steps.at(-1) !== 'read') {
				steps.push('read');
			}

			return normalize(...given);
		},
		targets,
		report() {/* nobody listens */},
		signal: new AbortController().signal,
	});
	await importAll(sections.map(each => ({section: each})));
	const moved = movies(250).map(row => ({...row, librarySectionID: 2}));
	listed['1'] = [];
	listed['2'] = [movie(900), ...moved];
	steps.length = 0;
	await importAll([{section: sections[0]!}]);
	t.deepEqual(steps, ['ask', 'read', 'ask', 'read', 'ask', 'read']);
	t.is((await itemsOf(store)).filter(({libraryId}) => libraryId === 'uuid-2').length, 251);
});

test('a full disk ends the run with one error that says so, and the equation still holds', async t => {
	const store = createMemoryStore();
	await store.load();
	const {result} = await run(scripted({listed: {1: movies(1000), 2: movies(10)}}), {store: fullAfter(store, 4), targets: [{section: section('1')}, {section: section('2')}]});
	t.true(result.libraries.every(library => isBalanced(library)));
	t.is(result.libraries.length, 2);
	t.deepEqual(result.errors.map(({stage, code}) => ({stage, code})), [{stage: 'save', code: 'disk-full'}]);
	t.true((await store.check()).ok);
});

test('tags and people that a library could not commit are defined again by the next one that refers to them', async t => {
	const noir = {
		Genre: [{tag: 'Noir'}], Role: [{
			tag: 'Ada Quist', tagKey: '5d7768aaaa0005ee001e0003', role: 'Pilot', thumb: 'https://example.org/ada.jpg',
		}],
	};
	const rows = movies(150);
	const {store} = await run(scripted({listed: {1: rows}}));
	const changed = rows.map((_, index) => movie(index + 1, {summary: 'New.', ...noir}))
		// Its key has been given to something else, so everything waits for the last commit, which does not come.
		.with(1, movie(2, {
			title: 'Other', guid: 'plex://movie/other', ...noir, Media: [{id: 999, Part: [{id: 999, file: '/films/999.mkv', size: 100}]}],
		}));
	const {result} = await run(scripted({
		listed: {1: changed, 2: [movie(900, noir)]},
		onDetails(ratingKeys) {
			if (ratingKeys.includes('150')) {
				throw new AppError('unauthorized', 'The token was refused.');
			}
		},
	}), {store, targets: [{section: section('1')}, {section: section('2')}]});
	t.deepEqual(result.libraries.map(({complete}) => complete), [false, true]);
	t.deepEqual((await store.check()).problems, []);
	const {records} = await store.page({kind: 'person', limit: 100});
	t.true(records.some(record => record.kind === 'person' && record.name === 'Ada Quist' && record.thumb !== undefined));
});

test('every event of a library comes between its start and its end, and the last event is the result', async t => {
	const {events, result} = await run(scripted({listed: {1: movies(10)}}));
	t.is(events[0]!.type, 'run-started');
	t.deepEqual(events.at(-1), {type: 'run-finished', result});
	t.deepEqual(events.flatMap(event => event.type === 'library-phase' ? [event.phase] : []), ['counting', 'importing', 'done']);
});

const runsOf = async (store: CatalogStore) => {
	const {records} = await store.page({kind: 'run', limit: 1000});
	return records.filter((record): record is Run => record.kind === 'run');
};

test('an import is remembered, with the id that its events have', async t => {
	const {result, store, events} = await run(scripted({listed: {1: movies(10)}}));
	const runs = await runsOf(store);
	t.like(runs, [{
		id: result.runId, command: 'import', status: 'done', requests: result.requests, libraries: [{
			title: 'Library 1', expected: 10, imported: 10, mode: 'import',
		}],
	}]);
	t.like(events[0], {type: 'run-started', runId: result.runId});
	t.is(store.header().libraries[0]!.lastImport!.runId, result.runId);
	t.deepEqual((await store.check()).problems, []);
});

test('while it goes on, an import is remembered as running from its first commit on', async t => {
	const store = createMemoryStore();
	await store.load();
	const seen: Array<readonly [string, number]> = [];
	store.subscribe(({upserted}) => {
		seen.push([upserted.filter(id => id.startsWith('r')).join(','), store.header().libraries.length]);
	});
	const statuses: string[] = [];
	await run(scripted({
		listed: {1: movies(10)},
		async onDetails() {
			statuses.push(...(await runsOf(store)).map(({status}) => status));
		},
	}), {store});
	const [{id}] = await runsOf(store) as [Run];
	t.deepEqual(statuses, ['running']);
	t.deepEqual(seen[0], [id, 1]);
	t.deepEqual(seen.at(-1), [id, 1]);
	t.is((await runsOf(store))[0]!.status, 'done');
});

test('an import whose id and log were made long before it got the catalogue is listed as running while it goes on', async t => {
	const store = createMemoryStore();
	await store.load();
	const statuses: string[] = [];
	const given = newRun(new Date('2026-05-01T10:00:00.900Z'));
	await importLibraries({
		plex: scripted({
			listed: {1: movies(10)},
			async onDetails() {
				statuses.push(...listRuns(await runsOf(store), {writers: [{startedAt: '2026-05-01T10:00:01.100Z'}]}).map(({status}) => status));
			},
		}),
		server: {
			id: 'server-1', name: 'attic', version: '1', isClaimed: true,
		},
		store,
		normalize,
		targets: [{section: section('1')}],
		run: given,
		report() {/* nobody listens */},
		signal: new AbortController().signal,
		now: () => new Date('2026-05-01T10:00:01.200Z'),
	});
	t.deepEqual(statuses, ['running']);
	t.like((await runsOf(store))[0], {id: given.id, startedAt: '2026-05-01T10:00:01Z'});
});

test('a cancelled import and one that failed are remembered as such, with their problems', async t => {
	const controller = new AbortController();
	controller.abort();
	const cancelled = await run(scripted({listed: {}}), {signal: controller.signal});
	t.like(await runsOf(cancelled.store), [{status: 'cancelled', problemCount: 0}]);

	const failed = await run(scripted({
		listed: {1: movies(3)},
		onPage() {
			throw new AppError('unauthorized', 'The token is not accepted.');
		},
	}));
	t.like(await runsOf(failed.store), [{status: 'failed', problemCount: 1, problems: [{libraryId: 'uuid-1', code: 'unauthorized'}]}]);
});

test('a retry is remembered as one', async t => {
	const plex = scripted({listed: {1: movies(5)}});
	const {store} = await run(plex);
	await run(plex, {store, targets: [{section: section('1'), ratingKeys: ['3']}]});
	t.deepEqual((await runsOf(store)).map(({libraries}) => libraries[0]!.mode), ['import', 'retry']);
});

test('an import of nothing is not remembered', async t => {
	const {store} = await run(scripted({listed: {}}), {targets: []});
	t.deepEqual(await runsOf(store), []);
	t.is(store.header().revision, 0);
});

test('of 500 runs the oldest goes with the next one', async t => {
	const store = createMemoryStore();
	await store.load();
	const transaction = await store.begin();
	await transaction.upsert(Array.from({length: 500}, (_, minute) => runRecord(`r${minute}`, new Date(Date.UTC(2020, 0, 1, 0, minute)).toISOString().replace('.000', ''))));
	await transaction.commit();
	const {result} = await run(scripted({listed: {1: movies(1)}}), {store});
	const ids = (await runsOf(store)).map(({id}) => id);
	t.is(ids.length, 500);
	t.false(ids.includes('r0'));
	t.true(ids.includes('r1') && ids.includes(result.runId));
});

test('a disk that fills up over the last commit is told, and what was imported stays', async t => {
	const store = createMemoryStore();
	await store.load();
	// The library, its items, the library again, its collections, the playlists, and then the run.
	const {result, events} = await run(scripted({listed: {1: movies(3)}}), {store: fullAfter(store, 5)});
	t.like(result.libraries[0], {imported: 3, complete: true});
	t.like(result.errors, [{stage: 'save', code: 'disk-full', library: {id: 'uuid-1'}}]);
	t.false(result.ok);
	t.deepEqual(events.at(-1), {type: 'run-finished', result});
	t.is((await itemsOf(store)).length, 3);
});

test('what the last commit of an import would have kept counts as failed when the disk is full', async t => {
	const listed: Record<string, unknown[]> = {1: movies(3)};
	const {store} = await run(scripted({listed}));
	// Its key has been given to something else, so everything waits for the last commit.
	listed['1'] = movies(3).with(1, movie(2, {title: 'Other', guid: 'plex://movie/other', Media: [{id: 9, Part: [{id: 9, file: '/films/9.mkv', size: 100}]}]}));
	const {result, events} = await run(scripted({listed}), {store: fullAfter(store, 1)});
	t.like(result.libraries[0], {
		expected: 3, imported: 0, unchanged: 0, failed: 3,
	});
	t.false(events.some(({type}) => type === 'items-committed' || type === 'items-compared'));
	const again = await run(scripted({listed}), {store});
	t.like(again.result.libraries[0], {
		expected: 3, imported: 1, unchanged: 2, failed: 0,
	});
	t.like(again.store.header().libraries[0]!.lastImport, {imported: 1, unchanged: 2, complete: true});
	t.like(again.events.filter(({type}) => type === 'items-committed'), [{imported: 1, unchanged: 2}]);
});

test('a disk that was full before does not get a second error for the run that cannot be remembered', async t => {
	const store = createMemoryStore();
	await store.load();
	const {result} = await run(scripted({listed: {1: movies(3)}}), {store: fullAfter(store, 1)});
	t.deepEqual(result.errors.map(({stage, code}) => ({stage, code})), [{stage: 'save', code: 'disk-full'}]);
	t.like(await runsOf(store), [{status: 'running'}]);
});
