import type {AppError} from '../../base/errors.js';
import {failure, type Outcome, type Target} from '../../plex/failure.js';
import {linkSignals, type Sleep} from '../../base/abort.js';
import {withRetries, type RetryPolicy} from '../../plex/retry.js';
import {cancelled, createTransport} from '../../plex/transport.js';
import type {PhaseTimeouts} from '../../base/http/request.js';
import {plexTvError, plexTvStatusFailure, plexTvTransportFailure} from './plex-tv-failure.js';

export type CallOptions = {signal?: AbortSignal | undefined};

export type PlexTvRequestsOptions = {
	baseUrl: string;
	headers: Record<string, string>;
	timeouts: Partial<PhaseTimeouts>;
	retry: Partial<RetryPolicy>;
	maxBodyBytes: number;
	sleep: Sleep;
	random: () => number;
	signal: AbortSignal | undefined;
	proxyEnv: NodeJS.ProcessEnv | undefined;
};

export type PlexTvRequest = CallOptions & {
	method?: 'GET' | 'POST' | 'DELETE';
	path: string;
	/**
	What is requested, for messages.
	*/
	label: string;
	query?: Record<string, string>;
	token?: string;
	/**
	False for a caller that polls anyway.
	*/
	canRetry?: boolean;
};

export type PlexTvRequests = {
	/**
	Returns the JSON of the answer. Anything else is a failure, except an empty body.
	*/
	send: (request: PlexTvRequest) => Promise<Outcome<unknown>>;
	/**
	The error for JSON that is not the expected answer.
	*/
	malformed: (label: string) => AppError;
	close: () => void;
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
*/
export const createPlexTvRequests = ({baseUrl, headers, timeouts, retry, maxBodyBytes, sleep, random, signal: outerSignal, proxyEnv}: PlexTvRequestsOptions): PlexTvRequests => {
	const transport = createTransport({connections: 2, maxBodyBytes, proxyEnv});
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
			timeouts: {...defaultTimeouts, ...timeouts},
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
		async send(request) {
			const {signal, unlink} = linkSignals([closing.signal, outerSignal, request.signal]);
			try {
				return await withRetries({
					attempt: async () => attempt(request, signal),
					policy: {...defaultRetry, ...retry, ...(request.canRetry === false && {limit: 0})},
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
		malformed: label => plexTvError('malformed', {host, label}),
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

