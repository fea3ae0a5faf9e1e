import test, {type ExecutionContext} from 'ava';
import {startDemoServer, type DemoServerOptions} from '../../source/demo/server.js';
import {createVirtualClock} from '../helpers/virtual-clock.js';
import {listenTo, until} from './_notifications.js';

const openDemo = async (t: ExecutionContext, options: DemoServerOptions = {}) => {
	const demo = await startDemoServer({movies: 100, shows: 0, ...options});
	t.teardown(demo.close);
	return demo;
};

for (const [push, via] of [['both', 'websocket'], ['sse', 'sse']] as const) {
	test(`by ${via}, a film that is added, changed or removed is a hint`, async t => {
		const demo = await openDemo(t, {push});
		const {hints, news, notifications} = listenTo(t, demo);
		await until(() => hints.length === 0 && notifications.state().state === 'connected');
		t.deepEqual(news.at(-1), {type: 'connected', via, isFirst: true});
		t.like(notifications.state(), {state: 'connected', via, lastEventAt: undefined});
		demo.library.addItem('1', 1, {
			ratingKey: '999000123', key: '/library/metadata/999000123', type: 'movie', title: 'A Late Arrival',
		});
		demo.library.changeItem('1000001', row => {
			row.title = 'Renamed';
		});
		demo.library.changeItem('1000002', row => {
			row.title = 'Silently renamed';
		}, {isSilent: true});
		demo.library.removeItem('1000003');
		demo.push.scan('1');
		await until(() => hints.some(({kind}) => kind === 'section'));
		const item = (ratingKey: string, isGone = false) => ({
			kind: 'items' as const, sectionKey: '1', ratingKeys: [ratingKey], isGone,
		});
		t.deepEqual(hints, [item('999000123'), item('999000123'), item('1000001'), item('1000003', true), {kind: 'section', sectionKey: '1'}]);
		t.regex(notifications.state().lastEventAt ?? '', /^\d{4}-.*Z$/v);
	});

	test(`by ${via}, a connection that is cut comes back and says so`, async t => {
		const demo = await openDemo(t, {push});
		const {news, connections, types, keys} = listenTo(t, demo);
		await until(() => connections() === 1);
		demo.push.drop();
		await until(() => connections() === 2);
		t.deepEqual(news.at(-1), {type: 'connected', via, isFirst: false});
		t.is(types().at(-2), 'connecting');
		demo.library.removeItem('1000003');
		await until(() => keys().length > 0);
		t.deepEqual(keys(), ['1000003']);
	});
}

test('a websocket that is silently dead is noticed within a minute, and another one opened', async t => {
	const clock = createVirtualClock();
	const demo = await openDemo(t);
	const {news, connections, keys} = listenTo(t, demo, {clock});
	await until(() => connections() === 1);
	demo.push.freeze(true);
	demo.library.removeItem('1000003');
	await clock.advance(39_999);
	t.is(news.length, 1);
	await clock.advance(1);
	t.is(news[1]?.type, 'connecting');
	t.regex(JSON.stringify(news[1]), /went silent/v);
	await until(() => connections() === 2);
	demo.library.removeItem('1000004');
	await until(() => keys().length > 0);
	t.deepEqual(keys(), ['1000004'], 'nothing is sent twice');
});

test('a websocket that answers is left alone, however long nothing happens, until it is silent', async t => {
	const clock = createVirtualClock();
	const demo = await openDemo(t);
	const {news} = listenTo(t, demo, {clock});
	await until(() => news.length === 1 && clock.pending() === 1);
	for (let minutes = 0; minutes < 5; minutes++) {
		for (let pings = 0; pings < 3; pings++) {
			await clock.advance(20_000);
			// The pong has come when nobody waits for it any more.
			await until(() => clock.pending() === 1);
		}
	}

	t.is(news.length, 1);
	demo.push.freeze(true);
	await clock.advance(40_000);
	t.is(news[1]?.type, 'connecting');
});

for (const [isFrozen, retryMs] of [[false, 500], [true, 2000]] as const) {
	test(`a websocket that ${isFrozen ? 'was silent from the start' : 'lived for a while'} is opened again after up to ${retryMs} ms`, async t => {
		const clock = createVirtualClock();
		const demo = await openDemo(t);
		demo.push.refuse(503);
		const {news, connections} = listenTo(t, demo, {clock, random: () => 1});
		await until(() => news.length === 1);
		await clock.advance(500);
		await until(() => news.length === 2);
		demo.push.refuse(undefined);
		await clock.advance(1000);
		await until(() => connections() === 1 && clock.pending() === 1);
		demo.push.freeze(isFrozen);
		await clock.advance(20_000);
		await until(() => isFrozen || clock.pending() === 1);
		await clock.advance(20_000);
		await until(() => isFrozen || clock.pending() === 1);
		demo.push.drop();
		await until(() => news.length === 4);
		t.like(news[3], {type: 'connecting', retryMs});
	});
}

test('an event stream that is silent for half a minute is dead; any event keeps it alive', async t => {
	const clock = createVirtualClock();
	const demo = await openDemo(t, {push: 'sse'});
	const {connections, keys, types} = listenTo(t, demo, {clock});
	await until(() => types().length === 1);
	await clock.advance(0);
	await until(() => connections() === 1);
	await clock.advance(29_000);
	demo.library.removeItem('1000003');
	await until(() => keys().length === 1);
	await clock.advance(29_999);
	t.is(types().at(-1), 'connected');
	demo.push.freeze(true);
	await clock.advance(1);
	t.is(types().at(-1), 'connecting');
	await until(() => connections() === 2);
});

test('a token that is refused leads to polling, and is tried again after half an hour', async t => {
	const clock = createVirtualClock();
	const demo = await openDemo(t);
	demo.push.refuse(401);
	const {news, notifications} = listenTo(t, demo, {clock});
	await until(() => news.length === 1);
	await clock.advance(0);
	await until(() => news.length === 2);
	t.deepEqual(news.map(({type}) => type), ['connecting', 'polling']);
	t.like(news[1], {retryMs: 1_800_000});
	t.regex(notifications.state().reason ?? '', /^127\.0\.0\.1:\d+ does not send notifications to this token \(401\); servers send them to their owner only\.$/v);
	await clock.advance(1_799_999);
	t.is(news.length, 2);
	demo.push.refuse(undefined);
	await clock.advance(1);
	await until(() => news.length === 3);
	t.deepEqual(news[2], {type: 'connected', via: 'websocket', isFirst: true});
	t.is(notifications.state().reason, undefined);
});

test('a wrong token is refused by both ways, and is in no address', async t => {
	const demo = await openDemo(t);
	const {types} = listenTo(t, {url: demo.url, token: 'wrong'});
	await until(() => types().includes('polling'));
	t.is(demo.requests.total(), 0);
});

test('a server without notifications leads to polling', async t => {
	const demo = await openDemo(t, {push: 'none'});
	const {news, notifications} = listenTo(t, demo);
	await until(() => notifications.state().state === 'polling');
	t.like(news.at(-1), {type: 'polling', retryMs: 1_800_000});
	t.regex(notifications.state().reason ?? '', /offers no notifications \(404\)\.$/v);
});

test('a server that starts up is asked again soon', async t => {
	const demo = await openDemo(t);
	demo.push.refuse(503);
	const {news, connections} = listenTo(t, demo);
	await until(() => news.length === 2);
	demo.push.refuse(undefined);
	await until(() => connections() === 1);
	t.true(news.slice(0, -1).every(({type}) => type === 'connecting'));
});

test('a burst of changes reaches us whole', async t => {
	const demo = await openDemo(t, {movies: 2000});
	const {connections, keys} = listenTo(t, demo);
	await until(() => connections() === 1);
	const count = demo.library.total('1', 1);
	demo.library.unplug('1', '/srv/');
	const goneCount = count - demo.library.total('1', 1);
	await until(() => keys().length >= goneCount);
	t.is(new Set(keys()).size, goneCount);
	t.true(goneCount > 500);
});

test('once closed it says nothing more, leaves no timer and no socket, and may be closed again', async t => {
	for (const push of ['both', 'sse'] as const) {
		const clock = createVirtualClock();
		const demo = await openDemo(t, {push});
		const {news, notifications, keys} = listenTo(t, demo, {clock});
		await until(() => news.length === 1);
		await clock.advance(0);
		await until(() => notifications.state().state === 'connected');
		const {length} = news;
		notifications.close();
		notifications.close();
		t.is(clock.pending(), 0);
		await until(() => {
			const {websocket, sse} = demo.push.connections();
			return websocket + sse === 0;
		});
		demo.library.removeItem('1000003');
		t.is(news.length, length);
		t.deepEqual(keys(), []);
		t.is(notifications.state().state, 'off');
	}
});

test('closed before it is connected, or between two attempts, it leaves nothing either', async t => {
	const demo = await openDemo(t);
	const clock = createVirtualClock();
	const early = listenTo(t, demo, {clock});
	early.notifications.close();
	t.is(clock.pending(), 0);
	demo.push.refuse(503);
	const waiting = listenTo(t, demo, {clock});
	await until(() => waiting.news.length === 1);
	waiting.notifications.close();
	t.is(clock.pending(), 0);
	t.deepEqual(early.news, []);
	t.deepEqual(demo.push.connections(), {websocket: 0, sse: 0});
});

test('closed while it waits for a pong, it leaves nothing', async t => {
	const clock = createVirtualClock();
	const demo = await openDemo(t);
	const {notifications} = listenTo(t, demo, {clock});
	await until(() => notifications.state().state === 'connected');
	demo.push.freeze(true);
	await clock.advance(20_000);
	t.is(clock.pending(), 2);
	notifications.close();
	t.is(clock.pending(), 0);
});

test('a listener that closes at the first hint gets no second one', async t => {
	const demo = await openDemo(t);
	const seen: unknown[] = [];
	const {connections, notifications} = listenTo(t, demo, {
		onHints(hints) {
			seen.push(...hints);
			notifications.close();
		},
	});
	await until(() => connections() === 1);
	for (const ratingKey of ['1000003', '1000004', '1000005']) {
		demo.library.removeItem(ratingKey);
	}

	await until(() => demo.push.connections().websocket === 0);
	t.is(seen.length, 1);
});
