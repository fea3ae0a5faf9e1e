import {stripVTControlCharacters} from 'node:util';
import {sizeOf} from '../base/terminal-size.js';
import {displayWidth} from '../base/text/width.js';

type Terminal = Pick<NodeJS.WriteStream, 'columns' | 'rows' | 'write'>;

/**
The last lines of a terminal, which are written anew in place.
*/
export type LiveLines = {
	show: (lines: readonly string[]) => void;
	/**
	Lets `print` write whole lines above them.
	*/
	above: (print: () => void) => void;
	/**
	Leaves what was written where it is. Another program has used the terminal in the meantime.
	*/
	leave: () => void;
};

const escape = '\u{1B}';
const toFirst = (rows: number) => rows === 0 ? '' : `\r${escape}[${rows}A`;
const eraseBelow = `${escape}[J`;
const eraseRest = `${escape}[K`;

export const createLiveLines = (terminal: Terminal): LiveLines => {
	let shown: readonly string[] = [];

	// A terminal that has become narrower has wrapped the lines.
	const rowsOf = (line: string) => {
		const width = displayWidth(stripVTControlCharacters(line));
		return Math.max(1, Math.ceil(width / sizeOf(terminal).columns));
	};

	const rows = () => shown.reduce((sum, line) => sum + rowsOf(line), 0);

	// Each line is erased only behind its end: a bar that vanishes and comes back flickers.
	const draw = (lines: readonly string[]) => {
		const text = `${toFirst(rows())}${lines.map(line => `${line}${eraseRest}\n`).join('')}${shown.length === 0 ? '' : eraseBelow}`;
		shown = lines;
		if (text !== '') {
			terminal.write(text);
		}
	};

	return {
		show: draw,
		above(print) {
			const lines = shown;
			draw([]);
			print();
			draw(lines);
		},
		leave() {
			shown = [];
		},
	};
};
