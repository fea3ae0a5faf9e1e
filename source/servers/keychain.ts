import {randomUUID} from 'node:crypto';
import process from 'node:process';
import {setTimeout as delay} from 'node:timers/promises';
import {AppError, errorMessage} from '../base/errors.js';
import {oneByOne} from '../base/one-by-one.js';
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

/**
One call of the package: of an `Entry` that is made with `place`.
*/
export type KeyringCall = (place: readonly unknown[], method: 'getPassword' | 'setPassword' | 'deletePassword', ...given: string[]) => Promise<unknown>;

const shortMs = 3000;

type CallOptions = {
	/**
	Ends what is waited for.
	*/
	signal?: AbortSignal | undefined;
	/**
	Told when a call takes so long that the keychain seems to wait for a person.
	*/
	onWait?: (() => void) | undefined;
	waitMs?: number;
};

// The call comes on the input, so that no list of processes shows it.
const script = `require('node:stream/consumers').json(process.stdin).then(async ({url, place, method, given}) => {
	const {Entry} = await import(url);
	return {answer: new Entry(...place)[method](...given)};
}).catch(error => ({fault: String(error?.message ?? error)})).then(result => process.stdout.write(JSON.stringify(result)));`;

/**
Calls the package at `url`, each time in a process of its own. While a locked keychain waits for its password, perhaps on a screen in another room, the package holds the whole process up, which then hears no signal; on a thread of its own it would still keep the process from ending.

@throws AppError `cancelled` when `signal` ends it, `not-writable` when the keychain does not answer
*/
export const callApart = (url: () => string, {signal, onWait, waitMs = shortMs}: CallOptions = {}): KeyringCall => async (place, method, ...given) => {
	// What it is told to do with every Node.js, such as to write a profile, is meant for reelcat.
	const {NODE_OPTIONS: _, ...env} = process.env;
	const input = JSON.stringify({
		url: url(), place, method, given,
	});
	const timer = setTimeout(() => {
		onWait?.();
	}, waitMs);
	const {end, stdout} = await runProgram({
		argv: [process.execPath, '--eval', script],
		env,
		input,
		signal,
		isOutputKept: true,
		// Ctrl-C is for reelcat, which ends it.
		isGroup: true,
	}).finally(() => {
		clearTimeout(timer);
	});
	if (end.kind === 'aborted') {
		throw new AppError('cancelled', 'The keychain of this system was not waited for any longer.');
	}

	if (stdout === '' || end.kind !== 'exited') {
		throw unavailable(end.kind === 'not-started' ? errorMessage(end.error) : undefined);
	}

	const {answer, fault} = JSON.parse(stdout) as {answer?: unknown; fault?: string};
	if (fault !== undefined) {
		// It comes from the system and holds no secret.
		throw unavailable(fault.slice(0, 200));
	}

	return answer;
};

const packageUrl = () => {
	try {
		return import.meta.resolve('@napi-rs/keyring');
	} catch (error) {
		throw unavailable(errorMessage(error).slice(0, 200));
	}
};

/**
The keychain of macOS, the credential manager of Windows, or the secret service of a Linux desktop. The package is optional and looked for on first use.
*/
export const createSystemKeychain = ({call, ...options}: CallOptions & {call?: KeyringCall} = {}): Keychain => {
	const askNow = call ?? callApart(packageUrl, options);
	// A locked keychain keeps one process waiting, not one for each secret.
	const {inTurn} = oneByOne();
	const ask: KeyringCall = async (...asked) => inTurn(async () => askNow(...asked));
	// Where no secret service runs, the package would take the memory of the kernel, which forgets everything when the machine is restarted.
	const placeOf = (name: string) => ['reelcat', name, {linux: {store: 'secret-service'}}];

	const get = async (name: string) => {
		const secret = await ask(placeOf(name), 'getPassword');
		return typeof secret === 'string' ? secret : undefined;
	};

	const set = async (name: string, secret: string) => {
		await ask(placeOf(name), 'setPassword', secret);
		// Another entry has nothing in its memory.
		if (await get(name) !== secret) {
			throw unavailable('it did not return what was stored');
		}
	};

	const remove = async (name: string) => {
		await ask(placeOf(name), 'deletePassword');
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

/**
The same for those who can do without its secrets: what it does not give in a moment counts as not to be had.
*/
export const inHaste = (keychain: Keychain, mostMs = shortMs): Keychain => ({
	...keychain,
	get: async name => Promise.race([keychain.get(name), delay(mostMs, undefined, {ref: false}).then(() => {
		throw unavailable('it may be asking for its password on the screen of this machine');
	})]),
});
