import {Buffer} from 'node:buffer';
import {once} from 'node:events';
import {
	cp,
	readFile,
	readdir,
	writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import test from 'ava';
import {allSteps} from '../../source/base/columns/cells.js';
import {openCatalog} from '../../source/store/open-catalog.js';
import {encodeCommit} from '../../source/store/journal-format.js';
import type {Change, CatalogStore} from '../../source/catalog/catalog-store.js';
import {startWriter} from '../helpers/store-kill.js';
import {
	idsOf,
	item,
	lineOf,
	put,
	temporaryFolder,
} from '../helpers/store-records.js';

/**
Wait until the store tells a change after which `isReached` holds.
*/
const changed = async (store: CatalogStore, isReached: () => boolean | Promise<boolean>): Promise<void> => {
	// A reader's own timer does not keep a process alive.
	const alive = setInterval(() => undefined, 1000);
	while (!await isReached()) {
		await new Promise<void>(resolve => {
			const stop = store.subscribe(() => {
				stop();
				resolve();
			});
		});
	}

	clearInterval(alive);
};

test('a second process reads, says who writes, sees the changes through commits and rewrites, and takes over after kill -9', async t => {
	const folder = await temporaryFolder(t);
	const writer = startWriter(folder, {pauseMs: 2, rewriteBytes: 60_000});
	t.teardown(async () => writer.kill());
	await writer.waitForDone(1);
	const reader = await openCatalog({folder, pollMs: 10});
	t.is(reader.mode, 'reader');
	t.is(reader.holder?.pid, writer.child.pid);
	await t.throwsAsync(reader.begin(), {code: 'locked', message: new RegExp(`process ${writer.child.pid}`, 'v')});
	await reader.load();
	const number = async () => {
		const person = await reader.get('p1');
		return person?.kind === 'person' ? Number(person.name) : 0;
	};

	const start = await number();
	await changed(reader, async () => await number() > start + 30);
	const items = await reader.getMany(Array.from({length: 12}, (_, index) => `i${index}`));
	t.is(new Set(items.map(record => record.kind === 'item' && record.title)).size, 1);
	t.true((await reader.check()).ok);

	await writer.kill();
	const next = await openCatalog({folder});
	t.is(next.mode, 'writer');
	t.is(next.holder, undefined);
	await next.load();
	await put(next, item('i99'));
	await changed(reader, async () => await reader.get('i99') !== undefined);
	await next.close();
	await reader.close();
});

test('a reader follows commits, rewrites and a writer that comes back, to the same state', async t => {
	const folder = await temporaryFolder(t);
	const heard: Change[] = [];
	const reader = await openCatalog({folder, pollMs: 5, access: 'read'});
	await reader.load();
	reader.subscribe(change => {
		heard.push(change);
	});
	for (const round of [1, 2, 3]) {
		const store = await openCatalog({folder, rewriteBytes: 0});
		await store.load();
		for (const index of [1, 2, 3, 4]) {
			await put(store, item(`i${index}`, {title: `${round}`}), item(`i${round}${index}`));
		}

		const {revision} = await put(store, item(`last${round}`));
		await store.close();
		await changed(reader, () => reader.header().revision === revision);
		t.deepEqual(await idsOf(reader), await idsOf(store));
		t.deepEqual(reader.header(), store.header());
	}

	t.true(heard.length > 0);
	t.true((await reader.check()).ok);
	await reader.close();
});

test('a rewrite takes nothing new in, so a reader that has it all does not read it again', async t => {
	const folder = await temporaryFolder(t);
	const store = await openCatalog({folder});
	await store.load();
	const reader = await openCatalog({folder, pollMs: 5});
	await reader.load();
	const heard: Change[] = [];
	reader.subscribe(change => {
		heard.push(change);
	});
	const {revision} = await put(store, item('i1'));
	await changed(reader, () => reader.header().revision === revision);
	await store.close();
	const again = await openCatalog({folder});
	await again.load();
	const {revision: next} = await put(again, item('i2'));
	await changed(reader, () => reader.header().revision === next);
	t.deepEqual(heard.map(({revision: number, isReload}) => [number, isReload]), [[revision, undefined], [next, undefined]]);
	t.deepEqual(await idsOf(reader), ['i1', 'i2']);
	await again.close();
	await reader.close();
});

test('a reader that saw a commit whose sync failed takes it back when another one stands in its place', async t => {
	const [busy, folder] = [await temporaryFolder(t), await temporaryFolder(t)];
	const writer = await openCatalog({folder: busy});
	await writer.load();
	const {revision: after} = await put(writer, item('i1'));
	await cp(busy, folder, {recursive: true});
	const journal = path.join(folder, 'catalog.journal');
	const kept = await readFile(journal);
	const commit = (revision: number, id: string, title: string): Uint8Array => allSteps(encodeCommit({
		revision, after, puts: [lineOf(item(id, {title}))], removes: [], servers: [], libraries: [], events: [], counts: new Map(),
	})).bytes;

	await writeFile(journal, Buffer.concat([kept, commit(after + 1, 'i2', 'taken back')]));
	const reader = await openCatalog({folder, pollMs: 5, access: 'read'});
	await reader.load();
	t.deepEqual(await idsOf(reader), ['i1', 'i2']);
	for (const [index, title] of ['of another length, so that it ends elsewhere', 'taken back, and then a little'].entries()) {
		await writeFile(journal, Buffer.concat([kept, commit(after + 2 + index, 'i3', title)]));
		await changed(reader, () => reader.header().revision === after + 2 + index);
		t.deepEqual(await idsOf(reader), ['i1', 'i3']);
	}

	await reader.close();
	await writer.close();
});

test('two openings in one process: the second is a reader too', async t => {
	const folder = await temporaryFolder(t);
	const first = await openCatalog({folder});
	const second = await openCatalog({folder});
	t.deepEqual([first.mode, second.mode, second.holder?.pid], ['writer', 'reader', process.pid]);
	await first.close();
	const third = await openCatalog({folder});
	t.is(third.mode, 'writer');
	await third.close();
	await second.close();
});

test('the lock is loaded without a warning', async t => {
	const {spawn} = await import('node:child_process');
	const folder = await temporaryFolder(t);
	const writer = spawn(process.execPath, ['--input-type=module', '--eval', `
		import {takeLock} from ${JSON.stringify(new URL('../../source/store/lock.js', import.meta.url).href)};
		const lock = await takeLock(${JSON.stringify(`${folder}/lock`)});
		process.stdout.write(String(lock.isHeld));
		await lock.release();
	`]);
	let [out, error] = ['', ''];
	writer.stdout.on('data', chunk => {
		out += String(chunk);
	});
	writer.stderr.on('data', chunk => {
		error += String(chunk);
	});
	await once(writer, 'close');
	t.deepEqual([out, error], ['true', '']);
});

test('who opens the catalogue for reading only is told who writes, until the writer closes it or is killed', async t => {
	const folder = await temporaryFolder(t);
	const writer = startWriter(folder, {pauseMs: 2});
	t.teardown(async () => writer.kill());
	await writer.waitForDone(1);
	const holder = async () => {
		const store = await openCatalog({folder, access: 'read'});
		await store.close();
		return store.holder;
	};

	t.is((await holder())?.pid, writer.child.pid);
	await writer.kill();
	// The file that names it is still there.
	t.is((JSON.parse(await readFile(path.join(folder, 'catalog.lock.json'), 'utf8')) as {pid: number}).pid, writer.child.pid!);
	t.is(await holder(), undefined);

	const own = await openCatalog({folder});
	t.is(own.mode, 'writer');
	await own.close();
	t.is(await holder(), undefined);
});

test('a writer that is killed leaves no file of SQLite but the lock', async t => {
	const folder = await temporaryFolder(t);
	const writer = startWriter(folder, {pauseMs: 2});
	await writer.waitForDone(1);
	await writer.kill();
	const names = await readdir(folder);
	t.deepEqual(names.filter(name => name.startsWith('catalog.lock')).toSorted(), ['catalog.lock', 'catalog.lock.json']);
});

test('asking who writes does not keep a writer out', async t => {
	const folder = await temporaryFolder(t);
	await writeFile(path.join(folder, 'catalog.lock.json'), JSON.stringify({pid: 1, host: 'attic', startedAt: '2026-01-01T00:00:00.000Z'}));
	const store = await openCatalog({folder});
	await store.close();
	await writeFile(path.join(folder, 'catalog.lock.json'), JSON.stringify({pid: 1, host: 'attic', startedAt: '2026-01-01T00:00:00.000Z'}));
	const reader = await openCatalog({folder, access: 'read'});
	const writer = await openCatalog({folder});
	t.deepEqual([reader.mode, reader.holder, writer.mode], ['reader', undefined, 'writer']);
	await reader.close();
	await writer.close();
});
