import {setImmediate} from 'node:timers/promises';
import test from 'ava';
import {createLoop} from '../../source/base/loop.js';

test('a turn begins at once, and kicks during it are answered by one more', async t => {
	const turns: number[] = [];
	let under = 0;
	const loop = createLoop(async () => {
		t.is(++under, 1);
		turns.push(turns.length);
		if (turns.length === 1) {
			loop.kick();
			loop.kick();
		}

		await setImmediate();
		under--;
	});
	loop.kick();
	t.deepEqual(turns, [0]);
	await loop.idle();
	t.deepEqual(turns, [0, 1]);
	await loop.idle();
	loop.kick();
	await loop.idle();
	t.is(turns.length, 3);
});

test('an error goes to the handler, and the next kick is answered all the same', async t => {
	const errors: unknown[] = [];
	let turns = 0;
	const loop = createLoop(async () => {
		if (++turns === 1) {
			throw new Error('first');
		}
	}, error => {
		errors.push(error);
	});
	loop.kick();
	await loop.idle();
	loop.kick();
	await loop.idle();
	t.is(turns, 2);
	t.deepEqual(errors.map(error => (error as Error).message), ['first']);
});

test('whoever waits for a turn gets the one that begins after the call, and its error', async t => {
	const errors: unknown[] = [];
	let waiting: string[] = [];
	const taken: string[][] = [];
	const loop = createLoop(async () => {
		taken.push(waiting);
		waiting = [];
		await setImmediate();
		if (taken.length === 2) {
			throw new Error('second');
		}
	}, error => {
		errors.push(error);
	});
	const add = async (name: string) => {
		waiting.push(name);
		await loop.turn();
	};

	const first = add('a');
	const others = [add('b'), add('c')];
	await first;
	for (const other of others) {
		await t.throwsAsync(other, {message: 'second'});
	}

	t.deepEqual(taken, [['a'], ['b', 'c']]);
	t.deepEqual(errors, []);
});

test('once it is stopped no turn begins, and the one under way is waited for', async t => {
	let ended = 0;
	const loop = createLoop(async () => {
		await setImmediate();
		ended++;
	});
	loop.kick();
	loop.kick();
	await loop.stop();
	t.is(ended, 1);
	loop.kick();
	await loop.idle();
	t.is(ended, 1);
});
