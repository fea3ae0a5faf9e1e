import {Buffer} from 'node:buffer';
import {once} from 'node:events';
import {Agent, request, type IncomingMessage} from 'node:http';
import type * as z from 'zod';
import {systemClock, type Clock} from '../base/clock.js';
import {AppError, type ErrorCode} from '../base/errors.js';
import type {Watcher} from '../watch/watcher.js';
import {readNews, unreachable, type OpenRequest} from './client-news.js';
import {errorSchema, ownUserAgent} from './port.js';
import {remoteVerbs, type CallRoute} from './verbs.js';

export type ApiClientOptions = {
	address: {url: string} | {socketPath: string};
	token: string | undefined;
	clock?: Clock;
	timeoutMs?: number;
};

/**
State of the connection, and since when (an ISO instant).
*/
export type ApiLink = {isUp: boolean; since: string; reason?: string};

export type ApiClient = Watcher & {
	/**
	Tells the state of the event connection, at once and whenever it changes.
	*/
	onLink: (listener: (link: ApiLink) => void) => () => void;
	close: () => void;
};

const maxAnswerBytes = 32 * 1_048_576;

const codes: readonly ErrorCode[] = ['usage', 'not-found', 'unauthorized', 'forbidden', 'rate-limited', 'too-large', 'server-error', 'locked'];

const targetOf = (address: ApiClientOptions['address']) => {
	if ('socketPath' in address) {
		return {socketPath: address.socketPath, host: 'localhost'};
	}

	const url = URL.parse(address.url);
	if (url?.protocol !== 'http:') {
		throw new AppError('usage', 'The API of a daemon is asked over plain HTTP or a socket.', {hint: 'Its address begins with http://.'});
	}

	return {host: url.hostname.replaceAll(/^\[|\]$/gv, ''), port: url.port};
};

/**
A daemon at the other end of its API, as a `Watcher`. The token is sent in a header, to this address only; redirects are not followed.

@throws AppError 'usage' for an address that is not plain HTTP
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

	const target = targetOf(address);

	const open: OpenRequest = (method, path, {headers, isLasting = false}) => request({
		// A lasting request would take the place of calls.
		agent: isLasting ? false : agent,
		method,
		path,
		...target,
		headers: {...headers, 'User-Agent': ownUserAgent, ...(token !== undefined && {Authorization: `Bearer ${token}`})},
	});

	const call: CallRoute = async ({method, path, answer: schema}, {id = '', body} = {}) => {
		const text = body === undefined ? '' : JSON.stringify(body);
		const place = path.replace(':id', () => encodeURIComponent(id));
		const sent = open(method, place, {headers: body === undefined ? {} : {'Content-Type': 'application/json', 'Content-Length': String(Buffer.byteLength(text))}});
		const timer = setTimeout(() => {
			sent.destroy(new AppError('timeout', 'The daemon does not answer.', {hint: 'It may be very busy or stuck; "reelcat healthcheck" checks it.'}));
		}, timeoutMs);
		sent.on('error', () => {/* whoever waits for the response, or reads it, fails */});
		let answer: {status: number; text: string};
		try {
			sent.end(text);
			const [response] = await once(sent, 'response') as [IncomingMessage];
			answer = {status: response.statusCode ?? 0, text: await readText(response)};
		} catch (error) {
			throw error instanceof AppError ? error : unreachable(error);
		} finally {
			clearTimeout(timer);
		}

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
@throws AppError 'malformed', or the error that the daemon answered
*/
const valueOf = <Schema extends z.ZodType>({status, text}: {status: number; text: string}, schema: Schema): z.infer<Schema> => {
	const isGood = status >= 200 && status < 300;
	const checked = (isGood ? schema : errorSchema).safeParse(parsed(text));
	if (!checked.success) {
		throw new AppError('malformed', `The program that answers is not a reelcat daemon (status ${status}).`, {
			hint: 'Another program may listen at this address now, or the daemon has another version; restart it.',
		});
	}

	if (isGood) {
		return checked.data as z.infer<Schema>;
	}

	if (status === 401) {
		throw new AppError('unauthorized', 'The daemon takes another token for its API than the one of this reelcat.', {hint: 'After "reelcat api token --rotate", restart it. If it was started with REELCAT_API_TOKEN, set that here, too.'});
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
