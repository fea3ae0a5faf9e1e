import test, {type ExecutionContext} from 'ava';
import type {DemoPlexTvOptions} from '../../source/demo/plex-tv/options.js';
import {startDemoPlexTv} from '../../source/demo/plex-tv/server.js';

const withPlexTv = async (t: ExecutionContext, options: Partial<DemoPlexTvOptions> = {}) => {
	const clock = {ms: 0};
	const demo = await startDemoPlexTv({servers: [], now: () => clock.ms, ...options});
	t.teardown(demo.close);
	const ask = async (path: string, {method = 'GET', client = 'one', headers = {}}: {method?: string; client?: string; headers?: Record<string, string>} = {}) => {
		const response = await fetch(demo.url + path, {
			method,
			headers: {Accept: 'application/json', ...(client !== '' && {'X-Plex-Client-Identifier': client}), ...headers},
			redirect: 'manual',
			signal: AbortSignal.timeout(10_000),
		});
		const text = await response.text();
		return {status: response.status, text, json: () => JSON.parse(text) as Record<string, unknown>};
	};

	return {demo, clock, ask};
};

test('nothing is said to a client that does not say who it is', async t => {
	const {ask} = await withPlexTv(t);
	for (const [path, method] of [['/api/v2/pins', 'POST'], ['/api/v2/user', 'GET'], ['/api/v2/ping', 'GET']] as const) {
		const {status, json} = await ask(path, {method, client: ''});
		t.is(status, 400);
		t.like(json(), {errors: [{code: 1000}]});
	}

	t.is((await ask('/api/v2/ping')).text, '{"pong":true}');
});

test('a code is only told to the client that made it, once approved, once, and before it expires', async t => {
	const {demo, clock, ask} = await withPlexTv(t);
	const created = await ask('/api/v2/pins', {method: 'POST'});
	t.is(created.status, 201);
	const {id, code, expiresIn, authToken} = created.json();
	t.deepEqual([expiresIn, authToken], [900, null]);
	const path = `/api/v2/pins/${String(id)}`;
	const stranger = await ask(path, {client: 'two'});
	t.is(stranger.status, 404);
	t.like(stranger.json(), {errors: [{code: 1020}]});
	clock.ms = 24_000;
	t.like((await ask(path)).json(), {authToken: null, expiresIn: 876});
	demo.approve(String(code));
	t.is(typeof (await ask(path)).json()['authToken'], 'string');
	t.is((await ask(path)).status, 404);

	const {id: otherId, code: otherCode} = (await ask('/api/v2/pins?strong=true', {method: 'POST'})).json();
	t.is(String(otherCode).length, 25);
	clock.ms += 1_800_000;
	t.is((await ask(`/api/v2/pins/${String(otherId)}`)).status, 404);
	t.throws(() => {
		demo.approve(String(otherCode));
	});
});

test('a token is good until it is signed out or revoked, and no log holds it', async t => {
	const {demo, ask} = await withPlexTv(t);
	const signOut = async (token: string) => {
		t.is((await ask('/api/v2/users/signout', {method: 'DELETE', headers: {'X-Plex-Token': token}})).status, 204);
	};

	const revoke = async (token: string) => {
		demo.revoke(token);
	};

	for (const end of [signOut, revoke]) {
		const token = demo.issueToken({title: 'Somebody'});
		const headers = {'X-Plex-Token': token};
		t.is((await ask('/api/v2/user', {headers})).json()['title'], 'Somebody');
		t.is((await ask(`/api/v2/resources?X-Plex-Token=${token}`)).status, 200);
		await end(token);
		t.is((await ask('/api/v2/user', {headers})).status, 401);
		t.false(JSON.stringify(demo.requests()).includes(token));
	}
});

test('it speaks XML unless asked for JSON', async t => {
	const {ask} = await withPlexTv(t);
	const {status, text} = await ask('/api/v2/user', {headers: {Accept: '*/*'}});
	t.is(status, 401);
	t.regex(text, /<error code="1001" message="User could not be authenticated" status="401"\/>/v);
});

test('codes are approved by themselves after a while when told so', async t => {
	const {clock, ask} = await withPlexTv(t, {approveAfterMs: 3000});
	const {id} = (await ask('/api/v2/pins', {method: 'POST'})).json();
	t.is((await ask(`/api/v2/pins/${String(id)}`)).json()['authToken'], null);
	clock.ms = 3000;
	t.is(typeof (await ask(`/api/v2/pins/${String(id)}`)).json()['authToken'], 'string');
});

test('what it does not know is not found', async t => {
	const {ask} = await withPlexTv(t);
	for (const [path, method] of [['/', 'GET'], ['/api/v2/nothing', 'GET'], ['/api/v2/pins', 'GET'], ['/api/v2/users/signout', 'GET'], ['/api/v2/pins/x', 'GET']] as const) {
		t.is((await ask(path, {method})).status, 404);
	}
});
