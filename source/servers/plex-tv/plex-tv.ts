import {linkSignals, realSleep} from '../../base/abort.js';
import {AppError} from '../../base/errors.js';
import type {PhaseTimeouts} from '../../base/http/request.js';
import {
	failure,
	targetOf,
	type Outcome,
	type Target,
} from '../../plex/failure.js';
import {requestHeaders, type ClientIdentity} from '../../plex/identity-headers.js';
import type {RequestOptions} from '../../plex/requests.js';
import {withRetries, type RetryPolicy} from '../../plex/retry.js';
import {cancelled, createTransport} from '../../plex/transport.js';
import type {CallOptions} from '../../plex/types.js';
import {parseWireJson} from '../../plex/wire.js';
import {
	readPin,
	readPinCheck,
	readToken,
	readUser,
	type Pin,
	type PinCheck,
	type PlexUser,
} from './account.js';
import {plexTvError, plexTvStatusFailure, plexTvTransportFailure} from './plex-tv-failure.js';
import {readResources, type PlexResources} from './resources.js';

export type PlexTvOptions = ClientIdentity & Pick<RequestOptions, 'timeouts' | 'retry' | 'maxBodyBytes' | 'sleep' | 'random' | 'now' | 'signal'> & {
	baseUrl?: string;
	proxyEnv?: NodeJS.ProcessEnv;
};

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

	const read = <Value>(outcome: Outcome<unknown>, label: string, reader: (json: unknown) => Value | undefined): Value => {
		if (!outcome.ok) {
			throw outcome.error;
		}

		const value = reader(outcome.value);
		if (value === undefined) {
			throw requests.malformed(label);
		}

		return value;
	};

	return {
		async createPin({isStrong, signal}) {
			const label = 'a sign-in code';
			const askedAtMs = now();
			const outcome = await requests.send({
				method: 'POST', path: '/pins', label, query: isStrong ? {strong: 'true'} : {}, signal,
			});
			return read(outcome, label, json => readPin(json, {clientIdentifier, askedAtMs}));
		},
		async checkPin(id, {signal} = {}) {
			const label = 'the sign-in code';
			const outcome = await requests.send({
				path: `/pins/${encodeURIComponent(id)}`, label, canRetry: false, signal,
			});
			if (outcome.ok) {
				return read(outcome, label, readPinCheck);
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
		async user(token, {signal} = {}) {
			const label = 'the account';
			return read(await requests.send({
				path: '/user', label, token: checkedToken(token), signal,
			}), label, readUser);
		},
		async resources(token, {signal} = {}) {
			const label = 'the list of servers';
			return read(await requests.send({
				path: '/resources', label, query: {includeHttps: '1', includeRelay: '1', includeIPv6: '1'}, token: checkedToken(token), signal,
			}), label, readResources);
		},
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

const checkedToken = (token: string) => {
	const readable = readToken(token);
	if (readable === undefined) {
		throw new AppError('unauthorized', 'The stored sign-in is not a valid Plex token.', {
			hint: 'Sign in again with "reelcat login".',
		});
	}

	return readable;
};

type PlexTvRequest = CallOptions & {
	method?: 'GET' | 'POST' | 'DELETE';
	path: string;
	label: string;
	query?: Record<string, string>;
	token?: string;
	canRetry?: boolean;
};

const defaultTimeouts: PhaseTimeouts = {
	connectMs: 5000,
	responseMs: 15_000,
	readMs: 15_000,
	requestMs: 30_000,
};

/**
A person waits for the answer, so two retries are enough.
*/
const defaultRetry: RetryPolicy = {limit: 2, baseMs: 1000, maxMs: 15_000};

/**
Sends requests to plex.tv. A token goes in a header, to this origin only.

@throws AppError `usage` for a base address that must not receive a token.
*/
const createPlexTvRequests = ({baseUrl: givenUrl = 'https://plex.tv', maxBodyBytes = 8 * 1_048_576, sleep = realSleep, random = Math.random, ...options}: PlexTvOptions) => {
	const baseUrl = checkedBaseUrl(givenUrl);
	const headers = requestHeaders(options);
	const transport = createTransport({connections: 2, maxBodyBytes, proxyEnv: options.proxyEnv});
	const closing = new AbortController();

	const attempt = async ({method = 'GET', path, label, query = {}, token}: PlexTvRequest, signal: AbortSignal): Promise<Outcome<unknown>> => {
		const url = new URL(`${baseUrl}/api/v2${path}`);
		url.search = new URLSearchParams(query).toString();
		const target = targetOf(url, {label, hasToken: token !== undefined});
		const answer = await transport.send({
			url,
			method,
			target,
			headers: {...headers, ...(token !== undefined && {'X-Plex-Token': token})},
			timeouts: {...defaultTimeouts, ...options.timeouts},
			signal,
			explainStatus: plexTvStatusFailure,
		});
		if (answer.ok) {
			return readJson(answer.value.body, target);
		}

		const isExplained = answer.status !== undefined && answer.status >= 400;
		return isExplained ? answer : plexTvTransportFailure(answer, target);
	};

	return {
		/**
		Returns the JSON of the answer. Anything else is a failure, except an empty body.
		*/
		async send(request: PlexTvRequest): Promise<Outcome<unknown>> {
			const {signal, unlink} = linkSignals([closing.signal, options.signal, request.signal]);
			try {
				return await withRetries({
					attempt: async () => attempt(request, signal),
					policy: {...defaultRetry, ...options.retry, ...(request.canRetry === false && {limit: 0})},
					wait: async ms => sleep(ms, signal),
					// At least half of the doubling limit: plex.tv asks for patience, and no other requests come at the same moment.
					random: () => 0.5 + (random() / 2),
					onRetry() {
						// Nobody is told.
					},
				});
			} catch (error) {
				if (signal.aborted) {
					return failure(cancelled());
				}

				throw error;
			} finally {
				unlink();
			}
		},
		malformed: (label: string) => plexTvError('malformed', {host: new URL(baseUrl).host, label}),
		close() {
			closing.abort();
			transport.close();
		},
	};
};

const readJson = (body: Uint8Array, target: Target): Outcome<unknown> => {
	const text = new TextDecoder().decode(body).trim();
	if (text === '') {
		return {ok: true, value: undefined};
	}

	if (text.startsWith('<')) {
		return failure(plexTvError('not-plex', target));
	}

	const value = parseWireJson(text);
	return value === undefined ? failure(plexTvError('malformed', target)) : {ok: true, value};
};

/**
An unencrypted token may only go to this very machine.
*/
const checkedBaseUrl = (text: string): string => {
	const url = URL.parse(text);
	const isLoopback = url !== null && /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/v.test(url.hostname);
	const isAllowed = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback);
	if (url === null || !isAllowed || url.username !== '' || url.password !== '') {
		throw new AppError('usage', 'The sign-in must not be sent to the address that was given for plex.tv.', {
			hint: 'It must begin with https://, or with http:// on this machine. Leave it out to use plex.tv itself.',
		});
	}

	return url.origin;
};
