import {readFile, stat, writeFile} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import test from 'ava';
import {openCredentials} from '../../source/store/credentials.js';
import {createFaults} from '../helpers/store-faults.js';
import {temporaryFolder} from '../helpers/store-records.js';

const fileIn = async (t: Parameters<typeof temporaryFolder>[0]) => path.join(await temporaryFolder(t), 'credentials.json');

test('tokens are kept per server and found again', async t => {
	const file = await fileIn(t);
	const credentials = await openCredentials(file);
	t.deepEqual(credentials.servers(), []);
	await Promise.all([credentials.put({id: 'a', url: 'http://a', token: 'token-a'}), credentials.put({id: 'b', url: 'http://b', token: 'token-b'})]);
	await credentials.put({id: 'a', url: 'http://a2', token: 'token-2'});
	const again = await openCredentials(file);
	t.is(again.server('a')?.token, 'token-2');
	t.is(again.server('nobody')?.token, undefined);
	t.deepEqual(again.servers(), [{id: 'b', url: 'http://b', token: 'token-b'}, {id: 'a', url: 'http://a2', token: 'token-2'}]);
	await again.delete('a');
	t.is((await openCredentials(file)).server('a')?.token, undefined);
	t.is((await openCredentials(file)).server('b')?.token, 'token-b');
});

test('what another process added meanwhile stays', async t => {
	const file = await fileIn(t);
	const [one, other] = [await openCredentials(file), await openCredentials(file)];
	await one.put({id: 'a', url: 'http://a', token: 'token-a'});
	await other.put({id: 'b', url: 'http://b', token: 'token-b'});
	t.is((await openCredentials(file)).servers().length, 2);
});

test.serial('the file is for its owner only after every write, whatever the umask', async t => {
	const file = await fileIn(t);
	const umask = process.umask(0);
	try {
		const credentials = await openCredentials(file);
		for (const token of ['one', 'two', 'three']) {
			await credentials.put({id: 'a', url: 'http://a', token});
			t.is((await stat(file)).mode & 0o777, 0o600); // eslint-disable-line no-bitwise
		}
	} finally {
		process.umask(umask);
	}
});

test('a damaged file is refused without a word of what it holds, and left as it is', async t => {
	const file = await fileIn(t);
	const text = '{"format":"reelcat-credentials","servers":[{"token":"secret-canary"';
	await writeFile(file, text);
	const error = await t.throwsAsync(openCredentials(file), {code: 'damaged'});
	t.false(JSON.stringify([error, error.message, error.stack, error.cause]).includes('secret-canary'));
	t.is(await readFile(file, 'utf8'), text);
});

test('a full disk keeps the old tokens', async t => {
	const file = await fileIn(t);
	const faults = createFaults();
	const credentials = await openCredentials(file, {fs: faults.fs});
	await credentials.put({id: 'a', url: 'http://a', token: 'old'});
	faults.failWhen(method => method === 'write' ? 'ENOSPC' : undefined);
	await t.throwsAsync(credentials.put({id: 'a', url: 'http://a', token: 'new'}), {code: 'disk-full'});
	t.is(credentials.server('a')?.token, 'old');
	t.is((await openCredentials(file)).server('a')?.token, 'old');
});
