import {setImmediate} from 'node:timers/promises';
import test from 'ava';
import {idleTurn, nextTurn} from '../../source/base/turns.js';

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

test('an idle turn is one that nobody else wants and in which nothing has worked', async t => {
	const order: string[] = [];
	const idle = (async () => {
		await idleTurn();
		order.push('idle');
	})();
	const others = Array.from({length: 5}, async (_, index) => {
		await nextTurn();
		order.push(String(index));
	});
	const clock = {turns: 0, isRunning: true};
	const busy = (async () => {
		while (clock.isRunning) {
			await setImmediate();
			clock.turns++;
			const endMs = performance.now() + 2;
			while (performance.now() < endMs) {
				// Holds the thread for less than what `nextTurn` gives way to.
			}
		}
	})();
	await Promise.all(others);
	const before = clock.turns;
	while (clock.turns < before + 5) {
		await setImmediate();
	}

	t.deepEqual(order, ['0', '1', '2', '3', '4']);
	clock.isRunning = false;
	await Promise.all([busy, idle]);
	t.is(order.at(-1), 'idle');
});
