export const entering = '\u{1B}[?1049h';
export const leaving = '\u{1B}[?1049l';

/**
Moves the cursor home and erases all.
*/
export const eraseScreen = '\u{1B}[H\u{1B}[J';

const hideCursor = '\u{1B}[?25l';
const showCursor = '\u{1B}[?25h';

export type EarlyScreen = {
	/**
	Shows a sentence, unless the app has the screen.
	*/
	say: (sentence: string) => void;
	/**
	Leaves the screen as it is to the app. Returns whether it was there.
	*/
	handOver: () => boolean;
	/**
	Gives the terminal back, unless the app has the screen.
	*/
	leave: () => void;
};

type EarlyTerminal = {
	stdout: Pick<NodeJS.WriteStream, 'write'>;
	/**
	Calls `action` when the process stops or ends before the app has the screen. Returns a function that undoes this.
	*/
	onEnd: (action: () => void) => () => void;
};

/**
Shows the screen of the app with its name. To load the app takes several times as long, on a small machine more than a second.
*/
export const showEarlyScreen = ({stdout, onEnd}: EarlyTerminal): EarlyScreen => {
	let isThere = true;
	let isPlain = true;
	stdout.write(`${entering}${hideCursor}${eraseScreen}reelcat`);
	const handOver = () => {
		const wasThere = isThere;
		isThere = false;
		forget();
		// The app writes over the name alone.
		if (wasThere && !isPlain) {
			stdout.write(eraseScreen);
		}

		return wasThere;
	};

	const say = (sentence: string) => {
		if (!isThere) {
			return;
		}

		isPlain = false;
		stdout.write(`\r\n\r\n${sentence}`);
	};

	const leave = () => {
		if (handOver()) {
			stdout.write(`${eraseScreen}${showCursor}${leaving}`);
		}
	};

	const forget = onEnd(leave);
	return {say, handOver, leave};
};
