import {randomBytes} from 'node:crypto';
import type {DemoAccount} from './options.js';

/**
Who is signed in: tokens, and the account of each.
*/
export type Accounts = {
	readonly main: DemoAccount;
	issueToken: (account?: DemoAccount) => string;
	accountOf: (token: string | undefined) => DemoAccount | undefined;
	/**
	The device was removed, or signed out.
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
