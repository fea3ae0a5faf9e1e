import test, {type ExecutionContext} from 'ava';
import type {DemoFault} from '../../source/demo/knobs/faults.js';
import {startDemoServer, type DemoServer, type DemoServerOptions} from '../../source/demo/server.js';
import type {PlexClientOptions} from '../../source/plex/client.js';
import {normalize} from '../../source/plex/normalize/normalize.js';
import type {PaceEvent, PlexClient, RequestEvent} from '../../source/plex/types.js';
import {createMemoryStore} from '../../source/store/memory-store.js';
import type {ImportResult, SyncEvent} from '../../source/sync/events.js';
import {importLibraries} from '../../source/sync/sync.js';
import {
	listBody,
	makeClient,
	sendJson,
	serve,
} from './_loopback.js';

type World = {
	server: DemoServer;
	plex: PlexClient;
	events: SyncEvent[];
	paces: () => Array<Pick<PaceEvent, 'limit' | 'reason'>>;
	importFilms: () => Promise<ImportResult>;
};

/**
The real client and the import engine on the demo server.
*/
const withWorld = async (t: ExecutionContext, options: Partial<PlexClientOptions>, body: (world: World) => Promise<void>, demo: DemoServerOptions = {}) => {
	const server = await startDemoServer({movies: 500, shows: 0, ...demo});
	const events: SyncEvent[] = [];
	const plex = makeClient(t, server.url, {
		token: server.token,
		retry: {limit: 2, baseMs: 1, maxMs: 2},
		onRequest(event) {
			events.push(event);
		},
		...options,
	});
	const store = createMemoryStore();
	await store.load();
	try {
		await body({
			server,
			plex,
			events,
			paces: () => events.filter(event => event.type === 'pace-changed').map(({limit, reason}) => ({limit, reason})),
			async importFilms() {
				const sections = await plex.sections();
				return importLibraries({
					plex,
					server: {...await plex.identity(), name: 'Demo'},
					store,
					normalize,
					targets: sections.slice(0, 1).map(section => ({section})),
					report(event) {
						events.push(event);
					},
					signal: new AbortController().signal,
				});
			},
		});
	} finally {
		await server.close();
	}
};

/**
Answers take so long that requests of one time overlap also where this machine has little time for the client.
*/
const overlapping: DemoServerOptions = {latencyMs: 30};

const asked = (server: DemoServer) => server.requests.counts()['/status/sessions'] ?? 0;

// One after another: the latency that one sees must not be the work of another.
test.serial('while someone streams, an import asks for one thing at a time and says why', async t => {
	await withWorld(t, {}, async ({server, importFilms, paces}) => {
		server.setSessions([{ratingKey: '1', state: 'playing'}]);
		const result = await importFilms();
		t.true(result.ok);
		t.deepEqual(paces().at(-1), {limit: 1, reason: 'streaming'});
		t.is(asked(server), 1);
	});
});

test.serial('while the server scans, an import asks for two things at a time at most', async t => {
	await withWorld(t, {}, async ({server, importFilms, paces}) => {
		server.library.changeSection('2', {refreshing: true});
		const result = await importFilms();
		t.true(result.ok);
		t.is(paces()[0]?.reason, 'scanning');
		t.true(server.requests.mostInFlight() <= 2);
	});
});

test.serial('503 and 429 bring an import down to one thing at a time, and it ends well', async t => {
	const refusals: DemoFault[] = [{
		kind: 'status', status: 503, path: '/library/metadata/', times: 1,
	}, {
		kind: 'status', status: 429, path: '/library/metadata/', after: 3, times: 1,
	}];
	await withWorld(t, {}, async ({server, importFilms, paces}) => {
		server.setFaults(refusals);
		const result = await importFilms();
		t.true(result.ok);
		t.like(paces()[0], {limit: 1, reason: 'refused'});
		t.is(server.requests.mostInFlight(), 1);
	});
});

test.serial('a token that may not see sessions is asked about them once, without error, retry or doubt about the token', async t => {
	for (const status of [401, 403, 404] as const) {
		await withWorld(t, {}, async ({server, importFilms, events}) => {
			server.setFaults([{kind: 'status', status, path: '/status/sessions'}]);
			const result = await importFilms();
			t.true(result.ok);
			t.deepEqual(result.errors, []);
			t.is(asked(server), 1);
			t.like(events.find(event => event.type === 'request-finished' && event.label === '/status/sessions'), {ok: true, code: undefined, status});
			t.false(events.some(event => event.type === 'request-retried'));
		});
	}
});

test.serial('a fixed limit is kept to, and then nobody asks what else the server does', async t => {
	await withWorld(t, {concurrency: 3}, async ({server, plex, paces}) => {
		server.setSessions([{ratingKey: '1', state: 'playing'}]);
		const keys = server.library.page('1', 1, {start: 0, size: 30}).map(row => (row as {ratingKey: string}).ratingKey);
		await Promise.all(keys.map(async key => plex.details([key])));
		t.is(server.requests.mostInFlight(), 3);
		t.is(asked(server), 0);
		t.deepEqual(paces(), []);
	}, overlapping);
});

test.serial('a server that bears it is asked for more and more at a time, four at most', async t => {
	// By this clock all answers are quick, however busy this machine is.
	let clock = 0;
	await withWorld(t, {now: () => clock++}, async ({server, plex, paces}) => {
		const keys = server.library.page('1', 1, {start: 0, size: 60}).map(row => (row as {ratingKey: string}).ratingKey);
		await Promise.all(keys.map(async key => plex.details([key])));
		t.deepEqual(paces().slice(0, 3), [2, 3, 4].map(limit => ({limit, reason: 'free'})));
		t.is(server.requests.mostInFlight(), 4);
	}, overlapping);
});

test.serial('a server that has become slow is given a rest before each request', async t => {
	// By this clock only the server takes time, and rests.
	let clockMs = 0;
	let latencyMs = 5;
	const url = await serve(t, (request, response) => {
		const isMovie = request.url!.startsWith('/library/metadata/');
		clockMs += isMovie ? latencyMs : 0;
		sendJson(response, listBody(isMovie ? [{ratingKey: '1', type: 'movie', title: 'Slow'}] : []));
	});
	const rests: number[] = [];
	const paces: RequestEvent[] = [];
	const plex = makeClient(t, url, {
		now: () => clockMs,
		async sleep(ms) {
			rests.push(ms);
			clockMs += ms;
		},
		onRequest(event) {
			paces.push(...event.type === 'pace-changed' ? [event] : []);
		},
	});
	for (let sent = 0; sent < 22; sent++) {
		latencyMs = sent < 4 ? 5 : 130;
		await plex.details(['1']);
	}

	t.like(paces.at(-1), {type: 'pace-changed', limit: 1, reason: 'slow'});
	t.true(rests.length > 0 && rests.every(ms => ms > 0 && ms <= 5000));
});
