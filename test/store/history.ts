import {
	appendFile,
	cp,
	readdir,
	readFile,
	rm,
	stat,
	truncate,
	writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import type {HistoryEvent} from '../../source/catalog/history.js';
import {openCatalog} from '../../source/store/open-catalog.js';
import {nodeFileSystem, type FileSystem} from '../../source/base/file-system.js';
import type {CatalogStore, HistoryQuery} from '../../source/catalog/catalog-store.js';
import {added, changed} from '../helpers/events.js';
import {item, temporaryFolder} from '../helpers/store-records.js';

const eventsOf = async (store: CatalogStore, query?: HistoryQuery) => {
	const events: HistoryEvent[] = [];
	for await (const batch of store.history(query)) {
		events.push(...batch);
	}

	return events;
};

const titles = async (store: CatalogStore, query?: HistoryQuery) => {
	const events = await eventsOf(store, query);
	return events.map(event => 'title' in event ? event.title : event.kind);
};

/**
One commit with an item and its events.
*/
const commit = async (store: CatalogStore, id: string, at: string, events = 1) => {
	const transaction = await store.begin();
	await transaction.upsert([item(id)]);
	await transaction.record(Array.from({length: events}, (_, index) => {
		const {revision: _revision, ...event} = added(id, {at, title: events === 1 ? id : `${id}.${index}`});
		return event;
	}));
	await transaction.commit();
};

const open = async (folder: string) => {
	const store = await openCatalog({folder});
	await store.load();
	return store;
};

test('events go into a file a month, with the revision of their commit, and are read in order', async t => {
	const folder = await temporaryFolder(t);
	const store = await open(folder);
	await commit(store, 'a', '2026-01-31T23:59:59Z', 2);
	await commit(store, 'b', '2026-02-01T00:00:00Z');
	t.deepEqual(await titles(store), ['a.0', 'a.1', 'b']);
	t.deepEqual((await eventsOf(store)).map(({revision}) => revision), [1, 1, 2]);
	t.deepEqual(await titles(store, {since: '2026-02-01T00:00:00Z'}), ['b']);
	t.deepEqual(await titles(store, {until: '2026-02-01T00:00:00Z'}), ['a.0', 'a.1']);
	await store.close();
	t.deepEqual(await readdir(path.join(folder, 'history')), ['2026-01.ndjson', '2026-02.ndjson']);
	const {mode} = await stat(path.join(folder, 'history', '2026-01.ndjson'));
	t.is(mode & 0o777, 0o600); // eslint-disable-line no-bitwise -- file modes are bits
	const again = await openCatalog({folder, access: 'read'});
	t.deepEqual(await titles(again), ['a.0', 'a.1', 'b']);
	await again.close();
});

test('a clock that is set back does not bring the events out of order', async t => {
	const folder = await temporaryFolder(t);
	const store = await open(folder);
	await commit(store, 'a', '2026-03-01T00:00:00Z');
	await commit(store, 'b', '2025-03-01T00:00:00Z');
	t.deepEqual(await titles(store), ['a', 'b']);
	await store.close();
	t.deepEqual(await readdir(path.join(folder, 'history')), ['2026-03.ndjson']);
});

test('history without a change of a record is a commit all the same, an aborted one leaves nothing', async t => {
	const folder = await temporaryFolder(t);
	const store = await open(folder);
	const transaction = await store.begin();
	await transaction.record([{
		kind: 'held', at: '2026-01-01T00:00:00Z', runId: 'r', libraryId: 'l', items: 3,
	}]);
	t.is((await transaction.commit()).revision, 1);
	const other = await store.begin();
	await other.record([{
		kind: 'held', at: '2026-01-01T00:00:00Z', runId: 'r', libraryId: 'l', items: 4,
	}]);
	await other.abort();
	t.is((await eventsOf(store)).length, 1);
	await store.close();
});

for (const [what, harm] of [
	['are missing', async (file: string) => rm(file)],
	['are cut in the middle of a line', async (file: string) => truncate(file, 700)],
	['end with half a line', async (file: string) => appendFile(file, '{"at":"2026-01')],
	['hold an event of a commit that never was', async (file: string) => appendFile(file, `${JSON.stringify(added('ghost', {revision: 99}))}\n`)],
	['hold the last commit twice', async (file: string) => writeFile(file, `${await readFile(file, 'utf8')}${String((await readFile(file, 'utf8')).split('\n').at(-2))}\n`)],
] as Array<[string, (file: string) => Promise<void>]>) {
	test(`when the files ${what}, the journal puts them right, each event once`, async t => {
		const folder = await temporaryFolder(t);
		const crashed = `${folder}-crashed`;
		t.teardown(async () => rm(crashed, {recursive: true}));
		const store = await open(folder);
		for (const id of ['a', 'b', 'c', 'd']) {
			await commit(store, id, '2026-01-01T00:00:00Z', 3);
		}

		const whole = await eventsOf(store);
		await cp(folder, crashed, {recursive: true});
		await store.close();
		await harm(path.join(crashed, 'history', '2026-01.ndjson'));
		const again = await open(crashed);
		t.deepEqual(await eventsOf(again), whole);
		await commit(again, 'e', '2026-01-02T00:00:00Z');
		await again.close();
		const last = await open(crashed);
		t.deepEqual((await eventsOf(last)).slice(0, -1), whole);
		await last.close();
	});
}

test('a reader sees events that are in the journal only', async t => {
	const folder = await temporaryFolder(t);
	const store = await open(folder);
	await commit(store, 'a', '2026-01-01T00:00:00Z');
	const other = `${folder}-copy`;
	t.teardown(async () => rm(other, {recursive: true}));
	await cp(folder, other, {recursive: true});
	await store.close();
	await rm(path.join(other, 'history'), {recursive: true});
	const reader = await openCatalog({folder: other, access: 'read'});
	t.deepEqual(await titles(reader), ['a']);
	await reader.close();
});

test('events that cannot be written wait, keep the journal, and come later', async t => {
	const folder = await temporaryFolder(t);
	let isFull = true;
	const failing = async (...values: Parameters<typeof nodeFileSystem.mkdir>) => {
		if (isFull && String(values[0]).endsWith('history')) {
			throw Object.assign(new Error('full'), {code: 'ENOSPC'});
		}

		return nodeFileSystem.mkdir(...values);
	};

	const fs: FileSystem = {...nodeFileSystem, mkdir: failing as FileSystem['mkdir']};
	const store = await openCatalog({folder, fs});
	await store.load();
	await commit(store, 'a', '2026-01-01T00:00:00Z');
	t.deepEqual(await titles(store), ['a']);
	await store.close();
	t.regex(store.notice ?? '', /could not be rewritten/v);
	isFull = false;
	const again = await openCatalog({folder, fs});
	await again.load();
	t.deepEqual(await titles(again), ['a']);
	await commit(again, 'b', '2026-01-01T00:00:00Z');
	await again.close();
	t.is(again.notice, undefined);
	t.is((await readFile(path.join(folder, 'history', '2026-01.ndjson'), 'utf8')).split('\n').length, 3);
});

test('a catalogue that begins anew keeps the history files, uses no revision twice, and its history leaves out what was before', async t => {
	const folder = await temporaryFolder(t);
	const store = await open(folder);
	await commit(store, 'a', '2026-01-01T00:00:00Z');
	await store.close();
	await rm(path.join(folder, 'catalog.json'));
	await rm(path.join(folder, 'catalog.journal'));
	await t.throwsAsync(open(folder), {code: 'damaged', message: /missing/v});
	const again = await openCatalog({folder, startsAnew: true});
	await again.load();
	await commit(again, 'b', '2026-01-02T00:00:00Z');
	t.deepEqual((await eventsOf(again)).map(({revision}) => revision), [3]);
	await again.close();
	const text = await readFile(path.join(folder, 'history', '2026-01.ndjson'), 'utf8');
	t.is(text.split('\n').length, 3);
});

test('months long past are summed up, and undoing them leads to the same state; what is newer stays as it is', async t => {
	const folder = await temporaryFolder(t);
	const now = () => new Date('2026-03-15T12:00:00Z');
	const store = await openCatalog({folder, now, historyMonths: 12});
	await store.load();
	const transaction = await store.begin();
	const event = (at: string, from: string, to: string) => {
		const {revision: _revision, ...fresh} = changed('edited', 'a', [{title: from}, {title: to}], {at});
		return fresh;
	};

	await transaction.record([event('2024-11-01T00:00:00Z', 'A', 'B'), event('2024-11-02T00:00:00Z', 'B', 'C')]);
	await transaction.record([event('2025-04-01T00:00:00Z', 'C', 'D'), event('2025-04-02T00:00:00Z', 'D', 'E')]);
	await transaction.commit();
	await store.close();
	t.deepEqual((await readdir(path.join(folder, 'history'))).toSorted(), ['2024-11.summary.ndjson', '2025-04.ndjson']);
	// As if the process had ended between the two steps.
	await writeFile(path.join(folder, 'history', '2024-11.ndjson'), '');
	const again = await openCatalog({folder, now, historyMonths: 12});
	await again.load();
	t.deepEqual((await eventsOf(again)).map(one => 'after' in one ? [one.before['title'], one.after['title'], one.merged] : []), [['A', 'C', 2], ['C', 'D', undefined], ['D', 'E', undefined]]);
	await again.close();
	t.deepEqual((await readdir(path.join(folder, 'history'))).toSorted(), ['2024-11.summary.ndjson', '2025-04.ndjson']);
});
