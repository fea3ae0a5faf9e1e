import {linkSignals, realSleep} from '../../base/abort.js';
import {AppError} from '../../base/errors.js';
import type {PhaseTimeouts} from '../../base/http/request.js';
import {failure, type Outcome, type Target} from '../../plex/failure.js';
import {requestHeaders, type ClientIdentity} from '../../plex/identity-headers.js';
import type {RequestOptions} from '../../plex/requests.js';
import {withRetries, type RetryPolicy} from '../../plex/retry.js';
import {cancelled, createTransport} from '../../plex/transport.js';
import type {CallOptions} from '../../plex/types.js';
import {plexTvError, plexTvStatusFailure, plexTvTransportFailure} from './plex-tv-failure.js';

export type PlexTvOptions = ClientIdentity & Pick<RequestOptions, 'timeouts' | 'retry' | 'maxBodyBytes' | 'sleep' | 'random' | 'now' | 'signal'> & {
	/**
	@default 'https://plex.tv'
	*/
	baseUrl?: string;
	/**
	The environment that holds HTTP_PROXY, HTTPS_PROXY and NO_PROXY.
	*/
	proxyEnv?: NodeJS.ProcessEnv;
};

type PlexTvRequest = CallOptions & {
	method?: 'GET' | 'POST' | 'DELETE';
	path: string;
	label: string;
	query?: Record<string, string>;
	token?: string;
	/**
	False for a caller that polls anyway.
	*/
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
export const createPlexTvRequests = ({baseUrl: givenUrl = 'https://plex.tv', maxBodyBytes = 8 * 1_048_576, sleep = realSleep, random = Math.random, ...options}: PlexTvOptions) => {
	const baseUrl = checkedBaseUrl(givenUrl);
	const headers = requestHeaders(options);
	const transport = createTransport({connections: 2, maxBodyBytes, proxyEnv: options.proxyEnv});
	const closing = new AbortController();
	const {host, protocol} = new URL(baseUrl);

	const attempt = async ({method = 'GET', path, label, query = {}, token}: PlexTvRequest, signal: AbortSignal): Promise<Outcome<unknown>> => {
		const url = new URL(`${baseUrl}/api/v2${path}`);
		url.search = new URLSearchParams(query).toString();
		const target: Target = {
			host,
			isHttps: protocol === 'https:',
			label,
			hasToken: token !== undefined,
			isProbe: false,
		};
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
		malformed: (label: string) => plexTvError('malformed', {host, label}),
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

	try {
		return {ok: true, value: JSON.parse(text)};
	} catch {
		return failure(plexTvError('malformed', target));
	}
};

/**
An unencrypted token may only go to this very machine.
*/
const checkedBaseUrl = (text: string): string => {
	const url = URL.parse(text);
	const isLoopback = url !== null && /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/v.test(url.hostname);
	const isAllowed = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback);
	if (url === null || !isAllowed || url.username !== '' || url.password !== '') {
		throw new AppError('usage', 'The address given for plex.tv is none that a sign-in may be sent to.', {
			hint: 'It begins with https://, or with http:// on this machine. Leave it out to use plex.tv itself.',
		});
	}

	return url.origin;
};
