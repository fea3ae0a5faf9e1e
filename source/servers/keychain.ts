import {AppError, errorMessage} from '../base/errors.js';

/**
Where the system keeps passwords, for those who ask for it.
*/
export type Keychain = {
	/**
	@returns Nothing when it holds none by this name.

	@throws AppError `not-writable` when it does not answer.
	*/
	get: (name: string) => Promise<string | undefined>;
	set: (name: string, secret: string) => Promise<void>;
	delete: (name: string) => Promise<void>;
};

const unavailable = (detail?: string) => new AppError('not-writable', `The keychain of this system does not answer${detail === undefined ? '' : ` (${detail})`}.`, {
	hint: 'Sign in without --keychain: the tokens are then kept in a file that only you can read. Over SSH or in a container there is often no keychain.',
});

/**
For where none was asked for.
*/
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
The keychain of macOS, the credential manager of Windows, or the secret service of a Linux desktop; the package is optional, and loaded only now.
*/
export const systemKeychain: Keychain = {
	get: async name => withEntry(name, entry => entry.getPassword() ?? undefined),
	set: async (name, secret) => withEntry(name, entry => {
		entry.setPassword(secret);
		if (entry.getPassword() !== secret) {
			throw unavailable('what was put in did not come out');
		}
	}),
	delete: async name => withEntry(name, entry => {
		entry.deletePassword();
	}),
};

type Entry = {
	getPassword: () => string | null; // eslint-disable-line @typescript-eslint/no-restricted-types -- the shape is the library's
	setPassword: (secret: string) => void;
	deletePassword: () => boolean;
};

const withEntry = async <Value>(name: string, action: (entry: Entry) => Value): Promise<Value> => {
	try {
		const keyring = await import('@napi-rs/keyring');
		return action(new keyring.Entry(service, name));
	} catch (error) {
		// The message is the system's own and holds no secret.
		throw error instanceof AppError ? error : unavailable(errorMessage(error).slice(0, 200));
	}
};
