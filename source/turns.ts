import {setImmediate} from 'node:timers/promises';

let last: Promise<void> = Promise.resolve();

/**
Resolves in a turn of the event loop that no other caller gets. Work that is short by itself, such as parsing an answer, normalising some rows or writing some records, would otherwise add up: everything that is ready goes on in one turn, and no key is read before its end.
*/
export const nextTurn = async (): Promise<void> => {
	const own = last.then(async () => setImmediate());
	last = own;
	return own;
};
