import {spawnSync} from 'node:child_process';
import {
	mkdtempSync,
	readdirSync,
	rmSync,
	statfsSync,
} from 'node:fs';
import {
	mkdir,
	readFile,
	rm,
	writeFile,
} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test from 'ava';
import {isAppError} from '../../source/base/errors.js';
import {openCatalog} from '../../source/store/open-catalog.js';
import {durableWrite} from '../../source/base/durable-write.js';
import {runReelcat} from '../helpers/run-reelcat.js';
import {idsOf, item, put} from '../helpers/store-records.js';
import {createHome} from '../helpers/terminal.js';

// Needs the right to mount; failures that are injected instead are in `faults.ts`, and run everywhere.
const disk = mkdtempSync(path.join(tmpdir(), 'reelcat-full-'));
const isMounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', disk]).status === 0;
const onSmallDisk = isMounted ? test.serial : test.serial.skip;

test.after.always(() => {
	if (isMounted) {
		spawnSync('umount', ['-l', disk]);
	}

	rmSync(disk, {recursive: true, force: true});
});

onSmallDisk('on a disk that fills up, a commit fails whole, what was acknowledged stays, and with room it goes on', async t => {
	const folder = path.join(disk, 'data');
	const ballast = path.join(disk, 'ballast');
	await writeFile(ballast, 'x'.repeat(2 ** 20));
	const store = await openCatalog({folder, rewriteBytes: 2 ** 17});
	await store.load();
	const acknowledged: string[] = [];
	let failure: unknown;
	while (failure === undefined) {
		const id = `i${acknowledged.length}`;
		try {
			await put(store, item(id, {summary: 's'.repeat(20_000)}));
			acknowledged.push(id);
		} catch (error) {
			failure = error;
		}
	}

	t.true(isAppError(failure, 'disk-full'));
	t.true(acknowledged.length > 20);
	t.deepEqual(await idsOf(store), acknowledged.toSorted());
	await rm(ballast);
	await put(store, item('after'));
	await store.close();
	t.regex(store.notice!, /too little room/v);
	const again = await openCatalog({folder});
	await again.load();
	t.deepEqual(await idsOf(again), ['after', ...acknowledged.toSorted()]);
	t.true((await again.check()).ok);
	await again.close();
});

onSmallDisk('a durable write on a full disk keeps the old file and leaves nothing behind', async t => {
	const file = path.join(disk, 'document');
	await durableWrite(file, ['old']);
	const before = readdirSync(disk);
	await t.throwsAsync(durableWrite(file, Array.from({length: 40}, () => 'x'.repeat(100_000))), {code: 'disk-full'});
	t.is(await readFile(file, 'utf8'), 'old');
	t.deepEqual(readdirSync(disk), before);
});

onSmallDisk('settings on a disk that takes only a part of them stay as they were', async t => {
	const folder = path.join(disk, 'config');
	const ballast = path.join(disk, 'ballast-for-settings');
	const settings = JSON.stringify({queries: Array.from({length: 40}, (_, index) => ({name: `q${index}`, query: `title:${'x'.repeat(400)}`}))});
	await mkdir(folder);
	await writeFile(path.join(folder, 'settings.json'), settings);
	const {bavail, bsize} = statfsSync(disk);
	await writeFile(ballast, 'x'.repeat((bavail - 2) * bsize));
	const {home, remove} = await createHome();
	t.teardown(async () => {
		await rm(ballast);
		await remove();
	});
	const {exitCode, stderr} = await runReelcat(home, ['queries', 'save', 'later', 'year:1999'], {env: {REELCAT_CONFIG_DIR: folder}});
	t.is(exitCode, 8, `It says: ${stderr}`);
	t.regex(stderr, /Make room there/v);
	t.is(await readFile(path.join(folder, 'settings.json'), 'utf8'), settings);
	t.deepEqual(readdirSync(folder), ['settings.json']);
});

onSmallDisk('a restore on a disk without room for the document leaves the catalogue as it was, and works with room', async t => {
	const folder = path.join(disk, 'restored');
	const ballast = path.join(disk, 'more-ballast');
	const long = 's'.repeat(20_000);
	const store = await openCatalog({folder});
	await store.load();
	await put(store, ...Array.from({length: 10}, (_, index) => item(`i${index}`, {summary: long})));
	const {file} = await store.backup();
	await put(store, item('later'));
	await store.close({isQuick: true});
	const ids = await idsOf(store);
	const {bavail, bsize} = statfsSync(disk);
	await writeFile(ballast, 'x'.repeat((bavail * bsize) - 100_000));
	const before = await Promise.all(['catalog.json', 'catalog.journal'].map(async name => readFile(path.join(folder, name))));
	const error = await t.throwsAsync<Error & {hint?: string}>(openCatalog({folder, restoreFrom: file}), {code: 'disk-full'});
	t.regex(error.hint!, /what was saved before is still there/v);
	t.deepEqual(await Promise.all(['catalog.json', 'catalog.journal'].map(async name => readFile(path.join(folder, name)))), before);
	t.false(readdirSync(folder).some(name => name.includes('.corrupt-') || name.endsWith('.tmp')));
	const still = await openCatalog({folder});
	await still.load();
	t.deepEqual(await idsOf(still), ids);
	await still.close({isQuick: true});

	await rm(ballast);
	const restored = await openCatalog({folder, restoreFrom: file});
	await restored.load();
	t.deepEqual(await idsOf(restored), ids.filter(id => id !== 'later'));
	await restored.close();
});
