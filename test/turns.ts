import {setImmediate} from 'node:timers/promises';
import test from 'ava';
import {nextTurn} from '../source/turns.js';

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
