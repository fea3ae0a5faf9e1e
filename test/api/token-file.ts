import {
	mkdtemp,
	readdir,
	readFile,
	rm,
	stat,
	writeFile,
} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {apiToken, rotateApiToken} from '../../source/api/token.js';
import {AppError} from '../../source/base/errors.js';
import {nodeFileSystem, type FileSystem} from '../../source/base/file-system.js';

const makeFolder = async (t: ExecutionContext) => {
	const folder = await mkdtemp(path.join(tmpdir(), 'reelcat-api-'));
	t.teardown(async () => rm(folder, {recursive: true}));
	return folder;
};

const long = 'a-token-of-a-person-that-is-long-enough';

test('a token is made once, is hard to guess, and is for its owner alone', async t => {
	const folder = await makeFolder(t);
	const token = await apiToken({env: {}, folder});
	t.regex(token, /^[\w\-]{43}$/v);
	t.is(await apiToken({env: {}, folder}), token);
	t.is(((await stat(path.join(folder, 'api-token'))).mode % 0o1000).toString(8), '600');
	t.deepEqual(await readdir(folder), ['api-token']);
	t.not(await apiToken({env: {}, folder: await makeFolder(t)}), token);
});

test('of many that start at once, all have the same token', async t => {
	const folder = await makeFolder(t);
	const tokens = await Promise.all(Array.from({length: 20}, async () => apiToken({env: {}, folder})));
	t.is(new Set(tokens).size, 1);
	t.deepEqual(await readdir(folder), ['api-token']);
});

test('a disk without hard links keeps a token as well', async t => {
	for (const code of ['EPERM', 'EIO', 'ERANGE']) {
		const folder = await makeFolder(t);
		const fs: FileSystem = {
			...nodeFileSystem,
			async link() {
				throw Object.assign(new Error(code), {code});
			},
		};
		const token = await apiToken({env: {}, folder, fs});
		t.is(await apiToken({env: {}, folder, fs}), token);
		t.deepEqual(await readdir(folder), ['api-token']);
		t.is(((await stat(path.join(folder, 'api-token'))).mode % 0o1000).toString(8), '600');
	}
});

test('what the environment gives wins, the token before the file', async t => {
	const folder = await makeFolder(t);
	const file = path.join(folder, 'secret');
	await writeFile(file, `${long}-from-the-file\n`);
	t.is(await apiToken({env: {REELCAT_API_TOKEN: long, REELCAT_API_TOKEN_FILE: file}, folder}), long);
	t.is(await apiToken({env: {REELCAT_API_TOKEN: '', REELCAT_API_TOKEN_FILE: file}, folder}), `${long}-from-the-file`);
	t.deepEqual(await readdir(folder), ['secret']);
});

for (const token of ['short', 'x'.repeat(15), 'has blanks in between them', 'has-a-\u{7}-control-in-it-somewhere', 'träge-Zeichen-sind-nicht-erlaubt']) {
	test(`the token ${JSON.stringify(token)} is refused, and not repeated`, async t => {
		const error = await t.throwsAsync<AppError>(apiToken({env: {REELCAT_API_TOKEN: token}, folder: await makeFolder(t)}), {instanceOf: AppError, code: 'usage'});
		t.false(`${error.message} ${error.hint}`.includes(token));
	});
}

test('a file that cannot be read, or is empty, is told of and not replaced', async t => {
	const folder = await makeFolder(t);
	await t.throwsAsync(apiToken({env: {REELCAT_API_TOKEN_FILE: path.join(folder, 'nowhere')}, folder}), {code: 'usage', message: /cannot be read \(ENOENT\)/v});
	await writeFile(path.join(folder, 'api-token'), '');
	await t.throwsAsync(apiToken({env: {}, folder}), {code: 'damaged'});
	t.is(String(await readFile(path.join(folder, 'api-token'))), '');
});

test('another token replaces the one before; one from outside cannot be replaced', async t => {
	const folder = await makeFolder(t);
	const before = await apiToken({env: {}, folder});
	const after = await rotateApiToken({env: {}, folder});
	t.not(after, before);
	t.is(await apiToken({env: {}, folder}), after);
	t.is(((await stat(path.join(folder, 'api-token'))).mode % 0o1000).toString(8), '600');
	await t.throwsAsync(rotateApiToken({env: {REELCAT_API_TOKEN: long}, folder}), {code: 'usage'});
});

test('where no token can be saved, it is said that there is none yet, and what to do', async t => {
	const folder = path.join(await makeFolder(t), 'not there');
	const error = await t.throwsAsync<AppError>(apiToken({env: {}, folder}), {code: 'not-writable'});
	t.is(error.message, `There is no token of the API yet, and none could be saved in ${folder} (ENOENT).`);
	t.regex(error.hint!, /REELCAT_API_TOKEN_FILE/v);
	t.is(await apiToken({env: {REELCAT_API_TOKEN: long}, folder}), long);
});
