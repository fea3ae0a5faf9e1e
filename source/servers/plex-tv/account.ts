import {
	asRecord,
	readKey,
	readNumber,
	readShortText,
} from '../../plex/wire.js';

export type Pin = {
	id: string;
	/**
	4 characters to type, or about 25 that are only used in a link.
	*/
	code: string;
	/**
	By the monotonic clock of the caller: calendar differences do not matter.
	*/
	expiresAtMs: number;
	authUrl: string;
};

export type PinCheck =
	| {state: 'waiting' | 'expired'}
	| {state: 'approved'; token: string}
	| {state: 'throttled'; retryAfterMs: number | undefined};

export const linkUrl = 'https://plex.tv/link';

/**
The usual lifetime of a code of 4 characters, for an answer that does not tell it.
*/
const usualLifeSeconds = 900;
const longestLifeSeconds = 86_400;

/**
Reads a new PIN. `askedAtMs` is taken just before the request, so that a code rather expires too early.

@returns Undefined when there is no usable code.
*/
export const readPin = (json: unknown, {clientIdentifier, askedAtMs}: {clientIdentifier: string; askedAtMs: number}): Pin | undefined => {
	const {id: givenId, code: givenCode, expiresIn} = asRecord(json);
	const id = readKey(givenId);
	const code = typeof givenCode === 'string' && /^[\da-z]{1,64}$/iv.test(givenCode) ? givenCode : undefined;
	if (id === undefined || code === undefined) {
		return undefined;
	}

	const lifeSeconds = Math.min(Math.max(readNumber(expiresIn) ?? usualLifeSeconds, 0), longestLifeSeconds);
	return {
		id,
		code,
		expiresAtMs: askedAtMs + (lifeSeconds * 1000),
		// All parameters stand behind the `#`, so that no server logs them ([PA] myplex.py).
		authUrl: `https://app.plex.tv/auth#?clientID=${encodeURIComponent(clientIdentifier)}&code=${code}&context%5Bdevice%5D%5Bproduct%5D=reelcat`,
	};
};

/**
@returns Undefined when it is not an answer about a PIN.
*/
export const readPinCheck = (json: unknown): PinCheck | undefined => {
	const {id, authToken} = asRecord(json);
	if (readKey(id) === undefined) {
		return undefined;
	}

	if ((authToken ?? '') === '') {
		return {state: 'waiting'};
	}

	const token = readToken(authToken);
	return token === undefined ? undefined : {state: 'approved', token};
};

/**
A token that can be sent in a header. JWTs have about 1,000 characters.
*/
export const readToken = (value: unknown): string | undefined => {
	const token = typeof value === 'string' ? value.trim() : '';
	return /^[\u{21}-\u{7E}]{1,4096}$/v.test(token) ? token : undefined;
};

/**
All that we keep of an account. Its e-mail address, its other addresses and its token are dropped.
*/
export type PlexUser = {
	id: string;
	uuid: string;
	title: string;
	username: string | undefined;
};

/**
@returns Undefined when it does not say whose account it is.
*/
export const readUser = (json: unknown): PlexUser | undefined => {
	const user = asRecord(json);
	const read = (name: string) => readShortText(user[name]);
	const [id, uuid, username] = [read('id'), read('uuid'), read('username')];
	return id === undefined || uuid === undefined
		? undefined
		: {
			id,
			uuid,
			title: read('title') ?? read('friendlyName') ?? username ?? id,
			username,
		};
};
