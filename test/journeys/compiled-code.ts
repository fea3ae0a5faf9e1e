import {spawnSync} from 'node:child_process';
import {
	chmod,
	mkdir,
	readdir,
	stat,
	writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import test, {type ExecutionContext} from 'ava';
import {cliFile, createHome} from '../helpers/terminal.js';

const setUp = async (t: ExecutionContext) => {
	const {home, remove} = await createHome();
	t.teardown(remove);
	const temporary = path.join(home, 'tmp');
	await mkdir(temporary);
	return {
		home,
		folder: path.join(home, '.cache/reelcat/compiled'),
		async start(env: Record<string, string> = {}) {
			const {status, stdout, stderr} = spawnSync(process.execPath, [cliFile, '--version'], {
				cwd: home, encoding: 'utf8', env: {
					PATH: process.env['PATH'], HOME: home, TMPDIR: temporary, ...env,
				},
			});
			t.is(status, 0, stderr);
			t.regex(stdout, /^\d+\.\d+\.\d+\n$/v);
			t.is(stderr, '');
			// There others could put something.
			t.deepEqual(await readdir(temporary), []);
		},
	};
};

test('compiled code is kept where only its user can write, and never in the temporary folder', async t => {
	const {home, folder, start} = await setUp(t);
	await start();
	t.is((await stat(folder)).mode % 0o1000, 0o700);
	t.not((await readdir(folder)).length, 0);
	await start({XDG_CACHE_HOME: path.join(home, 'other')});
	t.not((await readdir(path.join(home, 'other/reelcat/compiled'))).length, 0);
});

test('without a home, or with one that is no absolute path, no compiled code is kept', async t => {
	const {home, start} = await setUp(t);
	await start({HOME: ''});
	await start({HOME: 'here', XDG_CACHE_HOME: 'there'});
	t.deepEqual(await readdir(home), ['tmp']);
});

test('where the folder cannot be made, a start does without it', async t => {
	const {home, start} = await setUp(t);
	await writeFile(path.join(home, '.cache'), '');
	await start();
});

test('a folder that others may write is not used', async t => {
	const {folder, start} = await setUp(t);
	await mkdir(folder, {recursive: true});
	await chmod(folder, 0o777);
	await start();
	t.deepEqual(await readdir(folder), []);
});
