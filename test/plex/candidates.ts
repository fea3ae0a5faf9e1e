import {once} from 'node:events';
import net from 'node:net';
import {setImmediate as nextTurn} from 'node:timers/promises';
import test from 'ava';
import {AppError} from '../../source/base/errors.js';
import type {ServerAddresses} from '../../source/plex/candidate-ranking.js';
import {chooseConnection} from '../../source/plex/candidates.js';
import {createIdentify, type Identify} from '../../source/plex/identify.js';
import type {Sleep} from '../../source/base/abort.js';
import {
	canary,
	codeOf,
	failureOf,
	identityBody,
	listen,
	sendJson,
	serve,
} from './_loopback.js';

const local = 'https://nas:32400';
const localClear = 'http://nas:32400';
const remote = 'https://media.example';
const otherRemote = 'https://other.example';

const known = (...remembered: string[]): ServerAddresses => ({
	id: 'abc',
	isOwned: true,
	isHttpsRequired: false,
	publicAddressMatches: true,
	connections: [],
	remembered,
});

type Step = {uri: string; id: string} | {uri: string; fails: AppError} | {sleepMs: number};

/**
Servers and a clock that do only what a test tells them, one step after the other. What is asked for in vain waits until it is aborted.
*/
const createWorld = () => {
	const asked: string[] = [];
	const aborted: string[] = [];
	const calls = new Map<string, PromiseWithResolvers<{id: string; version: undefined; isClaimed: boolean}>>();
	const sleeps = new Map<number, Array<() => void>>();
	let nowMs = 0;
	const identify: Identify = async (uri, signal) => {
		asked.push(uri);
		const call = Promise.withResolvers<{id: string; version: undefined; isClaimed: boolean}>();
		calls.set(uri, call);
		signal.addEventListener('abort', () => {
			aborted.push(uri);
			call.reject(new AppError('cancelled', 'The request was cancelled.'));
		});
		return call.promise;
	};

	const sleep: Sleep = async (ms, signal) => {
		const {promise, resolve, reject} = Promise.withResolvers<void>();
		signal.addEventListener('abort', () => {
			reject(new Error('aborted'));
		});
		sleeps.set(ms, [...(sleeps.get(ms) ?? []), resolve]);
		await promise;
	};

	const settle = async () => {
		for (let turn = 0; turn < 20; turn++) {
			await Promise.resolve();
		}
	};

	return {
		asked,
		aborted,
		options: {
			identify,
			sleep,
			now: () => nowMs,
		},
		async play(...steps: Step[]) {
			for (const step of steps) {
				nowMs += 10;
				if ('sleepMs' in step) {
					for (const wake of sleeps.get(step.sleepMs) ?? []) {
						wake();
					}
				} else if ('fails' in step) {
					calls.get(step.uri)?.reject(step.fails);
				} else {
					calls.get(step.uri)?.resolve({id: step.id, version: undefined, isClaimed: true});
				}

				await settle();
			}
		},
	};
};

const refused = () => new AppError('unreachable', 'nas:32400 refuses the connection: nothing listens on that port.');

test('all addresses are asked at once, and the best wins as soon as nothing better can come', async t => {
	const {asked, aborted, options, play} = createWorld();
	const choice = chooseConnection(known(remote, local, otherRemote), options);
	t.deepEqual(asked, [local, remote, otherRemote]);
	await play({uri: local, id: 'abc'});
	t.deepEqual(await choice, {
		winner: {uri: local, class: 'local', latencyMs: 10},
		others: [{uri: remote, class: 'remote'}, {uri: otherRemote, class: 'remote'}],
	});
	t.true(aborted.includes(remote) && aborted.includes(otherRemote));
});

test('a better way has some grace after the first that works', async t => {
	const {options, play} = createWorld();
	const choice = chooseConnection(known(remote, local), options);
	await play({uri: remote, id: 'abc'}, {uri: local, id: 'abc'});
	t.deepEqual(await choice, {
		winner: {uri: local, class: 'local', latencyMs: 20},
		others: [{uri: remote, class: 'remote', latencyMs: 10}],
	});
});

test('when the grace is over the best so far is taken, the quickest of equals', async t => {
	const {options, play} = createWorld();
	const choice = chooseConnection(known(remote, otherRemote, local), options);
	await play({uri: otherRemote, id: 'abc'}, {uri: remote, id: 'abc'}, {sleepMs: 500}, {uri: local, id: 'abc'});
	t.deepEqual(await choice, {
		winner: {uri: otherRemote, class: 'remote', latencyMs: 10},
		others: [{uri: local, class: 'local'}, {uri: remote, class: 'remote', latencyMs: 20}],
	});
});

test('nobody waits for a better way that has failed', async t => {
	const {options, play} = createWorld();
	const choice = chooseConnection(known(remote, local), options);
	await play({uri: remote, id: 'abc'}, {uri: local, fails: refused()});
	const {winner, others} = await choice;
	t.is(winner.uri, remote);
	t.is(others[0]?.failure?.code, 'unreachable');
});

test('another server at a better address does not win, and what is said of it names no other id', async t => {
	const {options, play} = createWorld();
	const choice = chooseConnection(known(remote, local), options);
	await play({uri: local, id: 'stranger'}, {uri: remote, id: 'abc'});
	const {winner, others} = await choice;
	t.is(winner.uri, remote);
	t.is(others[0]?.failure?.message, 'nas:32400 is the address of another Plex server.');
});

test('when none works the error says of each why', async t => {
	const {options, play} = createWorld();
	const choice = failureOf(chooseConnection(known(local, localClear, remote), options));
	await play({uri: local, fails: refused()}, {uri: localClear, id: 'stranger'}, {sleepMs: 4000});
	const error = await choice;
	t.is(error.code, 'unreachable');
	t.is(error.message, 'No address of the server works: https://nas:32400 (refuses the connection: nothing listens on that port); http://nas:32400 (is the address of another Plex server); https://media.example (gave no answer within 4 s).');
	t.is(error.hint, 'The address has gone to another machine since: look the server up again, or give its new address.');
});

test('without any address there is nothing to try', async t => {
	const error = await failureOf(chooseConnection(known('ftp://nas'), createWorld().options));
	t.is(error.code, 'unreachable');
	t.truthy(error.hint);
});

test('an abort ends all of it, before and during', async t => {
	const {asked, aborted, options} = createWorld();
	t.is(await codeOf(chooseConnection(known(local), {...options, signal: AbortSignal.abort()})), 'cancelled');
	t.deepEqual(asked, []);
	const controller = new AbortController();
	const choice = codeOf(chooseConnection(known(local, remote), {...options, signal: controller.signal}));
	controller.abort();
	t.is(await choice, 'cancelled');
	t.deepEqual(aborted.toSorted(), [remote, local]);
});

test('a fault of the program is not taken for one of an address', async t => {
	await t.throwsAsync(chooseConnection(known(local), {
		...createWorld().options,
		async identify() {
			throw new TypeError('A bug.');
		},
	}), {instanceOf: TypeError});
});

test('over the wire: a silent port, a stranger and a web page lose against the server, and none of them sees a token', async t => {
	const seen: string[] = [];
	const strangersLeft: Array<Promise<unknown>> = [];
	const strange = async (body: string) => serve(t, (request, response) => {
		seen.push(JSON.stringify([request.url, request.headers]));
		strangersLeft.push(once(request.socket, 'close'));
		response.end(body);
	});
	const stranger = await strange(JSON.stringify({MediaContainer: {machineIdentifier: 'stranger'}}));
	const page = await strange('<html>');
	const silence = net.createServer();
	const silent = await listen(t, silence);
	const firstSocket = once(silence, 'connection') as Promise<[net.Socket]>;
	const othersHaveAnswered = async () => {
		await firstSocket;
		while (strangersLeft.length < 2) {
			await nextTurn();
		}

		await Promise.all(strangersLeft);
	};

	const server = await serve(t, (request, response) => {
		seen.push(JSON.stringify([request.url, request.headers]));
		void othersHaveAnswered().then(() => {
			sendJson(response, identityBody);
		});
	});
	const options = {clientIdentifier: 'test', version: '0.0.0', token: canary};
	const {winner, others} = await chooseConnection(known(silent, stranger, page, server), {identify: createIdentify(options)});
	t.is(winner.uri, server);
	t.deepEqual(others.map(({uri, failure}) => [uri, failure?.code]), [[silent, undefined], [stranger, 'not-plex'], [page, 'not-plex']]);
	t.is(seen.length, 3);
	t.true(seen.every(request => request.startsWith('["/identity"') && !/canary|x-plex-token/iv.test(request)));
	const [socket] = await firstSocket;
	// The probe that was not waited for leaves no connection behind.
	await (socket.closed ? undefined : once(socket.resume(), 'close'));
});
