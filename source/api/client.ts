import {Agent, request, type IncomingMessage} from 'node:http';
import {createParser} from 'eventsource-parser';
import {systemClock, type Clock} from '../clock.js';
import {AppError, errorCode, type ErrorCode} from '../errors.js';
import type {
	Job,
	NumberedEvent,
	WatchEvent,
	Watcher,
	WatchStatus,
} from '../watch/types.js';

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
const maxEventBytes = 8 * 1_048_576;
const retryLadderMs = [500, 1000, 2000, 5000, 10_000];
/**
The daemon sends a sign of life every 15 seconds.
*/
const silenceMs = 40_000;

const codes = new Set<ErrorCode>(['usage', 'not-found', 'unauthorized', 'forbidden', 'rate-limited', 'server-error', 'locked']);

/**
A daemon at the other end of its API, as a `Watcher`. The token goes in a header, to this address only; no redirect is followed.
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

	const target = 'url' in address ? new URL(address.url) : undefined;

	const open = (method: string, path: string, headers: Record<string, string>) => request({
		agent,
		method,
		path,
		...(target === undefined ? {socketPath: (address as {socketPath: string}).socketPath, host: 'localhost'} : {host: target.hostname.replaceAll(/^\[|\]$/gv, ''), port: target.port}),
		headers: {...headers, ...(token !== undefined && {Authorization: `Bearer ${token}`})},
	});

	const call = async <Value>(method: string, path: string, body?: unknown): Promise<Value> => {
		const text = body === undefined ? '' : JSON.stringify(body);
		const sent = open(method, path, body === undefined ? {} : {'Content-Type': 'application/json', 'Content-Length': String(new TextEncoder().encode(text).length)});
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
		return valueOf<Value>(answer);
	};

	const subscribe: Watcher['subscribe'] = (listener, {after} = {}) => {
		let last = after;
		let failures = 0;
		let isOver = false;
		let cancelRetry: (() => void) | undefined;
		let cancelSilence: (() => void) | undefined;
		let current: ReturnType<typeof open> | undefined;

		const lose = (reason: string) => {
			cancelSilence?.();
			current?.destroy();
			current = undefined;
			if (isOver || cancelRetry !== undefined) {
				return;
			}

			setLink({isUp: false, reason});
			cancelRetry = clock.after(retryLadderMs[Math.min(failures, retryLadderMs.length - 1)]!, () => {
				cancelRetry = undefined;
				connect();
			});
			failures++;
		};

		const alive = () => {
			cancelSilence?.();
			cancelSilence = clock.after(silenceMs, () => {
				lose('It has fallen silent.');
			});
		};

		const read = (response: IncomingMessage) => {
			if (response.statusCode !== 200) {
				response.resume();
				lose(response.statusCode === 401 ? 'It refuses the token.' : `It answers with ${response.statusCode}.`);
				return;
			}

			failures = 0;
			setLink({isUp: true});
			const parser = createParser({
				maxBufferSize: maxEventBytes,
				onEvent({id, data}) {
					const numbered = readEvent(id, data);
					if (numbered === undefined || isOver) {
						return;
					}

					last = numbered.id;
					listener(numbered);
				},
				onError(error) {
					lose(error.message);
				},
			});
			const decoder = new TextDecoder();
			response.on('data', (chunk: Uint8Array) => {
				alive();
				parser.feed(decoder.decode(chunk, {stream: true}));
			});
			response.once('close', () => {
				lose('It has closed the connection.');
			});
			response.on('error', () => {/* close follows */});
		};

		function connect() {
			const own = open('GET', '/api/v1/events', {Accept: 'text/event-stream', ...(last !== undefined && {'Last-Event-ID': String(last)})});
			current = own;
			alive();
			own.once('response', read);
			own.once('error', error => {
				if (current === own) {
					lose(unreachable(error).message);
				}
			});
			own.end();
		}

		const end = () => {
			isOver = true;
			cancelRetry?.();
			cancelSilence?.();
			current?.destroy();
			ends.delete(end);
		};

		ends.add(end);
		connect();
		return end;
	};

	return {
		status: async () => call<WatchStatus>('GET', '/api/v1/status'),
		async refresh(wanted) {
			const {jobs} = await call<{jobs: Array<{id: string}>}>('POST', '/api/v1/refresh', wanted);
			return Promise.all(jobs.map(async ({id}) => call<Job>('GET', jobPath(id))));
		},
		async jobs() {
			const {jobs} = await call<{jobs: Job[]}>('GET', '/api/v1/jobs');
			return jobs;
		},
		job: async id => call<Job>('GET', jobPath(id)),
		act: async (id, action) => action === 'cancel' ? call<Job>('DELETE', jobPath(id)) : call<Job>('POST', `${jobPath(id)}/actions`, {action}),
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

const jobPath = (id: string) => `/api/v1/jobs/${encodeURIComponent(id)}`;

const unreachable = (error: unknown) => new AppError('unreachable', `The daemon cannot be reached (${errorCode(error) ?? 'unknown reason'}).`, {
	hint: 'It may have ended just now. "reelcat status" tells.', cause: error,
});

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

const valueOf = <Value>({status, text}: {status: number; text: string}): Value => {
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch {
		throw new AppError('malformed', `What answers is no daemon of reelcat (status ${status}).`, {hint: 'Another program may listen at this address now.'});
	}

	if (status >= 200 && status < 300) {
		return value as Value;
	}

	const {error} = value as {error?: {code?: string; message?: string; hint?: string}};
	const code = codes.has(error?.code as ErrorCode) ? error!.code as ErrorCode : 'server-error';
	throw new AppError(code, error?.message ?? `The daemon answers with ${status}.`, error?.hint === undefined ? {} : {hint: error.hint});
};

const readEvent = (id: string | undefined, data: string): NumberedEvent | undefined => {
	try {
		return id === undefined ? undefined : {id: Number(id), event: JSON.parse(data) as WatchEvent};
	} catch {
		return undefined;
	}
};
