import test from 'ava';
import * as fc from 'fast-check';
import {hostName} from '../../source/api/gate.js';
import {
	canary,
	exchange,
	openWorld,
	refusalOf,
} from './_api.js';

test('a page whose own name leads to this machine is refused (DNS rebinding), on each path and even with the token', async t => {
	const {call, tcpPort, told} = await openWorld(t);
	const hosts = [
		'rebound.example',
		`rebound.example:${tcpPort}`,
		`127.0.0.1.example:${tcpPort}`,
		'localhost.example',
		'localhost.',
		`evil@127.0.0.1:${tcpPort}`,
		'[::2]',
		'192.0.2.7',
		'a b',
		'127.0.0.1, rebound.example',
		'xn--lcalhost-8bb',
	];
	for (const Host of hosts) {
		for (const path of ['/healthz', '/api/v1/status', '/nowhere', '/%zz']) {
			const {status} = await call(path, {headers: {Host}});
			t.is(status, 421, `${Host} ${path}`);
		}

		t.is((await call('/api/v1/refresh', {method: 'POST', headers: {Host, 'Content-Type': 'application/json'}, body: '{}'})).status, 421);
	}

	t.deepEqual(refusalOf(t, await call('/api/v1/status', {headers: {Host: 'rebound.example'}})), [421, 'forbidden']);
	t.deepEqual(told, []);
});

test('the names of this machine, and those that were added, are known', async t => {
	const {call, tcpPort} = await openWorld(t, {hosts: ['NAS.local']});
	for (const Host of [`127.0.0.1:${tcpPort}`, '127.0.0.1', 'localhost:1', 'LOCALHOST', '[::1]:5', 'nas.local', 'nas.local:443']) {
		t.is((await call('/api/v1/status', {headers: {Host}})).status, 200, `called ${Host}`);
	}
});

test('on all addresses of a machine any name will do, since the token is asked for', async t => {
	const {call} = await openWorld(t, {address: {host: '0.0.0.0', port: 0}});
	t.is((await call('/api/v1/status', {headers: {Host: 'nas.local'}})).status, 200);
	t.is((await call('/api/v1/status', {headers: {Host: 'nas.local'}, token: undefined})).status, 401);
});

test('a name of a Host header is found, or there is none; no text breaks that', t => {
	t.is(hostName('[::1]:80'), '::1');
	t.is(hostName('a:b:c'), undefined);
	t.is(hostName(undefined), undefined);
	fc.assert(fc.property(fc.string({unit: 'binary'}), text => {
		t.true(['string', 'undefined'].includes(typeof hostName(text)));
	}));
});

test('two Host headers, an empty one and none are refused', async t => {
	const {tcpPort} = await openWorld(t);
	for (const path of ['/api/v1/status', '/metrics', '/nowhere', '/%zz']) {
		for (const hosts of ['Host: 127.0.0.1\r\nHost: rebound.example\r\n', 'Host: 127.0.0.1\r\nHost: 127.0.0.1\r\n', 'Host:\r\n', '']) {
			for (const version of ['1.0', '1.1']) {
				const text = await exchange(tcpPort, `GET ${path} HTTP/${version}\r\n${hosts}Authorization: Bearer ${canary}\r\nConnection: close\r\n\r\n`);
				t.regex(text, /^HTTP\/1\.1 4(?:00|21) /v);
			}
		}
	}
});

test('a probe without a host, as load balancers send it, is answered by health and by nothing else', async t => {
	const {tcpPort} = await openWorld(t);
	for (const path of ['/healthz', '/readyz']) {
		for (const start of [`GET ${path} HTTP/1.0\r\n`, `GET ${path} HTTP/1.0\r\nHost:\r\n`, `GET ${path} HTTP/1.1\r\nHost:\r\n`, `HEAD ${path} HTTP/1.0\r\n`]) {
			t.regex(await exchange(tcpPort, `${start}Connection: close\r\n\r\n`), /^HTTP\/1\.1 200 /v, `for ${start}`);
		}

		for (const hosts of ['Host: 127.0.0.1\r\nHost: 127.0.0.1\r\n', 'Host:\r\nHost: rebound.example\r\n', 'Host: rebound.example\r\n']) {
			t.regex(await exchange(tcpPort, `GET ${path} HTTP/1.0\r\n${hosts}Connection: close\r\n\r\n`), /^HTTP\/1\.1 4(?:00|21) /v, `for ${hosts}`);
		}

		t.regex(await exchange(tcpPort, `GET ${path} HTTP/1.0\r\nOrigin: https://evil.example\r\nConnection: close\r\n\r\n`), /^HTTP\/1\.1 403 /v);
	}
});

test('the head of a probe is that of its answer, without a body, and no other route has one', async t => {
	const {call} = await openWorld(t);
	for (const path of ['/healthz', '/readyz']) {
		const [get, head] = [await call(path, {token: undefined}), await call(path, {token: undefined, method: 'HEAD'})];
		t.is(head.status, 200);
		t.is(head.text, '');
		t.is(head.headers['content-type'], get.headers['content-type']);
		t.is(head.headers['content-length'], get.headers['content-length']);
	}

	t.is((await call('/api/v1/status', {method: 'HEAD'})).status, 404);
	const {call: callIll} = await openWorld(t, {port: {isHealthy: () => false}});
	t.is((await callIll('/healthz', {method: 'HEAD'})).status, 503);
});

test('an address in the request line does not stand for the Host header', async t => {
	const {tcpPort} = await openWorld(t);
	const text = await exchange(tcpPort, `GET http://127.0.0.1/api/v1/status HTTP/1.1\r\nHost: rebound.example\r\nAuthorization: Bearer ${canary}\r\nConnection: close\r\n\r\n`);
	t.regex(text, /^HTTP\/1\.1 421 /v);
});

for (const [name, token] of [['with a token', canary], ['without a token', undefined]] as const) {
	test(`${name}, whatever a page in a browser can send is refused before anything is done (CSRF)`, async t => {
		const {call, told} = await openWorld(t, {token});
		const origins = ['https://evil.example', 'null', 'http://127.0.0.1:32480', 'http://localhost', 'file://', ''];
		for (const Origin of origins) {
			for (const type of ['application/json', 'text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', undefined]) {
				const answer = await call('/api/v1/refresh', {method: 'POST', headers: {Origin, 'Content-Type': type}, body: '{}'});
				t.deepEqual(refusalOf(t, answer), [403, 'forbidden'], `${Origin} ${type}`);
			}

			t.is((await call('/api/v1/events', {headers: {Origin}})).status, 403);
		}

		t.deepEqual(told, []);
	});

	test(`${name}, no page is allowed to ask, or to read an answer (CORS)`, async t => {
		const {call} = await openWorld(t, {token});
		const preflight = await call('/api/v1/refresh', {
			method: 'OPTIONS', headers: {Origin: 'https://evil.example', 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': 'authorization'},
		});
		t.is(preflight.status, 403);
		for (const {headers} of [preflight, await call('/api/v1/status'), await call('/healthz')]) {
			t.deepEqual(Object.keys(headers).filter(key => key.startsWith('access-control')), []);
		}
	});

	test(`${name}, a picture or a frame in a page of elsewhere gets nothing`, async t => {
		const {call} = await openWorld(t, {token});
		for (const site of ['cross-site', 'same-site']) {
			for (const path of ['/api/v1/status', '/api/v1/events', '/metrics']) {
				t.is((await call(path, {headers: {'Sec-Fetch-Site': site, 'Sec-Fetch-Mode': 'no-cors'}})).status, 403);
			}
		}

		t.is((await call('/api/v1/status', {headers: {'Sec-Fetch-Site': 'none'}})).status, 200);
	});
}

test('forms of a page without an Origin are refused, too, as their kinds of body are not taken', async t => {
	const {call, told} = await openWorld(t, {token: undefined});
	for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'text/plain; charset=application/json', undefined]) {
		const {status} = await call('/api/v1/refresh', {method: 'POST', headers: {'Content-Type': type}, body: '{"mode":"full"}'});
		t.true([415, 400].includes(status), `${type} ${status}`);
	}

	t.deepEqual(told, []);
});
