import {setImmediate, setTimeout} from 'node:timers/promises';
import test from 'ava';
import {idleMoment, nextTurn} from '../../source/base/turns.js';

test('of all that wait, one goes on per turn of the event loop, first come, first served', async t => {
	const clock = {turn: 0, isRunning: true};
	const running = (async () => {
		while (clock.isRunning) {
			await setImmediate();
			clock.turn++;
		}
	})();
	const order: string[] = [];
	const turns: number[] = [];
	await Promise.all(['a', 'b', 'c', 'd'].map(async name => {
		await nextTurn();
		order.push(name);
		turns.push(clock.turn);
	}));
	clock.isRunning = false;
	await running;
	t.deepEqual(order, ['a', 'b', 'c', 'd']);
	t.is(new Set(turns).size, 4);
});

test('a turn in which something else has worked is left to it, though not for ever', async t => {
	const clock = {turns: 0, isRunning: true};
	const busy = (async () => {
		while (clock.isRunning) {
			await setImmediate();
			clock.turns++;
			const endMs = performance.now() + 20;
			while (performance.now() < endMs) {
				// Holds the thread, as the drawing of a frame does.
			}
		}
	})();
	await setImmediate();
	const before = clock.turns;
	await nextTurn();
	t.true(clock.turns - before > 1);
	clock.isRunning = false;
	await busy;
});

test('a moment is idle when the event loop has rested', async t => {
	const clock = {isRunning: true, hasEnded: false};
	const busy = (async () => {
		const endMs = performance.now() + 100;
		while (performance.now() < endMs) {
			await setImmediate();
		}

		clock.hasEnded = true;
		while (clock.isRunning) {
			// As while a slow server is waited for.
			await setTimeout(20);
		}
	})();
	await idleMoment(new AbortController().signal);
	t.true(clock.hasEnded);
	clock.isRunning = false;
	await busy;
});

test('nobody waits for an idle moment any longer than it is of use', async t => {
	const over = new AbortController();
	const clock = {isRunning: true};
	const busy = (async () => {
		while (clock.isRunning) {
			await setImmediate();
		}
	})();
	const idle = idleMoment(over.signal);
	await setTimeout(50);
	over.abort();
	await t.notThrowsAsync(idle);
	clock.isRunning = false;
	await busy;
});
