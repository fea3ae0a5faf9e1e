import {Buffer} from 'node:buffer';
import test from 'ava';
import * as fc from 'fast-check';
import type {ChangeEntry, EntryPage, ItemEntry} from '../../source/api/port.js';
import {createDaemonQueries} from '../../source/app/daemon-queries.js';
import {isAppError} from '../../source/base/errors.js';
import {storedItems, type CatalogStore} from '../../source/catalog/catalog-store.js';
import {isIdle, withDaemon, type DaemonWorld} from '../watch/_world.js';

const open = (store: CatalogStore) => createDaemonQueries(store, Promise.resolve());

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

test('pages of any size give each item once, all of them, with or without words', async t => {
	await withDaemon(t, {server: {movies: 60, shows: 3}}, async world => {
		await ready(world);
		const {items} = open(world.store);
		const every = await everyItem(world.store);
		const ids = (entries: ItemEntry[]) => entries.map(({id}) => id).toSorted();
		for (const limit of [1, 7, 199, 200, 500]) {
			t.deepEqual(ids(await allPages(async cursor => items({text: undefined, limit, cursor}), limit)), every.map(({id}) => id).toSorted(), `${limit}`);
		}

		const all = await allPages(async cursor => items({text: undefined, limit: 500, cursor}), 500);
		const word = 'episode';
		const expected = ids(await allPages(async cursor => items({text: word, limit: 500, cursor}), 500));
		t.true(expected.length < all.length);
		for (const limit of [1, 3, 50]) {
			t.deepEqual(ids(await allPages(async cursor => items({text: word, limit, cursor}), limit)), expected);
		}

		t.deepEqual(await allPages(async cursor => items({text: 'occurs nowhere at all', limit: 10, cursor}), 10), []);
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
		const {changes} = open(store);
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

test('a cursor of another daemon, of another question or of nobody is refused', async t => {
	await withDaemon(t, {only: ['Films']}, async world => {
		await ready(world);
		const {items, changes} = open(world.store);
		const {nextCursor: ofItems} = await items({text: undefined, limit: 1, cursor: undefined});
		await t.throwsAsync(open(world.store).items({text: undefined, limit: 1, cursor: ofItems}), {code: 'usage'});
		await t.throwsAsync(changes({since: '2020-01-01T00:00:00.000Z', limit: 1, cursor: ofItems}), {code: 'usage'});
		const encode = (text: string) => Buffer.from(text).toString('base64url');
		for (const cursor of ['', 'x', encode('changes:'), encode('changes:1'), encode('changes:-1.0'), encode('changes:1.0.0'), encode('changes:9e99.1'), encode('changes:../../x')]) {
			await t.throwsAsync(changes({since: '2020-01-01T00:00:00.000Z', limit: 1, cursor}), {code: 'usage'}, `as changes: ${cursor}`);
			await t.throwsAsync(items({text: undefined, limit: 1, cursor}), {code: 'usage'}, `as items: ${cursor}`);
		}

		await fc.assert(fc.asyncProperty(fc.string({unit: 'binary', maxLength: 60}), async cursor => {
			await t.throwsAsync(items({text: undefined, limit: 1, cursor}), {code: 'usage'});
		}));
	});
});

test('a cursor for items that was changed by hand gives items or a refusal, never a fault', async t => {
	await withDaemon(t, {only: ['Films']}, async world => {
		await ready(world);
		const {items} = open(world.store);
		const {nextCursor} = await items({text: undefined, limit: 1, cursor: undefined});
		const [mark] = Buffer.from(nextCursor!, 'base64url').toString('utf8').split(':', 1);
		for (const place of ['0', '-1', '999999999', '1.5', 'NaN', '__proto__', 'constructor', '1e9', '00']) {
			const cursor = Buffer.from(`${mark}:${place}`).toString('base64url');
			const [outcome] = await Promise.allSettled([items({text: undefined, limit: 5, cursor})]);
			t.true(outcome.status === 'fulfilled' ? outcome.value.entries.length <= 5 : isAppError(outcome.reason, 'usage'), `the place ${place}`);
		}
	});
});
