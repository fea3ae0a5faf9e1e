import {
	readdir,
	readFile,
	stat,
	truncate,
	writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import {formatInstant} from '../../source/base/text/format.js';
import {historyOf} from '../helpers/catalog-content.js';
import {
	backupsToDrop,
	isBackupDue,
	type BackupInfo,
	listBackups,
} from '../../source/store/backups.js';
import type {OpenCatalogOptions} from '../../source/store/catalog-context.js';
import {openCatalog} from '../../source/store/open-catalog.js';
import {nodeFileSystem, type FileSystem} from '../../source/base/file-system.js';
import type {CatalogStore} from '../../source/catalog/catalog-store.js';
import {added} from '../helpers/events.js';
import {
	idsOf,
	item,
	library,
	put,
	server,
	temporaryFolder,
} from '../helpers/store-records.js';

const open = async (folder: string, options: Partial<OpenCatalogOptions> = {}) => {
	const store = await openCatalog({folder, ...options});
	await store.load();
	return store;
};

const putWithHistory = async (store: CatalogStore, id: string) => {
	const transaction = await store.begin();
	await transaction.putServer(server);
	await transaction.putLibrary(library());
	await transaction.upsert([item(id)]);
	const {revision: _revision, ...event} = added(id);
	await transaction.record([event]);
	await transaction.commit();
};

const told = async (store: CatalogStore) => {
	const events = await historyOf(store);

	return events.map(event => 'itemId' in event ? event.itemId : event.kind);
};

test('a backup holds document and journal, is proved by reading it back, and only its owner may read it', async t => {
	const folder = await temporaryFolder(t);
	const store = await open(folder);
	await put(store, item('a', {summary: 'x'.repeat(700_000)}), item('b'));
	const {file, revision, sizeBytes} = await store.backup();
	t.is(revision, 1);
	t.is((await stat(file)).size, sizeBytes);
	t.is((await stat(file)).mode & 0o777, 0o600); // eslint-disable-line no-bitwise -- file modes are bits
	t.like((await listBackups(folder))[0], {file, records: 2});
	await store.close();
});

test('a backup that was cut or changed is told apart, and never restored', async t => {
	const folder = await temporaryFolder(t);
	const store = await open(folder);
	await put(store, ...Array.from({length: 40}, (_, number) => item(`i${number}`, {summary: String(number).repeat(number * 50)})));
	const {file} = await store.backup();
	const whole = await readFile(file);
	await store.close();
	const ids = await idsOf(store);
	for (let at = 0; at < whole.length; at += Math.ceil(whole.length / 25)) {
		const spoilt = Uint8Array.from(whole);
		spoilt[at]! ^= 0x20; // eslint-disable-line no-bitwise -- one bit
		await writeFile(file, spoilt);
		const [listed] = await listBackups(folder);
		t.truthy(listed!.problem, `bit at ${at}`);
		await t.throwsAsync(openCatalog({folder, restoreFrom: file}), {code: 'damaged'});
		await truncate(file, at);
		t.truthy((await listBackups(folder))[0]!.problem, `cut at ${at}`);
	}

	const again = await open(folder);
	t.deepEqual(await idsOf(again), ids);
	await again.close();
});

test('a restored catalogue is the one of the backup, its history leaves out what came after, and the old one is set aside', async t => {
	const folder = await temporaryFolder(t);
	const store = await open(folder);
	await putWithHistory(store, 'a');
	const {file} = await store.backup();
	await putWithHistory(store, 'b');
	await store.close();

	const restored = await open(folder, {restoreFrom: file});
	t.regex(restored.notice!, /set aside/v);
	t.deepEqual(await idsOf(restored), ['a']);
	t.deepEqual(await told(restored), ['a']);
	t.true((await restored.check()).ok);
	await putWithHistory(restored, 'c');
	await restored.close();

	const again = await open(folder);
	t.deepEqual(await idsOf(again), ['a', 'c']);
	t.deepEqual(await told(again), ['a', 'c']);
	t.is(again.header().revision, 4);
	await again.close();
	const names = await readdir(folder);
	t.true(names.some(name => name.startsWith('catalog.json.corrupt-')));
	// Nothing of the history was taken away.
	const [month] = await readdir(path.join(folder, 'history'));
	t.is((await readFile(path.join(folder, 'history', month!), 'utf8')).split('\n').length, 4);
});

test('a damaged catalogue falls back to the newest backup that can be read, and says so', async t => {
	const folder = await temporaryFolder(t);
	let now = new Date('2026-05-01T00:00:00Z');
	const store = await open(folder, {now: () => now});
	await putWithHistory(store, 'a');
	const good = await store.backup();
	await putWithHistory(store, 'b');
	now = new Date('2026-05-02T00:00:00Z');
	const bad = await store.backup();
	await store.close();
	await truncate(bad.file, 30);
	await truncate(path.join(folder, 'catalog.json'), 300);
	await t.throwsAsync(openCatalog({folder}), {code: 'damaged'});

	const again = await open(folder, {onDamaged: 'move-aside'});
	t.deepEqual(await idsOf(again), ['a']);
	t.deepEqual(await told(again), ['a']);
	t.true(again.notice!.includes(`The backup of ${formatInstant(good.madeAt)} was restored`), again.notice);
	await again.close();
});

test('the daily backup is made once a day, and only when something has changed', async t => {
	const folder = await temporaryFolder(t);
	let now = new Date('2026-05-01T00:00:00Z');
	const count = async () => (await listBackups(folder)).length;
	const store = await open(folder, {now: () => now});
	await store.backupIfDue();
	t.is(await count(), 0);
	await put(store, item('a'));
	await store.backupIfDue();
	t.is(await count(), 1);
	await put(store, item('b'));
	await store.backupIfDue();
	t.is(await count(), 1);
	now = new Date('2026-05-02T00:00:00Z');
	await store.backupIfDue();
	t.is(await count(), 2);
	await store.close();
});

test('whichever call of the file system fails, no half backup is taken for one, and the catalogue stays as it was', async t => {
	const folder = await temporaryFolder(t);
	const filled = await open(folder);
	await put(filled, item('a'), item('b'));
	await filled.close();
	let tried = 0;
	for (let failing = 1; ; failing++) {
		let calls = 0;
		let isArmed = false;
		const counting = <Method extends (...values: never[]) => Promise<unknown>>(method: Method) => (async (...values: Parameters<Method>) => {
			if (isArmed && ++calls === failing) {
				throw Object.assign(new Error('No room.'), {code: 'ENOSPC'});
			}

			return method(...values);
		}) as unknown as Method;
		const fs: FileSystem = {
			...nodeFileSystem, open: counting(nodeFileSystem.open as never), mkdir: counting(nodeFileSystem.mkdir as never), rename: counting(nodeFileSystem.rename as never), readdir: counting(nodeFileSystem.readdir as never), stat: counting(nodeFileSystem.stat as never), unlink: counting(nodeFileSystem.unlink as never),
		};
		const store = await open(folder, {fs});
		isArmed = true;
		const before = (await listBackups(folder)).length;
		const hasFailed = await store.backup().then(() => false).catch(() => true);
		isArmed = false;
		const backups = await listBackups(folder);
		t.deepEqual(backups.map(({problem}) => problem), backups.map(() => undefined));
		t.deepEqual(await idsOf(store), ['a', 'b']);
		await store.close();
		// It may fail when the new one is in its place already, and in the same second that is the place of the one before.
		t.true(backups.length <= before + 1);
		if (!hasFailed && calls < failing) {
			break;
		}

		tried = failing;
	}

	t.true(tried > 5, 'the calls were counted');
});

const backupAt = (ms: number): BackupInfo => ({
	file: `f${ms}`, madeAt: `${new Date(ms).toISOString().slice(0, 19)}Z`, schemaVersion: 2, revision: 1, sizeBytes: 1,
});

test('the 3 newest stay, one of each of 7 days and of 4 weeks, and the rest goes', t => {
	const dayMs = 86_400_000;
	const now = Date.parse('2026-06-01T12:00:00Z');
	fc.assert(fc.property(fc.array(fc.integer({min: -2 * dayMs, max: 90 * dayMs}), {maxLength: 60}), ages => {
		const backups = ages.toSorted((a, b) => a - b).map(age => backupAt(now - age));
		const dropped = new Set(backupsToDrop(backups, new Date(now)));
		const kept = backups.filter(backup => !dropped.has(backup));
		t.true(backups.slice(0, 3).every(backup => kept.includes(backup)));
		t.true(backups.every(backup => kept.includes(backup) || Date.parse(backup.madeAt) <= now));
		const future = backups.filter(({madeAt}) => Date.parse(madeAt) > now).length;
		t.true(kept.length <= 3 + 7 + 4 + future);
		const past = backups.filter(({madeAt}) => Date.parse(madeAt) <= now);
		t.true(past.slice(0, 3).every(backup => kept.includes(backup)), 'a clock that was wrong once costs no backup of today');
		// Dropping again drops nothing: what is kept does not wear away.
		t.deepEqual(backupsToDrop(kept, new Date(now)), []);
	}));
});

test('a clock that was set back makes a backup rather than none for years, and only one a day', t => {
	const backup = backupAt(Date.parse('2026-06-01T12:00:00Z'));
	t.false(isBackupDue([backup], new Date('2026-06-02T11:00:00Z')));
	t.true(isBackupDue([backup], new Date('2026-06-02T12:00:00Z')));
	t.true(isBackupDue([backup], new Date('2020-06-02T12:00:00Z')));
	t.false(isBackupDue([backup, backupAt(Date.parse('2020-06-02T12:00:00Z'))], new Date('2020-06-02T13:00:00Z')));
	t.true(isBackupDue([], new Date()));
});
