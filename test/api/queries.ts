import {Buffer} from 'node:buffer';
import test from 'ava';
import * as fc from 'fast-check';
import * as z from 'zod';
import {jsonLine} from '../../source/base/text/json.js';
import {openApi} from '../../source/api/openapi.js';
import {itemEntrySchema, type ChangeEntry, type EntryPage} from '../../source/api/port.js';
import {routes} from '../../source/api/routes.js';
import {storedItems, type CatalogStore} from '../../source/catalog/catalog-store.js';
import {runCommand} from '../helpers/run-command.js';
import {isIdle, withDaemon, type DaemonWorld} from '../watch/_world.js';
import {openWorld} from './_api.js';
import {openQueries} from './_queries.js';

const allPages = async <Entry>(ask: (cursor: string | undefined) => Promise<EntryPage<Entry>>, limit: number): Promise<Entry[]> => {
	const entries: Entry[] = [];
	let cursor: string | undefined;
	for (let pages = 0; pages < 10_000; pages++) {
		const page = await ask(cursor);
		if (page.entries.length > limit) {
			throw new Error('A page is longer than was asked for.');
		}

		entries.push(...page.entries);
		cursor = page.nextCursor;
		if (cursor === undefined) {
			return entries;
		}
	}

	throw new Error('The pages have no end.');
};

const everyItem = async (store: CatalogStore) => {
	const items = [];
	for await (const batch of storedItems(store)) {
		items.push(...batch);
	}

	return items;
};

const ready = async (world: DaemonWorld) => world.until('all is imported', () => isIdle(world) && world.daemon.isReady());

test('pages of any size give each item once, all of them, and the total, in an order that stays', async t => {
	await withDaemon(t, {server: {movies: 60, shows: 3}}, async world => {
		await ready(world);
		const {items} = openQueries(world.store);
		const every = await everyItem(world.store);
		const pages = async (text: string, limit: number) => {
			const ids: string[] = [];
			for (let offset = 0; ; offset += limit) {
				const {items: found, total} = await items({text, limit, offset});
				t.is(found.length, Math.max(0, Math.min(limit, total - offset)));
				ids.push(...found.map(({id}) => id));
				if (offset + limit >= total) {
					return ids;
				}
			}
		};

		const all = await pages('', 500);
		t.deepEqual(all.toSorted(), every.map(({id}) => id).toSorted());
		const [films, episodes] = [await pages('type:movie sort:-year', 500), await pages('type:episode', 500)];
		t.deepEqual([films.length > 20, episodes.length > 10, all.length > films.length + episodes.length], [true, true, true], `${films.length} films and ${episodes.length} of ${all.length}`);
		for (const limit of [1, 7, 199]) {
			t.deepEqual(await pages('', limit), all, `${limit}`);
			t.deepEqual(await pages('type:movie sort:-year', limit), films, `films, ${limit}`);
			t.deepEqual(await pages('type:episode', limit), episodes, `episodes, ${limit}`);
		}

		t.deepEqual(await items({text: 'zardozzardoz', limit: 10, offset: 0}), {items: [], total: 0, revision: world.store.header().revision});
		t.deepEqual((await items({text: '', limit: 10, offset: 1_000_000})).items, []);
		t.is((await items({text: 'type:movie limit:5', limit: 3, offset: 3})).total, 5);
	});
});

test('items are those of ls --json, and their schema has no other fields', async t => {
	await withDaemon(t, {only: ['Films']}, async world => {
		await ready(world);
		const {stdout} = await runCommand(world.store, ['ls', 'type:movie sort:title', '--json']);
		const listed = (JSON.parse(stdout) as {items: Array<Record<string, unknown>>}).items;
		const {items: found} = await openQueries(world.store).items({text: 'type:movie sort:title', limit: 500, offset: 0});
		const sent: unknown = JSON.parse(jsonLine(found));
		t.deepEqual(sent, listed);
		t.true(listed.length > 10);
		const strict = z.strictObject(itemEntrySchema.shape);
		t.deepEqual(found.filter(item => !strict.safeParse(item).success), []);
	});
});

test('an item of a query is as it was committed last', async t => {
	await withDaemon(t, {only: ['Films']}, async world => {
		await ready(world);
		const {server, store, daemon, firstFilms, addFilm, until, outcomes} = world;
		const {items} = openQueries(store);
		const total = async (text: string) => (await items({text, limit: 1, offset: 0})).total;
		t.is(await total('quagga'), 0);
		const [first, second] = firstFilms(2);
		server.library.changeItem(first!, row => {
			row.title = 'Quagga';
		});
		addFilm('98765', 'Quagga Returns');
		const before = await total('type:movie');
		await daemon.refresh({});
		await until('the changes are there', () => isIdle(world) && outcomes.length > 1);
		t.is(await total('quagga'), 2);
		t.is(await total('type:movie'), before + 1);
		server.library.removeItem(second!);
		await daemon.refresh({});
		await until('it is gone', async () => isIdle(world) && outcomes.length > 2);
		t.is(await total('type:movie'), before);
	});
});

test('over HTTP, the cursor of a page leads to the next one, up to the end', async t => {
	await withDaemon(t, {only: ['Films']}, async world => {
		await ready(world);
		const {call} = await openWorld(t, {port: {queries: openQueries(world.store)}});
		type Page = {items: Array<{id: string}>; total: number; nextCursor?: string};
		const ask = async (limit: number, cursor?: string) => (await call(`/api/v1/items?query=type:movie&limit=${limit}${cursor === undefined ? '' : `&cursor=${cursor}`}`)).json as Page;
		const all = await ask(500);
		t.is(all.items.length, all.total);
		t.is(all.nextCursor, undefined);
		const ids: string[] = [];
		for (let page = await ask(7); ; page = await ask(7, page.nextCursor)) {
			ids.push(...page.items.map(({id}) => id));
			if (page.nextCursor === undefined) {
				break;
			}
		}

		t.deepEqual(ids, all.items.map(({id}) => id));
	});
});

test('a wrong query is refused with its place, over HTTP, and a saved one has its name', async t => {
	await withDaemon(t, {only: ['Films']}, async world => {
		await ready(world);
		const {call} = await openWorld(t, {port: {queries: openQueries(world.store, [{name: 'all', query: 'type:movie'}])}});
		const ask = async (query: string) => call(`/api/v1/items?query=${encodeURIComponent(query)}`);
		const refused = await ask('type:movie gener:drama');
		t.is(refused.status, 400);
		t.deepEqual(refused.json, {
			error: {
				code: 'usage', message: 'There is no field gener; did you mean genre?', hint: 'Expected here: a field, or quotes to look for the text.', span: {start: 11, end: 16},
			},
		});
		t.true(z.fromJSONSchema((openApi(routes, '1') as {components: {schemas: {Error: Record<string, unknown>}}}).components.schemas.Error).safeParse(refused.json).success);
		t.like((await ask('@al')).json, {error: {message: 'There is no saved query @al; did you mean @all?', span: {start: 0, end: 3}}});
		const {total} = (await ask('@all')).json as {total: number};
		t.true(total > 10);
		for (const query of ['"open', '('.repeat(60), 'size:>lots', 'title:/(/', 'a '.repeat(600), '-', '@', 'any(any(a))']) {
			const answer = await ask(query);
			const {error} = answer.json as {error?: {span?: unknown}};
			t.is(answer.status, error?.span === undefined ? 200 : 400, query.slice(0, 20));
		}
	});
});

test('pages of changes follow one another from the oldest, each change once, also those of one commit', async t => {
	await withDaemon(t, {only: ['Films']}, async world => {
		const {server, store, daemon, firstFilms, until, outcomes} = world;
		await ready(world);
		const keys = firstFilms(12);
		for (const key of keys) {
			server.library.changeItem(key, row => {
				row.title = `Edited ${key}`;
			});
		}

		await daemon.refresh({});
		await until('the edits are there', () => isIdle(world) && outcomes.length > 1);
		const {changes} = openQueries(store);
		const since = '2020-01-01T00:00:00.000Z';
		const ask = async (limit: number) => allPages<ChangeEntry>(async cursor => changes({since, limit, cursor}), limit);
		const all = await ask(500);
		t.true(all.filter(({kind}) => kind === 'edited').length >= keys.length);
		t.deepEqual(all.map(({revision}) => revision), all.map(({revision}) => revision).toSorted((left, right) => left - right));
		for (const limit of [1, 5]) {
			t.deepEqual(await ask(limit), all);
		}

		const changed = all.find(({fields}) => fields?.includes('title'));
		t.truthy(changed?.title);
		const later = await changes({since: '2999-01-01T00:00:00.000Z', limit: 10, cursor: undefined});
		t.deepEqual(later, {entries: []});
	});
});

test('a cursor that is none is refused', async t => {
	await withDaemon(t, {only: ['Films']}, async world => {
		await ready(world);
		const {changes} = openQueries(world.store);
		const encode = (text: string) => Buffer.from(text).toString('base64url');
		const ask = async (cursor: string) => changes({since: '2020-01-01T00:00:00.000Z', limit: 1, cursor});
		for (const cursor of ['', 'x', encode('items:1.0'), encode('changes:'), encode('changes:1'), encode('changes:-1.0'), encode('changes:1.0.0'), encode('changes:9e99.1'), encode('changes:../../x')]) {
			await t.throwsAsync(ask(cursor), {code: 'usage'}, `the cursor ${cursor}`);
		}

		await fc.assert(fc.asyncProperty(fc.string({unit: 'binary', maxLength: 60}), async cursor => {
			await t.throwsAsync(ask(cursor), {code: 'usage'});
		}));
	});
});
