import process from 'node:process';
import net from 'node:net';
import test, {type ExecutionContext} from 'ava';
import {
	canary,
	openWorld,
	someJob,
	someStatus,
	until,
	type ApiWorld,
} from './_api.js';

type Crowd = {open: () => number; received: () => string; leave: () => void};

/**
Connections that send these bytes at once, and then one more each second: they are of the process that they ask, and must not keep it busy themselves.
*/
const gather = async (t: ExecutionContext, tcpPort: number, {count, first, drip}: {count: number; first: (index: number) => string; drip: string}): Promise<Crowd> => {
	const sockets = new Set<net.Socket>();
	let received = '';
	await Promise.all(Array.from({length: count}, async (_, index) => new Promise<void>((resolve, reject) => {
		const socket = net.connect(tcpPort, '127.0.0.1', () => {
			sockets.add(socket);
			socket.write(first(index));
			resolve();
		});
		socket.on('data', (chunk: Uint8Array) => {
			received += new TextDecoder().decode(chunk);
		});
		socket.on('error', reject);
		socket.on('close', () => {
			sockets.delete(socket);
		});
	})));
	const dripping = setInterval(() => {
		for (const socket of sockets) {
			socket.write(drip);
		}
	}, 1000);
	const leave = () => {
		clearInterval(dripping);
		for (const socket of sockets) {
			socket.destroy();
		}
	};

	t.teardown(leave);
	return {open: () => sockets.size, received: () => received, leave};
};

const head = (path: string, more = '') => `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n${more}`;

const withToken = `Authorization: Bearer ${canary}\r\n`;

test.serial('1,000 slow connections do not keep a good client waiting, and are ended', async t => {
	const {tcpPort, call, faults} = await openWorld(t, {limits: {headersMs: 4500, requestMs: 5500}});
	const firsts = [
		// Nothing at all, half a line, headers without end, and a body that never comes.
		'',
		'GE',
		'GET /api/v1/status HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: ',
		head('/api/v1/refresh', `${withToken}Content-Length: 5000\r\n\r\n{`),
	];
	const slowestOfCalls = async () => {
		let slowestMs = 0;
		for (let count = 0; count < 20; count++) {
			const startMs = performance.now();
			t.is((await call('/api/v1/status')).status, 200);
			slowestMs = Math.max(slowestMs, performance.now() - startMs);
		}

		return slowestMs;
	};

	// A busy machine is slow without a crowd, too.
	const calmMs = await slowestOfCalls();
	const crowd = await gather(t, tcpPort, {count: 1000, first: index => firsts[index % firsts.length]!, drip: 'a'});
	t.true(crowd.open() > 900);
	const slowestMs = await slowestOfCalls();
	// Whoever had to wait for the crowd would wait until its headers are late.
	t.true(slowestMs < 3000 + (10 * calmMs), `the slowest took ${slowestMs} ms, and ${calmMs} ms without the crowd`);
	await until('all are ended', () => crowd.open() === 0, 20_000);
	t.regex(crowd.received(), /HTTP\/1\.1 408 /v);
	t.is((await call('/api/v1/status')).status, 200);
	t.deepEqual(faults, []);
});

test.serial('more connections than are allowed are not taken, and there is room again when they are gone', async t => {
	const {tcpPort, call} = await openWorld(t, {limits: {connections: 20, headersMs: 6000}});
	const crowd = await gather(t, tcpPort, {count: 40, first: () => '', drip: ''});
	await until('the rest is refused', () => crowd.open() <= 20, 3000);
	t.is(crowd.open(), 20);
	crowd.leave();
	await until('there is room', async () => isAnswered(call));
	t.is((await call('/healthz')).status, 200);
});

const jobsOf = (bytes: number) => Array.from({length: 300}, (_, index) => someJob(`job-${index}`, {note: 'x'.repeat(Math.floor(bytes / 300))}));

const ask = `GET /api/v1/status HTTP/1.1\r\nHost: 127.0.0.1\r\n${withToken}\r\n`;

const openDeaf = (t: ExecutionContext, tcpPort: number, bytes: string) => {
	const socket = net.connect(tcpPort, '127.0.0.1');
	t.teardown(() => {
		socket.destroy();
	});
	socket.on('error', () => {/* it is reset */});
	socket.pause();
	socket.write(bytes);
};

const isAnswered = async (call: ApiWorld['call']) => {
	const [outcome] = await Promise.allSettled([call('/healthz')]);
	return outcome.status === 'fulfilled' && outcome.value.status === 200;
};

test.serial('a client that never reads its answer is hung up on', async t => {
	const {tcpPort, call} = await openWorld(t, {status: someStatus({jobs: jobsOf(20_000_000)}), limits: {idleMs: 1000, connections: 1}});
	openDeaf(t, tcpPort, ask);
	await until('it holds the only place', async () => !await isAnswered(call), 3000);
	await until('it is hung up on', async () => isAnswered(call), 6000);
	t.is((await call('/healthz')).status, 200);
});

test.serial('a client that asks on and on but never reads costs little, and keeps nobody waiting', async t => {
	const {tcpPort, call} = await openWorld(t, {status: someStatus({jobs: jobsOf(200_000)})});
	const timeOfCalls = async (path: string) => {
		const startMs = performance.now();
		for (let count = 0; count < 20; count++) {
			t.is((await call(path)).status, 200);
		}

		return performance.now() - startMs;
	};

	const answersMs = await timeOfCalls('/api/v1/status');
	const before = process.memoryUsage().rss;
	openDeaf(t, tcpPort, ask.repeat(500));
	const tookMs = await timeOfCalls('/healthz');
	// A busy machine takes long to make that many answers in any case.
	t.true(tookMs < 2500 + (500 / 20 * answersMs), `${tookMs} ms, and ${answersMs} ms for 20 answers before`);
	t.true(process.memoryUsage().rss - before < 150 * 1_048_576, `${Math.round((process.memoryUsage().rss - before) / 1_048_576)} MB`);
});

test.serial('an idle connection is kept for a short while only', async t => {
	const {tcpPort} = await openWorld(t, {limits: {headersMs: 500}});
	const socket = net.connect(tcpPort, '127.0.0.1');
	let text = '';
	let isClosed = false;
	socket.on('data', (chunk: Uint8Array) => {
		text += new TextDecoder().decode(chunk);
	});
	socket.on('close', () => {
		isClosed = true;
	});
	socket.write('GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
	await until('it is closed', () => isClosed);
	t.regex(text, /^HTTP\/1\.1 200 /v);
});
