import {readFileSync} from 'node:fs';
import type {ServerResponse} from 'node:http';
import test from 'ava';
import type {RequestEvent} from '../../source/plex/types.js';
import {readString} from '../../source/plex/wire.js';
import {
	codeOf,
	identityBody,
	listBody,
	makeClient,
	sendJson,
	serve,
} from './_loopback.js';

const readFixture = (name: string) => readFileSync(new URL(`../../fixtures/plex/${name}`, import.meta.url));

test('the identity of a server is asked for without the token', async t => {
	const headers: unknown[] = [];
	const url = await serve(t, (request, response) => {
		headers.push(request.headers);
		sendJson(response, identityBody);
	});
	t.deepEqual(await makeClient(t, url, {deviceName: 'Zoë\n'}).identity(), {id: 'abc', version: '1.43.0', isClaimed: true});
	t.like(headers[0], {
		accept: 'application/json',
		'accept-encoding': 'gzip',
		'x-plex-client-identifier': 'test-client',
		'x-plex-product': 'reelcat',
		'x-plex-version': '0.0.0',
		'x-plex-device-name': 'Zoe',
		'x-plex-token': undefined,
	});
});

test('everything else carries the token in a header, and never in the address', async t => {
	const seen: Array<[string | undefined, unknown]> = [];
	const url = await serve(t, (request, response) => {
		seen.push([request.url, request.headers['x-plex-token']]);
		sendJson(response, {MediaContainer: {machineIdentifier: 'abc', friendlyName: 'attic', myPlex: true}});
	});
	t.deepEqual(await makeClient(t, url).server(), {
		id: 'abc',
		name: 'attic',
		version: undefined,
		isClaimed: true,
	});
	t.deepEqual(seen, [['/', 'CANARYcanaryCANARY00']]);
});

test('sections keep 64-bit counters as text, and get a name of their own without a uuid', async t => {
	const url = await serve(t, (request, response) => {
		if (request.url === '/identity') {
			sendJson(response, identityBody);
		} else {
			response.end(String(readFixture('sections.json')).replace('8457612157633040000', '8457612157633039800'));
		}
	});
	t.deepEqual(await makeClient(t, url).sections(), [
		{
			id: '3f6a1c52-8a0e-4f5b-9d57-0c1c5b7e2a11',
			uuid: '3f6a1c52-8a0e-4f5b-9d57-0c1c5b7e2a11',
			key: '1',
			title: 'Films',
			type: 'movie',
			agent: 'tv.plex.agents.movie',
			scanner: 'Plex Movie',
			hidden: 0,
			language: 'en-GB',
			locations: ['/srv/films', '/srv/films-4k'],
			isRefreshing: false,
			contentChangedAt: '18253756',
			scannedAt: '1749999100',
			updatedAt: '1748000001',
		},
		{
			id: 'abc:2',
			uuid: 'abc:2',
			key: '2',
			title: 'Series ',
			type: 'show',
			agent: 'tv.plex.agents.series',
			hidden: 2,
			language: 'en-GB',
			locations: [String.raw`D:\TV`],
			isRefreshing: true,
			contentChangedAt: '8457612157633039800',
			scannedAt: undefined,
			updatedAt: undefined,
		},
	]);
});

test('an id of a section is one that every store can keep, and a section whose uuid is none gets one of its server', async t => {
	const uuids = [`${'u'.repeat(199)}\u{1F600}`, 'a\u{0}b', '\u{1}\u{2}'];
	const url = await serve(t, (request, response) => {
		if (request.url === '/identity') {
			sendJson(response, identityBody);
		} else {
			sendJson(response, {
				MediaContainer: {
					Directory: uuids.map((uuid, index) => ({
						key: String(index), uuid, title: 'Films', type: 'movie',
					})),
				},
			});
		}
	});
	const ids = (await makeClient(t, url).sections()).map(({id}) => id);
	t.true(ids.every(id => id.isWellFormed()));
	t.deepEqual(ids.slice(1), ['ab', 'abc:2']);
});

test('a server without libraries has none', async t => {
	const url = await serve(t, (_request, response) => {
		sendJson(response, {MediaContainer: {size: 0}});
	});
	t.deepEqual(await makeClient(t, url).sections(), []);
});

test('a page asks for its type in a stable order, with both container headers', async t => {
	const seen: Array<{url: string | undefined; start: unknown; size: unknown}> = [];
	const url = await serve(t, ({url: path, headers}, response) => {
		seen.push({url: path, start: headers['x-plex-container-start'], size: headers['x-plex-container-size']});
		sendJson(response, {MediaContainer: {size: 1, totalSize: '1207', Metadata: {ratingKey: '5'}}});
	});
	const page = await makeClient(t, `${url}/plex`).page({
		sectionKey: '1',
		type: 'episode',
		start: 500,
		size: 250,
	});
	t.like(page, {rows: [{ratingKey: '5'}], total: 1207});
	t.deepEqual(seen, [{
		url: '/plex/library/sections/1/all?type=4&sort=id&includeGuids=1&includeCollections=0',
		start: '500',
		size: '250',
	}]);
});

test('the total of a page comes from a header when the body has none, or from nowhere', async t => {
	const totals = ['12', undefined];
	const url = await serve(t, (_request, response) => {
		const total = totals.shift();
		sendJson(response, {MediaContainer: {size: 0}}, total === undefined ? {} : {'x-plex-container-total-size': total});
	});
	const client = makeClient(t, url);
	const request = {
		sectionKey: '1',
		type: 'movie',
		start: 0,
		size: 0,
	} as const;
	t.like(await client.page(request), {rows: [], total: 12});
	t.like(await client.page(request), {rows: [], total: undefined});
});

test('a page can be asked for without heavy fields, and for what has moved since a moment of the server', async t => {
	let seen = new URLSearchParams();
	const url = await serve(t, (request, response) => {
		seen = new URL(request.url!, 'http://demo').searchParams;
		sendJson(response, {MediaContainer: {size: 0, totalSize: 0}}, {date: 'Sun, 15 Jun 2025 15:06:40 GMT'});
	});
	const page = await makeClient(t, url).page({
		sectionKey: '1', type: 'movie', start: 0, size: 10, fields: 'slim', movedSince: {stamp: 'updatedAt', seconds: 1_749_999_700},
	});
	t.is(page.serverSeconds, 1_750_000_000);
	t.is(seen.get('updatedAt>>'), '1749999700');
	t.true(seen.get('excludeElements')!.split(',').includes('Role'));
	t.false(seen.get('excludeElements')!.split(',').includes('Media'));
	t.true(seen.get('excludeFields')!.split(',').includes('summary'));
	t.false(seen.get('excludeFields')!.split(',').some(name => ['ratingKey', 'updatedAt', 'addedAt', 'viewCount', 'title'].includes(name)));
});

test('details come for many keys in one request, each key made safe for a path', async t => {
	const seen: unknown[] = [];
	const url = await serve(t, (request, response) => {
		seen.push(request.url);
		response.end(readFixture('movie-versions.json'));
	});
	const client = makeClient(t, url);
	const rows = await client.details(['512', '../x?y']);
	t.is(rows.length, 1);
	t.deepEqual(await client.details([]), []);
	t.deepEqual(seen, ['/library/metadata/512,..%2Fx%3Fy?skipRefresh=1&checkFiles=0&includeChapters=1&includeMarkers=1&includeExtras=1']);
	await t.throwsAsync(client.details(Array.from({length: 101}, (_, index) => String(index))), {instanceOf: RangeError});
});

test('details of items that are all gone are none', async t => {
	const url = await serve(t, (_request, response) => {
		response.writeHead(404).end('<html><body><h1>404 Not Found</h1></body></html>');
	});
	const client = makeClient(t, url);
	t.deepEqual(await client.details(['1']), []);
	t.is(await codeOf(client.sections()), 'not-found');
});

test('text that is not UTF-8 is read byte by byte, beside text that is, and it is told', async t => {
	const url = await serve(t, (_request, response) => {
		response.write('{"MediaContainer":{"Metadata":[{"title":"');
		response.write(new Uint8Array([0xC9]));
		response.end('t","summary":"Été"}]}}');
	});
	const events: RequestEvent[] = [];
	const client = makeClient(t, url, {
		onRequest(event) {
			events.push(event);
		},
	});
	const [row] = await client.details(['1']) as Array<{title: string; summary: string}>;
	t.is(readString(row!.title), 'Ét');
	t.is(row!.summary, 'Été');
	t.true(events.some(event => event.type === 'request-finished' && event.isMended === true));
});

test('raw control characters inside strings are mended', async t => {
	const url = await serve(t, (_request, response) => {
		response.end('\u{FEFF}{"MediaContainer":\n{"Metadata":[{"title":"a\u{1}\n\\"b\\\\","next":"\t"}]}}\r\n');
	});
	t.deepEqual(await makeClient(t, url).details(['1']), [{title: 'a\u{1}\n"b\\', next: '\t'}]);
});

test('no more requests are under way than allowed, over connections that are kept', async t => {
	let peak = 0;
	const waiting: ServerResponse[] = [];
	const ports = new Set<number | undefined>();
	const answerAll = () => {
		peak = Math.max(peak, waiting.length);
		for (const response of waiting.splice(0)) {
			sendJson(response, listBody());
		}
	};

	const url = await serve(t, ({socket}, response) => {
		ports.add(socket.remotePort);
		waiting.push(response);
		// A fourth request would come in before the three are answered.
		if (waiting.length === 3) {
			setImmediate(answerAll);
		}
	});
	const client = makeClient(t, url, {concurrency: 3});
	await Promise.all(Array.from({length: 30}, async (_, index) => client.details([String(index)])));
	t.is(peak, 3);
	t.is(ports.size, 3);
	t.is(client.usage().requests, 30);
	t.true(Math.abs(client.usage().serverSeconds! - (Date.now() / 1000)) < 60);
	t.is(client.usage().bytes, 30 * JSON.stringify(listBody()).length);
});

test('every request is told of when it starts, is tried again and ends', async t => {
	let count = 0;
	const events: RequestEvent[] = [];
	const url = await serve(t, (_request, response) => {
		count++;
		if (count === 1) {
			response.writeHead(500).end();
		} else {
			sendJson(response, listBody([{ratingKey: '1'}]));
		}
	});
	const client = makeClient(t, url, {
		retry: {limit: 1, baseMs: 100},
		random: () => 0.5,
		onRequest(event) {
			events.push(event);
		},
	});
	await client.details(['1', '2', '3']);
	t.deepEqual(events.map(event => event.type === 'request-finished' ? {...event, durationMs: 0} : event), [
		{type: 'request-started', requestId: 1, label: '/library/metadata/1 and 2 more'},
		{
			type: 'request-retried',
			requestId: 1,
			label: '/library/metadata/1 and 2 more',
			attempt: 1,
			waitMs: 50,
			code: 'server-error',
		},
		{
			type: 'request-finished',
			requestId: 1,
			label: '/library/metadata/1 and 2 more',
			ok: true,
			code: undefined,
			status: 200,
			durationMs: 0,
			bytes: JSON.stringify(listBody([{ratingKey: '1'}])).length,
		},
	]);
});

test('a token that cannot be one is refused, and not repeated', t => {
	const error = t.throws(() => makeClient(t, 'nas', {token: 'secret\r\nX-Evil: 1'}), {code: 'usage'});
	t.false(error.message.includes('secret'));
});
