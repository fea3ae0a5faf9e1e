import {setImmediate} from 'node:timers/promises';

/**
Does some work, and tells how many turns the event loop had meanwhile.
*/
export const countTurns = async (work: () => Promise<unknown>): Promise<number> => {
	const counted = {turns: 0, isRunning: true};
	const counting = (async () => {
		while (counted.isRunning) {
			counted.turns++;
			await setImmediate();
		}
	})();
	await work();
	counted.isRunning = false;
	await counting;
	return counted.turns;
};
