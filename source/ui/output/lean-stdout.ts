import {reduceAnsiCodes, tokenize} from '@alcalzone/ansi-tokenize';
import {sizeOf} from '../../base/terminal-size.js';
import {
	entering,
	eraseScreen,
	leaving,
	type EarlyScreen,
} from './early-screen.js';
import {csi, goTo, type TerminalTraits} from './line-text.js';
import {
	createSentPictures,
	erased,
	hasPictures,
	layeredFrame,
	picturePaint,
	pictureUpdate,
	type LayeredFrame,
	type PictureBook,
} from './picture-layer.js';
import {screenUpdate} from './screen-update.js';

/* eslint-disable no-control-regex, regexp/no-control-character -- escape sequences are what this is about */
/**
How Ink removes the previous frame: line by line from the last one, or the whole screen.
*/
const removal = /^(?:(?:\u{1B}\[2K(?:\u{1B}\[1A)?)+\u{1B}\[G|\u{1B}\[1;1H\u{1B}\[J)?/v;

const styleCode = /\u{1B}\[[\d;]*m/gv;

const harmless = /^(?:\u{1B}\[\?(?:25|2004|2026)[hl])*$/v;
/* eslint-enable no-control-regex, regexp/no-control-character */

/**
Nothing, or modes that do not change what is shown: visibility of the cursor, bracketed paste, synchronized output.
*/
const isHarmless = (written: string): boolean => harmless.test(written);

/**
The lines of a frame of Ink that fills the screen; undefined if `written` is or may be anything else.

A frame removes the previous one and then has as many lines as there are `rows`. A line has text and styles, and no style is on at its end.
*/
export const readFrame = (written: string, rows: number): string[] | undefined => {
	const lines = written.replace(removal, '').split('\n');
	return lines.length === rows && rows > 1 && lines.every(text => isLine(text)) ? lines : undefined;
};

/**
Ink removes its frame before it draws another for a narrower terminal.
*/
const isRemoval = (written: string) => written !== '' && written.replace(removal, '') === '';

const isLine = (text: string) => {
	const codes = text.match(styleCode);
	const shown = codes === null ? text : text.replaceAll(styleCode, '');
	return !/\p{Control}/v.test(shown) && (codes === null || reduceAnsiCodes(tokenize(codes.join('')).filter(token => token.type === 'ansi')).length === 0);
};

type ResizeEvents = Pick<NodeJS.WriteStream, 'on' | 'off'>;

/**
Tells listeners of a new size in the next turn of the event loop.
*/
const lateResize = (stdout: ResizeEvents) => {
	const lateOf = new Map<() => void, () => void>();
	return {
		on(listener: () => void) {
			const late = () => {
				setImmediate(() => {
					if (lateOf.get(listener) === late) {
						listener();
					}
				});
			};

			lateOf.set(listener, late);
			stdout.on('resize', late);
		},
		off(listener: () => void) {
			const late = lateOf.get(listener);
			if (late === undefined) {
				return;
			}

			lateOf.delete(listener);
			stdout.off('resize', late);
		},
	};
};

// Long enough for the steps of a window that is being dragged.
const settleMs = 100;

export type LeanOptions = TerminalTraits & {
	/**
	Registers a function that is called each time the window of the terminal has changed, even if its old size is back already. Returns a function that unregisters it.
	*/
	onWindowChange?: (action: () => void) => () => void;
	/**
	The screen that is there already.
	*/
	earlyScreen?: EarlyScreen | undefined;
};

export type LeanStdout = {
	/**
	A stdout to which Ink writes whole frames.
	*/
	stdout: NodeJS.WriteStream;
	/**
	To be called when the terminal may have changed its screen by itself, and before anything is drawn because of that. The next frame is drawn in full. If none comes for a while, the last one is drawn again.
	*/
	doubt: () => void;
	/**
	Draws nothing again from now on.
	*/
	stop: () => void;
};

/**
Of the frames of Ink, only what changed goes on to `stdout`, which must show its alternate screen.

Output that is not surely a frame goes through as it is, and the next frame then draws every line. If Ink should ever write differently, the screen is still right and only costs more.

Ink answers a new size at once with the frame that it has, in the layout of the old size. So whoever listens here with `on` is told of a new size in the next turn. The app listens to `stdout` itself, and has laid out the new frame by then.

A terminal whose size changes cuts its screen or moves the rows, and keeps them so when the old size comes back. Node.js and Ink do not notice a size that came back before it was read, so this must be told with `doubt`.

The screen is erased before it is left: where there is no alternate screen, as in GNU screen and mosh, the last frame would stay under the prompt.
*/
export const leanStdout = (stdout: NodeJS.WriteStream, {onWindowChange, earlyScreen, ...traits}: LeanOptions = {}, book: PictureBook = () => undefined): LeanStdout => {
	let shown: LayeredFrame & {columns: number} | undefined;
	let isDoubted = false;
	let settling: NodeJS.Timeout | undefined;
	const pictures = createSentPictures(book);

	let isSynchronized = false;
	let hasLeft = false;

	// kitty 0.26 loses pictures that come while it holds its output back.
	const apart = (output: string) => output === '' || !isSynchronized ? output : `${csi}?2026l${output}${csi}?2026h`;

	const show = (frame: LayeredFrame, previous: typeof shown): string => {
		const {columns, rows} = sizeOf(stdout);
		const screen = {...traits, columns};
		const isKnown = !isDoubted && previous?.columns === columns && previous.lines.length === rows;
		isDoubted = false;
		const sent = pictures.before(frame);
		if (isKnown && sent === '' && !hasPictures(frame) && !hasPictures(previous)) {
			return screenUpdate(previous.lines, frame.lines, screen);
		}

		const {erase, text, draw} = isKnown ? pictureUpdate(previous, frame, screen) : picturePaint(previous, frame, screen);
		const output = apart(sent + erase) + text + apart(draw);
		// Ink erases from the last row.
		return output === '' ? '' : output + goTo(rows, 1);
	};

	const shorten = (written: string): string => {
		if (written.includes(`${csi}?2026`)) {
			isSynchronized = written.lastIndexOf(`${csi}?2026h`) > written.lastIndexOf(`${csi}?2026l`);
		}

		if (isHarmless(written)) {
			return written;
		}

		if (isRemoval(written)) {
			// Until the next frame comes, this one is better than nothing.
			return '';
		}

		const {columns, rows} = sizeOf(stdout);
		const lines = readFrame(written, rows);
		const previous = shown;
		if (lines === undefined) {
			shown = undefined;
			// A terminal that enters twice may forget where the cursor of the shell was.
			if (written.includes(entering) && earlyScreen?.handOver() === true) {
				return written.replace(entering, '');
			}

			// Ink leaves again when it ends while it is suspended, and the screen is the shell's.
			if (hasLeft && written.includes(leaving)) {
				return written.replace(leaving, '');
			}

			hasLeft = written.includes(leaving) || (hasLeft && !written.includes(entering));
			// What the terminal had of pictures is sent anew.
			return apart(erased(previous) + pictures.removeAll()) + (written.includes(leaving) ? eraseScreen + written : written);
		}

		const frame = layeredFrame(lines, book);
		shown = {...frame, columns};
		return show(frame, previous);
	};

	const drawAgain = () => {
		const {columns, rows} = sizeOf(stdout);
		// A frame of another size is about to be replaced by Ink.
		if (!isDoubted || shown?.columns !== columns || shown.lines.length !== rows) {
			return;
		}

		isSynchronized = true;
		stdout.write(`${csi}?2026h${show(shown, shown)}${csi}?2026l`);
		isSynchronized = false;
	};

	const resize = lateResize(stdout);
	const lean: NodeJS.WriteStream = new Proxy(stdout, {
		get(target, name) {
			if (name === 'columns' || name === 'rows') {
				return sizeOf(target)[name];
			}

			const value: unknown = Reflect.get(target, name, target);
			if (typeof value !== 'function') {
				return value;
			}

			if (name === 'on' || name === 'off') {
				return (event: string, listener: () => void): unknown => {
					if (event === 'resize') {
						resize[name](listener);
						return lean;
					}

					return value.call(target, event, listener);
				};
			}

			return name === 'write'
				? (chunk: string | Uint8Array, ...rest: unknown[]): unknown => {
					if (typeof chunk !== 'string') {
						shown = undefined;
					}

					return value.call(target, typeof chunk === 'string' ? shorten(chunk) : chunk, ...rest);
				}
				: value.bind(target) as unknown;
		},
	});

	const doubt = () => {
		isDoubted = true;
		clearTimeout(settling);
		settling = setTimeout(drawAgain, settleMs);
	};

	const forget = onWindowChange?.(doubt);
	return {
		stdout: lean,
		doubt,
		stop() {
			forget?.();
			clearTimeout(settling);
		},
	};
};
