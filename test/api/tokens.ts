import {Buffer} from 'node:buffer';
import test from 'ava';
import * as fc from 'fast-check';
import {createApiClient} from '../../source/api/client.js';
import {givenToken, isSameSecret} from '../../source/api/gate.js';
import {isLoopback} from '../../source/api/listen.js';
import {routes} from '../../source/api/routes.js';
import {createVirtualClock} from '../helpers/virtual-clock.js';
import {
	canary,
	openWorld,
	refusalOf,
	until,
} from './_api.js';

const pathOf = (path: string) => path.replace(':id', 'one');

const basic = (name: string, password: string) => `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;

const wrong: ReadonlyArray<readonly [string, string | undefined]> = [
	['no header', undefined],
	['an empty header', ''],
	['another token', `Bearer ${'x'.repeat(canary.length)}`],
	['the beginning of the token', `Bearer ${canary.slice(0, -1)}`],
	['more than the token', `Bearer ${canary}x`],
	['the token in other case', `Bearer ${canary.toLowerCase()}`],
	['the token twice', `Bearer ${canary}, Bearer ${canary}`],
	['the bare token', canary],
	['another scheme', `Token ${canary}`],
	['a scheme without a token', 'Bearer'],
	['a very long one', `Bearer ${'a'.repeat(8000)}`],
];

const challenges = new Map([['hook', /^Bearer, Basic/v], ['page', /^Basic realm="reelcat", charset="UTF-8"$/v]]);

test('each route but the probes refuses whoever brings no token or a wrong one, and nothing reaches the daemon', async t => {
	const {call, told} = await openWorld(t, {limits: {refusalsPerMinute: 1000}});
	const {open = [], guarded = []} = Object.groupBy(routes, ({access}) => access === 'none' ? 'open' : 'guarded');
	for (const {method, path, access} of guarded) {
		for (const [name, Authorization] of wrong) {
			const answer = await call(pathOf(path), {method, token: undefined, headers: {Authorization}});
			t.deepEqual(refusalOf(t, answer), [401, 'unauthorized'], `${method} ${path} with ${name}`);
			t.regex(String(answer.headers['www-authenticate']), challenges.get(access) ?? /^Bearer$/v);
		}
	}

	t.deepEqual(told, []);
	t.deepEqual(open.map(({path}) => path), ['/healthz', '/readyz']);
	for (const {path} of open) {
		t.is((await call(path, {token: 'a wrong one'})).status, 200);
	}
});

test('the right token opens each route', async t => {
	const {call} = await openWorld(t);
	const asked = routes.filter(({method, path}) => method === 'GET' && !path.endsWith('/events'));
	for (const {method, path} of asked) {
		const answer = await call(pathOf(path) + (path.endsWith('/changes') ? '?since=2026-01-01T00:00:00Z' : ''), {method});
		t.is(answer.status, 200, path);
		t.false(answer.text.includes(canary));
	}
});

test('a token in the address is not looked at', async t => {
	const {call} = await openWorld(t);
	for (const query of [`?token=${canary}`, `?access_token=${canary}`, `?authorization=Bearer%20${canary}`]) {
		t.deepEqual(refusalOf(t, await call(`/api/v1/status${query}`, {token: undefined})), [401, 'unauthorized']);
	}
});

test('secrets are compared by digests of one length, so any two texts take the same way', t => {
	fc.assert(fc.property(fc.string({unit: 'binary', maxLength: 80}), fc.string({unit: 'binary', maxLength: 80}), (left, right) => {
		t.true(isSameSecret(left, left));
		// Unpaired halves of characters are all the same in UTF-8.
		t.is(isSameSecret(left, right), left.toWellFormed() === right.toWellFormed());
	}));
});

test('the token in a header is what was put there, and Basic counts only where it is asked for', t => {
	const visible = fc.integer({min: 0x21, max: 0x7E}).map(code => String.fromCodePoint(code));
	const token = fc.array(visible, {minLength: 16, maxLength: 60}).map(letters => letters.join(''));
	fc.assert(fc.property(token, fc.constantFrom('', 'plex', 'some one'), (secret, name) => {
		t.is(givenToken(`Bearer ${secret}`, {hasBasic: false}), secret);
		t.is(givenToken(`bearer   ${secret} `, {hasBasic: true}), secret);
		t.is(givenToken(basic(name, secret), {hasBasic: true}), secret);
		t.is(givenToken(basic(name, secret), {hasBasic: false}), undefined);
	}));
});

test('after many wrong tokens a client is told to wait, and the right one is still taken', async t => {
	const clock = createVirtualClock();
	const {call} = await openWorld(t, {clock, limits: {refusalsPerMinute: 3}});
	const guess = async () => call('/api/v1/status', {token: 'not-the-right-one'});
	for (const expected of [401, 401, 401, 429]) {
		t.is((await guess()).status, expected);
	}

	const answer = await guess();
	t.deepEqual(refusalOf(t, answer), [429, 'rate-limited']);
	t.is(answer.headers['retry-after'], '60');
	t.is((await call('/api/v1/status')).status, 200);
	await clock.advance(61_000);
	t.is((await guess()).status, 401);
});

test('too many calls are answered with 429 and when to come again; a dashboard that asks each second is not', async t => {
	const {call, postJson} = await openWorld(t);
	for (let count = 0; count < 30; count++) {
		t.is((await postJson('/api/v1/refresh', {})).status, 202);
	}

	const refused = await postJson('/api/v1/refresh', {});
	t.deepEqual(refusalOf(t, refused), [429, 'rate-limited']);
	t.regex(String(refused.headers['retry-after']), /^\d+$/v);
	for (let count = 0; count < 60; count++) {
		t.is((await call('/api/v1/status')).status, 200);
	}
});

test('whoever has no token cannot use up the calls of those who have', async t => {
	const {call} = await openWorld(t, {limits: {perMinute: 5}});
	for (let count = 0; count < 20; count++) {
		await call('/api/v1/status', {token: undefined});
		await call('/nowhere', {token: undefined});
		t.is((await call('/healthz', {token: undefined})).status, 200);
	}

	t.is((await call('/api/v1/status')).status, 200);
});

test('a flood of another program with the right token leaves reelcat its own calls, refreshes and events', async t => {
	const {api, call, postJson} = await openWorld(t, {limits: {perMinute: 5, streams: 0}});
	for (let count = 0; count < 40; count++) {
		await postJson('/api/v1/refresh', {});
		await call('/api/v1/status');
	}

	t.is((await call('/api/v1/status')).status, 429);
	t.is((await call('/api/v1/refresh', {method: 'POST'})).status, 429);
	const client = createApiClient({address: api.address, token: canary});
	t.teardown(client.close);
	t.is((await client.status()).pid, 1);
	t.is((await client.jobs()).length, 1);
	t.is((await client.refresh({})).length, 1);
	await t.throwsAsync(Promise.all(Array.from({length: 5}, async () => client.status())), {code: 'rate-limited'});
	t.is((await call('/healthz')).status, 200);
});

test('without a token loopback is open to who is there', async t => {
	const {call} = await openWorld(t, {token: undefined});
	t.is((await call('/api/v1/status', {token: undefined})).status, 200);
});

for (const host of ['0.0.0.0', '::', '192.0.2.1', 'nas.local', '', '127.0.0.1.example.org', '127.1']) {
	test(`without a token the API does not listen on "${host}"`, async t => {
		t.false(isLoopback(host));
		const error = await t.throwsAsync(openWorld(t, {address: {host, port: 0}, token: undefined}), {code: 'usage', message: /without a token/v});
		t.regex((error as Error & {hint: string}).hint, /REELCAT_API_TOKEN/v);
	});
}

test('the probes tell whether, and nothing else', async t => {
	let isGood = true;
	const {call} = await openWorld(t, {port: {isHealthy: () => isGood, isReady: () => isGood}});
	const probe = async (path: string) => {
		const {status, text} = await call(path, {token: undefined});
		return [status, text];
	};

	t.deepEqual(await probe('/healthz'), [200, '{"status":"ok"}']);
	t.deepEqual(await probe('/readyz'), [200, '{"status":"ok"}']);
	isGood = false;
	t.deepEqual(await probe('/healthz'), [503, '{"status":"unavailable"}']);
	t.deepEqual(await probe('/readyz'), [503, '{"status":"unavailable"}']);
});

test('a fault in the daemon is told to its log, and to the caller without its words', async t => {
	const {call, faults} = await openWorld(t, {
		port: {
			statusNow() {
				throw new Error(`secret ${canary}`);
			},
		},
	});
	t.deepEqual(refusalOf(t, await call('/api/v1/status')), [500, 'server-error']);
	await until('the fault is noted', () => faults.length === 1);
});
