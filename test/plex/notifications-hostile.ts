import http from 'node:http';
import net from 'node:net';
import type {Duplex} from 'node:stream';
import {inspect} from 'node:util';
import test, {type ExecutionContext} from 'ava';
import {startDemoServer} from '../../source/demo/server.js';
import {createVirtualClock} from '../helpers/virtual-clock.js';
import {canary, listen, serve} from './_loopback.js';
import {listenTo, until} from './_notifications.js';

const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

const frames: ReadonlyArray<string | Uint8Array> = [
	'',
	'{',
	'null',
	'"NotificationContainer"',
	nested(200_000),
	`{"NotificationContainer":${nested(200_000)}}`,
	'{"__proto__":{"isPolluted":true},"NotificationContainer":{"__proto__":{"isPolluted":true},"type":"timeline","constructor":{"prototype":{"isPolluted":true}}}}',
	'{"NotificationContainer":{"type":"timeline","TimelineEntry":{"identifier":"com.plexapp.plugins.library","itemID":"../../1","state":5}}}',
	'\u{0}\u{1B}]0;title\u{7}',
	new Uint8Array([0, 255, 254, 123]),
	'event: x\n: a comment\nretry: 1\nid: 7\ndata: {\n\n',
	`data: ${nested(200_000)}\n\n`,
	'data: {"TimelineEntry":\ndata: 5}\n\n\r\r\n',
];

for (const push of ['both', 'sse'] as const) {
	test(`with push "${push}", odd notifications neither end the connection nor are taken for hints`, async t => {
		const demo = await startDemoServer({movies: 50, shows: 0, push});
		t.teardown(demo.close);
		const {connections, keys} = listenTo(t, demo);
		await until(() => connections() === 1);
		for (const frame of frames) {
			demo.push.send(frame);
		}

		demo.push.send('\n\n');
		demo.library.removeItem('1000003');
		await until(() => keys().length > 0);
		t.deepEqual(keys(), ['1000003']);
		t.is(connections(), 1);
		t.false('isPolluted' in {});
	});

	test(`with push "${push}", a notification without end is cut off, and the connection made anew`, async t => {
		const demo = await startDemoServer({movies: 50, shows: 0, push});
		t.teardown(demo.close);
		const {news, connections} = listenTo(t, demo);
		await until(() => connections() === 1);
		demo.push.send(`data: ${'x'.repeat(3 * 1_048_576)}`);
		await until(() => connections() === 2);
		t.true(news.some(one => one.type === 'connecting' && one.reason.includes('too large to come from Plex')));
	});
}

/**
A server that answers the two requests for notifications as it is told, and what it was asked.
*/
const serveNotifications = async (t: ExecutionContext, {upgrade, stream}: {upgrade: (socket: Duplex) => void; stream: http.RequestListener}) => {
	const asked: string[] = [];
	const server = http.createServer((request, response) => {
		asked.push(request.url ?? '');
		stream(request, response);
	});
	const sockets = new Set<Duplex>();
	server.on('upgrade', (request, socket) => {
		asked.push(request.url ?? '');
		sockets.add(socket);
		socket.on('error', () => {
			socket.destroy();
		});
		upgrade(socket);
	});
	t.teardown(() => {
		for (const socket of sockets) {
			socket.destroy();
		}
	});
	return {url: await listen(t, server), asked};
};

test('a redirect is followed nowhere, and the token stays with its server', async t => {
	let strangers = 0;
	const elsewhere = await serve(t, (_request, response) => {
		strangers++;
		response.end();
	});
	const {url, asked} = await serveNotifications(t, {
		upgrade(socket) {
			socket.end(`HTTP/1.1 301 Moved Permanently\r\nLocation: ${elsewhere}/:/websockets/notifications\r\nContent-Length: 0\r\n\r\n`);
		},
		stream(_request, response) {
			response.writeHead(302, {location: `${elsewhere}/:/eventsource/notifications`}).end();
		},
	});
	const {news, notifications} = listenTo(t, {url});
	await until(() => notifications.state().state === 'polling');
	t.regex(notifications.state().reason ?? '', /redirects the request for notifications to another address, where the token must not be sent\.$/v);
	t.deepEqual(asked, ['/:/websockets/notifications', '/:/eventsource/notifications', '/:/websockets/notifications', '/:/eventsource/notifications']);
	t.is(strangers, 0);
	t.false(inspect(news, {depth: 9}).includes(canary));
});

test('a redirect within the server is not followed either', async t => {
	const {url, asked} = await serveNotifications(t, {
		upgrade(socket) {
			socket.end('HTTP/1.1 301 Moved Permanently\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n');
		},
		stream(_request, response) {
			response.writeHead(301, {location: '/elsewhere'}).end();
		},
	});
	const {notifications} = listenTo(t, {url});
	await until(() => notifications.state().state === 'polling');
	t.false(asked.includes('/elsewhere'));
});

for (const [name, text] of [
	['a web page', 'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\nhi'],
	['another protocol', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n'],
	['a wrong key', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: AAAA\r\n\r\n'],
	['400', 'HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n'],
	['501', 'HTTP/1.1 501 Not Implemented\r\nContent-Length: 0\r\n\r\n'],
] as const) {
	test(`where ${name} answers instead of a websocket, the event stream is used`, async t => {
		let accepted: unknown;
		const {url} = await serveNotifications(t, {
			upgrade(socket) {
				socket.end(text);
			},
			stream({headers}, response) {
				accepted = [headers.accept, headers['accept-encoding'], headers['x-plex-token'], headers['x-plex-client-identifier']];
				response.writeHead(200, {'content-type': 'text/event-stream; charset=utf-8'});
				response.write('event: activity\ndata: {"ActivityNotification":{"event":"ended","Activity":{"type":"library.update.section","Context":{"librarySectionID":3}}}}\n\n');
			},
		});
		const {hints, news} = listenTo(t, {url});
		await until(() => hints.length > 0);
		t.deepEqual(hints, [{kind: 'section', sectionKey: '3'}]);
		t.deepEqual(news.at(-1), {type: 'connected', via: 'sse', isFirst: true});
		t.deepEqual(accepted, ['text/event-stream', 'identity', canary, 'test-client']);
	});
}

for (const [name, headers] of [
	['a web page', {'content-type': 'text/html'}],
	['a packed stream', {'content-type': 'text/event-stream', 'content-encoding': 'gzip'}],
] as const) {
	test(`${name} is no event stream`, async t => {
		const {url} = await serveNotifications(t, {
			upgrade(socket) {
				socket.end('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n');
			},
			stream(_request, response) {
				response.writeHead(200, headers);
				response.write('data: {}\n\n');
			},
		});
		const {types} = listenTo(t, {url});
		await until(() => types().includes('polling'));
		t.false(types().includes('connected'));
	});
}

test('a server that accepts and says nothing is given up on after 10 seconds, by both ways', async t => {
	const clock = createVirtualClock();
	const sockets: net.Socket[] = [];
	const url = await listen(t, net.createServer(socket => {
		sockets.push(socket);
		socket.on('error', () => {
			socket.destroy();
		});
		t.teardown(() => {
			socket.destroy();
		});
	}));
	const {news} = listenTo(t, {url}, {clock});
	for (let attempts = 1; attempts <= 4; attempts++) {
		await until(() => sockets.length === attempts);
		await clock.advance(9999);
		t.is(news.length, attempts - 1);
		await clock.advance(1);
		t.is(news.length, attempts);
	}

	t.true(news.every(one => one.type === 'connecting' && one.reason.endsWith('did not answer in time to the request for notifications.')));
});

test('a server that breaks every connection off is asked ever more seldom, by both ways in turn', async t => {
	const clock = createVirtualClock();
	const {url, asked} = await serveNotifications(t, {
		upgrade(socket) {
			socket.destroy();
		},
		stream(_request, response) {
			response.destroy();
		},
	});
	const {news} = listenTo(t, {url}, {clock, random: () => 1});
	const waits: number[] = [];
	for (let attempts = 1; attempts <= 9; attempts++) {
		await until(() => news.length === attempts);
		const [last] = news.slice(-1);
		waits.push(last?.type === 'connecting' ? last.retryMs : NaN);
		await clock.advance(waits.at(-1)!);
	}

	t.deepEqual(waits, [500, 1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]);
	t.deepEqual(asked.slice(0, 7).map(path => path.includes('websockets') ? 'websocket' : 'sse'), ['websocket', 'websocket', 'websocket', 'sse', 'websocket', 'sse', 'websocket']);
});

test('connections that do not last are no reason to come back sooner', async t => {
	const clock = createVirtualClock();
	const {url} = await serveNotifications(t, {
		upgrade(socket) {
			socket.end('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n');
		},
		stream(_request, response) {
			response.writeHead(200, {'content-type': 'text/event-stream'});
			response.write('data: {}\n\n');
			setImmediate(() => {
				response.destroy();
			});
		},
	});
	const {news} = listenTo(t, {url}, {clock, random: () => 1});
	const waits: number[] = [];
	await until(() => news.length === 1);
	await clock.advance(0);
	for (let ends = 1; ends <= 3; ends++) {
		await until(() => news.length >= 1 + (ends * 2));
		const last = news.at(-1);
		waits.push(last?.type === 'connecting' ? last.retryMs : NaN);
		await clock.advance(waits.at(-1)!);
	}

	t.deepEqual(waits, [500, 1000, 2000]);
});

test('websocket frames that break the protocol end the connection, which is made anew', async t => {
	const demo = await startDemoServer({movies: 50, shows: 0});
	t.teardown(demo.close);
	const broken = new Set<net.Socket>();
	// Before the real server, one that adds a reserved frame to what goes through the first connection.
	const url = await listen(t, net.createServer(socket => {
		const upstream = net.connect(Number(new URL(demo.url).port), '127.0.0.1');
		const isFirst = broken.size === 0;
		broken.add(socket);
		socket.pipe(upstream);
		upstream.on('data', data => {
			socket.write(data);
			if (isFirst) {
				socket.write(new Uint8Array([0xFF, 0x00]));
			}
		});
		for (const one of [socket, upstream]) {
			one.on('error', () => {
				socket.destroy();
				upstream.destroy();
			});
			one.on('close', () => {
				socket.destroy();
				upstream.destroy();
			});
		}
	}));
	const {news, connections} = listenTo(t, {url, token: demo.token});
	await until(() => connections() === 2);
	t.true(news.some(one => one.type === 'connecting' && /sent something that is not a notification \(WS_ERR_\w+\)\.$/v.test(one.reason)));
});
