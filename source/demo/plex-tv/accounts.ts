import {randomBytes, randomInt} from 'node:crypto';
import type {DemoAccount} from './options.js';

/**
The valid tokens and the account of each.
*/
export type Accounts = {
	readonly main: DemoAccount;
	issueToken: (account?: DemoAccount) => string;
	accountOf: (token: string | undefined) => DemoAccount | undefined;
	/**
	Invalidates a token, as when the device was removed or signed out.
	*/
	revoke: (token: string) => void;
};

export const createAccounts = (given: Partial<DemoAccount> = {}): Accounts => {
	const main: DemoAccount = {
		id: 4711,
		uuid: '5dbd3c1f0b8e4a21',
		username: 'usherette',
		title: 'Usherette',
		email: 'usherette@example.test',
		...given,
	};
	const byToken = new Map<string, DemoAccount>();
	return {
		main,
		issueToken(account = main) {
			const token = randomBytes(10).toString('hex');
			byToken.set(token, account);
			return token;
		},
		accountOf: token => token === undefined ? undefined : byToken.get(token),
		revoke(token) {
			byToken.delete(token);
		},
	};
};

export type DemoPin = {
	id: number;
	code: string;
	clientIdentifier: string;
	isStrong: boolean;
	createdAtMs: number;
	expiresInSeconds: number;
	/**
	Absent until somebody approves.
	*/
	token: string | undefined;
};

export type Pins = {
	create: (of: {clientIdentifier: string; isStrong: boolean}) => DemoPin;
	/**
	Only for the client that created it, and only until it expires or was read with its token.
	*/
	find: (id: string, clientIdentifier: string) => DemoPin | undefined;
	findByCode: (code: string) => DemoPin | undefined;
	remove: (pin: DemoPin) => void;
	/**
	Oldest first, without expired ones.
	*/
	open: () => DemoPin[];
};

export const createPins = ({now, expiresInSeconds, code: codeOf = randomCode}: {now: () => number; expiresInSeconds: () => number; code?: ((isStrong: boolean) => string) | undefined}): Pins => {
	const pins = new Map<string, DemoPin>();
	let lastId = 1_000_000;
	const isOpen = (pin: DemoPin) => now() - pin.createdAtMs < pin.expiresInSeconds * 1000;
	return {
		create({clientIdentifier, isStrong}) {
			const pin: DemoPin = {
				id: ++lastId,
				code: codeOf(isStrong),
				clientIdentifier,
				isStrong,
				createdAtMs: now(),
				expiresInSeconds: expiresInSeconds() * (isStrong ? 2 : 1),
				token: undefined,
			};
			pins.set(String(pin.id), pin);
			return pin;
		},
		find(id, clientIdentifier) {
			const pin = pins.get(id);
			return pin?.clientIdentifier === clientIdentifier && isOpen(pin) ? pin : undefined;
		},
		findByCode: code => pins.values().find(pin => pin.code.toLowerCase() === code.toLowerCase() && isOpen(pin)),
		remove(pin) {
			pins.delete(String(pin.id));
		},
		open: () => pins.values().filter(pin => isOpen(pin)).toArray(),
	};
};

const randomCode = (isStrong: boolean) => isStrong ? randomText('abcdefghijklmnopqrstuvwxyz0123456789', 25) : randomText('ABCDEFGHJKLMNPQRSTUVWXYZ23456789', 4);

const randomText = (alphabet: string, length: number) => Array.from({length}, () => alphabet[randomInt(alphabet.length)]).join('');
