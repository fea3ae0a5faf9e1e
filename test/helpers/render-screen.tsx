import {setImmediate, setTimeout as wait} from 'node:timers/promises';
import {render} from 'ink-testing-library';
import type {ReactElement} from 'react';

export type Size = {columns: number; rows: number};

/**
Renders a screen of a fixed size that takes keys. `ink-testing-library` alone has 100 columns and no rows.
*/
export const renderScreen = async (tree: ReactElement, {columns = 80, rows = 24}: Partial<Size> = {}) => {
	const screen = render(tree);
	const resize = async (size: Size) => {
		Object.defineProperties(screen.stdout, {
			columns: {value: size.columns, configurable: true},
			rows: {value: size.rows, configurable: true},
		});
		screen.stdout.emit('resize');
		// On a busy machine React divides its work among several turns.
		for (let turn = 0; turn < 10; turn++) {
			await setImmediate();
		}
	};

	// A key that is written in the tick of the first render would be lost, so this also waits.
	await resize({columns, rows});
	const frame = () => screen.lastFrame() ?? '';
	return {
		frame,
		lines: () => frame().split('\n'),
		resize,
		unmount: screen.unmount,
		async press(...keys: string[]) {
			for (const key of keys) {
				screen.stdin.write(key);
				await setImmediate();
			}
		},
		/**
		Wait until the frame is as expected.
		*/
		async until(isThere: (frame: string) => boolean, timeoutMs = 5000) {
			const end = performance.now() + timeoutMs;
			while (!isThere(frame())) {
				if (performance.now() > end) {
					throw new Error(`The screen never showed it. It showed:\n${frame()}`);
				}

				await wait(5);
			}
		},
	};
};

export const keys = {
	enter: '\r',
	// As terminals with the keyboard protocol of kitty send it. For a lone Esc, Ink waits until a timer says that no more follows, and on a busy machine the next key came first.
	escape: '\u{1B}[27u',
	up: '\u{1B}[A',
	down: '\u{1B}[B',
	right: '\u{1B}[C',
	left: '\u{1B}[D',
	tab: '\t',
	shiftTab: '\u{1B}[Z',
	home: '\u{1B}[H',
	end: '\u{1B}[F',
	pageDown: '\u{1B}[6~',
	f1: '\u{1B}OP',
	ctrlC: '\u{3}',
	ctrlD: '\u{4}',
	ctrlU: '\u{15}',
	ctrlZ: '\u{1A}',
	backspace: '\u{7F}',
};
