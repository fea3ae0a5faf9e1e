import {randomUUID} from 'node:crypto';
import type * as Keyring from '@napi-rs/keyring';
import {AppError, errorMessage} from '../base/errors.js';

export type Keychain = {
	/**
	@returns Undefined when there is no such secret.

	@throws AppError `not-writable` when the keychain does not answer.
	*/
	get: (name: string) => Promise<string | undefined>;
	set: (name: string, secret: string) => Promise<void>;
	delete: (name: string) => Promise<void>;
	/**
	@throws AppError `not-writable` unless it keeps secrets, and gives them back.
	*/
	prove: () => Promise<void>;
};

const unavailable = (detail?: string) => new AppError('not-writable', `The keychain of this system does not answer${detail === undefined ? '' : ` (${detail})`}.`, {
	hint: 'Over SSH or in a container there is often no keychain. Sign in without --keychain: the tokens are then kept in a file that only you can read. The password of a database can be in such a file as well: REELCAT_STORE_PASSWORD_FILE names it.',
});

export const withoutKeychain: Keychain = {
	async get() {
		return undefined;
	},
	async set() {
		throw unavailable();
	},
	async delete() {/* nothing was put in */},
	async prove() {
		throw unavailable();
	},
};

const service = 'reelcat';

/**
The keychain of macOS, the credential manager of Windows, or the secret service of a Linux desktop. The package is optional and loaded on first use.
*/
export const createSystemKeychain = (load: () => Promise<Pick<typeof Keyring, 'Entry'>> = async () => import('@napi-rs/keyring')): Keychain => {
	const withEntry = async <Value>(name: string, action: (entry: Keyring.Entry) => Value): Promise<Value> => {
		try {
			const {Entry} = await load();
			// Where no secret service runs, the package would take the memory of the kernel, which forgets everything when the machine is restarted.
			return action(new Entry(service, name, {linux: {store: 'secret-service'}}));
		} catch (error) {
			// The message comes from the system and holds no secret.
			throw error instanceof AppError ? error : unavailable(errorMessage(error).slice(0, 200));
		}
	};

	const get = async (name: string) => withEntry(name, entry => entry.getPassword() ?? undefined);
	const set = async (name: string, secret: string) => {
		await withEntry(name, entry => {
			entry.setPassword(secret);
		});
		// Another entry has nothing in its memory.
		if (await get(name) !== secret) {
			throw unavailable('it did not return what was stored');
		}
	};

	const remove = async (name: string) => withEntry(name, entry => {
		entry.deletePassword();
	});

	return {
		get,
		set,
		delete: remove,
		async prove() {
			const name = `trial-${randomUUID()}`;
			await set(name, 'trial');
			await remove(name);
		},
	};
};
