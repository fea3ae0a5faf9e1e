import {
	mkdir,
	readdir,
	readFile,
	writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {durableFolder} from '../../source/base/durable-folder.js';
import {durableWrite, sweepTemps} from '../../source/base/durable-write.js';
import type {AppError} from '../../source/base/errors.js';
import {makeFolders, nodeFileSystem} from '../../source/base/file-system.js';
import {createFaults} from '../helpers/store-faults.js';
import {temporaryFolder} from '../helpers/store-records.js';

const files: ReadonlyArray<readonly [names: readonly string[], text: string]> = [[['a.txt'], 'ä'], [['b', 'c', 'd.txt'], 'd'], [['b', 'e.txt'], '']];

const make = async (target: string, ...rest: [Parameters<typeof durableFolder>[2]?]) => durableFolder(target, async ({write}) => {
	for (const [names, text] of files) {
		await write(names, text);
	}
}, ...rest);

const tree = async (folder: string) => (await readdir(folder, {recursive: true})).map(name => name.replaceAll(path.sep, '/')).toSorted();

test('a folder has its files and nothing is left beside it', async t => {
	const folder = await temporaryFolder(t);
	await make(path.join(folder, 'out'));
	t.deepEqual(await tree(folder), ['out', 'out/a.txt', 'out/b', 'out/b/c', 'out/b/c/d.txt', 'out/b/e.txt']);
	t.is(await readFile(path.join(folder, 'out', 'a.txt'), 'utf8'), 'ä');
});

test('whichever call fails, either the whole folder is there or nothing', async t => {
	const folder = await temporaryFolder(t);
	const counted = createFaults();
	await make(path.join(folder, 'counted'), counted.fs);
	const whole = await tree(path.join(folder, 'counted'));
	const calls = counted.calls();
	t.true(calls > 20);
	for (const [code, kind] of [['ENOSPC', 'disk-full'], ['EIO', 'not-writable']] as const) {
		for (let call = 1; call <= calls; call++) {
			const faults = createFaults();
			faults.failAt(call, code);
			const target = path.join(folder, `out-${code}-${call}`);
			let thrown: {code?: string} | undefined;
			try {
				await make(target, faults.fs);
			} catch (error) {
				thrown = error as {code?: string};
			}

			t.true(faults.hasFired());
			const made = (await readdir(folder)).filter(name => name.includes(`out-${code}-${call}`));
			if (thrown === undefined) {
				t.deepEqual(made, [path.basename(target)]);
				t.deepEqual(await tree(target), whole);
			} else {
				t.is(thrown.code, kind);
				t.deepEqual(made.filter(name => name === path.basename(target)), []);
			}
		}
	}

	t.deepEqual((await readdir(folder)).filter(name => name.endsWith('.tmp')), []);
});

test('a folder that somebody else has made in the meantime stays as it is', async t => {
	const folder = await temporaryFolder(t);
	const target = path.join(folder, 'out');
	await t.throwsAsync(durableFolder(target, async ({write}) => {
		await write(['a.txt'], 'ours');
		await mkdir(target);
		await writeFile(path.join(target, 'a.txt'), 'theirs');
	}), {code: 'not-writable'});
	t.deepEqual(await tree(folder), ['out', 'out/a.txt']);
	t.is(await readFile(path.join(target, 'a.txt'), 'utf8'), 'theirs');
});

test('a folder of a dead process is swept with all that is in it, and one that is being made is not', async t => {
	const folder = await temporaryFolder(t);
	const dead = path.join(folder, '.out.999999999.0123456789abcdef.tmp');
	await mkdir(path.join(dead, 'b'), {recursive: true});
	await writeFile(path.join(dead, 'b', 'c.txt'), '');
	t.is(await sweepTemps(folder), 1);
	await durableFolder(path.join(folder, 'out'), async () => {
		t.is(await sweepTemps(folder), 0);
	});
	t.deepEqual(await readdir(folder), ['out']);
});

test('a name that is as long as names can be can still be written', async t => {
	const folder = await temporaryFolder(t);
	const long = '日'.repeat(85);
	await make(path.join(folder, long));
	await durableWrite(path.join(folder, long, long), ['x']);
	t.true((await tree(folder)).includes(`${long}/${long}`));
});

test('files that the disk loses when the folder gets its name are told', async t => {
	const folder = await temporaryFolder(t);
	const target = path.join(folder, 'out');
	const losing: typeof nodeFileSystem = {
		...nodeFileSystem,
		async rename(from, to) {
			await nodeFileSystem.rename(from, to);
			await nodeFileSystem.rm(path.join(String(to), 'b', 'c'), {recursive: true});
			await nodeFileSystem.unlink(path.join(String(to), 'a.txt'));
		},
	};
	const error = await t.throwsAsync<AppError>(make(target, losing), {code: 'not-writable'});
	t.is(error.message, `${target} is not whole: the disk lost 3 names in it when the folder got its own.`);
	t.deepEqual(await tree(target), ['b', 'b/e.txt']);
});

test('where a folder cannot be made, the error tells the cause, also where Node.js says that there is none', async t => {
	const failure = (code: string) => Object.assign(new Error(code), {code});
	const place = await temporaryFolder(t);
	const missing = path.join(place, 'a', 'b', 'c');
	const onReadOnlyDisk: typeof nodeFileSystem.mkdir = async (folder, options) => {
		const isRecursive = typeof options === 'object' && options?.recursive === true;
		throw failure(!isRecursive && folder === path.join(place, 'a') ? 'EROFS' : 'ENOENT');
	};

	await t.throwsAsync(makeFolders(missing, {fs: {mkdir: onReadOnlyDisk}}), {code: 'EROFS'} as never);
	let isFirst = true;
	const onlySecondTime = async (...[folder, options]: Parameters<typeof nodeFileSystem.mkdir>) => {
		if (isFirst) {
			isFirst = false;
			throw failure('ENOENT');
		}

		return nodeFileSystem.mkdir(folder, options);
	};

	await makeFolders(missing, {fs: {mkdir: onlySecondTime as never}, mode: 0o700});
	const {mode} = await nodeFileSystem.stat(missing);
	t.is(mode & 0o777, 0o700); // eslint-disable-line no-bitwise -- the mode
});
