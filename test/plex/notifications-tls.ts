import {once} from 'node:events';
import {readFile} from 'node:fs/promises';
import http from 'node:http';
import {createServer} from 'node:https';
import {connect, type AddressInfo, type Socket} from 'node:net';
import test, {type ExecutionContext} from 'ava';
import {WebSocketServer} from 'ws';
import {readCertificate} from '../../source/plex/certificate.js';
import {createLookup} from '../../source/plex/plex-direct.js';
import {canary, listen} from './_loopback.js';
import {listenTo, until} from './_notifications.js';

const fixture = async (name: string) => readFile(new URL(`../../fixtures/tls/${name}`, import.meta.url), 'utf8');

/**
A server with this certificate that sends notifications over websockets or, without them, over an event stream.
*/
const serveTls = async (t: ExecutionContext, name: string, {hasWebsockets = true} = {}) => {
	const tokens: unknown[] = [];
	const server = createServer({key: await fixture(`${name}.key.pem`), cert: await fixture(`${name}.pem`)}, (request, response) => {
		tokens.push(request.headers['x-plex-token']);
		if (request.url === '/:/eventsource/notifications') {
			response.writeHead(200, {'content-type': 'text/event-stream'});
			response.flushHeaders();
		} else {
			response.writeHead(404).end();
		}
	});
	if (hasWebsockets) {
		const websockets = new WebSocketServer({noServer: true});
		server.on('upgrade', (request, socket, head) => {
			tokens.push(request.headers['x-plex-token']);
			websockets.handleUpgrade(request, socket, head, opened => {
				t.teardown(() => {
					opened.terminate();
				});
			});
		});
	}

	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	t.teardown(() => {
		server.close();
		server.closeAllConnections();
	});
	const {port} = server.address() as AddressInfo;
	return {url: `https://127.0.0.1:${port}`, port, tokens};
};

for (const [hasWebsockets, via] of [[true, 'websocket'], [false, 'sse']] as const) {
	test(`by ${via}, a pinned certificate is trusted, and no other is sent anything`, async t => {
		const pinned = await serveTls(t, 'pinned', {hasWebsockets});
		const changed = await serveTls(t, 'changed', {hasWebsockets});
		const pin = await readCertificate(pinned.url);
		const good = listenTo(t, pinned, {connection: {pin}});
		await until(() => good.connections() === 1);
		t.like(good.news.at(-1), {type: 'connected', via});
		t.true(pinned.tokens.every(token => token === canary));

		const bad = listenTo(t, changed, {connection: {pin}});
		await until(() => bad.news.length >= 5);
		t.true(bad.news.every(one => one.type === 'connecting' && one.reason.includes('another certificate than the one that was accepted')));
		t.deepEqual(changed.tokens, []);
	});
}

test('a certificate that nobody vouches for is sent nothing', async t => {
	const server = await serveTls(t, 'pinned');
	const {news} = listenTo(t, server);
	await until(() => news.length >= 5);
	t.true(news.every(one => one.type === 'connecting' && one.reason.includes('not signed by an authority that this machine trusts')));
	t.deepEqual(server.tokens, []);
});

test('a plex.direct name that the router does not resolve is dialled at the address in it', async t => {
	const server = await serveTls(t, 'plex-direct');
	const lookup = createLookup((_hostname, _options, callback) => {
		callback(Object.assign(new Error('getaddrinfo ENOTFOUND'), {code: 'ENOTFOUND'}), '');
	});
	const ca = await fixture('test-ca.pem');
	const {connections} = listenTo(t, {url: `https://127-0-0-1.0123456789abcdef0123456789abcdef.plex.direct:${server.port}`}, {connection: {lookup, ca}});
	await until(() => connections() === 1);
	t.deepEqual(server.tokens, [canary]);
});

test('a proxy carries the websocket, and does not see the token', async t => {
	const server = await serveTls(t, 'pinned');
	const pin = await readCertificate(server.url);
	const asked: string[] = [];
	const proxy = http.createServer();
	proxy.on('connect', (request, socket: Socket) => {
		asked.push(`${request.url} ${JSON.stringify(request.headers)}`);
		const upstream = connect(server.port, '127.0.0.1', () => {
			socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
			upstream.pipe(socket).pipe(upstream);
		});
		for (const one of [socket, upstream]) {
			one.on('error', () => {
				socket.destroy();
				upstream.destroy();
			});
		}

		t.teardown(() => {
			socket.destroy();
		});
	});
	const proxyUrl = await listen(t, proxy);
	const {news} = listenTo(t, server, {connection: {pin, proxyEnv: {HTTPS_PROXY: proxyUrl}}});
	await until(() => news.length > 0);
	t.deepEqual(news, [{type: 'connected', via: 'websocket', isFirst: true}]);
	t.is(asked.length, 1);
	t.true(asked[0]?.startsWith(`127.0.0.1:${server.port} `));
	t.false(asked[0]?.includes(canary));
	t.throws(() => listenTo(t, server, {connection: {proxyEnv: {HTTPS_PROXY: 'socks5://127.0.0.1:1'}}}), {code: 'usage'});
});
