import {Buffer} from 'node:buffer';
import {Agent, request, type IncomingMessage} from 'node:http';
import type * as z from 'zod';
import {systemClock, type Clock} from '../base/clock.js';
import {AppError, type ErrorCode} from '../base/errors.js';
import type {Watcher} from '../watch/watcher.js';
import {readNews, unreachable, type OpenRequest} from './client-news.js';
import {errorSchema} from './port.js';
import {remoteVerbs, type CallRoute} from './verbs.js';

export type ApiClientOptions = {
	address: {url: string} | {socketPath: string};
	token: string | undefined;
	clock?: Clock;
	timeoutMs?: number;
};

/**
How the connection stands, and since when (an ISO instant).
*/
export type ApiLink = {isUp: boolean; since: string; reason?: string};

export type ApiClient = Watcher & {
	/**
	Tells how the connection of those that are subscribed stands, at once and whenever that changes.
	*/
	onLink: (listener: (link: ApiLink) => void) => () => void;
	close: () => void;
};

const maxAnswerBytes = 32 * 1_048_576;

const codes: readonly ErrorCode[] = ['usage', 'not-found', 'unauthorized', 'forbidden', 'rate-limited', 'too-large', 'server-error', 'locked'];

/**
@throws AppError 'usage'
*/
const plainUrl = (text: string): URL => {
	const url = URL.parse(text);
	if (url?.protocol !== 'http:') {
		throw new AppError('usage', 'The API of a daemon is asked over plain HTTP or a socket.', {hint: 'Its address begins with http://.'});
	}

	return url;
};

/**
A daemon at the other end of its API, as a `Watcher`. The token goes in a header, to this address only; no redirect is followed.

@throws AppError 'usage' for an address that cannot be one
*/
export const createApiClient = ({address, token, clock = systemClock, timeoutMs = 10_000}: ApiClientOptions): ApiClient => {
	const agent = new Agent({keepAlive: true, maxSockets: 4});
	const ends = new Set<() => void>();
	const linkListeners = new Set<(link: ApiLink) => void>();
	let link: ApiLink = {isUp: true, since: clock.now().toISOString()};
	const setLink = (next: Omit<ApiLink, 'since'>) => {
		if (next.isUp === link.isUp) {
			return;
		}

		link = {...next, since: clock.now().toISOString()};
		for (const listener of linkListeners) {
			listener(link);
		}
	};

	const target = 'url' in address ? plainUrl(address.url) : undefined;

	const open: OpenRequest = (method, path, {headers, isLasting = false}) => request({
		// Those that last would take the place of calls.
		agent: isLasting ? false : agent,
		method,
		path,
		...(target === undefined ? {socketPath: (address as {socketPath: string}).socketPath, host: 'localhost'} : {host: target.hostname.replaceAll(/^\[|\]$/gv, ''), port: target.port}),
		headers: {...headers, ...(token !== undefined && {Authorization: `Bearer ${token}`})},
	});

	const call: CallRoute = async ({method, path, answer: schema}, {id = '', body} = {}) => {
		const text = body === undefined ? '' : JSON.stringify(body);
		const place = path.replace(':id', () => encodeURIComponent(id));
		const sent = open(method, place, {headers: body === undefined ? {} : {'Content-Type': 'application/json', 'Content-Length': String(Buffer.byteLength(text))}});
		const answer = await new Promise<{status: number; text: string}>((resolve, reject) => {
			const timer = setTimeout(() => {
				sent.destroy(new AppError('timeout', 'The daemon does not answer.', {hint: 'It may be very busy, or hang: "reelcat healthcheck" tells.'}));
			}, timeoutMs);
			sent.once('error', error => {
				clearTimeout(timer);
				reject(error instanceof AppError ? error : unreachable(error));
			});
			sent.once('response', response => {
				const answered = async () => ({status: response.statusCode ?? 0, text: await readText(response)});
				resolve(answered().catch((error: unknown) => {
					throw error instanceof AppError ? error : unreachable(error);
				}).finally(() => {
					clearTimeout(timer);
				}));
			});
			sent.end(text);
		});
		return valueOf(answer, schema);
	};

	const subscribe: Watcher['subscribe'] = (listener, {after} = {}) => {
		const stop = readNews({
			open, listener, after, clock, onLink: setLink,
		});
		const end = () => {
			ends.delete(end);
			stop();
		};

		ends.add(end);
		return end;
	};

	return {
		...remoteVerbs(call),
		subscribe,
		onLink(listener) {
			linkListeners.add(listener);
			listener(link);
			return () => {
				linkListeners.delete(listener);
			};
		},
		close() {
			for (const end of ends) {
				end();
			}

			agent.destroy();
		},
	};
};

const readText = async (response: IncomingMessage): Promise<string> => {
	const decoder = new TextDecoder();
	let text = '';
	let bytes = 0;
	for await (const chunk of response as AsyncIterable<Uint8Array>) {
		bytes += chunk.length;
		if (bytes > maxAnswerBytes) {
			throw new AppError('too-large', 'The answer of the daemon is too large.');
		}

		text += decoder.decode(chunk, {stream: true});
	}

	return text + decoder.decode();
};

/**
@throws AppError 'malformed', or what the daemon tells
*/
const valueOf = <Schema extends z.ZodType>({status, text}: {status: number; text: string}, schema: Schema): z.infer<Schema> => {
	const isGood = status >= 200 && status < 300;
	const value = parsed(text);
	const checked = (isGood ? schema : errorSchema).safeParse(value);
	if (!checked.success) {
		throw new AppError('malformed', `What answers is no daemon of this reelcat (status ${status}).`, {
			hint: 'Another program may listen at this address now, or the daemon is of another version: start it anew.',
		});
	}

	if (isGood) {
		return checked.data as z.infer<Schema>;
	}

	const {error: {code, message, hint}} = checked.data as z.infer<typeof errorSchema>;
	throw new AppError(codes.find(known => known === code) ?? 'server-error', message, hint === undefined ? {} : {hint});
};

const parsed = (text: string): unknown => {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
};
