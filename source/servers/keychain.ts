import {randomUUID} from 'node:crypto';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import {AppError, errorMessage} from '../base/errors.js';
import {once} from '../base/once.js';
import {runProgram} from '../base/run-program.js';

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

type Answer = string | boolean | null | undefined | void; // eslint-disable-line @typescript-eslint/no-restricted-types -- what the package gives
type Awaitable = Answer | Promise<Answer>;

type Entry = {getPassword: () => Awaitable; setPassword: (secret: string) => Awaitable; deletePassword: () => Awaitable};

type Keyring = {Entry: new (service: string, name: string, options: {linux: {store: 'secret-service'}}) => Entry};

// What the other process does: one call, which comes on its input, so that no list of processes shows it.
const script = `require('node:stream/consumers').json(process.stdin).then(({file, made, method, given}) => {
	const {Entry} = require(file);
	return {answer: new Entry(...made)[method](...given)};
}).catch(error => ({fault: String(error?.message ?? error)})).then(result => process.stdout.write(JSON.stringify(result)));`;

/**
The package in `file`, each call in a process of its own. While a locked keychain waits for its password, perhaps on a screen in another room, the package holds the whole process up, which then does nothing else and hears no signal; on a thread of its own it would still keep the process from ending.
*/
export const keyringApart = (file: string, patienceMs = 60_000): Keyring => {
	let silence: AppError | undefined;
	const call = async (made: readonly unknown[], method: keyof Entry, ...given: string[]): Promise<Answer> => {
		if (silence !== undefined) {
			throw silence;
		}

		const {end, stdout} = await runProgram({
			argv: [process.execPath, '--eval', script],
			env: process.env,
			input: JSON.stringify({
				file, made, method, given,
			}),
			timeoutMs: patienceMs,
			isOutputKept: true,
		});
		if (stdout === '' || end.kind !== 'exited') {
			silence = unavailable(end.kind === 'timeout' ? `within ${Math.round(patienceMs / 1000)} s; it may be asking for its password on the screen of this machine` : undefined);
			throw silence;
		}

		const {answer, fault} = JSON.parse(stdout) as {answer?: Answer; fault?: string};
		if (fault !== undefined) {
			throw unavailable(fault.slice(0, 200));
		}

		return answer;
	};

	return {
		Entry: class {
			readonly #made: readonly unknown[];

			constructor(...made: readonly unknown[]) {
				this.#made = made;
			}

			async getPassword() {
				return call(this.#made, 'getPassword');
			}

			async setPassword(secret: string) {
				return call(this.#made, 'setPassword', secret);
			}

			async deletePassword() {
				return call(this.#made, 'deletePassword');
			}
		},
	};
};

/**
The keychain of macOS, the credential manager of Windows, or the secret service of a Linux desktop. The package is optional and loaded on first use.
*/
export const createSystemKeychain = (load: () => Promise<Keyring> = async () => keyringApart(fileURLToPath(import.meta.resolve('@napi-rs/keyring')))): Keychain => {
	const loaded = once(load);
	const withEntry = async (name: string, action: (entry: Entry) => Awaitable): Promise<Answer> => {
		try {
			const {Entry: KeyringEntry} = await loaded();
			// Where no secret service runs, the package would take the memory of the kernel, which forgets everything when the machine is restarted.
			return await action(new KeyringEntry(service, name, {linux: {store: 'secret-service'}}));
		} catch (error) {
			// The message comes from the system and holds no secret.
			throw error instanceof AppError ? error : unavailable(errorMessage(error).slice(0, 200));
		}
	};

	const get = async (name: string) => {
		const secret = await withEntry(name, async entry => entry.getPassword());
		return typeof secret === 'string' ? secret : undefined;
	};

	const set = async (name: string, secret: string) => {
		await withEntry(name, async entry => entry.setPassword(secret));
		// Another entry has nothing in its memory.
		if (await get(name) !== secret) {
			throw unavailable('it did not return what was stored');
		}
	};

	const remove = async (name: string) => {
		await withEntry(name, async entry => entry.deletePassword());
	};

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
