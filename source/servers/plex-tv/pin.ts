import {isRecord, readKey, readNumber} from '../../plex/wire.js';
import {readToken} from './token.js';

export type Pin = {
	id: string;
	/**
	4 characters to be typed, or some 25 that only travel in a link.
	*/
	code: string;
	/**
	By the clock of whoever asked, which only ever runs forward: what the calendar of either side says does not matter.
	*/
	expiresAtMs: number;
	/**
	Where a person who is signed in to plex.tv says yes.
	*/
	authUrl: string;
};

export type PinCheck =
	| {state: 'waiting' | 'expired'}
	| {state: 'approved'; token: string}
	/**
	plex.tv wants to be asked less often; nothing is known of the PIN.
	*/
	| {state: 'throttled'; retryAfterMs: number | undefined};

/**
Where a person types a code of 4 characters.
*/
export const linkUrl = 'https://plex.tv/link';

/**
As it is for codes of 4 characters; said with every code, so this is for an answer without it.
*/
const usualLifeSeconds = 900;
const longestLifeSeconds = 86_400;

export type PinContext = {
	clientIdentifier: string;
	/**
	From just before the request, so that a code is rather given up too early.
	*/
	askedAtMs: number;
};

/**
@returns Nothing when there is no code in it that could be used.
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
@returns Nothing when it is no answer about a PIN.
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
Everything stands behind the `#`, so that no server logs it ([PA] myplex.py).
*/
const authUrlOf = (clientIdentifier: string, code: string) =>
	`https://app.plex.tv/auth#?clientID=${encodeURIComponent(clientIdentifier)}&code=${code}&context%5Bdevice%5D%5Bproduct%5D=reelcat`;
