import test from 'ava';
import {startDemoServer} from '../../source/demo/server.js';
import {withDemo} from './_demo.js';

const list = '/library/sections/1/all?type=1&sort=id&X-Plex-Container-Start=0&X-Plex-Container-Size=50';

test('status faults carry the body and the Retry-After that was asked for', async t => {
	const {server, ask} = await withDemo(t);
	server.setFaults([{
		kind: 'status', status: 429, retryAfterSeconds: 7, times: 1,
	}, {
		kind: 'status', status: 503, body: 'json', after: 1, times: 1,
	}, {
		kind: 'status', status: 503, body: 'xml', after: 2, times: 1,
	}]);
	const limited = await ask(list);
	t.is(limited.status, 429);
	t.is(limited.headers.get('retry-after'), '7');
	const starting = await ask(list);
	t.is(starting.status, 503);
	t.like(await starting.json(), {code: 503, title: 'Maintenance'});
	t.regex(await (await ask(list)).text(), /^<Response code="503" title="Maintenance"/v);
	t.is((await ask(list)).status, 200, 'and then it is over');
});

test('a fault keeps to its path, paging headers included', async t => {
	const {server, ask} = await withDemo(t, {faults: [{kind: 'status', status: 500, path: 'Container-Start=50&'}, {kind: 'status', status: 403, path: /^\/library\/metadata\//v}]});
	const headers = (start: number) => ({'X-Plex-Container-Start': String(start), 'X-Plex-Container-Size': '50'});
	t.is((await ask('/library/sections/1/all?type=1', headers(0))).status, 200);
	t.is((await ask('/library/sections/1/all?type=1', headers(50))).status, 500);
	t.is((await ask('/library/metadata/1000000')).status, 403);
	server.setFaults([]);
	t.is((await ask('/library/metadata/1000000')).status, 200);
});

test('bodies can be a web page, cut short, or no JSON', async t => {
	const {ask} = await withDemo(t, {
		faults: [{kind: 'html200', times: 1}, {kind: 'truncatedJson', after: 1, times: 1}, {kind: 'malformedJson', after: 2, times: 1}, {
			kind: 'redirect', location: 'http://127.0.0.1:1/', after: 3, times: 1,
		}],
	});
	const page = await ask(list);
	t.is(page.status, 200);
	t.regex(await page.text(), /^<!doctype html>/v);
	for (let attempt = 0; attempt < 2; attempt++) {
		const response = await ask(list);
		t.is(response.status, 200);
		t.is(response.headers.get('content-type'), 'application/json');
		await t.throwsAsync(response.json(), {instanceOf: SyntaxError});
	}

	const redirect = await ask(list);
	t.is(redirect.headers.get('location'), 'http://127.0.0.1:1/');
});

test('a stalled body begins and never ends; a silent server does not even begin', async t => {
	const {server} = await withDemo(t, {faults: [{kind: 'stall', times: 1}, {kind: 'silence', after: 1}]});
	const abort = new AbortController();
	const options = {headers: {Accept: 'application/json', 'X-Plex-Token': server.token}, signal: abort.signal};
	const response = await fetch(server.url + list, options);
	t.is(response.status, 200);
	const body = response.text();
	const silent = fetch(server.url + list, options);
	while (server.requests.total() < 2) {
		await new Promise(resolve => {
			setImmediate(resolve);
		});
	}

	t.is(server.requests.inFlight(), 2);
	abort.abort();
	await t.throwsAsync(body, {name: 'AbortError'});
	await t.throwsAsync(silent, {name: 'AbortError'});
});

test('connections can be reset before the answer and cut in the middle of it', async t => {
	const {ask} = await withDemo(t, {faults: [{kind: 'reset', times: 1}, {kind: 'cut', after: 1, times: 1}]});
	await t.throwsAsync(ask(list));
	const response = await ask(list);
	t.is(response.status, 200);
	await t.throwsAsync(response.text());
	t.is((await ask(list)).status, 200);
});

test('a huge body is as long as it was told to be', async t => {
	const {ask} = await withDemo(t, {faults: [{kind: 'hugeBody', sizeBytes: 3_000_000}]});
	t.true((await (await ask(list)).text()).length >= 3_000_000);
});

test('totals can be wrong or missing and pages short', async t => {
	const {server, read} = await withDemo(t);
	const total = server.library.total('1', 1);
	server.setFaults([{kind: 'wrongTotal', delta: 5}]);
	t.is((await read(list)).totalSize, total + 5);
	server.setFaults([{kind: 'noTotal'}]);
	t.false('totalSize' in await read(list));
	server.setFaults([{kind: 'shortPages', rows: 7}]);
	t.like(await read(list), {size: 7, totalSize: total});
});

test('a broken item fails each batch that it is in, and no other', async t => {
	const {ask} = await withDemo(t, {faults: [{kind: 'brokenItem', ratingKey: '1000004', times: 2}]});
	t.is((await ask('/library/metadata/1000003,1000005')).status, 200);
	t.is((await ask('/library/metadata/1000003,1000004,1000005')).status, 500);
	t.is((await ask('/library/metadata/1000004')).status, 500);
	t.is((await ask('/library/metadata/1000004')).status, 200, 'twice was asked for');
});

test('a broken row fails each page and each batch that it is on, and no other', async t => {
	const {server, ask} = await withDemo(t);
	const keys = server.library.page('1', 1, {start: 0, size: 3}).map(row => (row as {ratingKey: string}).ratingKey);
	server.setFaults([{kind: 'brokenRows', ratingKeys: [keys[1]!]}]);
	t.is((await ask(list)).status, 500);
	t.is((await ask(`/library/metadata/${keys.join(',')}`)).status, 500);
	t.is((await ask(`/library/metadata/${keys[0]}`)).status, 200);
});

test('a page can be the first one whatever was asked for, and announce its own rows as all', async t => {
	const {server, read} = await withDemo(t);
	const second = `${list}&X-Plex-Container-Start=2&X-Plex-Container-Size=2`;
	server.setFaults([{kind: 'ignoredStart'}]);
	t.deepEqual((await read(second)).Metadata, (await read(`${list}&X-Plex-Container-Start=0&X-Plex-Container-Size=2`)).Metadata);
	server.setFaults([{kind: 'totalOfPage', rows: 7}]);
	t.like(await read(list), {size: 7, totalSize: 7});
});

test('a token is revoked and a section deleted after so many requests', async t => {
	const {server, ask} = await withDemo(t, {faults: [{kind: 'sectionGone', sectionKey: '1', after: 1}]});
	t.is((await ask(list)).status, 200);
	t.is((await ask(list)).status, 404);
	server.setFaults([{kind: 'tokenRevoked', after: 2}]);
	const statuses = [];
	for (let attempt = 0; attempt < 4; attempt++) {
		statuses.push((await ask('/')).status);
	}

	t.deepEqual(statuses, [200, 200, 401, 401]);
});

test('latency and slowness delay the answer', async t => {
	const {ask} = await withDemo(t, {latencyMs: 30, faults: [{kind: 'slow', delayMs: 30}]});
	const startedMs = performance.now();
	await ask('/identity');
	// Timers may fire a little early.
	t.true(performance.now() - startedMs >= 55);
});

test('the log counts by kind of path and is bounded', async t => {
	const {server, ask} = await withDemo(t);
	await Promise.all([ask('/library/metadata/1000000,1000001'), ask('/library/metadata/1000002'), ask('/identity')]);
	t.deepEqual(server.requests.counts(), {'/library/metadata/{id}': 2, '/identity': 1});
	t.true(server.requests.mostInFlight() <= 3);
	for (let attempt = 0; attempt < 1100; attempt += 50) {
		const waiting = Array.from({length: 50}, async () => ask('/identity'));
		const responses = await Promise.all(waiting);
		await Promise.all(responses.map(async response => response.text()));
	}

	t.is(server.requests.latest().length, 1000);
	t.is(server.requests.total(), 1103);
	server.requests.reset();
	t.deepEqual(server.requests.counts(), {});
});

test('closing breaks open connections at once, frees the port and may be repeated', async t => {
	const server = await startDemoServer({movies: 0, shows: 0, faults: [{kind: 'silence'}]});
	const open = t.throwsAsync(fetch(server.url));
	while (server.requests.inFlight() === 0) {
		await new Promise(resolve => {
			setImmediate(resolve);
		});
	}

	await server.close();
	await server.close();
	await open;
	const port = Number(new URL(server.url).port);
	const again = await startDemoServer({port, movies: 0, shows: 0});
	t.teardown(again.close);
	t.is(again.url, server.url);
	await t.throwsAsync(startDemoServer({port}), {code: 'unreachable', message: /EADDRINUSE/v});
});
