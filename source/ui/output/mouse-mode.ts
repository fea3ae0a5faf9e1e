// Clicks and the wheel, movement while a button is held down, and reports that are not cut off at column 223.
const modes = [1000, 1002, 1006];

const sequence = (final: 'h' | 'l') => modes.map(mode => `\u{1B}[?${mode}${final}`).join('');

/**
Whether the terminal reports its mouse to us. While it does, only a Shift-drag selects text.
*/
export type MouseMode = {
	/**
	@returns a function that gives the mouse back to the terminal
	*/
	take: () => () => void;
	/**
	Gives the mouse back while `action` runs, if it was taken.
	*/
	lend: (action: () => Promise<void>) => Promise<void>;
};

export const createMouseMode = (stdout: Pick<NodeJS.WriteStream, 'write'>): MouseMode => {
	let isTaken = false;
	return {
		take() {
			isTaken = true;
			stdout.write(sequence('h'));
			return () => {
				isTaken = false;
				stdout.write(sequence('l'));
			};
		},
		async lend(action) {
			const isLent = isTaken;
			if (isLent) {
				stdout.write(sequence('l'));
			}

			await action();
			if (isLent && isTaken) {
				stdout.write(sequence('h'));
			}
		},
	};
};
