import {setTimeout} from 'node:timers/promises';
import test from 'ava';
import {createSdNotify, type SdNotifyOptions} from '../../source/service/sd-notify.js';
import {createVirtualClock} from '../helpers/virtual-clock.js';
import {setUp} from './_context.js';

const managed = {NOTIFY_SOCKET: '/run/user/1000/systemd/notify'};

/**
Everything that systemd would be told, a list per message.
*/
const listen = (options: Partial<SdNotifyOptions> = {}) => {
	const told: string[][] = [];
	const clock = createVirtualClock();
	const notify = createSdNotify({
		env: managed,
		clock,
		async spawn(variables) {
			told.push([...variables]);
			return {exitCode: 0, stdout: '', stderr: ''};
		},
		...options,
	});
	return {told, clock, notify};
};

test('without systemd nothing is told and nothing waits', async t => {
	const {told, clock, notify} = listen({env: {WATCHDOG_USEC: '3000000'}});
	notify.ready('Up.');
	notify.status('Idle.');
	notify.watchdog(() => true);
	notify.reloading();
	notify.stopping();
	t.is(clock.pending(), 0);
	await notify.close();
	t.deepEqual(told, []);
});

test('the life of a service is told in its order', async t => {
	const {told, notify} = listen({monotonicUs: () => 123n});
	notify.ready('Watching 3 libraries.');
	notify.reloading();
	notify.ready('Watching 2 libraries.');
	notify.stopping();
	await notify.close();
	t.deepEqual(told, [
		['READY=1', 'STATUS=Watching 3 libraries.'],
		['RELOADING=1', 'MONOTONIC_USEC=123'],
		['READY=1', 'STATUS=Watching 2 libraries.'],
		['STOPPING=1', 'STATUS=Ending: what was committed is kept.'],
	]);
});

test('of many statuses within a second only the last one is told, and none twice', async t => {
	const {told, clock, notify} = listen();
	for (let index = 1; index <= 100; index++) {
		notify.status(`${index} %`);
	}

	await clock.advance(1000);
	notify.status('99 %');
	notify.status('100 %');
	await clock.advance(5000);
	t.deepEqual(told, [['STATUS=100 %']]);
	t.is(clock.pending(), 0);
});

test('a title cannot smuggle in another variable', async t => {
	const {told, clock, notify} = listen();
	notify.status('Film\nWATCHDOG=trigger\u{1B}[2J\0');
	await clock.advance(1000);
	t.is(told.length, 1);
	t.notRegex(told[0]![0]!, /\p{Control}/v);
});

test('the watchdog is fed at a third of its time, and only while something moves', async t => {
	let isProgressing = true;
	const {told, clock, notify} = listen({env: {...managed, WATCHDOG_USEC: '120000000', WATCHDOG_PID: '42'}, pid: 42});
	notify.watchdog(() => isProgressing);
	notify.watchdog(() => isProgressing);
	await clock.advance(119_000);
	t.deepEqual(told, [['WATCHDOG=1'], ['WATCHDOG=1'], ['WATCHDOG=1']]);
	isProgressing = false;
	await clock.advance(600_000);
	t.is(told.length, 3);
	isProgressing = true;
	await clock.advance(40_000);
	t.is(told.length, 4);
	await notify.close();
	t.is(clock.pending(), 0);
});

test('a watchdog for another process, or with a time that is none, is left alone', async t => {
	for (const env of [{WATCHDOG_USEC: '3000000', WATCHDOG_PID: '43'}, {WATCHDOG_USEC: 'soon'}, {WATCHDOG_USEC: '0'}, {}]) {
		const {told, clock, notify} = listen({env: {...managed, ...env}, pid: 42});
		notify.watchdog(() => true);
		await clock.advance(10_000);
		t.deepEqual(told, []);
	}
});

test('a systemd-notify that fails is told once, and tried again with the next message', async t => {
	const faults: string[] = [];
	let calls = 0;
	const {notify} = listen({
		onFault(sentence) {
			faults.push(sentence);
		},
		async spawn() {
			calls++;
			return {exitCode: 1, stdout: '', stderr: 'Failed'};
		},
	});
	notify.ready('Up.');
	notify.reloading();
	notify.ready('Up.');
	await notify.close();
	t.is(calls, 3);
	t.deepEqual(faults, ['systemd was not told how reelcat is doing, because systemd-notify failed (exit code 1). It is tried again with the next message.']);
});

test('a systemd-notify that hangs holds up neither the daemon nor its end', async t => {
	const told: string[] = [];
	const {clock, notify} = listen({
		env: {...managed, WATCHDOG_USEC: '3000000'},
		async spawn(variables, signal) {
			told.push(variables[0]!);
			const {promise, resolve} = Promise.withResolvers<undefined>();
			signal.addEventListener('abort', () => {
				resolve(undefined);
			});
			await promise;
			return {exitCode: 124, stdout: '', stderr: ''};
		},
	});
	notify.ready('Up.');
	notify.watchdog(() => true);
	await clock.advance(3_600_000);
	notify.stopping();
	const closed = notify.close();
	await clock.advance(3999);
	t.deepEqual(told, ['READY=1']);
	await clock.advance(1);
	await closed;
	t.deepEqual(told, ['READY=1']);
});

test('the program systemd-notify is run with the socket, the variables as they are, and no shell', async t => {
	const {home, env, tool, calls} = await setUp(t);
	await tool('systemd-notify', String.raw`printf '%s\n' "socket $NOTIFY_SOCKET, $# arguments, token [$PLEX_TOKEN]" >> '${home}/calls'`);
	const notify = createSdNotify({env: {...env, NOTIFY_SOCKET: '@abstract', PLEX_TOKEN: 'secret'}});
	notify.ready('$(id) `id` "quoted"; ready');
	await notify.close();
	t.deepEqual(await calls(), ['systemd-notify READY=1 STATUS=$(id) `id` "quoted"; ready', 'socket @abstract, 2 arguments, token []']);
});

test('where there is no systemd-notify, that is said once, in words that help', async t => {
	const {env} = await setUp(t);
	const faults: string[] = [];
	const notify = createSdNotify({
		env: {...env, ...managed},
		onFault(sentence) {
			faults.push(sentence);
		},
	});
	notify.ready('Up.');
	notify.stopping();
	await notify.close();
	t.is(faults.length, 1);
	t.regex(faults[0]!, /no systemd-notify on the PATH/v);
});

test('a systemd-notify that never ends is ended with the daemon', async t => {
	const {env, tool, calls} = await setUp(t);
	await tool('systemd-notify', 'exec /bin/sleep 60');
	const clock = createVirtualClock();
	const notify = createSdNotify({env: {...env, ...managed}, clock});
	notify.ready('Up.');
	for (let attempt = 0; attempt < 500 && (await calls()).length === 0; attempt++) {
		await setTimeout(10);
	}

	const beganMs = performance.now();
	const closed = notify.close();
	await clock.advance(4000);
	await closed;
	t.true(performance.now() - beganMs < 4000);
});
