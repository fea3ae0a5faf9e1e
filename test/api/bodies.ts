import test from 'ava';
import {
	canary,
	exchange,
	openWorld,
	refusalOf,
	someJob,
	someStatus,
	until,
} from './_api.js';

const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

const malformed: ReadonlyArray<readonly [string, string]> = [
	['no JSON', '{'],
	['an empty one', ''],
	['a list', '[]'],
	['a text', '"full"'],
	['null', 'null'],
	['a number', '1'],
	['another field', '{"mode":"full","force":true}'],
	['a mode that is none', '{"mode":"touch"}'],
	['a mode in a list', '{"mode":["full"]}'],
	['a library that is no text', '{"library":{"$ne":null}}'],
	['an empty library', '{"library":""}'],
	['a library without end', `{"library":"${'x'.repeat(600)}"}`],
	['__proto__', '{"__proto__":{"mode":"full"}}'],
	['__proto__ within', '{"library":{"__proto__":{"a":1}}}'],
	['__proto__ in disguise', String.raw`{"\u005f_proto__":{"mode":"full"}}`],
	['constructor.prototype', '{"constructor":{"prototype":{"isPolluted":true}}}'],
	['something deep', nested(20_000)],
	['something deep in a field', `{"library":${nested(20_000)}}`],
	['a byte order mark and nothing else', '\u{FEFF}'],
	['a NUL', '\u{0}'],
];

test('a body that is not as it should be is refused with 400, and nothing reaches the daemon', async t => {
	const {call, told, faults} = await openWorld(t, {limits: {perMinute: 1000}});
	for (const [name, body] of malformed) {
		const answer = await call('/api/v1/jobs/one/actions', {method: 'POST', body, headers: {'Content-Type': 'application/json'}});
		t.deepEqual(refusalOf(t, answer), [400, 'usage'], name);
	}

	const forRefresh = malformed.filter(([, body]) => !['null', ''].includes(body));
	for (const [name, body] of forRefresh) {
		const answer = await call('/api/v1/refresh', {method: 'POST', body, headers: {'Content-Type': 'application/json'}});
		t.deepEqual(refusalOf(t, answer), [400, 'usage'], name);
	}

	t.deepEqual(told, []);
	t.deepEqual(faults, []);
	t.false('isPolluted' in {});
	t.false('mode' in {});
});

test('a refresh without a body means all libraries, whether it names a type or not', async t => {
	const {call, told} = await openWorld(t);
	for (const headers of [{}, {'Content-Type': 'application/json'}, {'Content-Type': 'application/json; charset=utf-8', 'Content-Length': '0'}]) {
		t.is((await call('/api/v1/refresh', {method: 'POST', headers})).status, 202);
	}

	t.deepEqual(told, [{refresh: {}}, {refresh: {}}, {refresh: {}}]);
});

test('a body that may be left out may be left out of every call that names the type of JSON', async t => {
	const {call, tcpPort, told} = await openWorld(t);
	const headers = {'Content-Type': 'application/json'};
	t.is((await call('/api/v1/accept', {method: 'POST', headers})).status, 200);
	t.is((await call('/api/v1/jobs/one', {method: 'DELETE', headers})).status, 200);
	t.deepEqual(told, [{accept: {}}, {act: 'cancel', id: 'one'}]);
	const head = `Host: 127.0.0.1\r\nAuthorization: Bearer ${canary}\r\nContent-Type: application/json\r\nConnection: close\r\n`;
	for (const start of ['DELETE /api/v1/jobs/one', 'POST /api/v1/refresh']) {
		for (const end of ['', 'Content-Length: 0\r\n']) {
			t.regex(await exchange(tcpPort, `${start} HTTP/1.1\r\n${head}${end}\r\n`), /^HTTP\/1\.1 20[02] /v, `for ${start} ${end}`);
		}

		t.regex(await exchange(tcpPort, `${start} HTTP/1.1\r\n${head}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`), /^HTTP\/1\.1 20[02] /v, `for ${start}`);
	}

	t.deepEqual(refusalOf(t, await call('/api/v1/jobs/one/actions', {method: 'POST', headers})), [400, 'usage']);
	t.deepEqual(refusalOf(t, await call('/api/v1/hooks/arr', {method: 'POST', headers})), [400, 'usage']);
});

test('a refresh tells of its jobs as the interface says', async t => {
	const {postJson, told} = await openWorld(t);
	const answer = await postJson('/api/v1/refresh', {library: 'Films', mode: 'full'});
	t.is(answer.status, 202);
	t.deepEqual(answer.json, {
		jobs: [{
			id: 'one', library: 'Films', mode: 'incremental', state: 'queued',
		}],
	});
	t.deepEqual(told, [{refresh: {library: 'Films', mode: 'full'}}]);
});

test('a body that is too large is refused with 413, whether it says so or not, and is not read to its end', async t => {
	const {call, tcpPort, told} = await openWorld(t);
	const answer = await call('/api/v1/refresh', {method: 'POST', headers: {'Content-Type': 'application/json'}, body: `{"library":"${'x'.repeat(70_000)}"}`});
	t.deepEqual(refusalOf(t, answer), [413, 'too-large']);
	const head = `POST /api/v1/refresh HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${canary}\r\nContent-Type: application/json\r\n`;
	t.regex(await exchange(tcpPort, `${head}Content-Length: 9999999999\r\n\r\n{`), /^HTTP\/1\.1 413 /v);
	const chunk = `4000\r\n${'x'.repeat(0x40_00)}\r\n`;
	t.regex(await exchange(tcpPort, `${head}Transfer-Encoding: chunked\r\n\r\n${chunk.repeat(10)}`), /^HTTP\/1\.1 413 /v);
	t.deepEqual(told, []);
});

for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'text/html', 'application/xml', 'application/json-patch+json', 'application/octet-stream']) {
	test(`a body of ${type} is refused with 415`, async t => {
		const {call, told} = await openWorld(t);
		t.deepEqual(refusalOf(t, await call('/api/v1/refresh', {method: 'POST', headers: {'Content-Type': type}, body: '{}'})), [415, 'usage']);
		t.deepEqual(told, []);
	});
}

const oddPaths = [
	'/api/v1/jobs/..%2f..%2fetc%2fpasswd',
	'/api/v1/jobs/%2e%2e/status',
	'/api/v1/jobs/%00',
	'/api/v1/jobs/__proto__',
	'/api/v1/jobs/constructor',
	'/api/v1/jobs/toString',
	`/api/v1/jobs/${'x'.repeat(150)}`,
	`/api/v1/jobs/${'x'.repeat(5000)}`,
	'/api/v1/jobs/%ff',
	'/api/v1/jobs/%',
	'/api/v1/jobs/one%0d%0aSet-Cookie:%20a=b',
	'/api/v1/jobs/\'%20OR%201=1',
	'/api/v1/jobs/',
	'//evil.example/api/v1/status',
	'/api/v1/../../etc/passwd',
	'/%2e%2e/%2e%2e/etc/passwd',
	'/api/v1/status/',
	'/API/V1/STATUS',
	'/api/v1/status;a=b',
	'/api/v1//status',
	'*',
];

test('odd paths lead nowhere, and are refused in the usual form with nothing of the path in a header', async t => {
	const {call, told, faults} = await openWorld(t, {status: someStatus({jobs: [someJob('one')]})});
	for (const path of oddPaths) {
		for (const method of ['GET', 'DELETE']) {
			const answer = await call(path, {method});
			const [status] = refusalOf(t, answer);
			t.true([400, 404, 414].includes(status), `${method} ${path.slice(0, 60)} ${status}`);
			t.false('set-cookie' in answer.headers);
		}
	}

	t.deepEqual(told, []);
	t.deepEqual(faults, []);
});

const oddQueries = [
	'/api/v1/jobs?state=nothing',
	'/api/v1/jobs?state=done&state=queued',
	'/api/v1/jobs?state[]=done',
	'/api/v1/jobs?__proto__=1',
	'/api/v1/jobs?constructor[prototype][x]=1',
	'/api/v1/jobs?other=1',
	'/api/v1/items?limit=0',
	'/api/v1/items?limit=-1',
	'/api/v1/items?limit=501',
	'/api/v1/items?limit=1e9',
	'/api/v1/items?limit=NaN',
	'/api/v1/items?limit=Infinity',
	'/api/v1/items?limit=1.5',
	'/api/v1/items?limit=',
	'/api/v1/items?limit[$gt]=1',
	'/api/v1/items?offset=-1',
	'/api/v1/items?offset=1.5',
	'/api/v1/items?offset=1e99',
	'/api/v1/items?cursor=abc',
	`/api/v1/items?query=${'x'.repeat(10_001)}`,
	'/api/v1/items?query=a&query=b',
	`/api/v1/changes?since=2026-01-01T00:00:00Z&cursor=${'x'.repeat(600)}`,
	'/api/v1/changes',
	'/api/v1/changes?since=yesterday',
	'/api/v1/changes?since=2026-13-01T00:00:00Z',
	'/api/v1/changes?since=2026-01-01',
	'/api/v1/changes?since=0001-01-01T00:00:00%2B99:00',
];

test('odd queries are refused with 400, and nothing reaches the catalogue', async t => {
	const {call, told, faults} = await openWorld(t);
	for (const path of oddQueries) {
		t.deepEqual(refusalOf(t, await call(path)), [400, 'usage'], path);
	}

	t.deepEqual(told, []);
	t.deepEqual(faults, []);
});

test('what is asked for is handed on as it is: words, not patterns', async t => {
	const {call, told} = await openWorld(t);
	const text = '\' OR 1=1; -- .*[a-z]{99}$ ../%00 \u{202E}é';
	t.is((await call(`/api/v1/items?query=${encodeURIComponent(text)}&limit=7&offset=14`)).status, 200);
	t.is((await call('/api/v1/changes?since=2026-03-01T13:00:00%2B01:00')).status, 200);
	t.deepEqual(told, [{items: {text, limit: 7, offset: 14}}, {changes: {since: '2026-03-01T12:00:00.000Z', limit: 100, cursor: undefined}}]);
});

const control = /[[\p{Bidi_Control}\p{Control}]--\n]/v;

test('titles that would steer a terminal reach it as escapes only', async t => {
	const title = 'A\u{1B}]0;owned\u{7}\u{9B}31m\u{202E}B\u{2066}';
	const {id, library, ...rest} = someJob('one');
	const job = {...rest, id, library: {...library, title}};
	const [watched] = someStatus().libraries;
	const {call, news} = await openWorld(t, {status: someStatus({jobs: [job], libraries: [{...watched!, title}]})});
	news.note(title);
	for (const path of ['/api/v1/status', '/api/v1/jobs', '/api/v1/jobs/one', '/metrics']) {
		const answer = await call(path);
		t.is(answer.status, 200);
		t.notRegex(answer.text, control, `the answer of ${path}`);
	}

	t.deepEqual((await call('/api/v1/jobs/one')).json, job);
});

test('an error that repeats what was asked for does so as escapes only', async t => {
	const {call} = await openWorld(t);
	t.notRegex((await call('/api/v1/jobs/%1B%5D0;x%07%C2%9B31m')).text, control);
	t.notRegex((await call('/api/v1/items?%C2%9B=1')).text, control);
});

test('what is no HTTP is refused in the usual form, and the next one is answered', async t => {
	const {call, tcpPort, faults} = await openWorld(t);
	const odd = [
		'\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\u{0}\u{1}\u{FC}\u{3}\u{3}',
		'GET\r\n\r\n',
		'GET /healthz HTTP/9.9\r\n\r\n',
		`GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ${'x'.repeat(40_000)}\r\n\r\n`,
		'GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
		'GET /healthz HTTP/1.1\r\nHost : 127.0.0.1\r\n\r\n',
		'CONNECT 127.0.0.1:22 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n',
		'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
	];
	for (const bytes of odd) {
		const text = await exchange(tcpPort, bytes);
		t.notRegex(text, /^HTTP\/1\.1 2/v);
		t.notRegex(text, /FST_|Client Error|node_modules/v);
	}

	t.is((await call('/healthz')).status, 200);
	t.deepEqual(faults, []);
});

test('other methods than those of a route are not taken', async t => {
	const {call, told} = await openWorld(t);
	for (const method of ['PUT', 'PATCH', 'DELETE', 'POST', 'TRACE', 'OPTIONS', 'PROPFIND']) {
		const {status} = await call('/api/v1/status', {method});
		t.true([404, 405].includes(status), `${method} ${status}`);
	}

	t.is((await call('/api/v1/refresh')).status, 404);
	t.deepEqual(told, []);
});

test('the actions on jobs reach the daemon by their names', async t => {
	const {call, postJson, told} = await openWorld(t);
	t.is((await call('/api/v1/jobs/one', {method: 'DELETE'})).status, 200);
	t.is((await postJson('/api/v1/jobs/one/actions', {action: 'move-up'})).status, 200);
	t.deepEqual(refusalOf(t, await postJson('/api/v1/jobs/two/actions', {action: 'retry'})), [404, 'not-found']);
	t.deepEqual(refusalOf(t, await postJson('/api/v1/jobs/one/actions', {action: 'explode'})), [400, 'usage']);
	t.deepEqual(told, [{act: 'cancel', id: 'one'}, {act: 'move-up', id: 'one'}]);
	await until('nothing else follows', () => told.length === 2);
});
