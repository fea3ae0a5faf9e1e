import {
	isRecord,
	readKey,
	readNumber,
	readString,
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
	/**
	Where a signed-in person approves the sign-in.
	*/
	authUrl: string;
};

export type PinCheck =
	| {state: 'waiting' | 'expired'}
	| {state: 'approved'; token: string}
	/**
	plex.tv asks for fewer requests; the state of the PIN is unknown.
	*/
	| {state: 'throttled'; retryAfterMs: number | undefined};

export const linkUrl = 'https://plex.tv/link';

/**
The usual lifetime of a code of 4 characters, for an answer that does not tell it.
*/
const usualLifeSeconds = 900;
const longestLifeSeconds = 86_400;

type PinContext = {
	clientIdentifier: string;
	/**
	Taken just before the request, so that a code rather expires too early.
	*/
	askedAtMs: number;
};

/**
@returns Undefined when there is no usable code.
*/
export const readPin = (json: unknown, {clientIdentifier, askedAtMs}: PinContext): Pin | undefined => {
	if (!isRecord(json)) {
		return undefined;
	}

	const id = readKey(json['id']);
	const code = readCode(json['code']);
	if (id === undefined || code === undefined) {
		return undefined;
	}

	const lifeSeconds = Math.min(Math.max(readNumber(json['expiresIn']) ?? usualLifeSeconds, 0), longestLifeSeconds);
	return {
		id,
		code,
		expiresAtMs: askedAtMs + (lifeSeconds * 1000),
		authUrl: authUrlOf(clientIdentifier, code),
	};
};

/**
@returns Undefined when it is not an answer about a PIN.
*/
export const readPinCheck = (json: unknown): PinCheck | undefined => {
	if (!isRecord(json) || readKey(json['id']) === undefined) {
		return undefined;
	}

	const {authToken} = json;
	if ((authToken ?? '') === '') {
		return {state: 'waiting'};
	}

	const token = readToken(authToken);
	return token === undefined ? undefined : {state: 'approved', token};
};

const readCode = (value: unknown) => typeof value === 'string' && /^[\da-z]{1,64}$/iv.test(value) ? value : undefined;

/**
All parameters stand behind the `#`, so that no server logs them ([PA] myplex.py).
*/
const authUrlOf = (clientIdentifier: string, code: string) =>
	`https://app.plex.tv/auth#?clientID=${encodeURIComponent(clientIdentifier)}&code=${code}&context%5Bdevice%5D%5Bproduct%5D=reelcat`;

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
	/**
	Managed users have none.
	*/
	username: string | undefined;
};

const maxLength = 200;

/**
@returns Undefined when it does not say whose account it is.
*/
export const readUser = (json: unknown): PlexUser | undefined => {
	if (!isRecord(json)) {
		return undefined;
	}

	const read = (name: string) => readString(json[name])?.slice(0, maxLength).toWellFormed();
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
