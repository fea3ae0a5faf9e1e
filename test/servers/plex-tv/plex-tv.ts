import test from 'ava';
import nock from 'nock';
import {AppError, type ErrorCode} from '../../../source/base/errors.js';
import {
	canary,
	failureOf,
	hasSecret,
	serve,
} from '../../plex/_loopback.js';
import {demoServers, makePlexTv, withPlexTv} from './_account.js';

const origin = 'https://plex.tv';

test.before(() => {
	nock.disableNetConnect();
	nock.enableNetConnect('127.0.0.1');
});

test.afterEach.always(() => {
	nock.cleanAll();
});

type Reply = [status: number, body: string | Record<string, unknown> | unknown[], headers?: Record<string, string>];
type Case = {name: string; code: ErrorCode; reply: Reply | NodeJS.ErrnoException; message: RegExp};

const errors = (code: number, message: string, status: number) => ({errors: [{code, message, status}]});
const xml = (code: number, message: string, status: number) => `<?xml version="1.0" encoding="UTF-8"?>\n<errors>\n  <error code="${code}" message="${message}" status="${status}"/>\n</errors>`;
const html = (title: string) => `<!DOCTYPE html><html><head><title>${title}</title></head><body>${canary}</body></html>`;
const coded = (code: string) => Object.assign(new Error(`the error itself, with ${canary}`), {code, options: {headers: {'x-plex-token': canary}}});

const dead = /plex\.tv no longer accepts the sign-in/v;
const away = /plex\.tv cannot be reached/v;
const other = /Something else answers in place of plex\.tv/v;
const turnedDown = (status: number) => new RegExp(String.raw`plex\.tv did not give the list of servers: .*\(${status}\)`, 'v');

const cases: Case[] = [
	{
		name: 'a JSON 401', code: 'unauthorized', reply: [401, errors(1001, 'User could not be authenticated', 401)], message: dead,
	},
	{
		name: 'an XML 401', code: 'unauthorized', reply: [401, xml(1001, 'User could not be authenticated', 401)], message: dead,
	},
	{
		name: 'an empty 401', code: 'unauthorized', reply: [401, ''], message: dead,
	},
	{
		name: 'a JSON 403', code: 'unauthorized', reply: [403, errors(1001, 'Forbidden', 403)], message: dead,
	},
	{
		name: 'a 422 about the token', code: 'unauthorized', reply: [422, errors(1034, `Invalid token ${canary}`, 422)], message: dead,
	},
	{
		name: 'an XML 422 about the token', code: 'unauthorized', reply: [422, xml(1034, 'Invalid token', 422)], message: dead,
	},
	{
		name: 'a 498', code: 'unauthorized', reply: [498, ''], message: dead,
	},
	{
		name: 'a 422 about something else', code: 'server-error', reply: [422, errors(1003, `Not with ${canary}`, 422)], message: turnedDown(422),
	},
	{
		name: 'a 400', code: 'server-error', reply: [400, errors(1000, 'X-Plex-Client-Identifier is missing', 400)], message: turnedDown(400),
	},
	{
		name: 'a 404', code: 'server-error', reply: [404, ''], message: turnedDown(404),
	},
	{
		name: 'a web page with 401', code: 'not-plex', reply: [401, html('Login')], message: other,
	},
	{
		name: 'a web page with 403', code: 'not-plex', reply: [403, html('Blocked')], message: other,
	},
	{
		name: 'a web page with 200', code: 'not-plex', reply: [200, html('Welcome')], message: other,
	},
	{
		name: 'a 429', code: 'rate-limited', reply: [429, ''], message: /plex\.tv asks for fewer requests/v,
	},
	{
		name: 'an HTML 500', code: 'server-error', reply: [500, html('500')], message: turnedDown(500),
	},
	{
		name: 'an HTML 503', code: 'server-error', reply: [503, html('503')], message: turnedDown(503),
	},
	{
		name: 'JSON cut short', code: 'malformed', reply: [200, `[{"accessToken":"${canary}",`], message: /The answer of plex\.tv about the list of servers cannot be read/v,
	},
	{
		name: 'JSON of something else', code: 'malformed', reply: [200, {authToken: canary}], message: /cannot be read/v,
	},
	{
		name: 'an empty body', code: 'malformed', reply: [200, ''], message: /cannot be read/v,
	},
	{
		name: 'plain text', code: 'malformed', reply: [200, 'It works!'], message: /cannot be read/v,
	},
	{
		name: 'a huge body', code: 'too-large', reply: [200, `[${' '.repeat(5000)}]`], message: /is too large/v,
	},
	{
		name: 'a redirect elsewhere', code: 'not-plex', reply: [302, '', {location: `https://evil.test/?X-Plex-Token=${canary}`}], message: other,
	},
	{
		name: 'a redirect to http', code: 'not-plex', reply: [302, '', {location: 'http://plex.tv/api/v2/resources'}], message: other,
	},
	...([
		['ENOTFOUND', 'unreachable', away],
		['EAI_AGAIN', 'unreachable', away],
		['ECONNREFUSED', 'unreachable', away],
		['ECONNRESET', 'unreachable', away],
		['ESOMETHING', 'unreachable', /cannot be reached \(ESOMETHING\)/v],
		['ETIMEDOUT', 'timeout', /plex\.tv did not answer in time/v],
		['CERT_HAS_EXPIRED', 'tls', /No trusted connection to plex\.tv could be made \(CERT_HAS_EXPIRED\)/v],
		['SELF_SIGNED_CERT_IN_CHAIN', 'tls', /No trusted connection/v],
		['HPE_INVALID_CONSTANT', 'not-plex', other],
	] as const).map(([systemCode, code, message]) => ({
		name: systemCode, code, reply: coded(systemCode), message,
	})),
];

for (const {name, code, reply, message} of cases) {
	test.serial(`${name} is the failure "${code}" of plex.tv, with a hint and without the token`, async t => {
		const interceptor = nock(origin).get('/api/v2/resources').query(true);
		if (Array.isArray(reply)) {
			interceptor.reply(...reply as [number, string]);
		} else {
			interceptor.replyWithError(reply);
		}

		const error = await failureOf(makePlexTv(t, {maxBodyBytes: 4096}).resources(canary));
		t.is(error.code, code);
		t.regex(error.message, message);
		t.regex(error.message, /\.$/v);
		t.regex(error.hint!, code === 'unauthorized' ? /reelcat login/v : /What is stored is kept|NODE_EXTRA_CA_CERTS/v);
		t.false(hasSecret(error));
	});
}

test.serial('without a token nothing is a dead one', async t => {
	nock(origin).post('/api/v2/pins').reply(401, errors(1001, 'User could not be authenticated', 401));
	const error = await failureOf(makePlexTv(t).createPin({isStrong: false}));
	t.is(error.code, 'server-error');
	t.regex(error.message, /did not give a sign-in code/v);
});

test.serial('another address of plex.tv is named in messages', async t => {
	nock('https://plex.example.test').get('/api/v2/user').reply(500, '');
	const error = await failureOf(makePlexTv(t, {baseUrl: 'https://plex.example.test/'}).user(canary));
	t.regex(error.message, /^plex\.tv \(plex\.example\.test\) did not give the account/v);
});

test.serial('asked for patience, it waits as long as asked, up to a minute, and twice as long each time otherwise', async t => {
	const waitsAfter = async (headers: Array<Record<string, string>>) => {
		const waits: number[] = [];
		for (const header of headers) {
			nock(origin).get('/api/v2/user').reply(429, '', header);
		}

		nock(origin).get('/api/v2/user').reply(200, {id: 1, uuid: 'u', title: 'U'});
		await makePlexTv(t, {
			retry: {limit: 5},
			random: () => 1,
			async sleep(ms) {
				waits.push(ms);
			},
		}).user(canary);
		return waits;
	};

	t.deepEqual(await waitsAfter([{'retry-after': '7'}, {'retry-after': '86400'}]), [7000, 60_000]);
	t.deepEqual(await waitsAfter([{}, {}, {}]), [1000, 2000, 4000]);
	const [dated] = await waitsAfter([{'retry-after': new Date(Date.now() + 30_000).toUTCString()}]);
	t.true(dated! > 25_000 && dated! <= 30_000);
});

test.serial('trouble that passes is not told, and trouble that stays is told after two more tries', async t => {
	nock(origin).get('/api/v2/user').replyWithError(coded('ECONNRESET'));
	nock(origin).get('/api/v2/user').reply(200, {id: 1, uuid: 'u', title: 'U'});
	const options = {retry: {}};
	t.is((await makePlexTv(t, options).user(canary)).uuid, 'u');
	const scope = nock(origin).get('/api/v2/user').times(3).reply(502, '');
	t.is((await failureOf(makePlexTv(t, options).user(canary))).code, 'server-error');
	t.true(scope.isDone());
});

test.serial('a dead token is not tried again', async t => {
	const scope = nock(origin).get('/api/v2/user').twice().reply(401, '');
	t.is((await failureOf(makePlexTv(t, {retry: {}}).user(canary))).code, 'unauthorized');
	t.false(scope.isDone());
});

test('a token does not follow a redirect to another origin', async t => {
	const received: Array<string | string[] | undefined> = [];
	const elsewhere = await serve(t, (request, response) => {
		received.push(request.headers['x-plex-token']);
		response.end('[]');
	});
	const url = await serve(t, (_request, response) => {
		response.writeHead(307, {location: `${elsewhere}/api/v2/resources`}).end();
	});
	const plexTv = makePlexTv(t, {baseUrl: url});
	t.is((await failureOf(plexTv.resources(canary))).code, 'not-plex');
	t.is((await failureOf(plexTv.signOut(canary))).code, 'not-plex');
	t.deepEqual(received, []);
});

test('only a question follows a redirect, and within the same origin', async t => {
	const asked: string[] = [];
	const url = await serve(t, (request, response) => {
		asked.push(`${request.method} ${request.url}`);
		if (request.url!.startsWith('/moved')) {
			response.end('{"id":1,"uuid":"u","title":"U"}');
		} else {
			response.writeHead(307, {location: '/moved'}).end();
		}
	});
	const plexTv = makePlexTv(t, {baseUrl: url});
	t.is((await plexTv.user(canary)).title, 'U');
	t.is((await failureOf(plexTv.createPin({isStrong: true}))).code, 'not-plex');
	t.is((await failureOf(plexTv.signOut(canary))).code, 'not-plex');
	t.deepEqual(asked, ['GET /api/v2/user', 'GET /moved', 'POST /api/v2/pins?strong=true', 'DELETE /api/v2/users/signout']);
});

test('a token travels in a header only, and a token that is none does not travel at all', async t => {
	const seen: Array<[url: string, token: unknown, others: string]> = [];
	const url = await serve(t, (request, response) => {
		const {'x-plex-token': token, ...others} = request.headers;
		seen.push([request.url!, token, JSON.stringify(others)]);
		response.end('[]');
	});
	const plexTv = makePlexTv(t, {baseUrl: url});
	await plexTv.resources(canary);
	t.is(seen[0]![1], canary);
	t.false(seen[0]![0].includes(canary) || seen[0]![2].includes(canary));
	for (const token of [`${canary}\r\nX-Other: 1`, '', 'tökën', `${canary} ${canary}`]) {
		const error = await failureOf(plexTv.resources(token));
		t.is(error.code, 'unauthorized');
		t.false(hasSecret(error));
	}

	t.is(seen.length, 1);
});

test('a token goes in the clear to this machine only', t => {
	for (const baseUrl of ['http://plex.tv', 'http://192.168.1.2:80', 'ftp://plex.tv', 'https://user:secret@plex.tv', 'plex.tv', '']) {
		const error = t.throws(() => makePlexTv(t, {baseUrl}), {instanceOf: AppError});
		t.is(error.code, 'usage');
		t.false(error.message.includes('secret'));
	}

	for (const baseUrl of ['http://127.0.0.1:9', 'http://[::1]:9', 'http://localhost:9', 'https://plex.tv', 'https://plex.example.test:8443']) {
		t.notThrows(() => makePlexTv(t, {baseUrl}));
	}
});

test('a code is waited for, approved and used up', async t => {
	const {plexTv, demo, clock} = await withPlexTv(t);
	const pin = await plexTv.createPin({isStrong: false});
	t.like(pin, {expiresAtMs: clock.ms + 900_000});
	t.regex(pin.code, /^[\dA-Z]{4}$/v);
	t.deepEqual(await plexTv.checkPin(pin.id), {state: 'waiting'});
	demo.approve(pin.code);
	const check = await plexTv.checkPin(pin.id);
	t.is(check.state, 'approved');
	t.deepEqual(await plexTv.checkPin(pin.id), {state: 'expired'});
	const strong = await plexTv.createPin({isStrong: true});
	t.regex(strong.code, /^[\da-z]{25}$/v);
	clock.ms += 1_800_000;
	t.deepEqual(await plexTv.checkPin(strong.id), {state: 'expired'});
});

test('plex.tv wants fewer questions about a code: it says for how long, and asks once', async t => {
	const {demo} = await withPlexTv(t, {faults: [{kind: 'status', status: 429, retryAfterSeconds: 11}]});
	const plexTv = makePlexTv(t, {baseUrl: demo.url, retry: {limit: 3}});
	t.deepEqual(await plexTv.checkPin('1'), {state: 'throttled', retryAfterMs: 11_000});
	t.is(demo.requests().length, 1);
});

test.serial('a code that cannot be one is malformed, and a life that cannot be one is cut', async t => {
	const plexTv = makePlexTv(t, {now: () => 0});
	for (const [body, expected] of [
		[{id: 1, code: '\u{1B}]0;x', expiresIn: 900}, undefined],
		[{id: '../x', code: 'AB12'}, undefined],
		[{id: 1}, undefined],
		[[], undefined],
		[{id: 1, code: 'AB12'}, 900_000],
		[{id: 1, code: 'AB12', expiresIn: -5}, 0],
		[{id: 1, code: 'AB12', expiresIn: 1e12}, 86_400_000],
		[{
			id: 1, code: 'AB12', expiresIn: '876', expiresAt: '1999-01-01T00:00:00Z',
		}, 876_000],
	] as const) {
		nock(origin).post('/api/v2/pins').reply(201, body);
		if (expected === undefined) {
			t.is((await failureOf(plexTv.createPin({isStrong: false}))).code, 'malformed');
		} else {
			t.is((await plexTv.createPin({isStrong: false})).expiresAtMs, expected);
		}
	}

	nock(origin).get('/api/v2/pins/1').reply(200, {id: 1, authToken: `${canary}\n${canary}`});
	const error = await failureOf(plexTv.checkPin('1'));
	t.is(error.code, 'malformed');
	t.false(hasSecret(error));
});

test('of an account only the name is kept', async t => {
	const {plexTv, demo} = await withPlexTv(t, {account: {title: 'The Owner'}});
	t.deepEqual(await plexTv.user(demo.issueToken()), {
		id: '4711', uuid: demo.account.uuid, title: 'The Owner', username: 'usherette',
	});
});

test('servers are listed with their addresses, and players are not', async t => {
	const {plexTv, demo} = await withPlexTv(t);
	const {servers, leftOut} = await plexTv.resources(demo.issueToken());
	t.deepEqual(leftOut, []);
	t.deepEqual(servers.map(({name}) => name), ['Attic', 'Projection booth']);
	const [attic, booth] = servers;
	t.like(attic, {
		id: 'a'.repeat(40),
		isOwned: true,
		ownerName: undefined,
		isPresent: true,
		accessToken: 'attic-access-token-00',
		publicAddressMatches: true,
	});
	t.deepEqual(attic!.connections.map(({isLocal, isRelay, isIPv6}) => [isLocal, isRelay, isIPv6]), [[true, false, false], [false, false, false], [false, false, true], [false, true, false]]);
	t.deepEqual(attic!.connections[0], {
		uri: demoServers[0]!.connections[0]!.uri, address: '192.168.1.50', port: 32_400, protocol: 'https', isLocal: true, isRelay: false, isIPv6: false,
	});
	t.like(booth, {
		isOwned: false,
		ownerName: 'Projectionist',
		isPresent: false,
		isHttpsRequired: true,
		publicAddressMatches: false,
		lastSeenAtMs: Date.UTC(2024, 4, 6, 7, 8, 9),
	});
	t.is(demo.requests().at(-1)!.path, '/api/v2/resources?includeHttps=1&includeRelay=1&includeIPv6=1');
});

test('bad entries are left out and named, and cost no other', async t => {
	const {plexTv, demo} = await withPlexTv(t, {faults: [{kind: 'malformedResources'}]});
	const {servers, leftOut} = await plexTv.resources(demo.issueToken());
	t.deepEqual(servers.map(({name}) => name), ['7', 'Attic', 'Projection booth']);
	t.like(servers[0], {
		accessToken: undefined,
		isOwned: false,
		lastSeenAtMs: undefined,
		connections: [],
	});
	t.deepEqual(leftOut, [
		'Entry 1 was left out: it is not an object.',
		'Entry 2 was left out: it is not an object.',
		'The server "No id" was left out: it does not say which server it is.',
		'4 of the addresses of "7" cannot be used.',
	]);
});

test('no servers, only a relay, only IPv6: as plex.tv says', async t => {
	const {plexTv, demo} = await withPlexTv(t);
	const token = demo.issueToken();
	demo.setFaults([{kind: 'emptyResources'}]);
	t.deepEqual(await plexTv.resources(token), {servers: [], leftOut: []});
	for (const [kind, name] of [['onlyRelay', 'isRelay'], ['onlyIPv6', 'isIPv6']] as const) {
		demo.setFaults([{kind}]);
		const {servers} = await plexTv.resources(token);
		t.deepEqual(servers.map(({connections}) => connections.map(connection => connection[name])), [[true], []]);
	}
});

test('addresses that hide something or lead nowhere are not taken', async t => {
	const url = await serve(t, (_request, response) => {
		response.end(JSON.stringify([{
			provides: 'client, server',
			clientIdentifier: 'one',
			name: 'One',
			accessToken: `${canary}\n`,
			connections: [
				`http://nas:32400/?X-Plex-Token=${canary}`, `http://user:${canary}@nas:32400`, 'file:///etc/passwd', 'nas:32400', `https://${'n'.repeat(2000)}.test`, 'https://[2001:db8::1]:32400', 'https://nas.test/plex',
			].map(uri => ({uri, port: 'many'})),
		}, {
			provides: 'server', clientIdentifier: 'one', name: 'Two', accessToken: `not a ${canary}`, connections: [],
		}, {
			provides: 'server', clientIdentifier: 'three', name: 'Three', accessToken: `not a ${canary}`, connections: [],
		}]));
	});
	const {servers, leftOut} = await makePlexTv(t, {baseUrl: url}).resources(canary);
	t.deepEqual(servers.map(({id, accessToken}) => [id, accessToken]), [['one', canary]]);
	t.deepEqual(servers[0]!.connections.map(({address, port, isIPv6}) => [address, port, isIPv6]), [['2001:db8::1', 32_400, true], ['nas.test', 443, false]]);
	t.deepEqual(leftOut, [
		'5 of the addresses of "One" cannot be used.',
		'The server "Two" was left out: it is listed twice.',
		'The server "Three" was left out: its token is not a Plex token.',
	]);
});

test('signing out makes the token worthless, and a dead one is fine', async t => {
	const {plexTv, demo} = await withPlexTv(t);
	const token = demo.issueToken();
	await plexTv.user(token);
	await plexTv.signOut(token);
	t.is((await failureOf(plexTv.user(token))).code, 'unauthorized');
	await t.notThrowsAsync(plexTv.signOut(token));
	demo.setFaults([{kind: 'status', status: 503}]);
	t.is((await failureOf(plexTv.signOut(token))).code, 'server-error');
});

test('a token that was taken away elsewhere is dead', async t => {
	const {plexTv, demo} = await withPlexTv(t);
	const token = demo.issueToken();
	demo.revoke(token);
	t.is((await failureOf(plexTv.resources(token))).code, 'unauthorized');
});

test('a reset connection and a silent one are failures of the network', async t => {
	const {demo} = await withPlexTv(t, {faults: [{kind: 'reset', times: 1}, {kind: 'silence'}]});
	const token = demo.issueToken();
	t.is((await failureOf(makePlexTv(t, {baseUrl: demo.url}).user(token))).code, 'unreachable');
	t.is((await failureOf(makePlexTv(t, {baseUrl: demo.url, timeouts: {responseMs: 30}}).user(token))).code, 'timeout');
});

test('an answer that never ends is cut off', async t => {
	const {demo} = await withPlexTv(t, {faults: [{kind: 'hugeBody', sizeBytes: 3_000_000}]});
	const plexTv = makePlexTv(t, {baseUrl: demo.url, maxBodyBytes: 100_000});
	t.is((await failureOf(plexTv.resources(demo.issueToken()))).code, 'too-large');
});

test('closing and signals end a request', async t => {
	const {demo} = await withPlexTv(t, {faults: [{kind: 'silence'}]});
	const token = demo.issueToken();
	const outer = new AbortController();
	const inner = new AbortController();
	const plexTv = makePlexTv(t, {baseUrl: demo.url, signal: outer.signal});
	const byCall = failureOf(plexTv.user(token, {signal: inner.signal}));
	inner.abort();
	t.is((await byCall).code, 'cancelled');
	const byClient = failureOf(plexTv.user(token));
	outer.abort();
	t.is((await byClient).code, 'cancelled');
	const closed = makePlexTv(t, {baseUrl: demo.url});
	const byClosing = failureOf(closed.user(token));
	closed.close();
	t.is((await byClosing).code, 'cancelled');
});
