import {
	cp,
	mkdir,
	readdir,
	readFile,
	rm,
	stat,
	truncate,
	writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import {isDeepStrictEqual} from 'node:util';
import test, {type ExecutionContext} from 'ava';
import {isAppError} from '../../source/base/errors.js';
import {nodeFileSystem, type FileSystem} from '../../source/base/file-system.js';
import {createBackups} from '../../source/store/backups.js';
import type {OpenCatalogOptions} from '../../source/store/catalog-context.js';
import {migrations} from '../../source/store/migrations.js';
import {openCatalog} from '../../source/store/open-catalog.js';
import {killRestoreOnce, prepareRestores} from '../helpers/restore-kill.js';
import {createFaults, everyCall, failureOf} from '../helpers/store-faults.js';
import {
	idsOf,
	item,
	put,
	temporaryFolder,
} from '../helpers/store-records.js';

const state = async (folder: string, options: Partial<OpenCatalogOptions> = {}) => {
	const store = await openCatalog({folder, ...options});
	await store.load();
	const ids = await idsOf(store);
	const {problems} = await store.check();
	const {notice} = store;
	await store.close({isQuick: true});
	const names = await readdir(folder);
	return {
		ids, problems, notice, temps: names.filter(name => name.endsWith('.tmp')),
	};
};

/**
A folder with a backup that has `a`, a document that has `b` as well, and a journal with `c`.
*/
const filled = async (folder: string, options: Partial<OpenCatalogOptions> = {}) => {
	const store = await openCatalog({folder, ...options});
	await store.load();
	await put(store, item('a'));
	const {file} = await store.backup();
	await put(store, item('b'));
	await store.close();
	const again = await openCatalog({folder, ...options});
	await again.load();
	await put(again, item('c'));
	await again.close({isQuick: true});
	return path.basename(file);
};

const filesOf = async (folder: string) => Promise.all(['catalog.json', 'catalog.journal'].map(async name => readFile(path.join(folder, name), 'latin1')));

const asideIn = async (folder: string) => {
	const names = await readdir(folder);
	return names.filter(name => name.includes('.corrupt-')).toSorted();
};

/**
Does it in a copy of `template`, again and again, with the n-th call of the file system failing.
*/
const withFaults = async (t: ExecutionContext, template: string, body: (parts: {folder: string; open: (options: Partial<OpenCatalogOptions>) => Promise<void>; place: string}) => Promise<void>): Promise<number> => {
	const base = await temporaryFolder(t);
	return everyCall(async (n, code) => {
		const folder = path.join(base, String(n));
		await cp(template, folder, {recursive: true});
		const faults = createFaults();
		faults.failAt(n, code);
		await body({
			folder,
			place: `call ${n}, ${code}`,
			async open(options) {
				const store = await openCatalog({folder, fs: faults.fs, ...options});
				try {
					await store.load();
				} finally {
					await store.close();
				}
			},
		});
		await rm(folder, {recursive: true});
		return faults.hasFired();
	});
};

test('whichever call fails during a restore, the catalogue is the old one or the new one, whole, and the message says which', async t => {
	const template = path.join(await temporaryFolder(t), 'template');
	const backup = await filled(template);
	const [oldDocument, oldJournal] = await filesOf(template);
	let refusals = 0;
	const count = await withFaults(t, template, async ({folder, open, place}) => {
		const failure = await failureOf(open({restoreFrom: path.join(folder, 'backups', backup)}));
		const aside = await asideIn(folder);
		const [document, journal] = await filesOf(folder);
		const isOld = document === oldDocument;
		refusals += isOld ? 1 : 0;
		t.true(isOld ? failure !== undefined && journal === oldJournal : journal !== undefined, place);
		// What is said to be unchanged is unchanged, and the other way round.
		t.false((isOld ? /was replaced/v : /[Nn]othing was/v).test(`${failure?.message} ${failure?.hint}`), place);
		const texts = await Promise.all(aside.map(async name => readFile(path.join(folder, name), 'latin1')));
		t.true(isOld || isDeepStrictEqual(new Set(texts), new Set([oldDocument, oldJournal])), place);
		const after = await state(folder);
		t.deepEqual([after.ids, after.problems, after.temps], [isOld ? ['a', 'b', 'c'] : ['a'], [], []], place);
	});
	t.true(count >= 40 && refusals >= 20, `${count} calls, ${refusals} refusals`);
});

test('a restore that has no room for its journal says that the catalogue was replaced', async t => {
	const folder = await temporaryFolder(t);
	const backup = await filled(folder);
	const faults = createFaults();
	let isReplaced = false;
	const fs: FileSystem = {
		...faults.fs,
		async rename(from, to) {
			await faults.fs.rename(from, to);
			isReplaced ||= to.toString().endsWith('catalog.json');
		},
	};
	faults.failWhen(method => isReplaced && method === 'write' ? 'ENOSPC' : undefined);
	const error = await t.throwsAsync<Error & {hint?: string}>(openCatalog({folder, fs, restoreFrom: path.join(folder, 'backups', backup)}), {code: 'disk-full'});
	t.regex(error.message, /catalogue was replaced.*set aside.*disk is full/v);
	t.regex(error.hint!, /whole.*room/v);
	const after = await state(folder);
	t.deepEqual(after.ids, ['a']);
});

test('whichever call fails while a damaged catalogue falls back to its backup, it is as before or restored', async t => {
	const template = path.join(await temporaryFolder(t), 'template');
	await filled(template);
	const document = path.join(template, 'catalog.json');
	const {size} = await stat(document);
	for (const spoil of [async () => truncate(document, size - 40), async () => writeFile(document, 'not ours')]) {
		await spoil();
		const [damagedDocument, journal] = await filesOf(template);
		let refusals = 0;
		const count = await withFaults(t, template, async ({folder, open, place}) => {
			const failure = await failureOf(open({onDamaged: 'move-aside'}));
			const [now, journalNow] = await filesOf(folder);
			const isOld = now === damagedDocument;
			refusals += isOld ? 1 : 0;
			t.true(!isOld || (failure !== undefined && journalNow === journal), place);
			const after = await state(folder).catch((error: unknown) => {
				t.true(isOld && isAppError(error, 'damaged'), place);
			});
			t.deepEqual(after && [after.ids, after.problems, after.temps], isOld ? undefined : [['a'], [], []], place);
		});
		t.true(count >= 40 && refusals >= 20, `${count} calls, ${refusals} refusals`);
	}
});

test('whichever call fails during a migration, no record is lost, and the next start ends it', async t => {
	const template = path.join(await temporaryFolder(t), 'template');
	await filled(template, {steps: migrations.slice(0, -1)});
	const count = await withFaults(t, template, async ({folder, open, place}) => {
		await failureOf(open({}));
		const after = await state(folder);
		t.deepEqual([after.ids, after.problems, after.temps, after.notice], [['a', 'b', 'c'], [], [], undefined], place);
		t.regex(await readFile(path.join(folder, 'catalog.json'), 'utf8'), /^\{"format":"reelcat-catalog","schemaVersion":6,/v);
	});
	t.true(count >= 40, String(count));
});

test('a process that is killed while it restores leaves the old catalogue or the new one', async t => {
	const folder = await temporaryFolder(t);
	const backup = await prepareRestores(folder);
	const seen = new Set<string>();
	for (let run = 0; run < 12; run++) {
		const {problems, title} = await killRestoreOnce(folder, backup, 1 + (run % 3));
		t.deepEqual(problems, []);
		seen.add(title);
	}

	t.true(seen.size > 1, 'some kills hit a restored catalogue, others one with commits');
});

test('a backup whose catalogue is not whole is refused before anything is replaced', async t => {
	const folder = await temporaryFolder(t);
	const store = await openCatalog({folder});
	await store.load();
	await put(store, item('a', {genres: ['nowhere']}));
	await t.throwsAsync(store.backup(), {code: 'damaged', message: /nowhere/v});
	t.deepEqual(await readdir(path.join(folder, 'backups')), []);
	await store.close();
	const backups = createBackups(path.join(folder, 'backups'), {fs: nodeFileSystem, now: () => new Date(), schemaVersion: 6});
	const {file} = await backups.copy(path.join(folder, 'catalog.json'), {revision: 1, schemaVersion: 6});
	const before = await filesOf(folder);
	await t.throwsAsync(openCatalog({folder, restoreFrom: file}), {code: 'damaged', message: /nowhere/v});
	t.deepEqual(await filesOf(folder), before);
	t.deepEqual(await asideIn(folder), []);
});

test('a restore gives the journal a revision that was never used, also when the document is damaged', async t => {
	const folder = await temporaryFolder(t);
	const backup = await filled(folder);
	await writeFile(path.join(folder, 'catalog.json'), 'not ours');
	const store = await openCatalog({folder, restoreFrom: path.join(folder, 'backups', backup)});
	await store.load();
	t.is(store.header().revision, 4);
	t.deepEqual(await idsOf(store), ['a']);
	await store.close();
});

test('a missing document beside anything that tells of a catalogue is refused by everyone, and nothing is made', async t => {
	const folder = await temporaryFolder(t);
	await filled(folder);
	const history = path.join(folder, 'history');
	await mkdir(history);
	const traces: Record<string, string> = {
		'catalog.journal': 'journal',
		'catalog.json.bak': 'document before',
		'catalog.json.corrupt-20260101T000000Z': 'set aside',
		'catalog.journal.corrupt-20260101T000000Z': 'set aside',
		'history/2026-01.ndjson': 'history',
		[path.join('backups', (await readdir(path.join(folder, 'backups')))[0]!)]: 'backups',
	};
	for (const [name, word] of Object.entries(traces)) {
		const lone = await temporaryFolder(t);
		await mkdir(path.join(lone, path.dirname(name)), {recursive: true});
		await writeFile(path.join(lone, name), '');
		for (const options of [{access: 'read'}, {}, {onDamaged: 'move-aside'}] as const) {
			const error = await t.throwsAsync<Error & {hint?: string}>(openCatalog({folder: lone, ...options}), {code: 'damaged'}, name);
			t.true(error.message.includes(word), error.message);
			t.regex(error.hint!, /reelcat restore.*reelcat repair.*--empty/v);
		}

		t.false((await readdir(lone)).includes('catalog.json'));
		const anew = await state(lone, {startsAnew: true});
		t.deepEqual(anew.ids, []);
		t.deepEqual((await state(lone)).ids, []);
	}
});

test('a folder with other files only is that of a first start', async t => {
	const folder = await temporaryFolder(t);
	await mkdir(path.join(folder, 'backups'));
	await writeFile(path.join(folder, 'credentials.json'), '{}');
	t.deepEqual((await state(folder)).ids, []);
});

test('to begin anew keeps the catalogue that is there under another name', async t => {
	const folder = await temporaryFolder(t);
	await filled(folder);
	const old = await filesOf(folder);
	const {ids, notice, problems} = await state(folder, {startsAnew: true});
	t.deepEqual([ids, problems], [[], []]);
	const aside = await asideIn(folder);
	t.true(aside.every(name => notice!.includes(name)));
	const texts = await Promise.all(aside.map(async name => readFile(path.join(folder, name), 'latin1')));
	t.deepEqual(texts, old.toReversed());
});
