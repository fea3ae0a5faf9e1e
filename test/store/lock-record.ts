import {spawnSync} from 'node:child_process';
import {once} from 'node:events';
import {
	mkdir,
	readdir,
	readFile,
	stat,
	symlink,
	writeFile,
} from 'node:fs/promises';
import {hostname} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import test, {type ExecutionContext} from 'ava';
import {nodeFileSystem} from '../../source/base/file-system.js';
import {takeLock} from '../../source/store/lock.js';
import {createRecordFile} from '../../source/store/lock-record-file.js';
import {type LockRecord, ownRecord, staleMs} from '../../source/store/lock-record.js';
import {openCatalog} from '../../source/store/open-catalog.js';
import {otherViews} from '../helpers/other-views.js';
import {startWriter, type Writer} from '../helpers/store-kill.js';
import {
	idsOf,
	item,
	put,
	temporaryFolder,
} from '../helpers/store-records.js';

/**
Kills a writer, and waits until the system has forgotten the process.
*/
const ended = async ({child, kill}: Writer) => {
	const exit = once(child, 'exit');
	await kill();
	await exit;
};

const views = async (t: ExecutionContext) => {
	const base = await temporaryFolder(t);
	const [real, view] = [path.join(base, 'real'), path.join(base, 'view')];
	await mkdir(view);
	return {real, view, fs: otherViews(real, view)};
};

test('of two writers that reach a folder by two paths, the second reads, says who writes and how to go on, and writes when the first has ended', async t => {
	const {real, view, fs} = await views(t);
	const first = await openCatalog({folder: real});
	await first.load();
	await put(first, item('i1'));
	const second = await openCatalog({folder: view, fs});
	t.is(second.mode, 'reader');
	t.like(second.holder, {pid: process.pid, host: hostname()});
	t.regex(second.holder!.wayOut!, /by another path.*remove .*catalog\.lock\.json/v);
	await second.load();
	t.deepEqual(await idsOf(second), ['i1']);
	await t.throwsAsync(second.begin(), {code: 'locked'});
	await second.close();
	await put(first, item('i2'));
	await first.close();

	const third = await openCatalog({folder: view, fs});
	t.is(third.mode, 'writer');
	await third.load();
	await put(third, item('i3'));
	const fourth = await openCatalog({folder: real, fs});
	t.is(fourth.mode, 'reader');
	await fourth.close();
	await third.close();
	const last = await openCatalog({folder: real});
	await last.load();
	t.deepEqual(await idsOf(last), ['i1', 'i2', 'i3']);
	t.true((await last.check()).ok);
	await last.close();
});

test('whoever comes by another path takes over from a process that was killed', async t => {
	const {real, view, fs} = await views(t);
	const writer = startWriter(real, {pauseMs: 5});
	t.teardown(async () => writer.kill());
	await writer.waitForDone(1);
	const beside = await openCatalog({folder: view, fs});
	t.is(beside.holder?.pid, writer.child.pid);
	await beside.close();
	await ended(writer);
	const next = await openCatalog({folder: view, fs});
	t.is(next.mode, 'writer');
	await next.load();
	t.true((await next.check()).ok);
	await next.close();
});

test('when writers by several paths come at the same time after a crash, one of them writes', async t => {
	const {real} = await views(t);
	await mkdir(real);
	const others = [1, 2, 3, 4].map(number => `${real}-${number}`);
	await Promise.all(others.map(async view => mkdir(view)));
	const fs = otherViews(real, ...others);
	for (let round = 0; round < 10; round++) {
		const own = await ownRecord({now: new Date(0), path: path.join(real, 'catalog.lock'), lockFile: undefined});
		await writeFile(path.join(real, 'catalog.lock.json'), JSON.stringify({...own, pid: 2 ** 22, token: 'dead'}));
		const locks = await Promise.all(others.map(async view => takeLock(path.join(view, 'catalog.lock'), {fs})));
		t.is(locks.filter(({isHeld}) => isHeld).length, 1);
		const held = locks.find(lock => lock.isHeld)!;
		await held.check();
		await held.release();
	}
});

const now = new Date('2026-11-28T12:00:00Z');
const ago = (ms: number) => new Date(now.getTime() - ms).toISOString();

const verdicts: Array<[what: string, record: (own: LockRecord) => unknown, isHeld: boolean]> = [
	['a running process of this machine', own => ({
		...own, path: undefined, pid: process.ppid, processStart: undefined, startedAt: new Date().toISOString(),
	}), false],
	['a process that has ended', own => ({...own, pid: 2 ** 22}), true],
	['a process whose pid belongs to another one now', own => ({...own, processStart: '1'}), true],
	['a process from before this machine was restarted', own => ({...own, boot: 'earlier'}), true],
	['the same lock file, whose kernel lock is free', own => ({...own, lockFile: own.lockFile}), true],
	['another machine, seen lately', own => ({
		...own, boot: 'there', machine: 'there', host: 'attic', refreshedAt: ago(staleMs - 1000),
	}), false],
	['another machine whose clock is ahead', own => ({
		...own, boot: 'there', machine: 'there', host: 'attic', refreshedAt: ago(-86_400_000),
	}), false],
	['another machine, silent for long', own => ({
		...own, boot: 'there', machine: 'there', host: 'attic', refreshedAt: ago(staleMs + 1000),
	}), true],
	['another machine of the same name', own => ({
		...own, boot: 'there', machine: 'there', refreshedAt: ago(1000),
	}), false],
	['a container of this machine, which is seen by another path', own => ({
		...own, pidSpace: 'pid:[1]', host: 'f00', refreshedAt: ago(1000),
	}), false],
	['an older reelcat on another machine, seen lately', () => ({pid: 1, host: 'attic', startedAt: ago(1000)}), false],
	['an older reelcat on another machine, long ago', () => ({pid: 1, host: 'attic', startedAt: ago(86_400_000)}), true],
	['an older reelcat that has ended', () => ({pid: 2 ** 22, host: hostname(), startedAt: ago(1000)}), true],
	['half a record', () => '{"pid":', true],
	['nothing', () => '', true],
];

for (const [what, record, isHeld] of verdicts) {
	test(`a record of ${what} ${isHeld ? 'is replaced' : 'keeps the lock away'}`, async t => {
		const folder = await temporaryFolder(t);
		const file = path.join(folder, 'catalog.lock');
		await writeFile(file, '');
		const {dev, ino} = await stat(file);
		const own = await ownRecord({now, path: file, lockFile: `${dev}:${ino}`});
		const foreign = what.startsWith('the same') ? own : {...own, lockFile: 'another'};
		const text = record(foreign);
		await writeFile(`${file}.json`, typeof text === 'string' ? text : JSON.stringify(text));
		const lock = await takeLock(file, {now: () => now});
		t.is(lock.isHeld, isHeld);
		if (lock.isHeld) {
			t.like(JSON.parse(await readFile(`${file}.json`, 'utf8')), {pid: process.pid, host: hostname()});
			await lock.release();
			t.deepEqual(await readdir(folder), ['catalog.lock']);
		} else {
			t.regex(lock.holder!.wayOut!, /remove .*catalog\.lock\.json/v);
			t.deepEqual((await readdir(folder)).toSorted(), ['catalog.lock', 'catalog.lock.json']);
		}
	});
}

test('a refreshed record is still the own one, has a new time, and is left alone once it belongs to another', async t => {
	const file = path.join(await temporaryFolder(t), 'catalog.lock.json');
	const record = createRecordFile(file, nodeFileSystem);
	const own = await ownRecord({now, path: file, lockFile: undefined});
	t.true(await record.isMade(own));
	t.false(await record.isMade(own));
	await record.refresh(own.token, new Date('2026-11-28T13:00:00Z'));
	t.true(await record.isAsLeft());
	t.like(JSON.parse(await readFile(file, 'utf8')), {...own, refreshedAt: '2026-11-28T13:00:00.000Z'});
	await writeFile(file, JSON.stringify({...own, token: 'another'}));
	await record.refresh(own.token, now);
	await record.remove(own.token);
	t.like(JSON.parse(await readFile(file, 'utf8')), {token: 'another'});
	await t.throwsAsync(record.check(own), {code: 'locked'});
});

test('nothing is read or written through a link in the place of the lock or its record', async t => {
	const base = await temporaryFolder(t);
	const folder = path.join(base, 'data');
	await mkdir(folder);
	const outside = path.join(base, 'outside');
	await writeFile(outside, JSON.stringify({pid: 1, host: 'attic', startedAt: new Date().toISOString()}));
	const before = await readFile(outside, 'utf8');
	await symlink(outside, path.join(folder, 'catalog.lock.json'));
	const store = await openCatalog({folder});
	t.is(store.mode, 'writer');
	await store.close();
	t.is(await readFile(outside, 'utf8'), before);

	const link = path.join(base, 'linked', 'catalog.lock');
	await mkdir(path.dirname(link));
	await symlink(path.join(base, 'not-there'), link);
	await t.throwsAsync(openCatalog({folder: path.dirname(link)}), {code: 'not-writable', message: /symbolic link/v});
	await t.throwsAsync(stat(path.join(base, 'not-there')), {code: 'ENOENT'});
});

const hasBindfs = spawnSync('bindfs', ['--version']).status === 0;
const overBindfs = hasBindfs ? test : test.skip;

overBindfs('over a real FUSE mount, a folder has one writer, whichever way comes first', async t => {
	const base = await temporaryFolder(t);
	const [real, view] = [path.join(base, 'real'), path.join(base, 'view')];
	await mkdir(real);
	await mkdir(view);
	if (spawnSync('bindfs', [real, view]).status !== 0) {
		t.pass('FUSE is not allowed here.');
		return;
	}

	try {
		for (const [first, second] of [[real, view], [view, real]] as const) {
			const writer = startWriter(first, {pauseMs: 5});
			await writer.waitForDone(1);
			const other = await openCatalog({folder: second});
			t.deepEqual([other.mode, other.holder?.pid], ['reader', writer.child.pid]);
			await other.close();
			await ended(writer);
			const next = await openCatalog({folder: second});
			t.deepEqual([next.mode, next.holder], ['writer', undefined]);
			await next.load();
			t.true((await next.check()).ok);
			await next.close();
		}
	} finally {
		spawnSync('umount', ['-l', view]);
	}
});

test('nobody takes a catalogue from its user, as root could, unless the disk gives all files to that user', async t => {
	const folder = await temporaryFolder(t);
	const file = path.join(folder, 'catalog.lock');
	const fsOf = (isAnothers: (name: string) => boolean) => {
		const look = async (name: string) => {
			const stats = await nodeFileSystem.stat(name);
			return isAnothers(path.basename(name)) ? Object.assign(stats, {uid: stats.uid + 1}) : stats;
		};

		return {...nodeFileSystem, stat: look as typeof nodeFileSystem.stat};
	};

	await writeFile(path.join(folder, 'catalog.json'), '');
	const theirs = new Set(['catalog.json', 'catalog.lock']);
	await t.throwsAsync(takeLock(file, {fs: fsOf(name => theirs.has(name))}), {code: 'not-writable', message: /belongs to the user \d+/v});
	t.deepEqual(new Set(await readdir(folder)), theirs, 'nothing is left that its user could not open');
	for (const fs of [fsOf(() => true), fsOf(name => name === 'catalog.lock'), nodeFileSystem]) {
		const lock = await takeLock(file, {fs});
		t.true(lock.isHeld && await lock.isAsLeft());
		await (lock.isHeld && lock.release());
	}
});
