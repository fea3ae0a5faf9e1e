import {Buffer} from 'node:buffer';
import {mkdirSync, writeFileSync} from 'node:fs';
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {setTimeout as wait} from 'node:timers/promises';
import type {ReadStream} from 'node:tty';
import {fileURLToPath} from 'node:url';
import {spawn, type IPty} from '@lydell/node-pty';
import xterm from '@xterm/headless';
import {graphemeWidths} from './grapheme-widths.js';

export const cliFile = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

/**
How a cell looks. A colour is a number of the palette or `#rrggbb`; without one it is that of the terminal.
*/
export type CellStyle = {
	foreground: number | string | undefined;
	background: number | string | undefined;
	isBold: boolean;
	isDim: boolean;
	isItalic: boolean;
	isInverse: boolean;
	isUnderlined: boolean;
};

/**
A cell with its text. The second half of a wide character has width 0.
*/
export type StyledCell = CellStyle & {text: string; width: number};

/**
A person at a real terminal: they type into the real binary and see the emulator's screen.
*/
export type Person = {
	type: (keys: string) => void;
	/**
	Resolves with the screen as soon as it satisfies `isSeen`; rejects with the last screen after `timeoutMs`.
	*/
	sees: (text: string | RegExp | ((screen: string) => boolean), timeoutMs?: number) => Promise<string>;
	screen: () => string;
	/**
	Resolves once nothing has been written to the terminal for a second.
	*/
	rests: () => Promise<void>;
	/**
	The number of bytes that were written to the terminal since the last call.
	*/
	takeBytes: () => number;
	resize: (columns: number, rows: number) => void;
	signal: (name: string) => void;
	exit: Promise<{exitCode: number; signal: number | undefined}>;
	isAlternateScreen: () => boolean;
	pid: number;
	title: () => string;
	/**
	Everything that was written to the terminal, escape sequences included.
	*/
	written: () => string;
	/**
	The current state of the terminal modes that were set or reset (DECSET). 2026 is left out, because it only frames what is drawn.
	*/
	modes: () => Record<number, boolean>;
	/**
	The OSC requests to the terminal: 0 and 2 set the title, 8 is a link, 52 the clipboard.
	*/
	requests: () => ReadonlyArray<{code: number; data: string}>;
	/**
	The rows of the screen, cell by cell; the second half of a wide character is empty.
	*/
	cells: () => string[][];
	styledCells: () => StyledCell[][];
	/**
	The rows of the screen that go on from the row before, because a line was too wide.
	*/
	wrappedRows: () => number[];
	/**
	Like `cells`, with the rows that have scrolled away.
	*/
	history: () => string[][];
};

export type SitDownOptions = {
	args?: readonly string[];
	columns?: number;
	rows?: number;
	/**
	Columns that the emulator has and the program does not know of, so that what is too wide is seen there.
	@default 0
	*/
	spareColumns?: number;
	env?: Record<string, string>;
	/**
	Run through a shell instead of reelcat alone. `reelcat` is on its PATH.
	*/
	shell?: string;
	/**
	What the terminal shows of what is written to it, where it differs from the emulator.
	*/
	shows?: (written: string) => string;
};

/**
An environment in which nobody has installed or configured anything.
*/
export const cleanEnv = (home: string, env: Record<string, string> = {}): Record<string, string> => ({
	PATH: process.env['PATH']!,
	HOME: home,
	TERM: 'xterm-256color',
	LANG: 'C.UTF-8',
	// Tests stay on this machine.
	REELCAT_NO_DISCOVERY: '1',
	// A home is new in each test, and to compile everything each time would take most of its time.
	...process.env['NODE_COMPILE_CACHE'] !== undefined && {NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE']},
	...env,
});

export const createHome = async () => {
	const home = await mkdtemp(path.join(tmpdir(), 'reelcat-home-'));
	// A process that was killed with its terminal may still write its last files.
	return {
		home,
		async remove() {
			await rm(home, {
				recursive: true, force: true, maxRetries: 10, retryDelay: 100,
			});
		},
	};
};

/**
node-pty closes a terminal 200 ms after its process has ended, even if this process has not read all of its output yet. When everything is read, the terminal closes by itself.
*/
const readToTheEnd = (pty: IPty) => {
	const {_socket: socket} = pty as unknown as {_socket: ReadStream};
	const destroy = socket.destroy.bind(socket);
	socket.destroy = error => {
		if (error === undefined && !socket.readableEnded) {
			// Another process may still have the terminal open.
			setTimeout(() => {
				destroy();
			}, 5000).unref();
			return socket;
		}

		return destroy(error);
	};
};

const colorOf = (color: number, {isPalette, isRgb}: {isPalette: boolean; isRgb: boolean}) => {
	if (isRgb) {
		return `#${color.toString(16).padStart(6, '0')}`;
	}

	return isPalette ? color : undefined;
};

/**
The text of a line up to its last cell that shows a text. A line of this emulator keeps what it had beyond the edge before the terminal became narrower, and that is no part of it.
*/
const shownText = (line: xterm.IBufferLine | undefined, columns: number) => {
	const isEmpty = (column: number) => {
		const cell = line?.getCell(column);
		return cell === undefined || cell.getChars() === '' || cell.getWidth() === 0;
	};

	let end = columns;
	while (end > 0 && isEmpty(end - 1)) {
		end--;
	}

	return line?.translateToString(false, 0, end) ?? '';
};

const styledCells = ({buffer: {active}, rows, cols}: xterm.Terminal): StyledCell[][] => Array.from({length: rows}, (_, row) => {
	const line = active.getLine(active.viewportY + row)!;
	return Array.from({length: cols}, (_cell, column) => {
		const cell = line.getCell(column)!;
		return {
			text: cell.getChars(),
			width: cell.getWidth(),
			foreground: colorOf(cell.getFgColor(), {isPalette: cell.isFgPalette(), isRgb: cell.isFgRGB()}),
			background: colorOf(cell.getBgColor(), {isPalette: cell.isBgPalette(), isRgb: cell.isBgRGB()}),
			isBold: cell.isBold() !== 0,
			isDim: cell.isDim() !== 0,
			isItalic: cell.isItalic() !== 0,
			isInverse: cell.isInverse() !== 0,
			isUnderlined: cell.isUnderline() !== 0,
		};
	});
});

/**
A shell at whose prompt somebody types.
*/
export const promptShell = 'PS1="prompt> " exec bash --norc --noprofile -i';

/**
Installs reelcat for one user. Whoever types its name has the same line on the screen in each checkout, however long its path is.
*/
const installedIn = (home: string) => {
	const folder = path.join(home, '.local', 'bin');
	mkdirSync(folder, {recursive: true});
	writeFileSync(path.join(folder, 'reelcat'), `#!/bin/sh\nexec '${process.execPath}' '${cliFile}' "$@"\n`, {mode: 0o755});
	return folder;
};

export const sitDown = (home: string, {args = [], columns = 120, rows = 40, spareColumns = 0, env, shell, shows = written => written}: SitDownOptions = {}): Person => {
	const terminal = new xterm.Terminal({
		cols: columns + spareColumns,
		rows,
		allowProposedApi: true,
		scrollback: 1000,
		// The emulator need not report hostile text.
		logLevel: 'off',
	});
	terminal.unicode.register(graphemeWidths);
	terminal.unicode.activeVersion = graphemeWidths.version;
	const command = shell === undefined ? [process.execPath, cliFile, ...args] : ['/bin/sh', '-c', shell];
	const environment = cleanEnv(home, env);
	if (shell !== undefined) {
		environment['PATH'] = `${installedIn(home)}${path.delimiter}${environment['PATH']!}`;
	}

	const pty = spawn(command[0]!, command.slice(1), {
		cols: columns,
		rows,
		// This becomes TERM.
		name: environment['TERM']!,
		env: environment,
		cwd: home,
	});
	readToTheEnd(pty);
	let bytes = 0;
	let title = '';
	let written = '';
	const listeners = new Set<() => void>();
	terminal.onTitleChange(text => {
		title = text;
	});
	const modes = new Map<number, boolean>();
	for (const [final, isSet] of [['h', true], ['l', false]] as const) {
		terminal.parser.registerCsiHandler({prefix: '?', final}, parameters => {
			for (const mode of parameters) {
				if (typeof mode === 'number' && mode !== 2026) {
					modes.set(mode, isSet);
				}
			}

			// The emulator must obey it as well.
			return false;
		});
	}

	const requests: Array<{code: number; data: string}> = [];
	for (const code of [0, 1, 2, 4, 7, 8, 9, 10, 11, 12, 52, 133, 777, 1337]) {
		terminal.parser.registerOscHandler(code, data => {
			requests.push({code, data});
			return false;
		});
	}

	pty.onData(data => {
		bytes += Buffer.byteLength(data);
		written += data;
		terminal.write(shows(data), () => {
			for (const listener of listeners) {
				listener();
			}
		});
	});
	const exit = new Promise<{exitCode: number; signal: number | undefined}>(resolve => {
		pty.onExit(({exitCode, signal}) => {
			resolve({exitCode, signal});
		});
	});

	const screen = () => {
		const {active} = terminal.buffer;
		return Array.from({length: terminal.rows}, (_, row) => shownText(active.getLine(active.viewportY + row), terminal.cols)).join('\n');
	};

	const cellsFrom = (first: number, count: number) => Array.from({length: count}, (_, row) => {
		const line = terminal.buffer.active.getLine(first + row);
		return Array.from({length: terminal.cols}, (_cell, column) => {
			const found = line?.getCell(column);
			return found === undefined || found.getWidth() === 0 ? '' : found.getChars().padStart(1);
		});
	});

	return {
		type(keys) {
			pty.write(keys);
		},
		async sees(wanted, timeoutMs = 50_000) {
			const isSeen = typeof wanted === 'function'
				? wanted
				: (text: string) => typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text);
			return new Promise((resolve, reject) => {
				const check = () => {
					// A person sees whole frames; half a frame could be taken for the answer to a key.
					if (terminal.modes.synchronizedOutputMode) {
						return;
					}

					const text = screen();
					if (!isSeen(text)) {
						return;
					}

					done();
					resolve(text);
				};

				const timer = setTimeout(() => {
					done();
					reject(new Error(`Not seen within ${timeoutMs} ms: ${String(wanted)}\nThe screen was:\n${screen()}`));
				}, timeoutMs);
				const done = () => {
					clearTimeout(timer);
					listeners.delete(check);
				};

				listeners.add(check);
				check();
			});
		},
		screen,
		async rests() {
			for (let before = -1; before !== written.length;) {
				before = written.length;
				await wait(1000);
			}
		},
		takeBytes() {
			const taken = bytes;
			bytes = 0;
			return taken;
		},
		resize(newColumns, newRows) {
			terminal.resize(newColumns + spareColumns, newRows);
			pty.resize(newColumns, newRows);
		},
		signal(name) {
			pty.kill(name);
		},
		exit,
		isAlternateScreen: () => terminal.buffer.active.type === 'alternate',
		pid: pty.pid,
		title: () => title,
		written: () => written,
		modes: () => Object.fromEntries(modes),
		requests: () => requests,
		cells: () => cellsFrom(terminal.buffer.active.viewportY, terminal.rows),
		styledCells: () => styledCells(terminal),
		wrappedRows: () => Array.from({length: terminal.rows}, (_, row) => row).filter(row => terminal.buffer.active.getLine(terminal.buffer.active.viewportY + row)?.isWrapped === true),
		history: () => cellsFrom(0, terminal.buffer.active.length),
	};
};
