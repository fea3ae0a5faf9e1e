import {createSocket, type RemoteInfo, type Socket} from 'node:dgram';
import {once} from 'node:events';
import {cpuUsage} from 'node:process';
import {setImmediate as nextTurn} from 'node:timers/promises';
import test, {type ExecutionContext} from 'ava';
import {discoverServers} from '../../source/plex/gdm.js';
import {codeOf} from './_loopback.js';

const reply = (id: string) => `HTTP/1.0 200 OK\r\nContent-Type: plex/media-server\r\nName: ${id}\r\nPort: 32400\r\nResource-Identifier: ${id}\r\nVersion: 1.43.0\r\n\r\n`;

const loopback = '127.0.0.1';

type Answer = (socket: Socket, from: RemoteInfo) => void;

/**
Listens on a port of this machine as servers do in a group, and answers as told.
*/
const listenForQuestions = async (t: ExecutionContext, answer: Answer) => {
	const socket = createSocket('udp4');
	const questions: string[] = [];
	socket.on('message', (message, from) => {
		questions.push(message.toString());
		answer(socket, from);
	});
	socket.bind(0, loopback);
	await once(socket, 'listening');
	t.teardown(() => {
		socket.close();
	});
	return {
		questions,
		options: {
			target: {address: loopback, port: socket.address().port},
			interfaces: [loopback],
		},
	};
};

/**
A wait that lasts until a test has seen what it waits for.
*/
const createWait = () => {
	const {promise, resolve} = Promise.withResolvers<void>();
	const waits: number[] = [];
	return {
		end: resolve,
		waits,
		async sleep(ms: number) {
			waits.push(ms);
			await promise;
		},
	};
};

test('servers that answer are found, told at once, and each is listed once', async t => {
	const {end, sleep, waits} = createWait();
	const {questions, options} = await listenForQuestions(t, (socket, {port, address}) => {
		for (const text of ['no answer', reply('b'), reply('a'), reply('b'), reply('last')]) {
			socket.send(text, port, address);
		}
	});
	const told: string[] = [];
	const servers = await discoverServers({
		...options,
		sleep,
		onServer({id}) {
			told.push(id);
			if (id === 'last') {
				end();
			}
		},
	});
	t.deepEqual(servers.map(({id, uri}) => [id, uri]), ['a', 'b', 'last'].map(id => [id, 'http://127.0.0.1:32400']));
	t.deepEqual(told.toSorted(), ['a', 'b', 'last']);
	t.is(questions[0], 'M-SEARCH * HTTP/1.0\r\n\r\n');
	t.deepEqual(waits, [400, 800]);
});

test('the question is asked again when nobody has answered it', async t => {
	const {end, sleep} = createWait();
	let asked = 0;
	const {options} = await listenForQuestions(t, (socket, {port, address}) => {
		asked++;
		if (asked === 2) {
			socket.send(reply('late'), port, address);
		}
	});
	let waited = 0;
	const servers = await discoverServers({
		...options,
		onServer() {
			end();
		},
		async sleep(ms) {
			waited++;
			await (waited === 1 ? undefined : sleep(ms));
		},
	});
	t.deepEqual(servers.map(({id}) => id), ['late']);
});

test('a network that cannot be used is one without servers', async t => {
	// An address that is not of this machine, one that is none, and a port that nothing can be sent to.
	t.deepEqual(await discoverServers({interfaces: ['192.0.2.1', 'nonsense']}), []);
	t.deepEqual(await discoverServers({interfaces: [loopback], target: {address: loopback, port: 0}}), []);
	t.deepEqual(await discoverServers({interfaces: []}), []);
});

test('an abort ends the search, before and during', async t => {
	t.is(await codeOf(discoverServers({interfaces: [loopback], signal: AbortSignal.abort()})), 'cancelled');
	const controller = new AbortController();
	const {options} = await listenForQuestions(t, () => {
		controller.abort();
	});
	t.is(await codeOf(discoverServers({...options, timeoutMs: 3_600_000, signal: controller.signal})), 'cancelled');
});

test('a flood of 10,000 answers holds up nothing, and leaves no more than a handful of servers', async t => {
	const {end, sleep} = createWait();
	// As much work to read as 2 kB can be, and no server in the end.
	const nonsense = `HTTP/1.0 200 OK\r\n${Array.from({length: 300}, (_, index) => `${index}:`).join('\n')}`;
	const turnsMs: number[] = [];
	const flood = async (socket: Socket, {port, address}: RemoteInfo) => {
		for (let turn = 0; turn < 500; turn++) {
			for (let index = 0; index < 20; index++) {
				socket.send(turn < 250 ? nonsense : reply(`fake-${turn}-${index}`), port, address);
			}

			const before = cpuUsage();
			await nextTurn();
			const {user, system} = cpuUsage(before);
			turnsMs.push((user + system) / 1000);
		}
	};

	let isFlooding = false;
	const {options} = await listenForQuestions(t, (socket, from) => {
		if (isFlooding) {
			return;
		}

		isFlooding = true;
		void flood(socket, from).then(end);
	});
	let toldCount = 0;
	const servers = await discoverServers({
		...options,
		sleep,
		onServer() {
			toldCount++;
		},
	});
	t.is(servers.length, 8);
	t.is(toldCount, 8);
	// The processor time is that of all threads: one turn in a hundred may meet the compiler or the collector.
	const longMs = turnsMs.toSorted((left, right) => left - right)[Math.floor(turnsMs.length * 0.99)]!;
	t.true(longMs < 50, `Turns took up to ${longMs} ms.`);
});
