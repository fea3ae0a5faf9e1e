import {readFile, writeFile} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import {setTimeout as wait} from 'node:timers/promises';
import {pathToFileURL} from 'node:url';
import test from 'ava';
import {
	callApart,
	createSystemKeychain,
	inHaste,
	type KeyringCall,
} from '../../source/servers/keychain.js';
import {temporaryFolder} from '../helpers/store-records.js';

type Options = {linux?: {store?: string}} | undefined;

/**
The package, with a store that lives as long as one entry does (`isForgetful`) or as long as the test.
*/
const createPackage = ({isForgetful = false} = {}) => {
	const kept = new Map<string, string>();
	const stores = new Set<string | undefined>();
	class Entry {
		readonly #name: string;
		readonly #secrets = isForgetful ? new Map<string, string>() : kept;

		constructor(name: string, options: Options) {
			this.#name = name;
			stores.add(options?.linux?.store);
		}

		getPassword(): unknown {
			return this.#secrets.get(this.#name) ?? null;
		}

		setPassword(secret: string): unknown {
			return this.#secrets.set(this.#name, secret);
		}

		deletePassword(): unknown {
			return this.#secrets.delete(this.#name);
		}
	}

	const call: KeyringCall = async ([, name, options], method, secret = '') => new Entry(String(name), options as Options)[method](secret);
	return {kept, stores, keychain: createSystemKeychain({call})};
};

test('each secret is kept by the secret service, never by the memory of the kernel', async t => {
	const {keychain, kept, stores} = createPackage();
	await keychain.prove();
	t.is(kept.size, 0, 'the trial leaves nothing behind');
	await keychain.set('a', 'token');
	t.is(await keychain.get('a'), 'token');
	await keychain.delete('a');
	t.is(await keychain.get('a'), undefined);
	t.deepEqual([...stores], ['secret-service']);
});

test('a keychain that gives back nothing to a fresh entry is refused', async t => {
	const {keychain} = createPackage({isForgetful: true});
	for (const use of [async () => keychain.prove(), async () => keychain.set('a', 'token')]) {
		await t.throwsAsync(use, {code: 'not-writable', message: /it did not return what was stored/v});
	}
});

const packageOf = async (t: Parameters<typeof temporaryFolder>[0], body: string) => {
	const file = path.join(await temporaryFolder(t), 'keyring.cjs');
	await writeFile(file, `exports.Entry = class {${body}};`);
	return () => pathToFileURL(file).href;
};

test('a call in a process of its own gives what the package gives, and its words when it fails', async t => {
	const url = await packageOf(t, `
		constructor(...made) { this.made = made; }
		getPassword() { return JSON.stringify([this.made, process.argv.length]); }
		setPassword() { throw new Error("It is locked."); }
		deletePassword() { return true; }
	`);
	const keychain = createSystemKeychain({call: callApart(url)});
	t.is(await keychain.get('a'), JSON.stringify([['reelcat', 'a', {linux: {store: 'secret-service'}}], 1]));
	await keychain.delete('a');
	await t.throwsAsync(keychain.set('a', 'token'), {code: 'not-writable', message: /\(It is locked\.\)/v});
});

test('a keychain that waits for a person holds nothing up, is told of, and is no longer waited for when somebody ends it', async t => {
	const told = path.join(await temporaryFolder(t), 'pid');
	const url = await packageOf(t, `getPassword() {
		require("node:fs").writeFileSync(${JSON.stringify(told)}, String(process.pid));
		Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
	}`);
	const controller = new AbortController();
	const {promise: waited, resolve} = Promise.withResolvers<void>();
	const keychain = createSystemKeychain({call: callApart(url, {signal: controller.signal, onWait: resolve, waitMs: 10})});
	const [first, second] = [keychain.get('a'), keychain.get('b')];
	await t.throwsAsync(inHaste(keychain, 10).get('c'), {code: 'not-writable', message: /may be asking for its password/v});
	await waited;
	let pid = 0;
	while (pid === 0) {
		await wait(10);
		pid = Number(await readFile(told, 'utf8').catch(() => ''));
	}

	controller.abort();
	await t.throwsAsync(first, {code: 'cancelled'});
	await t.throwsAsync(second, {code: 'cancelled'});
	// The other one never began.
	t.is(Number(await readFile(told, 'utf8')), pid);
	while (isAlive(pid)) {
		await wait(10);
	}
});

const isAlive = (pid: number) => {
	try {
		return process.kill(pid, 0);
	} catch {
		return false;
	}
};

// Without a bus there is no secret service, whatever runs on this machine.
(process.platform === 'linux' ? test.serial : test.serial.skip)('without a secret service the real package keeps nothing', async t => {
	const before = process.env['DBUS_SESSION_BUS_ADDRESS'];
	process.env['DBUS_SESSION_BUS_ADDRESS'] = 'unix:path=/nowhere';
	try {
		const keychain = createSystemKeychain();
		for (const use of [async () => keychain.prove(), async () => keychain.set('a', 'token'), async () => keychain.get('a')]) {
			await t.throwsAsync(use, {code: 'not-writable', message: /^The keychain of this system does not answer \(/v});
		}
	} finally {
		if (before === undefined) {
			delete process.env['DBUS_SESSION_BUS_ADDRESS'];
		} else {
			process.env['DBUS_SESSION_BUS_ADDRESS'] = before;
		}
	}
});
