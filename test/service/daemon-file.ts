import {hostname} from 'node:os';
import {stat, writeFile} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import test from 'ava';
import {takeLock} from '../../source/store/lock.js';
import {
	readDaemonFile,
	removeDaemonFile,
	writeDaemonFile,
	type DaemonFile,
} from '../../source/watch/daemon-file.js';
import {temporaryFolder} from '../helpers/store-records.js';

const content: DaemonFile = {
	schema: 1,
	pid: process.pid,
	host: hostname(),
	startedAt: '2026-03-01T12:00:00.000Z',
	version: '0.1.0',
	api: {url: 'http://127.0.0.1:32480'},
};

const fileOf = (folder: string) => path.join(folder, 'daemon.json');

test('a daemon that holds the lock is found, with its address, in a file for its user only', async t => {
	const folder = await temporaryFolder(t);
	const lock = await takeLock(path.join(folder, 'catalog.lock'));
	t.true(lock.isHeld);
	await writeDaemonFile(folder, content);
	t.deepEqual(await readDaemonFile(folder), content);
	t.is((await stat(fileOf(folder))).mode % 0o1000, 0o600);
	await writeDaemonFile(folder, {...content, api: {socketPath: '/run/reelcat.sock'}});
	t.deepEqual((await readDaemonFile(folder))?.api, {socketPath: '/run/reelcat.sock'});
	if (lock.isHeld) {
		await lock.release();
	}

	t.is(await readDaemonFile(folder), undefined);
});

test('a file whose process does not hold the lock is nobody', async t => {
	const folder = await temporaryFolder(t);
	await writeDaemonFile(folder, content);
	t.is(await readDaemonFile(folder), undefined);
	const lock = await takeLock(path.join(folder, 'catalog.lock'));
	await writeDaemonFile(folder, {...content, pid: process.pid + 1});
	t.is(await readDaemonFile(folder), undefined);
	await writeDaemonFile(folder, {...content, host: 'another'});
	t.is(await readDaemonFile(folder), undefined);
	if (lock.isHeld) {
		await lock.release();
	}
});

test('no file, half a file and another shape are nobody, and removing twice is fine', async t => {
	const folder = await temporaryFolder(t);
	const lock = await takeLock(path.join(folder, 'catalog.lock'));
	t.is(await readDaemonFile(folder), undefined);
	for (const text of ['', '{"schema":1,', '[]', JSON.stringify({...content, schema: 2}), JSON.stringify({...content, pid: -1}), JSON.stringify({...content, api: {}})]) {
		await writeFile(fileOf(folder), text);
		t.is(await readDaemonFile(folder), undefined, `It read ${text}`);
	}

	await removeDaemonFile(folder);
	await removeDaemonFile(folder);
	await t.throwsAsync(stat(fileOf(folder)), {code: 'ENOENT'});
	if (lock.isHeld) {
		await lock.release();
	}
});
