import type {Entry} from '@napi-rs/keyring';
import {AppError, errorMessage} from '../base/errors.js';

export type Keychain = {
	/**
	@returns Undefined when there is no such secret.

	@throws AppError `not-writable` when the keychain does not answer.
	*/
	get: (name: string) => Promise<string | undefined>;
	set: (name: string, secret: string) => Promise<void>;
	delete: (name: string) => Promise<void>;
};

const unavailable = (detail?: string) => new AppError('not-writable', `The keychain of this system does not answer${detail === undefined ? '' : ` (${detail})`}.`, {
	hint: 'Sign in without --keychain: the tokens are then kept in a file that only you can read. Over SSH or in a container there is often no keychain.',
});

export const withoutKeychain: Keychain = {
	async get() {
		return undefined;
	},
	async set() {
		throw unavailable();
	},
	async delete() {/* nothing was put in */},
};

const service = 'reelcat';

/**
The keychain of macOS, the credential manager of Windows, or the secret service of a Linux desktop. The package is optional and loaded on first use.
*/
export const systemKeychain: Keychain = {
	get: async name => withEntry(name, entry => entry.getPassword() ?? undefined),
	set: async (name, secret) => withEntry(name, entry => {
		entry.setPassword(secret);
		if (entry.getPassword() !== secret) {
			throw unavailable('it did not return what was stored');
		}
	}),
	delete: async name => withEntry(name, entry => {
		entry.deletePassword();
	}),
};

const withEntry = async <Value>(name: string, action: (entry: Entry) => Value): Promise<Value> => {
	try {
		const keyring = await import('@napi-rs/keyring');
		return action(new keyring.Entry(service, name));
	} catch (error) {
		// The message comes from the system and holds no secret.
		throw error instanceof AppError ? error : unavailable(errorMessage(error).slice(0, 200));
	}
};
