import {once} from 'node:events';
import test, {type ExecutionContext} from 'ava';
import {WebSocket} from 'ws';
import type {DemoServer} from '../../source/demo/server.js';
import {until} from '../plex/_notifications.js';
import {withDemo} from './_demo.js';

type Container = {type: string; size: number} & Record<string, unknown>;

const path = '/:/websockets/notifications';

/**
A websocket of the demo server, and the containers that came over it.
*/
const openWebsocket = async (t: ExecutionContext, {url, token}: DemoServer) => {
	const socket = new WebSocket(`${url}${path}`, {headers: {'X-Plex-Token': token}});
	const texts: string[] = [];
	const containers: Container[] = [];
	socket.binaryType = 'arraybuffer';
	socket.on('message', data => {
		const text = new TextDecoder().decode(data as ArrayBuffer);
		texts.push(text);
		if (text.startsWith('{"NotificationContainer"')) {
			containers.push((JSON.parse(text) as {NotificationContainer: Container}).NotificationContainer);
		}
	});
	t.teardown(() => {
		socket.terminate();
	});
	await once(socket, 'open');
	return {socket, containers, texts};
};

/**
The status with which a websocket is turned away.
*/
const refusal = async (url: string, headers: Record<string, string> = {}) => new Promise<number | undefined>(resolve => {
	const socket = new WebSocket(url, {headers});
	socket.on('error', () => {
		resolve(undefined);
	});
	socket.on('unexpected-response', (_request, response) => {
		resolve(response.statusCode);
		socket.terminate();
	});
});

const entries = (containers: readonly Container[]) => containers.flatMap(({TimelineEntry: rows = []}) => rows as Array<Record<string, unknown>>);

test('a film that is added goes through its states, one that is changed or removed through one, and silent changes through none', async t => {
	const {server} = await withDemo(t);
	const {containers} = await openWebsocket(t, server);
	const {library} = server;
	library.addItem('1', 1, {
		ratingKey: '999000123', key: '/library/metadata/999000123', type: 'movie', title: 'A Late Arrival',
	});
	library.changeItem('1000002', row => {
		row.title = 'Silent';
	}, {isSilent: true});
	library.changeItem('1000001', row => {
		row.title = 'Renamed';
	});
	library.removeItem('1000003');
	await until(() => entries(containers).some(({state}) => state === 9));
	t.deepEqual(entries(containers).map(({itemID, title, state, metadataState}) => [itemID, title, state, metadataState]), [
		['999000123', 'A Late Arrival', 0, 'created'],
		['999000123', 'A Late Arrival', 2, 'queued'],
		['999000123', 'A Late Arrival', 4, 'loading'],
		['999000123', 'A Late Arrival', 5, undefined],
		['1000001', 'Renamed', 5, undefined],
		['1000003', entries(containers).at(-1)!['title'], 9, 'deleted'],
	]);
	t.true(containers.every(({type, size}) => type === 'timeline' && size === 1));
	t.like(entries(containers)[0], {identifier: 'com.plexapp.plugins.library', sectionID: '1', type: 1});
});

test('an episode names its season and its show; a show that goes does not name what goes with it', async t => {
	const {server} = await withDemo(t);
	const {containers} = await openWebsocket(t, server);
	const [show] = server.library.oddities('specials');
	const {seasons, episodes} = server.library.children(show!);
	const {parentRatingKey} = server.library.row(episodes[0]!)!;
	t.true(seasons.includes(parentRatingKey!));
	server.library.changeItem(episodes[0]!, () => {
		// As if its file had been analysed.
	});
	server.library.removeItem(show!);
	await until(() => entries(containers).length >= 2);
	t.deepEqual(entries(containers).map(({itemID, parentItemID, rootItemID, type, state}) => [itemID, parentItemID, rootItemID, type, state]), [
		[episodes[0], parentRatingKey, show, 4, 5],
		[show, undefined, undefined, 2, 9],
	]);
});

test('a disk that is unplugged and plugged in again is told of in frames of many', async t => {
	const {server} = await withDemo(t, {movies: 500});
	const {containers} = await openWebsocket(t, server);
	const before = server.library.total('1', 1);
	server.library.unplug('1', '/srv/');
	const gone = before - server.library.total('1', 1);
	server.library.replug('1', '/srv/');
	await until(() => entries(containers).length >= 2 * gone);
	t.deepEqual(Map.groupBy(entries(containers), ({state}) => state).entries().map(([state, rows]) => [state, rows.length]).toArray(), [[9, gone], [5, gone]]);
	t.true(containers.every(({size}) => size <= 50));
	t.is(containers[0]!.size, 50);
});

test('a scan is told of from its beginning to its end, and the section remembers it', async t => {
	const {server, read} = await withDemo(t);
	const {containers} = await openWebsocket(t, server);
	const scannedAt = async () => {
		const {Directory: sections} = await read('/library/sections');
		return sections!.find(({key}) => key === '2')!['scannedAt'] as number;
	};

	const before = await scannedAt();
	server.push.scan('2');
	await until(() => containers.length === 3);
	t.like(containers, [
		{type: 'activity', ActivityNotification: [{event: 'started', Activity: {type: 'library.update.section', Context: {librarySectionID: '2'}}}]},
		{type: 'activity', ActivityNotification: [{event: 'ended', Activity: {type: 'library.update.section', Context: {librarySectionID: '2'}}}]},
		{type: 'status', StatusNotification: [{title: 'Library scan complete'}]},
	]);
	t.is(await scannedAt(), before + 1);
	t.throws(() => {
		server.push.scan('99');
	});
});

test('an event stream has one object per event, with numbers for ids', async t => {
	const {server, ask} = await withDemo(t);
	const response = await ask('/:/eventsource/notifications', {Accept: 'text/event-stream'});
	t.is(response.headers.get('content-type'), 'text/event-stream');
	t.deepEqual(server.push.connections(), {websocket: 0, sse: 1});
	server.library.removeItem('1000003');
	const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
	let text = '';
	while (!text.endsWith('\n\n')) {
		const {value = ''} = await reader.read();
		text += value;
	}

	const {event, data} = /^event: (?<event>.*)\ndata: (?<data>.*)\n\n$/v.exec(text)!.groups!;
	t.is(event, 'timeline');
	t.like(JSON.parse(data!), {TimelineEntry: {sectionID: 1, itemID: 1_000_003, state: 9}});
	await reader.cancel();
	await until(() => server.push.connections().sse === 0);
});

test('without the token nobody listens, and where nothing is offered it is not there', async t => {
	const {server, ask} = await withDemo(t);
	const token = {'X-Plex-Token': server.token};
	t.is(await refusal(server.url + path), 401);
	t.is(await refusal(server.url + path, {'X-Plex-Token': 'wrong'}), 401);
	t.is(await refusal(`${server.url}/elsewhere`, token), 404);
	t.is((await ask('/:/eventsource/notifications', {'X-Plex-Token': 'wrong'})).status, 401);

	const {server: streaming} = await withDemo(t, {push: 'sse'});
	t.is(await refusal(streaming.url + path, {'X-Plex-Token': streaming.token}), 404);

	const {server: silent, ask: askSilent} = await withDemo(t, {push: 'none'});
	t.is(await refusal(silent.url + path, {'X-Plex-Token': silent.token}), 404);
	t.is((await askSilent('/:/eventsource/notifications')).status, 404);

	server.push.refuse(503);
	t.is(await refusal(server.url + path, token), 503);
	t.is((await ask('/:/eventsource/notifications')).status, 503);
	server.push.refuse(undefined);
	await openWebsocket(t, server);
	t.deepEqual(server.push.connections(), {websocket: 1, sse: 0});
});

test('who is frozen gets neither notifications nor pongs, until it thaws; who comes later is served', async t => {
	const {server} = await withDemo(t);
	const frozen = await openWebsocket(t, server);
	server.push.freeze(true);
	const later = await openWebsocket(t, server);
	let pongs = 0;
	frozen.socket.on('pong', () => {
		pongs++;
	});
	frozen.socket.ping();
	server.library.removeItem('1000003');
	await until(() => later.containers.length === 1);
	later.socket.ping();
	await once(later.socket, 'pong');
	t.deepEqual([pongs, frozen.containers.length], [0, 0]);
	t.is(frozen.socket.readyState, WebSocket.OPEN);
	server.push.freeze(false);
	frozen.socket.ping();
	await once(frozen.socket, 'pong');
	server.library.removeItem('1000004');
	await until(() => frozen.containers.length === 1);
});

test('what is sent by hand goes out as it is, connections can be cut, and none is a request', async t => {
	const {server} = await withDemo(t);
	const {socket, texts} = await openWebsocket(t, server);
	server.push.send('{');
	server.push.send(new Uint8Array([65, 66]));
	server.push.send({type: 'playing', name: 'PlaySessionStateNotification', rows: [{ratingKey: '1', state: 'stopped'}]});
	await until(() => texts.length === 3);
	t.deepEqual(texts, ['{', 'AB', '{"NotificationContainer":{"type":"playing","size":1,"PlaySessionStateNotification":[{"ratingKey":"1","state":"stopped"}]}}']);
	server.push.drop();
	await once(socket, 'close');
	await until(() => server.push.connections().websocket === 0);
	t.is(server.requests.total(), 0);
});

test('a server that closes takes those who listen with it', async t => {
	const {server, ask} = await withDemo(t);
	const {socket} = await openWebsocket(t, server);
	const response = await ask('/:/eventsource/notifications');
	const closed = once(socket, 'close');
	await server.close();
	await closed;
	await t.throwsAsync(response.text());
});

test('a websocket is pinged every ten seconds, as an event stream is', async t => {
	const {server} = await withDemo(t, {movies: 0, shows: 0});
	const {socket} = await openWebsocket(t, server);
	await once(socket, 'ping', {signal: AbortSignal.timeout(30_000)});
	t.is(socket.readyState, WebSocket.OPEN);
});
