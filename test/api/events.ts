import process from 'node:process';
import test from 'ava';
import {createApiClient} from '../../source/api/client.js';
import {createVirtualClock} from '../helpers/virtual-clock.js';
import {
	canary,
	openWorld,
	refusalOf,
	someJob,
	someStatus,
	until,
} from './_api.js';
import {openStream} from './_stream.js';

test('who comes fresh is told the whole status first, and then each event with its number', async t => {
	const {tcpPort, news, listeners} = await openWorld(t);
	const stream = openStream(t, tcpPort);
	await until('it listens', () => stream.events().length === 1);
	t.regex(stream.text(), /^HTTP\/1\.1 200 OK\r\nContent-Type: text\/event-stream; charset=utf-8\r\nCache-Control: no-store, no-transform\r\n/v);
	news.tell({type: 'job', job: someJob('one', {state: 'running'})});
	news.note('Line one\nline two\u{2028}and \u{1B}[31m');
	await until('all has come', () => stream.events().length === 3);
	const [status, job, note] = stream.events();
	t.like(status, {type: 'status', data: {type: 'status', status: someStatus()}});
	t.like(job, {type: 'job', id: status!.id + 1, data: {job: {id: 'one', state: 'running'}}});
	t.like(note, {type: 'note', id: status!.id + 2, data: {note: {text: 'Line one\nline two\u{2028}and \u{1B}[31m'}}});
	t.notRegex(stream.text(), /[[\p{Control}\p{Line_Separator}]--[\n\r]]/v);
	stream.socket.destroy();
	await until('it is forgotten', () => listeners() === 0);
});

test('with Last-Event-ID the rest is told, without gap or repetition', async t => {
	const {tcpPort, news} = await openWorld(t);
	const first = openStream(t, tcpPort);
	await until('it listens', () => first.events().length === 1);
	for (let count = 0; count < 50; count++) {
		news.note(`${count}`);
	}

	await until('it has all', () => first.events().length === 51);
	const all = first.events();
	for (const after of [all[0]!, all[20]!, all[49]!]) {
		const again = openStream(t, tcpPort, {'Last-Event-ID': String(after.id)});
		const rest = all.filter(({id}) => id > after.id);
		await until('it has the rest', () => again.events().length >= rest.length);
		t.deepEqual(again.events(), rest);
	}
});

test('with the number of an event that is forgotten, or of no event, the whole status is told', async t => {
	const {tcpPort, news} = await openWorld(t, {remembered: 10});
	for (let count = 0; count < 40; count++) {
		news.note(`${count}`);
	}

	for (const id of ['0', '1', '999999999999999']) {
		const stream = openStream(t, tcpPort, {'Last-Event-ID': id});
		await until('it listens', () => stream.events().length > 0);
		t.deepEqual(stream.events().map(({type}) => type), ['status']);
	}
});

test('a Last-Event-ID that is no number is refused', async t => {
	const {call, listeners} = await openWorld(t);
	for (const id of ['abc', '-1', '1.5', '1e3', '0x10', '1, 2', '9'.repeat(16), '1 ', '\'']) {
		t.deepEqual(refusalOf(t, await call('/api/v1/events', {headers: {'Last-Event-ID': id === '1 ' ? '1 x' : id}})), [400, 'usage'], `the id ${id}`);
	}

	t.is(listeners(), 0);
});

test('a sign of life comes every 15 seconds', async t => {
	const clock = createVirtualClock();
	const {tcpPort, listeners} = await openWorld(t, {clock});
	const stream = openStream(t, tcpPort);
	const beats = () => stream.text().split('\n').filter(line => line.startsWith(':')).length;
	await until('it listens', () => stream.events().length === 1);
	const before = beats();
	await clock.advance(45_000);
	await until('three have come', () => beats() === before + 3);
	stream.socket.destroy();
	await until('it is forgotten', () => listeners() === 0);
	t.is(clock.pending(), 0);
});

test('a client that never reads is dropped once too much waits for it, while another one misses nothing', async t => {
	const {tcpPort, news, listeners, faults} = await openWorld(t, {limits: {streamBytes: 262_144}});
	const deaf = openStream(t, tcpPort);
	deaf.socket.pause();
	const good = openStream(t, tcpPort);
	await until('both listen', () => listeners() === 2);
	const before = process.memoryUsage().rss;
	let sent = 0;
	await until('the deaf one is dropped', async () => {
		for (let count = 0; count < 10; count++) {
			news.note('x'.repeat(20_000));
			sent++;
		}

		await until('the good one keeps up', () => good.events().length === sent + 1);
		return listeners() === 1;
	});
	t.is(good.events().filter(({type}) => type === 'note').length, sent);
	t.false(good.isClosed());
	t.true(process.memoryUsage().rss - before < 150 * 1_048_576);
	t.deepEqual(faults, []);
});

test('much that was missed is told to one who reads, even where it is more than may wait for one who does not', async t => {
	const {tcpPort, news, listeners} = await openWorld(t, {limits: {streamBytes: 65_536}});
	const first = openStream(t, tcpPort);
	await until('it listens', () => first.events().length === 1);
	const {id} = first.events()[0]!;
	first.socket.destroy();
	await until('it is forgotten', () => listeners() === 0);
	for (let count = 0; count < 900; count++) {
		news.note('x'.repeat(10_000));
	}

	const again = openStream(t, tcpPort, {'Last-Event-ID': String(id)});
	again.socket.pause();
	await until('it listens', () => listeners() === 1);
	news.note('while most of it is on its way');
	t.is(listeners(), 1);
	again.socket.resume();
	await until('it has all', () => again.events().length === 901);
	t.false(again.isClosed());
	news.note('and one more');
	await until('it goes on', () => again.events().length === 902);
});

test('a connection on which only signs of life come is not taken for idle', async t => {
	const {tcpPort} = await openWorld(t, {limits: {idleMs: 2000, heartbeatMs: 100}});
	const stream = openStream(t, tcpPort);
	await until('it has lasted longer than an idle one may', () => stream.isClosed() || stream.text().split(': still here').length > 30);
	t.false(stream.isClosed());
});

test('only so many may listen, and there is room again when one goes', async t => {
	const {api, tcpPort, call, listeners} = await openWorld(t, {limits: {streams: 3}});
	const streams = Array.from({length: 3}, () => openStream(t, tcpPort));
	await until('all listen', () => listeners() === 3);
	t.deepEqual(refusalOf(t, await call('/api/v1/events')), [503, 'rate-limited']);
	const client = createApiClient({address: api.address, token: canary});
	t.teardown(client.close);
	client.subscribe(() => {/* reelcat itself has room of its own */});
	await until('the app listens', () => listeners() === 4);
	client.close();
	await until('the app has gone', () => listeners() === 3);
	streams[0]!.socket.destroy();
	await until('one has gone', () => listeners() === 2);
	openStream(t, tcpPort);
	await until('another one listens', () => listeners() === 3);
});

test('an end of the API is an end of all its connections, within a second', async t => {
	const {tcpPort, listeners, api} = await openWorld(t);
	const streams = Array.from({length: 5}, () => openStream(t, tcpPort));
	const idle = openStream(t, tcpPort, {'X-Half': 'a\r\nX'});
	await until('all listen', () => listeners() >= 5);
	const startMs = performance.now();
	await api.close();
	t.true(performance.now() - startMs < 1000);
	await until('all are closed', () => [...streams, idle].every(({isClosed}) => isClosed()));
	t.is(listeners(), 0);
});
