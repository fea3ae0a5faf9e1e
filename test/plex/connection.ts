import {once} from 'node:events';
import {readFile} from 'node:fs/promises';
import {createServer as createHttpServer, request as forward} from 'node:http';
import {createServer} from 'node:https';
import {
	connect,
	createServer as createNetServer,
	isIP,
	type AddressInfo,
	type Server,
	type Socket,
} from 'node:net';
import {inspect} from 'node:util';
import test, {type ExecutionContext} from 'ava';
import fc from 'fast-check';
import {AppError} from '../../source/base/errors.js';
import {noProxyForNode} from '../../source/base/http/proxy.js';
import {readCertificate} from '../../source/plex/certificate.js';
import {createPlexClient, type PlexClientOptions} from '../../source/plex/client.js';
import {addressInPlexDirect, createLookup, type Lookup} from '../../source/plex/plex-direct.js';
import {identityBody, sendJson} from './_loopback.js';

const fixture = async (name: string) => readFile(new URL(`../../fixtures/tls/${name}`, import.meta.url), 'utf8');

const listen = async (t: ExecutionContext, server: Server, host = '127.0.0.1') => {
	const sockets = new Set<Socket>();
	server.on('connection', (socket: Socket) => {
		sockets.add(socket);
	});
	server.listen(0, host);
	await once(server, 'listening');
	t.teardown(() => {
		for (const socket of sockets) {
			socket.destroy();
		}

		server.close();
	});
	return (server.address() as AddressInfo).port;
};

/**
A Plex server with this certificate, and the tokens that it was sent.
*/
const serveTls = async (t: ExecutionContext, name: string) => {
	const tokens: unknown[] = [];
	let requests = 0;
	const server = createServer({key: await fixture(`${name}.key.pem`), cert: await fixture(`${name}.pem`)}, (request, response) => {
		requests++;
		tokens.push(request.headers['x-plex-token']);
		sendJson(response, identityBody);
	});
	const port = await listen(t, server);
	return {
		port, url: `https://127.0.0.1:${port}`, tokens, requests: () => requests,
	};
};

const canary = 'canary-token-1234567';

const clientOf = (t: ExecutionContext, options: Pick<PlexClientOptions, 'url' | 'connection'>) => {
	const client = createPlexClient({
		token: canary, clientIdentifier: 'test', version: '1.0.0', retry: {limit: 0}, ...options,
	});
	t.teardown(client.close);
	return client;
};

const failureOf = async (t: ExecutionContext, work: Promise<unknown>) => {
	const error = await t.throwsAsync(work, {instanceOf: AppError});
	t.false(inspect(error, {depth: 9}).includes(canary));
	return error;
};

test('a self-signed certificate is refused, can be looked at without a request, and is accepted once it is pinned', async t => {
	const server = await serveTls(t, 'pinned');
	const refused = await failureOf(t, clientOf(t, {url: server.url}).identity());
	t.is(refused.code, 'tls');
	t.regex(refused.hint!, /reelcat servers add/v);
	const seen = await readCertificate(server.url);
	t.regex(seen.fingerprint, /^(?:[\dA-F]{2}:){31}[\dA-F]{2}$/v);
	t.is(seen.subject, 'pinned.example');
	t.is(seen.reason, 'DEPTH_ZERO_SELF_SIGNED_CERT');
	t.is(server.requests(), 0);
	const {id} = await clientOf(t, {url: server.url, connection: {pin: seen}}).identity();
	t.is(id, identityBody.MediaContainer.machineIdentifier);
});

test('a server that shows another certificate than the pinned one is sent nothing, and both are named loudly', async t => {
	const pinned = await serveTls(t, 'pinned');
	const changed = await serveTls(t, 'changed');
	const pin = await readCertificate(pinned.url);
	for (const url of [changed.url]) {
		const error = await failureOf(t, clientOf(t, {url, connection: {pin}}).sections());
		t.is(error.code, 'tls');
		t.true(error.message.includes(pin.fingerprint));
		t.regex(error.message, /intercepting the connection, so nothing was sent/v);
		t.regex(error.hint!, /reelcat servers add/v);
	}

	t.is(changed.requests(), 0);
});

test('a certificate signed by an authority that the machine trusts is no substitute for a pinned one', async t => {
	const trusted = await serveTls(t, 'plex-direct');
	const pin = await readCertificate((await serveTls(t, 'pinned')).url);
	const error = await failureOf(t, clientOf(t, {url: trusted.url, connection: {pin, ca: await fixture('test-ca.pem')}}).sections());
	t.is(error.code, 'tls');
	t.is(trusted.requests(), 0);
});

const hex = '0123456789abcdef0123456789abcdef';

const refusing: Lookup = (_hostname, _options, callback) => {
	callback(Object.assign(new Error('getaddrinfo ENOTFOUND'), {code: 'ENOTFOUND'}), '');
};

test('a plex.direct name that the router does not resolve is dialled at the address in it, and its certificate is still checked', async t => {
	const server = await serveTls(t, 'plex-direct');
	const url = `https://127-0-0-1.${hex}.plex.direct:${server.port}`;
	const lookup = createLookup(refusing);
	const ca = await fixture('test-ca.pem');
	const {id} = await clientOf(t, {url, connection: {lookup, ca}}).identity();
	t.is(id, identityBody.MediaContainer.machineIdentifier);

	const wrongName = await failureOf(t, clientOf(t, {url: `https://127-0-0-1.${'f'.repeat(32)}.plex.direct:${server.port}`, connection: {lookup, ca}}).identity());
	t.is(wrongName.code, 'tls');
	const unknownAuthority = await failureOf(t, clientOf(t, {url, connection: {lookup}}).identity());
	t.is(unknownAuthority.code, 'tls');
	t.is(server.requests(), 1);
});

test('a plex.direct name that a resolver blocks with the unspecified address stands for the address in it', async t => {
	const ask = async (hostname: string, isAll: boolean, addresses: string[]) => new Promise(resolve => {
		const blocking: Lookup = (_hostname, {all}, callback) => {
			callback(null, all === true ? addresses.map(address => ({address, family: isIP(address)})) : addresses[0]!, 4);
		};

		createLookup(blocking)(hostname, {all: isAll}, (_error, answer) => {
			resolve(answer);
		});
	});
	const name = `192-168-1-5.${hex}.plex.direct`;
	const inName = [{address: '192.168.1.5', family: 4}];
	t.deepEqual(await ask(name, true, ['0.0.0.0']), inName);
	t.deepEqual(await ask(name, true, ['0.0.0.0', '::']), inName);
	t.deepEqual(await ask(name, true, []), inName);
	t.is(await ask(name, false, ['0.0.0.0']), '192.168.1.5');
	// As of a network without IPv4, whose resolver makes other addresses of those of IPv4.
	t.deepEqual(await ask(name, true, ['64:ff9b::c0a8:105']), [{address: '64:ff9b::c0a8:105', family: 6}]);
	t.deepEqual(await ask('nas.example', true, ['0.0.0.0']), [{address: '0.0.0.0', family: 4}]);
});

test('a name that is not under plex.direct stays unknown', async t => {
	const error = await failureOf(t, clientOf(t, {url: 'https://127-0-0-1.example:32400', connection: {lookup: createLookup(refusing)}}).identity());
	t.regex(error.message, /There is no machine with the name/v);
});

test('the address in a plex.direct name is the one that was put in, IPv4 or IPv6', t => {
	t.notThrows(() => {
		fc.assert(fc.property(fc.ipV4(), address => addressInPlexDirect(`${address.replaceAll('.', '-')}.${hex}.plex.direct`) === address));
	});
	t.notThrows(() => {
		fc.assert(fc.property(fc.array(fc.integer({min: 0, max: 0xFF_FF}), {minLength: 8, maxLength: 8}), parts => {
			const address = parts.map(part => part.toString(16)).join(':');
			return addressInPlexDirect(`${address.replaceAll(':', '-')}.${hex}.plex.direct`) === address;
		}));
	});
	for (const name of ['plex.direct', `${hex}.plex.direct`, `1-2-3.${hex}.plex.direct`, `999-1-1-1.${hex}.plex.direct`, `1-2-3-4.${hex}.plex.direct.evil.example`, '1-2-3-4.abc.plex.direct']) {
		t.is(addressInPlexDirect(name), undefined, `in ${name}`);
	}
});

/**
A proxy on loopback: what it was asked for, and whether a token went through it in the clear.
*/
const serveProxy = async (t: ExecutionContext, {isRefusing = false} = {}) => {
	const asked: string[] = [];
	const headers: unknown[] = [];
	const server = createHttpServer((request, response) => {
		asked.push(`${request.method} ${request.url}`);
		headers.push(request.headers);
		request.pipe(forward(request.url!, {method: request.method!, headers: request.headers}, answer => {
			response.writeHead(answer.statusCode!, answer.headers);
			answer.pipe(response);
		}));
	});
	server.on('connect', (request, socket: Socket) => {
		asked.push(`CONNECT ${request.url}`);
		headers.push(request.headers);
		if (isRefusing) {
			socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
			return;
		}

		const [host, port] = request.url!.split(':', 2);
		const upstream = connect(Number(port), host, () => {
			socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
			upstream.pipe(socket);
			socket.pipe(upstream);
		});
		upstream.on('error', () => {
			socket.destroy();
		});
		socket.on('error', () => {
			upstream.destroy();
		});
	});
	return {port: await listen(t, server), asked, headers};
};

test('HTTPS_PROXY carries https without seeing the token, and NO_PROXY goes past it', async t => {
	const server = await serveTls(t, 'pinned');
	const pin = await readCertificate(server.url);
	const proxy = await serveProxy(t);
	const proxyEnv = {HTTPS_PROXY: `http://user:proxy-password@127.0.0.1:${proxy.port}`};
	await clientOf(t, {url: server.url, connection: {pin, proxyEnv}}).sections().catch(() => undefined);
	t.deepEqual(proxy.asked, [`CONNECT 127.0.0.1:${server.port}`]);
	t.deepEqual(server.tokens, [canary]);
	t.false(inspect(proxy.headers).includes(canary));
	await clientOf(t, {url: server.url, connection: {pin, proxyEnv: {...proxyEnv, NO_PROXY: 'nas,127.0.0.1'}}}).identity();
	t.is(proxy.asked.length, 1);
	t.is(server.requests(), 2);
});

test('HTTP_PROXY carries http', async t => {
	const server = createHttpServer((_request, response) => {
		sendJson(response, identityBody);
	});
	const port = await listen(t, server);
	const proxy = await serveProxy(t);
	await clientOf(t, {url: `http://127.0.0.1:${port}`, connection: {proxyEnv: {HTTP_PROXY: `http://127.0.0.1:${proxy.port}`}}}).identity();
	t.deepEqual(proxy.asked, [`GET http://127.0.0.1:${port}/identity`]);
});

test('NO_PROXY means what it means to curl, also where the agents of Node.js know another form', async t => {
	t.is(noProxyForNode(' nas.lan,.local *.home\t10.1.2.3/16, 192.168.1.0-192.168.1.9 [::1] nas:8080 * 10.0.0.1 0.0.0.0/0 10.0.0.1/33'), 'nas.lan,.nas.lan,.local,*.home,10.1.0.0-10.1.255.255,192.168.1.0-192.168.1.9,::1,nas:8080,*,10.0.0.1,0.0.0.0-255.255.255.255,10.0.0.1/33');
	const server = createHttpServer((_request, response) => {
		sendJson(response, identityBody);
	});
	const port = await listen(t, server);
	const proxy = await serveProxy(t);
	for (const NO_PROXY of ['127.0.0.0/8', 'nas.lan 127.0.0.1']) {
		await clientOf(t, {url: `http://127.0.0.1:${port}`, connection: {proxyEnv: {HTTP_PROXY: `http://127.0.0.1:${proxy.port}`, NO_PROXY}}}).identity();
	}

	t.deepEqual(proxy.asked, []);
});

test('a proxy that refuses, or is not there, is named without its password', async t => {
	const server = await serveTls(t, 'pinned');
	const refusingProxy = await serveProxy(t, {isRefusing: true});
	const gone = createNetServer();
	gone.listen(0, '127.0.0.1');
	await once(gone, 'listening');
	const {port} = gone.address() as AddressInfo;
	gone.close();
	for (const proxyPort of [refusingProxy.port, port]) {
		const error = await failureOf(t, clientOf(t, {url: server.url, connection: {proxyEnv: {https_proxy: `http://user:proxy-password@127.0.0.1:${proxyPort}`}}}).identity());
		t.is(error.code, 'unreachable');
		t.regex(error.message, new RegExp(String.raw`proxy 127\.0\.0\.1:${proxyPort}`, 'v'));
		t.false(inspect(error, {depth: 9}).includes('proxy-password'));
	}

	t.is(server.requests(), 0);
});

test('what is no proxy of a kind that works is said before anything is sent', t => {
	for (const HTTPS_PROXY of ['socks5://127.0.0.1:1080', 'nonsense']) {
		t.throws(() => clientOf(t, {url: 'https://nas.example', connection: {proxyEnv: {HTTPS_PROXY}}}), {code: 'usage', message: /HTTPS_PROXY does not name a proxy/v});
	}
});
