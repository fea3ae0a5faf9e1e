import {readFile} from 'node:fs/promises';
import test, {type ExecutionContext} from 'ava';
import * as z from 'zod';
import {openApi} from '../../source/api/openapi.js';
import type {ApiPort, Route} from '../../source/api/port.js';
import {routes} from '../../source/api/routes.js';
import type {WatchEvent} from '../../source/watch/types.js';
import {isIdle, withDaemon} from '../watch/_world.js';
import {
	openWorld,
	refusalOf,
	someJob,
	someStatus,
	until,
	type Answer,
} from './_api.js';
import {openQueries} from './_queries.js';
import {openStream} from './_stream.js';

type Content = Record<string, {schema: Record<string, unknown>}>;

type Operation = {
	operationId: string;
	summary: string;
	security: Array<Record<string, unknown>>;
	parameters: Array<{name: string; in: string; required: boolean; schema: Record<string, unknown>}>;
	requestBody?: {required: boolean; content: Content};
	responses: Record<string, {content: Content}>;
};

type Document = {openapi: string; servers: Array<{url: string}>; paths: Record<string, Record<string, Operation>>; components: {schemas: Record<'Error' | 'Event', Record<string, unknown>>}};

const documentOf = (answer: Answer) => answer.json as Document;

const own = openApi(routes, '1.0.0') as unknown as Document;

const operationOf = ({paths}: Document, {method, path}: Pick<Route, 'method' | 'path'>): Operation =>
	paths[path.replaceAll(/:(?<name>\w+)/gv, '{$<name>}')]![method.toLowerCase()]!;

/**
Holds an answer against what the document says of it, with nothing that it does not say.
*/
const holds = (t: ExecutionContext, document: Document, route: Pick<Route, 'method' | 'path'>, answer: Answer) => {
	const {content} = operationOf(document, route).responses[String(answer.status)]!;
	const [type] = String(answer.headers['content-type']).split(';', 1);
	t.deepEqual(Object.keys(content), [type]);
	const checked = type === 'application/json' ? z.fromJSONSchema(content[type]!.schema).safeParse(answer.json) : undefined;
	t.is(checked?.error?.message, undefined, `${route.method} ${route.path}`);
};

test('the document names each route, and nothing else', async t => {
	const {call} = await openWorld(t);
	const document = documentOf(await call('/api/v1/openapi.json'));
	t.is(document.openapi, '3.1.0');
	const named = Object.entries(document.paths).flatMap(([path, operations]) => Object.keys(operations).map(method => `${method.toUpperCase()} ${path}`));
	t.deepEqual(named.toSorted(), routes.map(({method, path}) => `${method} ${path.replace(':id', '{id}')}`).toSorted());
	t.deepEqual(document, structuredClone(own));
});

test('docs/api.md names each route', async t => {
	const text = String(await readFile('docs/api.md'));
	for (const {method, path} of routes) {
		t.true(text.includes(`| \`${method}\` | \`${path.replace(':id', 'ID')}`), `${method} ${path}`);
	}
});

test('each route that the document names is there, with the access that it says', async t => {
	const {call} = await openWorld(t, {limits: {refusalsPerMinute: 1000}});
	for (const [path, operations] of Object.entries(own.paths)) {
		for (const [method, {security}] of Object.entries(operations)) {
			const {status} = await call(path.replace('{id}', 'one'), {method: method.toUpperCase(), token: undefined});
			t.is(status, security.length === 0 ? 200 : 401, `${method} ${path}`);
		}
	}
});

test('each operation says in a sentence what it does, and names what is in its path', t => {
	for (const [path, operations] of Object.entries(own.paths)) {
		for (const {summary, parameters, responses} of Object.values(operations)) {
			t.regex(summary, /^[A-Z]/v);
			t.deepEqual(parameters.filter(parameter => parameter.in === 'path').map(({name}) => name), path.matchAll(/\{(?<name>\w+)\}/gv).map(({groups}) => groups!['name']).toArray());
			t.true('default' in responses);
		}
	}
});

test('programs that are made from the document have an address, and a name for each operation', t => {
	t.deepEqual(own.servers.map(({url}) => url), ['/']);
	const names = Object.values(own.paths).flatMap(operations => Object.values(operations)).map(({operationId}) => operationId);
	t.is(new Set(names).size, routes.length);
	for (const name of names) {
		t.regex(name, /^[a-z][A-Za-z]+$/v);
	}
});

test('no schema of the document is empty by mistake, and none refers to what is not there', t => {
	const text = JSON.stringify(own);
	for (const {groups} of text.matchAll(/"\$ref":"(?<reference>[^"]+)"/gv)) {
		t.is(groups!['reference'], '#/components/schemas/Error');
	}

	for (const {schema, name} of Object.values(own.paths).flatMap(operations => Object.values(operations)).flatMap(({parameters}) => parameters)) {
		t.true(Object.keys(schema).length > 0, name);
	}

	t.false(text.includes('$schema'));
});

test('a body that may be left out is not said to be required', t => {
	t.false(operationOf(own, {method: 'POST', path: '/api/v1/refresh'}).requestBody!.required);
	t.true(operationOf(own, {method: 'POST', path: '/api/v1/jobs/:id/actions'}).requestBody!.required);
});

test('what the document lets through is let through, and what it refuses is refused', async t => {
	const {postJson} = await openWorld(t);
	const {schema} = operationOf(own, {method: 'POST', path: '/api/v1/refresh'}).requestBody!.content['application/json']!;
	const said = z.fromJSONSchema(schema);
	for (const body of [{}, {mode: 'full'}, {library: 'Films'}, {mode: 'audit'}, {library: 5}, {other: 1}, [], {library: ''}]) {
		t.is((await postJson('/api/v1/refresh', body)).status === 202, said.safeParse(body).success, JSON.stringify(body));
	}
});

test('errors are as the document says', async t => {
	const {call} = await openWorld(t);
	const error = z.fromJSONSchema(own.components.schemas.Error);
	for (const path of ['/nowhere', '/api/v1/jobs/nobody', '/api/v1/items?limit=0', '/%zz']) {
		const answer = await call(path);
		refusalOf(t, answer);
		t.true(error.safeParse(answer.json).success);
	}
});

test('everything that a daemon can tell is as the document says', async t => {
	const at = '2026-03-01T12:00:00.000Z';
	const job = someJob('one', {
		state: 'waiting',
		dueAt: at,
		startedAt: at,
		finishedAt: at,
		attempts: 3,
		note: 'Once more.',
		runId: 'run',
		fault: {code: 'timeout', message: 'It took too long.', hint: 'Wait.'},
		changes: {added: 1},
	});
	const status = someStatus({
		health: 'failing',
		reasons: ['It cannot be reached.'],
		jobs: [job],
		server: {
			id: 'abc', name: 'NAS', version: '1.43', isReachable: false, since: at,
		},
		progress: {
			jobId: 'one', phase: 'details', done: 1, expected: 2, ratePerSecond: 0.5, etaMs: 12.5, lastTitle: 'A Film',
		},
		alerts: [{
			kind: 'disk-low', subject: '/data', since: at, message: 'The disk is nearly full.',
		}],
		notes: [{
			id: 5, at, level: 'warn', text: 'Something.',
		}],
		load: {limit: 2, reason: 'It answers quickly.'},
		quietUntil: at,
	});
	const {call, postJson} = await openWorld(t, {status});
	for (const path of ['/api/v1/status', '/api/v1/jobs', '/api/v1/jobs/:id']) {
		holds(t, own, {method: 'GET', path}, await call(path.replace(':id', 'one')));
	}

	t.deepEqual((await call('/api/v1/jobs?state=waiting')).json, {jobs: [job]});

	t.deepEqual((await call('/api/v1/status')).json, status);
	t.deepEqual((await call('/api/v1/jobs?state=done')).json, {jobs: []});
	holds(t, own, {method: 'DELETE', path: '/api/v1/jobs/:id'}, await call('/api/v1/jobs/one', {method: 'DELETE'}));
	holds(t, own, {method: 'POST', path: '/api/v1/jobs/:id/actions'}, await postJson('/api/v1/jobs/one/actions', {action: 'retry'}));
});

test('the news of a daemon are as the document says, of every kind', async t => {
	const {tcpPort, news} = await openWorld(t);
	const stream = openStream(t, tcpPort);
	await until('it listens', () => stream.events().length === 1);
	const at = '2026-03-01T12:00:00.000Z';
	const told: WatchEvent[] = [
		{type: 'job', job: someJob('one')},
		{
			type: 'progress', progress: {
				jobId: 'one', phase: 'list', done: 0, expected: 5, ratePerSecond: 0,
			},
		},
		{
			type: 'alert', isRecovered: true, alert: {
				kind: 'unreachable', subject: 'abc', since: at, message: 'It is back.',
			},
		},
		{
			type: 'catalog', revision: 4, changes: {added: 1}, libraryId: 'abc:1',
		},
	];
	for (const event of told) {
		news.tell(event);
	}

	news.note('Something.');
	await until('all has come', () => stream.events().length === told.length + 2);
	const said = z.fromJSONSchema(own.components.schemas.Event);
	for (const {type, data} of stream.events()) {
		t.is(said.safeParse(data).error?.message, undefined, `an event of the kind ${type}`);
	}

	t.deepEqual(stream.events().slice(1, -1).map(({data}) => data), told);
});

test('the answers of a real daemon are as the document says', async t => {
	await withDaemon(t, {}, async world => {
		const {daemon, store} = world;
		await world.until('all is imported', () => isIdle(world) && daemon.isReady());
		const port: Partial<ApiPort> = {
			watcher: daemon, statusNow: daemon.statusNow, queries: openQueries(store), isReady: daemon.isReady, isHealthy: daemon.isProgressing,
		};
		const {call, postJson} = await openWorld(t, {port});
		for (const path of ['/healthz', '/readyz', '/metrics', '/api/v1/openapi.json', '/api/v1/status', '/api/v1/jobs', '/api/v1/items', '/api/v1/changes']) {
			holds(t, own, {method: 'GET', path}, await call(path.endsWith('/changes') ? `${path}?since=2020-01-01T00:00:00Z` : path));
		}

		const refreshed = await postJson('/api/v1/refresh', {library: 'Films', mode: 'full'});
		holds(t, own, {method: 'POST', path: '/api/v1/refresh'}, refreshed);
		const job = (refreshed.json as {jobs: Array<{id: string; library: string; mode: string}>}).jobs[0]!;
		t.like(job, {library: 'Films', mode: 'full'});
		const again = (await postJson('/api/v1/refresh', {library: 'films'})).json as {jobs: Array<{id: string}>};
		t.is(again.jobs[0]!.id, job.id);
		await world.until('it is done', async () => ((await call(`/api/v1/jobs/${job.id}`)).json as {state: string}).state === 'done');
		holds(t, own, {method: 'GET', path: '/api/v1/jobs/:id'}, await call(`/api/v1/jobs/${job.id}`));
		t.deepEqual(refusalOf(t, await postJson('/api/v1/refresh', {library: 'no such'})), [400, 'usage']);
		t.deepEqual(refusalOf(t, await call(`/api/v1/jobs/${job.id}`, {method: 'DELETE'})), [400, 'usage']);
		const metrics = (await call('/metrics')).text;
		t.regex(metrics, /^reelcat_library_items\{library="Films",id="[^"]+"\} \d+$/mv);
		t.regex(metrics, /^reelcat_jobs\{state="done",mode="full"\} 1$/mv);
		t.regex(metrics, /^# TYPE reelcat_requests_total counter$/mv);
		t.regex(metrics, /^reelcat_process_resident_memory_bytes \d+$/mv);
		t.regex(metrics, /^reelcat_nodejs_active_resources\{type="[^"]+"\} \d+$/mv);
		for (const {groups} of metrics.matchAll(/^# TYPE (?<name>\S+) (?<type>\S+)$/gmv)) {
			t.is(groups!['name']!.endsWith('_total'), groups!['type'] === 'counter', groups!['name']);
		}
	});
});

test('figures keep libraries of the same name apart', async t => {
	const [library] = someStatus().libraries;
	const {call} = await openWorld(t, {status: someStatus({libraries: [library!, {...library!, id: 'abc:2', items: 9}]})});
	const {text} = await call('/metrics');
	t.regex(text, /^reelcat_library_items\{library="Films",id="abc:1"\} 3$/mv);
	t.regex(text, /^reelcat_library_items\{library="Films",id="abc:2"\} 9$/mv);
	t.regex(text, /^reelcat_library_last_success_seconds\{library="Films",id="abc:1"\} 1772366400$/mv);
});
