import PQueue from 'p-queue';
import {linkSignals, realSleep, type Sleep} from '../base/abort.js';
import {isAppError} from '../base/errors.js';
import type {PhaseTimeouts, Received} from '../base/http/request.js';
import {nextTurn} from '../base/turns.js';
import {readContainer, type Container} from './answers.js';
import {
	failure,
	targetOf,
	type Outcome,
	type Target,
} from './failure.js';
import {createPacer, maxLimit, startLimit} from './governor.js';
import {defaultRetry, withRetries, type RetryPolicy} from './retry.js';
import {
	cancelled,
	createTransport,
	type TransportOptions,
} from './transport.js';
import type {CallOptions, RequestEvent} from './types.js';
import {asArray} from './wire.js';
import {readWireText} from './wire-text.js';

export type RequestOptions = {
	/**
	Fixed number of concurrent requests. When absent, `createGovernor` adapts it to the server.
	*/
	concurrency?: number;
	onRequest?: (event: RequestEvent) => void;
	timeouts?: Partial<PhaseTimeouts>;
	retry?: Partial<RetryPolicy>;
	/**
	For one answer, after decompression.
	*/
	maxBodyBytes?: number;
	sleep?: Sleep;
	random?: () => number;
	now?: () => number;
	signal?: AbortSignal;
	connection?: ConnectionOptions;
};

export type ConnectionOptions = Pick<TransportOptions, 'pin' | 'ca' | 'proxyEnv' | 'lookup'>;

type PlexRequest = CallOptions & {
	path: string;
	label?: string;
	query?: Record<string, string>;
	headers?: Record<string, string>;
	/**
	Listings and details take the server longer. Latency is compared within each kind only.
	*/
	kind?: 'small' | 'list' | 'slim-list' | 'detail' | 'picture';
	/**
	The server may refuse it, which is not an error. It has short timeouts and no retries.
	*/
	isOptional?: boolean;
	/**
	Sent without the token, to see whether this is Plex at all.
	*/
	isProbe?: boolean;
	maxBodyBytes?: number;
};

type PlexAnswer = {container: Container; header: (name: string) => string | undefined};

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
	crawlMs: 10_000,
};

type Reading<Value> = {outcome: Outcome<Value>; rows: number; isMended?: boolean};

type Reader<Value> = (answer: Received & {body: Uint8Array}, target: Target) => Promise<Reading<Value>>;

const readAnswer: Reader<PlexAnswer> = async ({body, header}, target) => {
	// Parsing a large answer is the longest task that cannot be split.
	await nextTurn();
	const {text, isMended} = readWireText(body);
	const container = readContainer(text, target);
	return {
		outcome: container.ok ? {ok: true, value: {container: container.value, header}} : container,
		rows: container.ok ? asArray(container.value['Metadata']).length : 0,
		isMended,
	};
};

const readBytes: Reader<Uint8Array> = async ({body}) => ({outcome: {ok: true, value: body}, rows: 1});

const refusals = new Set([401, 403, 404]);

const optionalTimeouts: PhaseTimeouts = {
	connectMs: 3000,
	responseMs: 3000,
	readMs: 3000,
	requestMs: 5000,
};

/**
Sends GET requests to one server: queued, timed, retried, reported, and parsed as `MediaContainer`.
*/
export const createRequests = (options: RequestOptions & {baseUrl: string; token: string | undefined; headers: Record<string, string>}) => {
	const {baseUrl, token, headers, concurrency, onRequest, sleep = realSleep, random = Math.random, maxBodyBytes = 64 * 1_048_576} = options;
	const queue = new PQueue({concurrency: concurrency ?? startLimit});
	const transport = createTransport({...options.connection, connections: concurrency ?? maxLimit, maxBodyBytes});
	const pacer = createPacer({
		concurrency,
		now: options.now,
		onPace({limit, reason}) {
			queue.concurrency = limit;
			onRequest?.({type: 'pace-changed', limit, reason});
		},
	});
	const closing = new AbortController();
	const policy = {...defaultRetry, ...options.retry};
	let lastRequestId = 0;

	const exchangeOf = (request: PlexRequest, signal: AbortSignal) => {
		const {path, label = path, query = {}, kind = 'small', isProbe = false, isOptional = false} = request;
		const url = new URL(baseUrl + path);
		url.search = new URLSearchParams(query).toString();
		return {
			url,
			target: targetOf(url, {label, hasToken: token !== undefined, isProbe}),
			headers: {...headers, ...request.headers, ...(token !== undefined && !isProbe && {'X-Plex-Token': token})},
			maxBodyBytes: request.maxBodyBytes,
			timeouts: {...(kind === 'small' ? smallTimeouts : largeTimeouts), ...options.timeouts, ...(isOptional && optionalTimeouts)},
			signal,
		};
	};

	const run = async <Value>(request: PlexRequest, signal: AbortSignal, read: Reader<Value>): Promise<Outcome<Value>> => {
		const requestId = ++lastRequestId;
		const exchange = exchangeOf(request, signal);
		const {label} = exchange.target;
		const startedAt = performance.now();
		let bytes = 0;
		let mended: {isMended?: boolean} = {};
		let status: number | undefined;
		const {kind = 'small', isOptional = false, isNarrowing = false} = request;
		onRequest?.({type: 'request-started', requestId, label});
		const outcome = await withRetries({
			async attempt() {
				const restMs = pacer.restMs();
				if (restMs > 0) {
					await sleep(restMs, signal);
				}

				const received = pacer.begin(kind);
				const answer = await transport.send(exchange);
				const observed = received();
				status = answer.ok ? answer.value.status : answer.status;
				if (!answer.ok) {
					observed({rows: 0, status, code: answer.error.code});
					return answer;
				}

				bytes += answer.value.receivedBytes;
				const {outcome, rows, isMended = false} = await read(answer.value, exchange.target);
				mended = isMended ? {isMended} : {};
				observed({rows, status, code: undefined});
				return outcome;
			},
			policy: isOptional ? {...policy, limit: 0} : {...policy, isNarrowing},
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
		// For an optional request a refusal is a valid answer.
		const isRefusal = isOptional && refusals.has(status ?? 0);
		onRequest?.({
			type: 'request-finished',
			requestId,
			label,
			ok: isRefusal || outcome.ok,
			code: isRefusal || outcome.ok ? undefined : outcome.error.code,
			...(status !== undefined && {status}),
			durationMs: Math.round(performance.now() - startedAt),
			bytes,
			...mended,
		});
		return outcome;
	};

	const send = async <Value>(request: PlexRequest, read: Reader<Value>): Promise<Value> => {
		const {signal, unlink} = linkSignals([closing.signal, options.signal, request.signal]);
		// A picture never stands in the way of an import.
		const priority = request.kind === 'picture' ? -1 : (request.isOptional ? 1 : 0);
		try {
			const outcome = await queue.add(async () => run(request, signal, read), {signal, priority}).catch((error: unknown) => cancelledOr(error, signal));
			if (outcome.ok) {
				return outcome.value;
			}

			throw outcome.error;
		} finally {
			unlink();
		}
	};

	return {
		host: new URL(baseUrl).host,
		get: async (request: PlexRequest): Promise<PlexAnswer> => send(request, readAnswer),
		/**
		The body as it came.
		*/
		bytes: async (request: PlexRequest): Promise<Uint8Array> => send(request, readBytes),
		learn: pacer.learn,
		usage: transport.usage,
		close() {
			closing.abort();
			transport.close();
		},
	};
};

/**
An abort surfaces in the queue, in a wait and in the transport, each time as another error.
*/
const cancelledOr = (error: unknown, signal: AbortSignal) => {
	if (signal.aborted && !isAppError(error)) {
		return failure(cancelled());
	}

	throw error;
};
