import {readFile, stat, writeFile} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import test from 'ava';
import {AppError} from '../../source/base/errors.js';
import {openCredentials} from '../../source/servers/credentials.js';
import {createSystemKeychain, type Keychain} from '../../source/servers/keychain.js';
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

test('the first version of the file is read, and becomes the second when something changes', async t => {
	const file = await fileIn(t);
	await writeFile(file, JSON.stringify({format: 'reelcat-credentials', version: 1, servers: [{id: 'a', url: 'http://a', token: 'token-a'}]}));
	const credentials = await openCredentials(file);
	t.deepEqual(credentials.servers(), [{id: 'a', url: 'http://a', token: 'token-a'}]);
	t.is((JSON.parse(await readFile(file, 'utf8')) as {version: number}).version, 1);
	await credentials.put({id: 'b', url: 'http://b', name: 'Loft'});
	t.is((JSON.parse(await readFile(file, 'utf8')) as {version: number}).version, 2);
	t.is((await openCredentials(file)).server('a')?.token, 'token-a');
});

test('what is put of a server changes that and keeps the rest, and the account comes and goes without the servers', async t => {
	const file = await fileIn(t);
	const credentials = await openCredentials(file);
	const pin = {fingerprint: 'AA:BB', certificate: 'PEM'};
	await credentials.put({
		id: 'a', url: 'http://a', token: 'token-a', pin, isOfAccount: true,
	});
	await credentials.put({id: 'a', url: 'http://moved', others: ['http://a']});
	await credentials.setAccount({uuid: 'u', title: 'Ada', token: 'account-token'});
	const again = await openCredentials(file);
	t.deepEqual(again.server('a'), {
		id: 'a', url: 'http://moved', token: 'token-a', pin, isOfAccount: true, others: ['http://a'],
	});
	t.deepEqual(again.account(), {uuid: 'u', title: 'Ada', token: 'account-token'});
	await again.setAccount(undefined);
	const last = await openCredentials(file);
	t.is(last.account(), undefined);
	t.is(last.servers().length, 1);
});

const createFakeKeychain = () => {
	const secrets = new Map<string, string>();
	const keychain: Keychain = {
		get: async name => secrets.get(name),
		async set(name, secret) {
			secrets.set(name, secret);
		},
		async delete(name) {
			secrets.delete(name);
		},
		async prove() {/* it is sound */},
	};
	return {keychain, secrets};
};

test('in a keychain tokens are not in the file, are found again, stay there, and go with their server', async t => {
	const file = await fileIn(t);
	const {keychain, secrets} = createFakeKeychain();
	const credentials = await openCredentials(file, {keychain, isForKeychain: true});
	await credentials.setAccount({uuid: 'u', title: 'Ada', token: 'account-canary'});
	await credentials.put({id: 'a', url: 'http://a', token: 'server-canary'});
	t.notRegex(await readFile(file, 'utf8'), /canary/v);
	t.deepEqual([...secrets], [['account', 'account-canary'], ['a', 'server-canary']]);
	const again = await openCredentials(file, {keychain});
	t.is(again.account()?.token, 'account-canary');
	t.is(again.server('a')?.token, 'server-canary');
	await again.put({id: 'a', url: 'http://a', token: 'newer-canary'});
	t.notRegex(await readFile(file, 'utf8'), /canary/v);
	t.is(secrets.get('a'), 'newer-canary');
	await again.delete('a');
	await again.setAccount(undefined);
	t.is(secrets.size, 0);
});

test('a keychain that does not answer is told before anything is kept, and nothing is lost', async t => {
	const file = await fileIn(t);
	await (await openCredentials(file)).put({id: 'a', url: 'http://a', token: 'old'});
	await t.throwsAsync(openCredentials(file, {isForKeychain: true}), {code: 'not-writable', message: /keychain of this system does not answer/v});
	t.deepEqual((await openCredentials(file)).servers().map(({id}) => id), ['a']);
});

for (const [name, keychain, reason] of [
	['has forgotten everything', createFakeKeychain().keychain, /^The keychain of this system no longer has a token of reelcat\. It should have the token of Loft\.$/v],
	['does not answer', createSystemKeychain({
		async call() {
			throw new AppError('not-writable', 'The keychain of this system does not answer (no secret service provider).');
		},
	}), /^The keychain of this system does not answer \(no secret service provider\)\. It should have the token of Loft\.$/v],
] as const) {
	test(`when the keychain ${name}, the reason stands in the place of the token, and the others work`, async t => {
		const file = await fileIn(t);
		const before = await openCredentials(file, {keychain: createFakeKeychain().keychain, isForKeychain: true});
		await before.setAccount({uuid: 'u', title: 'Ada', token: 'account-token'});
		await before.put({
			id: 'a', name: 'Loft', url: 'http://a', token: 'token-a',
		});
		await (await openCredentials(file)).put({id: 'b', url: 'http://b', token: 'token-b'});

		const credentials = await openCredentials(file, {keychain});
		t.regex(credentials.server('a')!.tokenFault!.message, reason);
		t.is(credentials.server('a')!.tokenFault!.code, 'unauthorized');
		t.regex(credentials.account()!.tokenFault!.message, /the token of Ada/v);
		t.is(credentials.server('a')!.token, undefined);
		t.is(credentials.server('b')!.token, 'token-b');
		t.is(credentials.server('b')!.tokenFault, undefined);

		// A change that has nothing to do with the token changes nothing about where it is.
		await credentials.put({...credentials.server('a')!, url: 'http://moved'});
		t.regex(credentials.server('a')!.tokenFault!.message, reason);
		t.notRegex(await readFile(file, 'utf8'), /tokenFault/v);

		// Signing in again is the way on.
		await credentials.setAccount({uuid: 'u', title: 'Ada', token: 'account-2'});
		await credentials.put({id: 'a', url: 'http://moved', token: 'token-2'});
		const again = await openCredentials(file, {keychain});
		t.is(again.account()?.token, 'account-2');
		t.deepEqual(again.server('a'), {
			id: 'a', name: 'Loft', url: 'http://moved', token: 'token-2',
		});
	});

	test(`when the keychain ${name}, an account and a server can be forgotten`, async t => {
		const file = await fileIn(t);
		const before = await openCredentials(file, {keychain: createFakeKeychain().keychain, isForKeychain: true});
		await before.setAccount({uuid: 'u', title: 'Ada', token: 'account-token'});
		await before.put({id: 'a', url: 'http://a', token: 'token-a'});
		const credentials = await openCredentials(file, {keychain});
		await credentials.setAccount(undefined);
		await credentials.delete('a');
		t.is(credentials.account(), undefined);
		t.deepEqual((await openCredentials(file)).servers(), []);
	});
}

test('whichever call fails over a change, the file holds the old tokens or the new ones, whole', async t => {
	for (let n = 1, hasFired = true; hasFired; n++) {
		const file = await fileIn(t);
		const faults = createFaults();
		const credentials = await openCredentials(file, {fs: faults.fs});
		await credentials.put({id: 'a', url: 'http://a', token: 'old'});
		faults.failAt(n, 'EIO');
		const [settled] = await Promise.allSettled([credentials.put({id: 'a', url: 'http://a', token: 'new'})]);
		hasFired = faults.hasFired();
		const {token} = (await openCredentials(file)).server('a')!;
		t.true(['old', 'new'].includes(token!), `call ${n}`);
		t.true(settled.status === 'rejected' || token === 'new', `call ${n}`);
		t.true(n < 100);
	}
});
