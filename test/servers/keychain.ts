import process from 'node:process';
import test from 'ava';
import {createSystemKeychain} from '../../source/servers/keychain.js';

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

		constructor(_service: string, name: string, options?: Options) {
			this.#name = name;
			stores.add(options?.linux?.store);
		}

		getPassword() {
			return this.#secrets.get(this.#name) ?? null;
		}

		setPassword(secret: string) {
			this.#secrets.set(this.#name, secret);
		}

		deletePassword() {
			return this.#secrets.delete(this.#name);
		}
	}

	const load = async () => ({Entry}) as unknown as Awaited<ReturnType<NonNullable<Parameters<typeof createSystemKeychain>[0]>>>;
	return {kept, stores, keychain: createSystemKeychain(load)};
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
