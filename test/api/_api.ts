import {Buffer} from 'node:buffer';
import {once} from 'node:events';
import {request, type IncomingHttpHeaders} from 'node:http';
import net from 'node:net';
import {gzipSync} from 'node:zlib';
import type {ExecutionContext} from 'ava';
import {systemClock} from '../../source/base/clock.js';
import {AppError} from '../../source/base/errors.js';
import type {ApiPort} from '../../source/api/port.js';
import {startApi, type Api, type ApiOptions} from '../../source/api/server.js';
import {createNews} from '../../source/watch/news.js';
import type {Job, WatchStatus} from '../../source/watch/types.js';

/**
This occurs in no other text, so finding it anywhere proves a leak.
*/
export const canary = 'CANARYcanaryCANARY00canaryCANARY';

const at = '2026-03-01T12:00:00.000Z';

export const someJob = (id: string, change: Partial<Job> = {}): Job => ({
	id,
	library: {id: 'abc:1', title: 'Films'},
	mode: 'incremental',
	state: 'queued',
	trigger: 'request',
	createdAt: at,
	attempts: 0,
	...change,
});

export const someStatus = (change: Partial<WatchStatus> = {}): WatchStatus => ({
	schema: 1,
	version: '1.0.0',
	pid: 1,
	startedAt: at,
	now: at,
	health: 'ok',
	reasons: [],
	push: {state: 'connected', via: 'websocket', since: at},
	libraries: [{
		id: 'abc:1', title: 'Films', type: 'movie', state: 'idle', items: 3, failures: 0, held: 0, lastRunAt: at, lastMode: 'incremental',
	}],
	jobs: [someJob('one')],
	alerts: [],
	notes: [],
	requests: 7,
	revision: 3,
	settings: {interval: '15m', fullEvery: '7d', isAudited: false},
	...change,
});

export type Answer = {status: number; headers: IncomingHttpHeaders; text: string; json: unknown};

export type Call = {
	method?: string;
	headers?: Record<string, string | undefined>;
	body?: string | Uint8Array;
	/**
	No token is sent when this is undefined.
	*/
	token?: string | undefined;
};

export type ApiWorld = {
	api: Api;
	url: string;
	tcpPort: number;
	/**
	Sends the right token, unless told otherwise.
	*/
	call: (path: string, call?: Call) => Promise<Answer>;
	postJson: (path: string, body: unknown, call?: Call) => Promise<Answer>;
	/**
	Sends events to the listeners.
	*/
	news: ReturnType<typeof createNews>;
	/**
	What reached the daemon.
	*/
	told: unknown[];
	faults: unknown[];
	/**
	The number of listeners.
	*/
	listeners: () => number;
};

export type WorldOptions = Partial<Omit<ApiOptions, 'port'>> & {port?: Partial<ApiPort>; status?: WatchStatus; remembered?: number};

/**
A real server, in front of a daemon that only records what it is told.
*/
export const openWorld = async (t: ExecutionContext, {port: ownPort = {}, status = someStatus(), remembered = 1000, ...options}: WorldOptions = {}): Promise<ApiWorld> => {
	const told: unknown[] = [];
	const faults: unknown[] = [];
	const {clock = systemClock} = options;
	const news = createNews({clock, remembered});
	const jobs = new Map(status.jobs.map(job => [job.id, job]));
	let listeners = 0;
	const jobOf = (id: string) => {
		const job = jobs.get(id);
		if (job === undefined) {
			throw new AppError('not-found', `There is no job "${id}".`);
		}

		return job;
	};

	const port: ApiPort = {
		watcher: {
			status: async () => status,
			async refresh(wanted) {
				told.push({refresh: wanted});
				return jobs.values().toArray();
			},
			async accept(wanted) {
				told.push({accept: wanted});
				return [{id: 'films', title: 'Films', removed: 3}];
			},
			jobs: async () => jobs.values().toArray(),
			job: async id => jobOf(id),
			async act(id, action) {
				const job = jobOf(id);
				told.push({act: action, id});
				return job;
			},
			subscribe(listener, {after} = {}) {
				listeners++;
				const leave = news.subscribe(listener, {after, status: () => status});
				return () => {
					listeners--;
					leave();
				};
			},
		},
		statusNow: () => status,
		queries: {
			async items(query) {
				told.push({items: query});
				return {items: [], total: 0, revision: 0};
			},
			async changes(query) {
				told.push({changes: query});
				return {entries: []};
			},
		},
		page: {
			revision: () => 7,
			document: async () => ({gzipped: gzipSync('<!DOCTYPE html>the page'), tag: 'tag7'}),
			poster: async id => id === 'none' ? undefined : {bytes: Buffer.from([0xFF, 0xD8, 0xFF, 1]), type: 'image/jpeg'},
		},
		onPlexHook(hook) {
			told.push({plex: hook});
		},
		onImportHook(hook) {
			told.push({arr: hook});
		},
		isHealthy: () => true,
		isReady: () => true,
		...ownPort,
	};
	const api = await startApi({
		address: {host: '127.0.0.1', port: 0},
		token: canary,
		onFault(error) {
			faults.push(error);
		},
		...options,
		port,
	});
	t.teardown(api.close);
	const url = 'url' in api.address ? api.address.url : '';
	const call: ApiWorld['call'] = async (path, given = {}) => callApi(api, path, {token: 'token' in options ? options.token : canary, ...given});
	return {
		api,
		url,
		tcpPort: Number(URL.parse(url)?.port ?? 0),
		call,
		postJson: async (path, body, given = {}) => call(path, {
			method: 'POST', body: JSON.stringify(body), ...given, headers: {'Content-Type': 'application/json', ...given.headers},
		}),
		news,
		told,
		faults,
		listeners: () => listeners,
	};
};

/**
Sends a request on its own connection, with any headers, including those that a browser would not let a page set.
*/
export const callApi = async (api: Api, path: string, {method = 'GET', headers = {}, body, token}: Call): Promise<Answer> => {
	const {address} = api;
	const target = 'url' in address ? URL.parse(address.url)! : undefined;
	const sent = request({
		agent: false,
		method,
		path,
		...(target === undefined ? {socketPath: (address as {socketPath: string}).socketPath} : {host: target.hostname.replaceAll(/^\[|\]$/gv, ''), port: target.port}),
		headers: Object.fromEntries(Object.entries({...(token !== undefined && {Authorization: `Bearer ${token}`}), ...headers}).filter(([, value]) => value !== undefined)),
	});
	sent.end(body);
	const [response] = await once(sent, 'response') as [NodeJS.ReadableStream & {statusCode: number; headers: IncomingHttpHeaders}];
	const chunks: Uint8Array[] = [];
	for await (const chunk of response) {
		chunks.push(chunk as unknown as Uint8Array);
	}

	const text = Buffer.concat(chunks).toString('utf8');
	let json: unknown;
	try {
		json = JSON.parse(text);
	} catch {
		json = undefined;
	}

	return {
		status: response.statusCode, headers: response.headers, text, json,
	};
};

/**
Sends raw bytes and returns everything that comes back until the other side closes.
*/
export const exchange = async (tcpPort: number, bytes: string | Uint8Array): Promise<string> => {
	const socket = net.connect(tcpPort, '127.0.0.1');
	socket.on('error', () => {/* a reset is an end, too */});
	socket.write(bytes);
	let text = '';
	socket.on('data', (chunk: Uint8Array) => {
		text += Buffer.from(chunk).toString('latin1');
	});
	await new Promise<void>(resolve => {
		socket.once('close', () => {
			resolve();
		});
	});
	return text;
};

/**
The status and code of a refusal, after a check of its form.
*/
export const refusalOf = (t: ExecutionContext, answer: Answer): [number, string] => {
	const {error} = answer.json as {error: {code: string; message: string}};
	t.deepEqual(Object.keys(answer.json as Record<string, unknown>), ['error']);
	t.deepEqual(Object.keys(error).filter(key => !['code', 'message', 'hint'].includes(key)), []);
	t.regex(error.message, /^["A-Z].*\.$/sv);
	t.false(answer.text.includes(canary));
	t.notRegex(answer.text, /node_modules|\bat .*:\d+:\d+|FST_/v);
	return [answer.status, error.code];
};

/**
Waits for a condition, for a limited time.
*/
export const until = async (what: string, isTrue: () => boolean | Promise<boolean>, limitMs = 15_000): Promise<void> => {
	const endMs = performance.now() + limitMs;
	while (!await isTrue()) {
		if (performance.now() > endMs) {
			throw new Error(`Never happened: ${what}.`);
		}

		await new Promise(resolve => {
			setTimeout(resolve, 10);
		});
	}
};
