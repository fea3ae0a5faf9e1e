import {rm, mkdtemp} from 'node:fs/promises';
import http from 'node:http';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {inspect} from 'node:util';
import test, {type ExecutionContext} from 'ava';
import {createApiClient, type ApiClientOptions, type ApiLink} from '../../source/api/client.js';
import {AppError} from '../../source/base/errors.js';
import type {NumberedEvent} from '../../source/watch/types.js';
import {createVirtualClock} from '../helpers/virtual-clock.js';
import {serve} from '../plex/_loopback.js';
import {
	canary,
	openWorld,
	someJob,
	someStatus,
	until,
} from './_api.js';

const open = (t: ExecutionContext, address: ApiClientOptions['address'], options: Partial<ApiClientOptions> = {}) => {
	const client = createApiClient({address, token: canary, ...options});
	t.teardown(client.close);
	return client;
};

const failureOf = async (t: ExecutionContext, promise: Promise<unknown>) => {
	const error = await t.throwsAsync<AppError>(promise, {instanceOf: AppError});
	t.false(inspect(error, {depth: 9, showHidden: true}).includes(canary));
	return error;
};

test('a daemon at the other end is asked and steered like one in this process', async t => {
	const {api, told} = await openWorld(t);
	const client = open(t, api.address);
	t.deepEqual(await client.status(), someStatus());
	t.deepEqual(await client.jobs(), [someJob('one')]);
	t.deepEqual(await client.job('one'), someJob('one'));
	t.deepEqual(await client.refresh({library: 'Films', mode: 'full'}), [someJob('one')]);
	t.deepEqual(await client.act('one', 'cancel'), someJob('one'));
	t.deepEqual(await client.act('one', 'move-down'), someJob('one'));
	t.deepEqual(told, [{refresh: {library: 'Films', mode: 'full'}}, {act: 'cancel', id: 'one'}, {act: 'move-down', id: 'one'}]);
});

test('its refusals are the errors of the daemon, by code, words and hint', async t => {
	const {api} = await openWorld(t, {
		port: {
			statusNow() {
				throw new AppError('locked', 'Somebody else writes.', {hint: 'Wait.'});
			},
		},
	});
	const client = open(t, api.address);
	t.like(await failureOf(t, client.job('../../status')), {code: 'not-found', message: 'There is no job "../../status".'});
	t.like(await failureOf(t, open(t, api.address, {token: 'not-the-right-one'}).jobs()), {code: 'unauthorized', message: 'The daemon takes another token for its API than the one of this reelcat.'});
	t.like(await failureOf(t, client.status()), {code: 'locked', message: 'Somebody else writes.', hint: 'Wait.'});
});

test('a socket is a way to it, without a token', async t => {
	const folder = await mkdtemp(path.join(tmpdir(), 'rc-'));
	t.teardown(async () => rm(folder, {recursive: true}));
	const {api, news} = await openWorld(t, {address: {socketPath: path.join(folder, 's')}});
	const client = open(t, api.address, {token: undefined});
	t.deepEqual(await client.status(), someStatus());
	const seen: NumberedEvent[] = [];
	client.subscribe(event => {
		seen.push(event);
	});
	await until('it listens', () => seen.length === 1);
	news.note('Hello.');
	await until('it is told', () => seen.length === 2);
});

test('nobody at the address, a daemon that is gone and one that hangs are told apart from a refusal', async t => {
	const {api} = await openWorld(t);
	await api.close();
	t.is((await failureOf(t, open(t, api.address).status())).code, 'unreachable');
	t.is((await failureOf(t, open(t, {socketPath: '/nowhere/reelcat.sock'}).status())).code, 'unreachable');
	const mute = await serve(t, () => {/* no answer */});
	t.is((await failureOf(t, open(t, {url: mute}, {timeoutMs: 100}).status())).code, 'timeout');
	const cut = await serve(t, (_request, response) => {
		response.writeHead(200, {'Content-Length': 100}).write('{');
		response.socket!.destroy();
	});
	t.is((await failureOf(t, open(t, {url: cut}).status())).code, 'unreachable');
});

const hostile: ReadonlyArray<readonly [string, number, string]> = [
	['a page', 200, '<html>'],
	['nothing', 200, ''],
	['null', 200, 'null'],
	['a number', 200, '1'],
	['a list', 200, '[]'],
	['an object without anything', 200, '{}'],
	['a status of something else', 200, '{"health":"ok","jobs":{}}'],
	['null as refusal', 500, 'null'],
	['a list as refusal', 500, '[]'],
	['a code of its own', 500, '{"error":{"code":"constructor","message":5}}'],
	['an error that is none', 400, '{"error":"no"}'],
	['__proto__', 200, '{"__proto__":{"jobs":[]}}'],
	['something deep', 200, '['.repeat(100_000)],
];

test('what answers but is no daemon ends in an error for people, whatever it says', async t => {
	for (const [name, status, body] of hostile) {
		const url = await serve(t, (_request, response) => {
			response.writeHead(status, {'Content-Type': 'application/json'}).end(body);
		});
		const client = open(t, {url});
		for (const call of [client.status, client.jobs, async () => client.job('one'), async () => client.refresh({}), async () => client.act('one', 'retry')]) {
			const {code} = await failureOf(t, call());
			t.true(['malformed', 'server-error'].includes(code), `${name} ${code}`);
		}
	}
});

test('an answer without end is cut off', async t => {
	const url = await serve(t, (_request, response) => {
		response.writeHead(200);
		const chunk = 'x'.repeat(1_048_576);
		const more = () => {
			while (!response.destroyed && response.write(chunk)) {
				// As long as it is taken.
			}
		};

		response.on('drain', more);
		more();
	});
	t.is((await failureOf(t, open(t, {url}, {timeoutMs: 20_000}).status())).code, 'too-large');
});

test('a redirect is not followed, and the token goes nowhere else', async t => {
	const seen: http.IncomingHttpHeaders[] = [];
	const elsewhere = await serve(t, (request, response) => {
		seen.push(request.headers);
		response.end('{}');
	});
	for (const status of [301, 302, 307, 308]) {
		const url = await serve(t, (_request, response) => {
			response.writeHead(status, {Location: `${elsewhere}/api/v1/status`}).end();
		});
		await failureOf(t, open(t, {url}).status());
	}

	t.deepEqual(seen, []);
});

test('an address that is not plain HTTP is refused before the token is sent', t => {
	for (const url of ['https://127.0.0.1:1', 'ftp://127.0.0.1', 'file:///etc/passwd']) {
		t.throws(() => createApiClient({address: {url}, token: canary}), {instanceOf: AppError, code: 'usage'}, `the address ${url}`);
	}
});

test('after a restart of the daemon the news go on, first with the whole status', async t => {
	const clock = createVirtualClock();
	const first = await openWorld(t);
	const client = open(t, first.api.address, {clock});
	const seen: NumberedEvent[] = [];
	const links: ApiLink[] = [];
	client.onLink(link => {
		links.push(link);
	});
	client.subscribe(event => {
		seen.push(event);
	});
	await until('it listens', () => seen.length === 1);
	await first.api.close();
	await until('it is noticed', () => links.at(-1)?.isUp === false);
	const second = await openWorld(t, {address: {host: '127.0.0.1', port: first.tcpPort}, status: someStatus({requests: 99})});
	await until('it is back', async () => {
		await clock.advance(1000);
		return seen.length === 2;
	});
	t.like(seen[1]!.event, {type: 'status', status: {requests: 99}});
	t.true(links.at(-1)!.isUp);
	second.news.note('Hello.');
	await until('it is told', () => seen.length === 3);
});

test('what was told while the connection was cut is told once it is back, each event once', async t => {
	const clock = createVirtualClock();
	const {api, news} = await openWorld(t);
	const target = 'url' in api.address ? new URL(api.address.url) : undefined;
	const sockets = new Set<NodeJS.ReadableStream & {destroy: () => void}>();
	const relay = await serve(t, (request, response) => {
		sockets.add(request.socket);
		const onward = http.request({
			host: target!.hostname, port: target!.port, path: request.url, headers: {...request.headers, host: target!.host},
		}, answer => {
			response.writeHead(answer.statusCode!, answer.headers);
			answer.pipe(response);
			response.on('close', () => {
				answer.destroy();
			});
		});
		onward.on('error', () => {
			response.destroy();
		});
		onward.end();
	});
	const client = open(t, {url: relay}, {clock});
	const notes: string[] = [];
	client.subscribe(({event}) => {
		notes.push(event.type === 'note' ? event.note.text : event.type);
	});
	await until('it listens', () => notes.length === 1);
	for (let round = 0; round < 3; round++) {
		for (const socket of sockets) {
			socket.destroy();
		}

		sockets.clear();
		news.note(`during cut ${round}`);
		await until('it is told', async () => {
			await clock.advance(500);
			return notes.at(-1) === `during cut ${round}`;
		});
	}

	t.deepEqual(notes, ['status', 'during cut 0', 'during cut 1', 'during cut 2']);
});

test('a connection that has fallen silent is made anew', async t => {
	const clock = createVirtualClock();
	let connections = 0;
	const url = await serve(t, (_request, response) => {
		connections++;
		response.writeHead(200, {'Content-Type': 'text/event-stream'}).write(': hello\n\n');
	});
	const client = open(t, {url}, {clock});
	client.subscribe(() => {/* nothing is told */});
	await until('it is connected', () => connections === 1);
	await until('it is made anew', async () => {
		await clock.advance(10_000);
		return connections >= 2;
	});
	client.close();
	await clock.advance(60_000);
	t.is(clock.pending(), 0);
});

test('odd news of a stranger are neither believed nor fatal', async t => {
	const url = await serve(t, (_request, response) => {
		response.writeHead(200, {'Content-Type': 'text/event-stream'});
		response.write('data: no id\n\nid: x\ndata: {"type":"status"}\n\n');
		for (const data of ['{', 'null', '{"type":"nothing"}', '[]', '{"type":"status"}']) {
			response.write(`id: 5\ndata: ${data}\n\n`);
		}

		response.write(`id: 10\ndata: ${JSON.stringify({type: 'status', status: someStatus()})}\n\n`);
	});
	const seen: NumberedEvent[] = [];
	open(t, {url}).subscribe(event => {
		seen.push(event);
	});
	await until('the good one has come', () => seen.length > 0);
	t.deepEqual(seen.map(({id}) => id), [10]);
});

test('many who listen do not keep calls waiting', async t => {
	const {api, listeners} = await openWorld(t);
	const client = open(t, api.address, {timeoutMs: 3000});
	for (let count = 0; count < 6; count++) {
		client.subscribe(() => {/* nobody reads it */});
	}

	await until('all listen', () => listeners() === 6);
	t.deepEqual(await client.status(), someStatus());
});
