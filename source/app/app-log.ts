import {createListeners} from '../base/observable.js';
import type {UiServices} from '../ui/services.js';

const mostLines = 1000;

/**
The last lines of the logs of this process, in memory, for the screen.
*/
export const createAppLog = (): NonNullable<UiServices['log']> & {add: (line: string) => void} => {
	const listeners = createListeners();
	let lines: readonly string[] = [];
	return {
		lines: () => lines,
		onLine: listeners.subscribe,
		add(line) {
			lines = [...lines.slice(1 - mostLines), line];
			listeners.tell();
		},
	};
};
