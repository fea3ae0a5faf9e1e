import {setImmediate} from 'node:timers/promises';

/**
Longer than this, and a key or a frame has had the turn.
*/
const busyMs = 4;

/**
Whoever holds a key down must not stop an import.
*/
const mostTurns = 5;

const quietTurn = async () => {
	for (let turn = 0; turn < mostTurns; turn++) {
		const beganMs = performance.now();
		await setImmediate();
		if (performance.now() - beganMs < busyMs) {
			return;
		}
	}
};

let last: Promise<void> = Promise.resolve();

/**
Resolves in a turn of the event loop that no other caller gets, and that has done little yet. Work that is short by itself, such as parsing an answer, normalising some rows or writing some records, would otherwise add up: everything that is ready goes on in one turn, and no key is read before its end.
*/
export const nextTurn = async (): Promise<void> => {
	const own = last.then(quietTurn);
	last = own;
	return own;
};
