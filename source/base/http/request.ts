import {Buffer} from 'node:buffer';
import type {Agent as HttpAgent} from 'node:http';
import type {Agent as HttpsAgent} from 'node:https';
import {promisify} from 'node:util';
import {gunzip} from 'node:zlib';
import got, {type Request} from 'got';
import {errorCode} from '../errors.js';

export type PhaseTimeouts = {
	// For the name lookup, the connection and the TLS handshake, each.
	connectMs: number;
	// For the body of the request; unlimited when absent.
	sendMs?: number;
	// From the request to the first byte of the answer.
	responseMs: number;
	// From the first byte of the answer to the last.
	readMs: number;
	// For the whole exchange. It ends an answer that drips.
	requestMs: number;
	// Ends an answer sooner that brings next to nothing for this long.
	crawlMs?: number;
};

type HttpRequest = {
	url: string | URL;
	method: 'GET' | 'POST' | 'DELETE';
	agent: {http: HttpAgent; https: HttpsAgent};
	headers: Readonly<Record<string, string>>;
	// Without one, got waits for a body to be written, except for GET.
	body?: string;
	timeouts: PhaseTimeouts;
	signal: AbortSignal;
	maxBodyBytes: number;
};

/**
Sends one request. It follows no redirect and does not try again. Any status is an answer.

@throws The error of got or zlib, which may carry the request and must not be kept
*/
export const sendRequest = async ({timeouts, maxBodyBytes, url, ...options}: HttpRequest): Promise<Received> => receive(got.stream(url, {
	...options,
	timeout: {
		lookup: timeouts.connectMs,
		connect: timeouts.connectMs,
		secureConnect: timeouts.connectMs,
		...timeouts.sendMs !== undefined && {send: timeouts.sendMs},
		response: timeouts.responseMs,
		read: timeouts.readMs,
		request: timeouts.requestMs,
	},
	retry: {limit: 0},
	// `receive` decompresses in one go off the main thread; got would pass the body on in small pieces.
	decompress: false,
	followRedirect: false,
	throwHttpErrors: false,
}), {maxBodyBytes, crawlMs: timeouts.crawlMs ?? Infinity});

export type Received = {
	status: number;
	header: (name: string) => string | undefined;
	// Decompressed. Absent when it is larger than allowed.
	body: Uint8Array | undefined;
	receivedBytes: number;
};

export const isSuccess = (status = 0) => status >= 200 && status <= 299;

// The body of an error is only searched for a few words.
const maxErrorBodyBytes = 16_384;

/**
Reads an answer. The limit holds for the compressed and for the decompressed body, so that a small answer cannot grow without bound.
*/
const receive = async (stream: Request, {maxBodyBytes, crawlMs}: {maxBodyBytes: number; crawlMs: number}): Promise<Received> => {
	const chunks: Uint8Array[] = [];
	const requireProgress = createProgressCheck(crawlMs);
	let receivedBytes = 0;
	let limit = maxBodyBytes;
	for await (const chunk of stream as AsyncIterable<Uint8Array>) {
		limit = isSuccess(stream.response?.statusCode) ? maxBodyBytes : maxErrorBodyBytes;
		receivedBytes += chunk.byteLength;
		chunks.push(chunk);
		requireProgress(receivedBytes);
		if (receivedBytes > limit) {
			break;
		}
	}

	const {response} = stream;
	const header = (name: string) => {
		const value = response?.headers[name];
		return Array.isArray(value) ? value[0] : value;
	};

	const packed = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
	return {
		status: response?.statusCode ?? 0,
		header,
		body: receivedBytes > limit
			? undefined
			: await unpack(packed, {
				encoding: header('content-encoding'),
				maxOutputLength: limit,
				isErrorPage: !isSuccess(response?.statusCode),
			}),
		receivedBytes,
	};
};

// The slowest link in use brings many times as much within any `crawlMs`.
const leastBytesPerSpan = 2048;

/**
Needs no timer: an answer that stops altogether meets the other time limits.
*/
const createProgressCheck = (crawlMs: number) => {
	let span: {beganMs: number; bytes: number} | undefined;
	return (receivedBytes: number) => {
		const nowMs = performance.now();
		// What the server needs before it begins to answer does not count.
		span ??= {beganMs: nowMs, bytes: receivedBytes};
		if (nowMs - span.beganMs < crawlMs) {
			return;
		}

		if (receivedBytes - span.bytes < leastBytesPerSpan) {
			throw Object.assign(new Error('The answer comes too slowly.'), {code: 'ETIMEDOUT', event: 'read'});
		}

		span = {beganMs: nowMs, bytes: receivedBytes};
	};
};

const gunzipAsync = promisify(gunzip);

const unpack = async (body: Uint8Array, {encoding, maxOutputLength, isErrorPage}: {encoding: string | undefined; maxOutputLength: number; isErrorPage: boolean}): Promise<Uint8Array | undefined> => {
	if (body.byteLength === 0 || !/^(?:x-)?gzip$/iv.test(encoding?.trim() ?? '')) {
		return body;
	}

	try {
		return await gunzipAsync(body, {maxOutputLength, chunkSize: 262_144});
	} catch (error) {
		// The status of an error is enough without its body.
		if (isErrorPage || errorCode(error) === 'ERR_BUFFER_TOO_LARGE') {
			return undefined;
		}

		throw error;
	}
};

/**
What an answer without success tells about its reason.
*/
export type StatusAnswer = {
	status: number;
	// The beginning of the body. It is searched and never shown.
	text: string;
	retryAfterMs: number | undefined;
};

export const statusAnswer = ({status, header, body}: Received, now: number): StatusAnswer => ({
	status,
	text: body === undefined ? '' : new TextDecoder().decode(body),
	retryAfterMs: readRetryAfter(header, now),
});

/**
Returns how many milliseconds a `Retry-After` header asks to wait: it holds seconds or an HTTP date. `now` is in milliseconds since 1970, and counts where the answer does not tell the time of its own clock.
*/
const readRetryAfter = (header: Received['header'], now: number): number | undefined => {
	const text = header('retry-after')?.trim() ?? '';
	if (/^\d+(?:\.\d+)?$/v.test(text)) {
		return Number(text) * 1000;
	}

	const at = text === '' ? NaN : Date.parse(text);
	const sent = Date.parse(header('date') ?? '');
	return Number.isNaN(at) ? undefined : Math.max(0, at - (Number.isNaN(sent) ? now : sent));
};
