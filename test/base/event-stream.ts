import {setImmediate as nextTurn} from 'node:timers/promises';
import {PassThrough} from 'node:stream';
import test from 'ava';
import {readEvents} from '../../source/base/event-stream.js';
import {createVirtualClock} from '../helpers/virtual-clock.js';

const setUp = (maxEventBytes = 1000) => {
	const clock = createVirtualClock();
	const response = new PassThrough();
	const request = {destroyed: false};
	const told: string[] = [];
	const stop = readEvents(request, response, {
		clock,
		maxEventBytes,
		silenceMs: 1000,
		onEvent({id, data}) {
			told.push(`${id ?? ''} ${data}`);
		},
		onFault({type}) {
			told.push(type);
		},
		onSilence() {
			told.push('silence');
		},
	});
	const send = async (text: string | Uint8Array) => {
		response.write(text);
		await nextTurn();
	};

	return {
		clock, request, told, send, stop,
	};
};

test('events are read, also when a letter is cut in two', async t => {
	const {send, told} = setUp();
	const bytes = new TextEncoder().encode('id: 1\ndata: é\n\n');
	await send(bytes.subarray(0, 13));
	await send(bytes.subarray(13));
	t.deepEqual(told, ['1 é']);
});

test('silence is reported once it has lasted, counted from the last byte', async t => {
	const {clock, send, told} = setUp();
	await clock.advance(900);
	await send(': still here\n');
	await clock.advance(900);
	t.deepEqual(told, []);
	await clock.advance(200);
	t.deepEqual(told, ['silence']);
});

test('after the stop there is no timer left', t => {
	const {clock, stop} = setUp();
	stop();
	t.is(clock.pending(), 0);
});

test('nothing is read after the request was destroyed', async t => {
	const {request, send, told} = setUp();
	request.destroyed = true;
	await send('data: late\n\n');
	t.deepEqual(told, []);
});

test('an event that is too large is a fault', async t => {
	const {send, told} = setUp(100);
	await send(`data: ${'x'.repeat(200)}`);
	t.deepEqual(told, ['max-buffer-size-exceeded']);
});
