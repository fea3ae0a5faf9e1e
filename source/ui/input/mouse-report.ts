/**
What a terminal reports of its mouse. Columns and rows count from 0.
*/
export type MouseReport = {
	kind: 'press' | 'release' | 'drag' | 'wheel-up' | 'wheel-down';
	button: 'left' | 'middle' | 'right' | undefined;
	column: number;
	row: number;
};

const escape = '\u{1B}';
const pasteStart = `${escape}[200~`;
const pasteEnd = `${escape}[201~`;

/* eslint-disable no-control-regex, regexp/no-control-character -- escape sequences are what this is about */
// The beginnings of a report and of the marks around pasted text.
const beginning = /^\u{1B}(?:\[(?:20?|20[01]~?|<[\d;]{0,20}[Mm]?|M[^\u{0}-\u{1F}]{0,3})?)?$/v;
// SGR (mode 1006), for which the app asks.
const whole = /^\u{1B}\[<(?<code>\d{1,3});(?<column>\d{1,5});(?<row>\d{1,5})(?<final>m)$/iv;
// Older terminals send three characters, such as Shell In A Box, and so does one that has forgotten the mode, as xterm.js does when its serialize addon has restored it.
const wholeOld = /^\u{1B}\[M.{3}$/sv;
/* eslint-enable no-control-regex, regexp/no-control-character */

// Bits of the code: 0 to 2 are buttons, 4, 8 and 16 keys that are held down, 32 is motion, 64 a wheel.
const held = 28;
const drag = 32;
const wheels = new Map<number, MouseReport['kind']>([[64, 'wheel-up'], [65, 'wheel-down']]);
const buttons = ['left', 'middle', 'right'] as const;

// What is further on than column 95 is U+FFFD if the terminal sends bytes, and a character if it sends UTF-8. A release does not say of which button.
const lastOldPlace = 2015;
const anyButton = 3;

const inSgr = (sequence: string): string => {
	if (!wholeOld.test(sequence)) {
		return sequence;
	}

	const [code, column, row] = Array.from(sequence.slice(3), character => character.codePointAt(0)! - 32) as [number, number, number];
	const isRelease = (code & ~held) === anyButton; // eslint-disable-line no-bitwise -- the terminal sends bits
	return Math.max(column, row) > lastOldPlace ? '' : `${escape}[<${isRelease ? 0 : code};${column};${row}${isRelease ? 'm' : 'M'}`;
};

/**
Reads one report; undefined for any other sequence, and for what is no use here, such as a wheel that turns sideways.
*/
export const readMouseReport = (sequence: string): MouseReport | undefined => {
	const groups = whole.exec(inSgr(sequence))?.groups;
	if (groups === undefined) {
		return undefined;
	}

	const code = Number(groups['code']) & ~held; // eslint-disable-line no-bitwise -- the terminal sends bits
	const place = {column: Number(groups['column']) - 1, row: Number(groups['row']) - 1};
	const wheel = wheels.get(code);
	if (place.column < 0 || place.row < 0) {
		return undefined;
	}

	if (wheel !== undefined) {
		return {kind: wheel, button: undefined, ...place};
	}

	const button = buttons[code >= drag ? code - drag : code];
	const kind = groups['final'] === 'm' ? 'release' : (code >= drag ? 'drag' : 'press');
	return button === undefined ? undefined : {kind, button, ...place};
};

const isOld = (sequence: string) => sequence.startsWith(`${escape}[M`);

const isWhole = (sequence: string) => isOld(sequence) ? wholeOld.test(sequence) : /[m~]$/iv.test(sequence);

/**
Divides what a terminal sends, piece by piece, into the reports of its mouse and everything else, in their order. A report may come in several pieces. Pasted text stays as it is: whoever wrote it must not click.

The beginning of an escape sequence is not held back, because it may be the Esc key. A report that was divided there passes as it is, and Ink drops one in SGR.
*/
export const createMouseDecoder = () => {
	// What may become a report or a mark of a paste, and the part of it that was not passed on yet.
	let sequence = '';
	let kept = '';
	let isPasting = false;
	return {
		push(piece: string): Array<string | MouseReport> {
			const parts: Array<string | MouseReport> = [];
			let text = '';
			const pass = () => {
				text += kept;
				kept = '';
			};

			for (const character of piece) {
				if (!beginning.test(sequence + character)) {
					pass();
					sequence = '';
				}

				if (sequence === '' && character !== escape) {
					text += character;
					continue;
				}

				sequence += character;
				kept += character;
				if (!isWhole(sequence)) {
					continue;
				}

				const isRead = !isPasting && kept === sequence;
				const report = isRead ? readMouseReport(sequence) : undefined;
				if (report !== undefined) {
					parts.push(text, report);
					text = '';
				}

				// Ink drops what it does not know of SGR, but would take the old form for keys.
				if (report !== undefined || (isRead && isOld(sequence))) {
					kept = '';
				} else {
					pass();
				}

				isPasting = sequence === pasteStart || (isPasting && sequence !== pasteEnd);
				sequence = '';
			}

			if (isPasting || kept !== sequence || !(isOld(sequence) || sequence.startsWith(`${escape}[<`))) {
				pass();
			}

			return [...parts, text].filter(part => part !== '');
		},
	};
};
