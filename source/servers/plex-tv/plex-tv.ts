import {AppError} from '../../base/errors.js';
import type {Outcome} from '../../plex/failure.js';
import type {CallOptions} from '../../plex/types.js';
import {
	readPin,
	readPinCheck,
	readToken,
	readUser,
	type Pin,
	type PinCheck,
	type PlexUser,
} from './account.js';
import {createPlexTvRequests, type PlexTvOptions} from './requests.js';
import {readResources, type PlexResources} from './resources.js';

/**
What we ask plex.tv: who signs in, and which servers there are. Every call throws an `AppError`; only `unauthorized` means that the token is dead.
*/
export type PlexTv = {
	createPin: (options: CallOptions & {isStrong: boolean}) => Promise<Pin>;
	/**
	Sends one request without retries, because the caller polls anyway.
	*/
	checkPin: (id: string, options?: CallOptions) => Promise<PinCheck>;
	user: (token: string, options?: CallOptions) => Promise<PlexUser>;
	resources: (token: string, options?: CallOptions) => Promise<PlexResources>;
	/**
	Invalidates the token. A token that is already invalid is not an error.
	*/
	signOut: (token: string, options?: CallOptions) => Promise<void>;
	close: () => void;
};

/**
@throws AppError `usage` for a base address that must not receive a token.
*/
export const createPlexTv = (options: PlexTvOptions): PlexTv => {
	const {clientIdentifier, now = () => performance.now()} = options;
	const requests = createPlexTvRequests(options);

	const read = <Value>(json: unknown, label: string, reader: (json: unknown) => Value | undefined): Value => {
		const value = reader(json);
		if (value === undefined) {
			throw requests.malformed(label);
		}

		return value;
	};

	const ask = async <Value>(label: string, path: string, {token, query = {}, signal, reader}: CallOptions & {
		token: string;
		query?: Record<string, string>;
		reader: (json: unknown) => Value | undefined;
	}) => {
		const outcome = await requests.send({
			path, label, query, token: checkedToken(token), signal,
		});
		return read(valueOf(outcome), label, reader);
	};

	return {
		async createPin({isStrong, signal}) {
			const label = 'a sign-in code';
			const askedAtMs = now();
			const outcome = await requests.send({
				method: 'POST', path: '/pins', label, query: isStrong ? {strong: 'true'} : {}, signal,
			});
			return read(valueOf(outcome), label, json => readPin(json, {clientIdentifier, askedAtMs}));
		},
		async checkPin(id, {signal} = {}) {
			const label = 'the sign-in code';
			const outcome = await requests.send({
				path: `/pins/${encodeURIComponent(id)}`, label, canRetry: false, signal,
			});
			if (outcome.ok) {
				return read(outcome.value, label, readPinCheck);
			}

			const {error, retryAfterMs} = outcome;
			if (error.code === 'not-found') {
				return {state: 'expired'};
			}

			if (error.code === 'rate-limited') {
				return {state: 'throttled', retryAfterMs};
			}

			throw error;
		},
		user: async (token, {signal} = {}) => ask('the account', '/user', {token, signal, reader: readUser}),
		resources: async (token, {signal} = {}) => ask('the list of servers', '/resources', {
			token, signal, query: {includeHttps: '1', includeRelay: '1', includeIPv6: '1'}, reader: readResources,
		}),
		async signOut(token, {signal} = {}) {
			const outcome = await requests.send({
				method: 'DELETE', path: '/users/signout', label: 'the sign-out', token: checkedToken(token), signal,
			});
			if (!outcome.ok && outcome.error.code !== 'unauthorized') {
				throw outcome.error;
			}
		},
		close: requests.close,
	};
};

const valueOf = (outcome: Outcome<unknown>): unknown => {
	if (outcome.ok) {
		return outcome.value;
	}

	throw outcome.error;
};

const checkedToken = (token: string) => {
	const readable = readToken(token);
	if (readable === undefined) {
		throw new AppError('unauthorized', 'The sign-in that is stored cannot be one of Plex.', {
			hint: 'Sign in again with "reelcat login".',
		});
	}

	return readable;
};
