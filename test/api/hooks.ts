import {Buffer} from 'node:buffer';
import test from 'ava';
import {canary, openWorld, refusalOf} from './_api.js';

const boundary = 'x-reelcat-x';

const part = (name: string, content: string, extra = '') => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"${extra}\r\n\r\n${content}\r\n`;

const thumb = (size: number) => part('thumb', 'j'.repeat(size), '; filename="thumb.jpg"\r\nContent-Type: image/jpeg');

const multipart = (...parts: string[]) => ({
	method: 'POST', headers: {'Content-Type': `multipart/form-data; boundary=${boundary}`}, body: `${parts.join('')}--${boundary}--\r\n`,
});

const plexPayload = {
	event: 'library.new',
	user: true,
	owner: true,
	Account: {id: 1, title: 'someone'},
	Server: {title: 'NAS', uuid: 'abc'},
	Metadata: {
		librarySectionType: 'movie', ratingKey: '1936545', librarySectionID: 1, librarySectionTitle: 'Films', title: 'The New One', type: 'movie',
	},
};

test('a webhook of Plex with its picture is narrowed to what it is about', async t => {
	const {call, told} = await openWorld(t);
	const answer = await call('/api/v1/hooks/plex', multipart(part('payload', JSON.stringify(plexPayload)), thumb(300_000)));
	t.is(answer.status, 202);
	t.deepEqual(told, [{
		plex: {
			event: 'library.new', serverId: 'abc', sectionKey: '1', sectionTitle: 'Films', ratingKey: '1936545',
		},
	}]);
});

test('a webhook whose payload names its type, as those of Plex do, is taken, also with more than 64 KiB', async t => {
	const {call, told} = await openWorld(t);
	const typed = (content: unknown) => multipart(part('payload', JSON.stringify(content), '\r\nContent-Type: application/json'), thumb(10));
	t.is((await call('/api/v1/hooks/plex', typed(plexPayload))).status, 202);
	t.is((await call('/api/v1/hooks/plex', typed({...plexPayload, Metadata: {...plexPayload.Metadata, summary: 'x'.repeat(100_000)}}))).status, 202);
	t.is(told.length, 2);
	t.is((await call('/api/v1/hooks/plex', typed({...plexPayload, summary: 'x'.repeat(3_000_000)}))).status, 413);
});

test('a webhook of Plex comes in any order of its parts, without a picture, and as JSON', async t => {
	const {call, postJson, told} = await openWorld(t);
	const payload = part('payload', JSON.stringify({event: 'media.play'}));
	t.is((await call('/api/v1/hooks/plex', multipart(thumb(10), payload))).status, 202);
	t.is((await call('/api/v1/hooks/plex', multipart(payload))).status, 202);
	t.is((await postJson('/api/v1/hooks/plex', {event: 'media.play'})).status, 202);
	t.is(told.length, 3);
});

test('a picture that is too large is refused with 413, and the next webhook is taken', async t => {
	const {call, told, faults} = await openWorld(t, {limits: {hookBytes: 100_000}});
	const payload = part('payload', JSON.stringify(plexPayload));
	t.deepEqual(refusalOf(t, await call('/api/v1/hooks/plex', multipart(payload, thumb(2_000_000)))), [413, 'too-large']);
	t.deepEqual(refusalOf(t, await call('/api/v1/hooks/plex', multipart(thumb(2_000_000), payload))), [413, 'too-large']);
	t.deepEqual(refusalOf(t, await call('/api/v1/hooks/plex', multipart(part('payload', `{"event":"${'x'.repeat(200_000)}"}`)))), [413, 'too-large']);
	t.deepEqual(told, []);
	t.is((await call('/api/v1/hooks/plex', multipart(payload))).status, 202);
	t.deepEqual(faults, []);
});

const oddParts: ReadonlyArray<readonly [string, string]> = [
	['no payload', thumb(10)],
	['a payload that is a file', part('payload', JSON.stringify(plexPayload), '; filename="payload.json"')],
	['an empty payload', part('payload', '')],
	['no JSON', part('payload', '{')],
	['no JSON that says it is', part('payload', '{', '\r\nContent-Type: application/json')],
	['null', part('payload', 'null')],
	['a list', part('payload', '[]')],
	['no event', part('payload', '{}')],
	['an event that is no text', part('payload', '{"event":{}}')],
	['only __proto__', part('payload', '{"__proto__":{"event":"library.new"}}')],
	['a field __proto__', part('__proto__', '{"event":"library.new"}')],
	['many fields', Array.from({length: 50}, (_, index) => part(`f${index}`, 'x')).join('')],
	['many files', Array.from({length: 50}, () => thumb(1)).join('')],
	['something deep', part('payload', '['.repeat(20_000))],
];

test('odd forms are refused, and nothing reaches the daemon', async t => {
	const {call, told, faults} = await openWorld(t);
	for (const [name, parts] of oddParts) {
		const [status] = refusalOf(t, await call('/api/v1/hooks/plex', multipart(parts)));
		t.true([400, 413].includes(status), `${name} ${status}`);
	}

	for (const [name, body, type] of [
		['without an end', part('payload', '{'), `multipart/form-data; boundary=${boundary}`],
		['without a boundary', 'x', 'multipart/form-data'],
		['empty', '', `multipart/form-data; boundary=${boundary}`],
	] as const) {
		const [status] = refusalOf(t, await call('/api/v1/hooks/plex', {method: 'POST', body, headers: {'Content-Type': type}}));
		t.true([400, 406, 415].includes(status), `${name} ${status}`);
	}

	t.deepEqual(told, []);
	t.deepEqual(faults, []);
	t.false('event' in {});
});

test('what is odd in a webhook of Plex besides its event is left out', async t => {
	const {postJson, told} = await openWorld(t);
	for (const Metadata of ['text', [], {ratingKey: '../../1'}, {ratingKey: -1, librarySectionID: {}}, {librarySectionTitle: 'x'.repeat(9999)}]) {
		t.is((await postJson('/api/v1/hooks/plex', {event: 'library.new', Metadata})).status, 202);
	}

	t.is(told.length, 5);
	const nothingElse = {
		event: 'library.new', ratingKey: undefined, sectionKey: undefined, sectionTitle: undefined, serverId: undefined,
	};
	for (const hook of told) {
		t.deepEqual(hook, {plex: nothingElse});
	}
});

test('webhooks of Sonarr and Radarr are told apart', async t => {
	const {call, postJson, told} = await openWorld(t);
	for (const hook of [
		{
			eventType: 'Download', isUpgrade: false, series: {
				id: 2, title: 'A Show', path: '/tv/A Show', tvdbId: 5,
			}, episodes: [], instanceName: 'Sonarr',
		},
		{
			eventType: 'Download', isUpgrade: true, movie: {id: 1, title: 'A Film', folderPath: '/films/A Film'}, remoteMovie: {},
		},
		{eventType: 'Test', series: {id: 1, title: 'Test Title'}},
		{eventType: 'Health', level: 'warning'},
	]) {
		t.is((await postJson('/api/v1/hooks/arr', hook)).status, 202);
	}

	t.deepEqual(told, [
		{arr: {eventType: 'Download', kind: 'series'}},
		{arr: {eventType: 'Download', kind: 'movie'}},
		{arr: {eventType: 'Test', kind: 'series'}},
		{arr: {eventType: 'Health', kind: 'other'}},
	]);
	const poisoned = await call('/api/v1/hooks/arr', {method: 'POST', headers: {'Content-Type': 'application/json'}, body: '{"eventType":"Test","__proto__":{"movie":{}}}'});
	t.deepEqual(refusalOf(t, poisoned), [400, 'usage']);
	for (const odd of [{}, [], {eventType: 5}, {eventType: 'x'.repeat(5000)}]) {
		t.deepEqual(refusalOf(t, await postJson('/api/v1/hooks/arr', odd)), [400, 'usage']);
	}
});

test('what Sonarr tells of all the files of a long show is taken, and a call for each of them', async t => {
	const {postJson, told} = await openWorld(t);
	const name = `A Show - S01E01 - ${'A Rather Long Title '.repeat(4)}WEBDL-1080p.mkv`;
	// The fields are those of Sonarr 4. It sends a list for a show that it renames, and for a season whose import is complete.
	const file = {
		id: 1,
		relativePath: `Season 1/${name}`,
		path: `/tv/A Show/Season 1/${name}`,
		quality: 'WEBDL-1080p',
		qualityVersion: 1,
		releaseGroup: 'group',
		sceneName: 'A.Show.S01E01.1080p.WEB.h264-group',
		size: 1_500_000_000,
		dateAdded: '2026-03-01T12:00:00Z',
		languages: [{id: 1, name: 'English'}],
		previousRelativePath: `Season 1/old ${name}`,
		previousPath: `/tv/A Show/Season 1/old ${name}`,
	};
	const series = {
		id: 2, title: 'A Show', path: '/tv/A Show', tvdbId: 5,
	};
	t.is((await postJson('/api/v1/hooks/arr', {eventType: 'Rename', series, renamedEpisodeFiles: Array.from({length: 300}, () => file)})).status, 202);
	for (let count = 0; count < 200; count++) {
		t.is((await postJson('/api/v1/hooks/arr', {
			eventType: 'EpisodeFileDelete', series, episodes: [], episodeFile: file, deleteReason: 'manual',
		})).status, 202);
	}

	t.is(told.length, 201);
});

test('programs that know only an address may give the token as password, for hooks alone', async t => {
	const {call, postJson, told} = await openWorld(t);
	const basic = (password: string) => ({Authorization: `Basic ${Buffer.from(`plex:${password}`).toString('base64')}`});
	const hook = {eventType: 'Test'};
	t.is((await postJson('/api/v1/hooks/arr', hook, {token: undefined, headers: basic(canary)})).status, 202);
	t.is((await postJson('/api/v1/hooks/arr', hook, {token: undefined, headers: basic('wrong')})).status, 401);
	t.is((await postJson('/api/v1/hooks/arr', hook, {token: undefined})).status, 401);
	t.is((await call('/api/v1/status', {token: undefined, headers: basic(canary)})).status, 401);
	t.is(told.length, 1);
});

test('a program that waits to be asked for its password is', async t => {
	const {postJson} = await openWorld(t);
	const answer = await postJson('/api/v1/hooks/arr', {eventType: 'Test'}, {token: undefined});
	t.regex(String(answer.headers['www-authenticate']), /Basic realm=/v);
});

test('a flood of hooks is refused with 429', async t => {
	const {postJson} = await openWorld(t);
	const statuses = new Set<number>();
	for (let count = 0; count < 610; count++) {
		statuses.add((await postJson('/api/v1/hooks/arr', {eventType: 'Test'})).status);
	}

	t.deepEqual([...statuses], [202, 429]);
});
