import type {ShownFailure} from '../../parts/failure.js';
import {newTextField, type TextField} from '../../parts/text-field.js';
import type {NearbyChoice, ServerChoice} from '../../services.js';

/**
A known server, and one in this network, are chosen by id.
*/
export type ConnectChoice = 'account' | 'server' | 'demo' | `known ${string}` | `nearby ${string}`;
export type ConnectField = 'url' | 'token';

export type ConnectState = {
	choice: ConnectChoice;
	account: string | undefined;
	known: readonly ServerChoice[];
	nearby: readonly NearbyChoice[];
	field: ConnectField | undefined;
	url: TextField;
	token: TextField;
	/**
	Tells the answer of this attempt from one of a cancelled attempt.
	*/
	attempt: number;
	isConnecting: boolean;
	failure: ShownFailure | undefined;
};

export const initialConnect = (url: string): ConnectState => ({
	choice: url === '' ? 'account' : 'server',
	account: undefined,
	known: [],
	nearby: [],
	field: undefined,
	url: newTextField(url),
	token: newTextField(),
	attempt: 0,
	isConnecting: false,
	failure: undefined,
});

export type SignInState = {
	attempt: number;
	status: 'idle' | 'starting' | 'waiting' | 'expired' | 'finding' | 'failed';
	code: string | undefined;
	linkUrl: string;
	authUrl: string;
	remainingMs: number | undefined;
	/**
	Why plex.tv does not answer at the moment.
	*/
	trouble: string | undefined;
	failure: ShownFailure | undefined;
};

export const noSignIn: SignInState = {
	attempt: 0, status: 'idle', code: undefined, linkUrl: '', authUrl: '', remainingMs: undefined, trouble: undefined, failure: undefined,
};
