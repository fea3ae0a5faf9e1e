import {setTimeout as delay} from 'node:timers/promises';
import PQueue from 'p-queue';
import {isAppError} from '../errors.js';
import {nextTurn} from '../turns.js';
import {readContainer, type Container} from './body.js';
import {
	failure,
	type Outcome,
	type Target,
} from './failure.js';
import {defaultRetry, withRetries, type RetryPolicy} from './retry.js';
import {linkSignals} from './signals.js';
import {
	cancelled,
	createTransport,
	type PhaseTimeouts,
	type TransportOptions,
} from './transport.js';
import type {CallOptions, RequestEvent} from './types.js';

export type RequestsOptions = {
	baseUrl: string;
	token: string | undefined;
	headers: Record<string, string>;
	concurrency: number;
	onRequest: ((event: RequestEvent) => void) | undefined;
	timeouts: Partial<PhaseTimeouts>;
	retry: Partial<RetryPolicy>;
	maxBodyBytes: number;
	sleep: Sleep;
	random: () => number;
	signal: AbortSignal | undefined;
	connection: ConnectionOptions;
};

/**
How the server is reached.
*/
export type ConnectionOptions = Pick<TransportOptions, 'pin' | 'ca' | 'proxyEnv' | 'lookup'>;

/**
Rejects when the signal aborts.
*/
export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;

export const realSleep: Sleep = async (ms, signal) => {
	await delay(ms, undefined, {signal});
};

export type PlexRequest = CallOptions & {
	path: string;
	/**
	What the request is called in messages and events, where the path would be long.
	*/
	label?: string;
	query?: Record<string, string>;
	headers?: Record<string, string>;
	/**
	Listings and details take the server longer.
	*/
	isLarge?: boolean;
	/**
	Goes without the token, to see whether this is Plex at all.
	*/
	isProbe?: boolean;
};

export type PlexAnswer = {container: Container; header: (name: string) => string | undefined};

/**
GET requests to one server: queued, timed, retried, reported, and turned into `MediaContainer`s.
*/
export type Requests = {
	/**
	Host and port, for messages.
	*/
	readonly host: string;
	/**
	@throws AppError with a Plex code
	*/
	get: (request: PlexRequest) => Promise<PlexAnswer>;
	usage: () => {requests: number; bytes: number};
	close: () => void;
};

const smallTimeouts: PhaseTimeouts = {
	connectMs: 5000,
	responseMs: 20_000,
	readMs: 15_000,
	requestMs: 60_000,
};

const largeTimeouts: PhaseTimeouts = {
	connectMs: 5000,
	responseMs: 60_000,
	readMs: 60_000,
	requestMs: 120_000,
};

export const createRequests = ({baseUrl, token, headers, concurrency, onRequest, timeouts, retry, maxBodyBytes, sleep, random, signal: outerSignal, connection}: RequestsOptions): Requests => {
	const queue = new PQueue({concurrency});
	const transport = createTransport({...connection, connections: concurrency, maxBodyBytes});
	const closing = new AbortController();
	const {host, protocol} = new URL(baseUrl);
	const policy = {...defaultRetry, ...retry};
	let lastRequestId = 0;

	const exchangeOf = (request: PlexRequest, signal: AbortSignal) => {
		const {path, label = path, query = {}, isLarge = false, isProbe = false} = request;
		const url = new URL(baseUrl + path);
		url.search = new URLSearchParams(query).toString();
		const target: Target = {
			host,
			isHttps: protocol === 'https:',
			label,
			hasToken: token !== undefined,
			isProbe,
		};
		return {
			url,
			target,
			headers: {...headers, ...request.headers, ...(token !== undefined && !isProbe && {'X-Plex-Token': token})},
			timeouts: {...(isLarge ? largeTimeouts : smallTimeouts), ...timeouts},
			signal,
		};
	};

	const run = async (request: PlexRequest, signal: AbortSignal): Promise<Outcome<PlexAnswer>> => {
		const requestId = ++lastRequestId;
		const exchange = exchangeOf(request, signal);
		const {label} = exchange.target;
		const startedAt = performance.now();
		let bytes = 0;
		let status: number | undefined;
		onRequest?.({type: 'request-started', requestId, label});
		const outcome = await withRetries({
			async attempt() {
				const answer = await transport.send(exchange);
				status = answer.ok ? answer.value.status : answer.status;
				if (!answer.ok) {
					return answer;
				}

				bytes += answer.value.receivedBytes;
				// Parsing a large answer is the longest work that cannot be cut up.
				await nextTurn();
				const container = readContainer(answer.value.body, exchange.target);
				return container.ok ? {ok: true, value: {container: container.value, header: answer.value.header}} : container;
			},
			policy,
			wait: async ms => sleep(ms, signal),
			random,
			onRetry(attempt, waitMs, {error: {code}}) {
				onRequest?.({
					type: 'request-retried',
					requestId,
					label,
					attempt,
					waitMs,
					code,
				});
			},
		}).catch((error: unknown) => cancelledOr(error, signal));
		onRequest?.({
			type: 'request-finished',
			requestId,
			label,
			ok: outcome.ok,
			code: outcome.ok ? undefined : outcome.error.code,
			...(status !== undefined && {status}),
			durationMs: Math.round(performance.now() - startedAt),
			bytes,
		});
		return outcome;
	};

	return {
		host,
		async get(request) {
			const {signal, unlink} = linkSignals([closing.signal, outerSignal, request.signal]);
			try {
				const outcome = await queue.add(async () => run(request, signal), {signal}).catch((error: unknown) => cancelledOr(error, signal));
				if (outcome.ok) {
					return outcome.value;
				}

				throw outcome.error;
			} finally {
				unlink();
			}
		},
		usage: () => transport.usage(),
		close() {
			closing.abort();
			transport.close();
		},
	};
};

/**
An abort shows in the queue, in a wait and in the transport, each time as another error.
*/
const cancelledOr = (error: unknown, signal: AbortSignal) => {
	if (signal.aborted && !isAppError(error)) {
		return failure(cancelled());
	}

	throw error;
};
