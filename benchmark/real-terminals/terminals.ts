import {execFile, spawn} from 'node:child_process';
import {once} from 'node:events';
import {readFile, writeFile} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import {setTimeout as sleep} from 'node:timers/promises';
import {promisify} from 'node:util';
import {createEmulator} from '../../test/helpers/emulator.js';
import {sitDown, type StyledCell} from '../../test/helpers/terminal.js';

// eslint-disable-next-line @typescript-eslint/strict-void-return -- Node.js gives execFile a promise of its own
const run = promisify(execFile);

const columns = 100;
const rows = 30;

export type OpenTerminal = {
	type: (keys: string) => Promise<void>;
	/**
	What it shows, as text or as a picture in the form PPM, each byte a character.
	*/
	look: () => Promise<string>;
	/**
	Whether a person sees no difference between two looks.
	*/
	isSame: (left: string, right: string) => boolean;
	close: () => Promise<void>;
};

const isSameText = (left: string, right: string) => left === right;

// A glyph may reach into the next cell by a pixel or two, and what is written later covers that or not.
const overhangPixels = 3;

/**
Compares two pictures cell by cell.
*/
const isSamePicture = (left: string, right: string): boolean => {
	const {header = '', width = '0', height = '0'} = /^(?<header>P6\s+(?<width>\d+)\s+(?<height>\d+)\s+255\s)/v.exec(left)?.groups ?? {};
	if (header === '' || left.length !== right.length || !right.startsWith(header)) {
		return false;
	}

	const differing = new Map<number, number>();
	for (let pixel = 0; pixel < Number(width) * Number(height); pixel++) {
		const at = header.length + (pixel * 3);
		if (left.slice(at, at + 3) === right.slice(at, at + 3)) {
			continue;
		}

		const column = Math.floor((pixel % Number(width)) * columns / Number(width));
		const row = Math.floor(Math.floor(pixel / Number(width)) * rows / Number(height));
		const cell = (row * columns) + column;
		differing.set(cell, (differing.get(cell) ?? 0) + 1);
	}

	return differing.values().every(pixels => pixels <= overhangPixels);
};

type Place = {env: Record<string, string>; home: string};

type Open = (command: readonly string[], place: Place) => Promise<OpenTerminal>;

export type RealTerminal = {
	name: string;
	programs: readonly string[];
	open: Open;
};

const quoted = (text: string) => `'${text.replaceAll('\'', String.raw`'\''`)}'`;

/**
tmux tells blanks that were written from those that were erased, which look the same. So what it tells is drawn once more.
*/
const drawnAnew = async (text: string) => {
	const emulator = createEmulator(columns, rows);
	await emulator.write(text.trimEnd().replaceAll('\n', '\r\n'));
	return emulator.cells().map(row => row.map(cell => cell.replace(/^ \|\S+ \S+ (?<background>\S+ \S+) \S+ \S+ 0 0$/v, ' |$<background>')).join('\t')).join('\n');
};

const inTmux: Open = async (command, {env, home}) => {
	const tmux = async (...args: string[]) => run('tmux', ['-S', path.join(home, 'tmux'), '-f', '/dev/null', ...args], {env});
	await tmux('new-session', '-d', '-x', String(columns), '-y', String(rows), command.map(word => quoted(word)).join(' '));
	return {
		async type(keys) {
			await tmux('send-keys', '-l', keys);
		},
		look: async () => drawnAnew((await tmux('capture-pane', '-p', '-e')).stdout),
		isSame: isSameText,
		async close() {
			await tmux('kill-server').catch(() => undefined);
		},
	};
};

/**
screen needs a terminal around it to have a size and to draw.
*/
const inScreen: Open = async (command, {env, home}) => {
	const settings = path.join(home, 'screenrc');
	await writeFile(settings, 'startup_message off\ndefutf8 on\nhardstatus off\n');
	const own = {...env, SCREENDIR: path.join(home, 'sockets'), SCREENRC: settings};
	const session = 'reelcat';
	const shell = `mkdir -m 700 sockets; exec screen -U -S ${session} ${command.map(word => quoted(word)).join(' ')}`;
	const person = sitDown(home, {
		columns, rows, env: own, shell,
	});
	const copy = path.join(home, 'hardcopy');
	return {
		async type(keys) {
			person.type(keys);
		},
		async look() {
			await writeFile(copy, '');
			await run('screen', ['-S', session, '-X', 'hardcopy', copy], {env: own});
			// screen answers before it has written.
			for (let turn = 0; turn < 40; turn++) {
				const text = await readFile(copy, 'latin1');
				if (text.split('\n').length > rows) {
					return `${text}\n${person.screen()}`;
				}

				await sleep(50);
			}

			throw new Error('screen writes no hardcopy.');
		},
		isSame: isSameText,
		async close() {
			await run('screen', ['-S', session, '-X', 'quit'], {env: own}).catch(() => undefined);
			person.signal('SIGKILL');
		},
	};
};

/**
Of a blank only the background is seen. mosh writes blanks in the style that is on, or erases.
*/
const lookOfCell = ({text, width, ...style}: StyledCell) => {
	const isBlank = width === 1 && text.trim() === '';
	return isBlank && !style.isInverse && !style.isUnderlined ? ` |${String(style.background)}` : `${text}|${Object.values(style).join(' ')}`;
};

/**
mosh draws in the terminal around it; server and client meet on the loopback.
*/
const inMosh: Open = async (command, {env, home}) => {
	const {stdout, stderr} = await run('mosh-server', ['new', '-i', '127.0.0.1', '-p', '61000:61999', '--', ...command], {env: {...env, LC_ALL: 'C.UTF-8'}});
	const {port, key} = /MOSH CONNECT (?<port>\d+) (?<key>\S+)/v.exec(stdout)!.groups!;
	const server = /pid = (?<pid>\d+)/v.exec(stdout + stderr)?.groups?.['pid'];
	const person = sitDown(home, {
		columns, rows, env: {...env, LC_ALL: 'C.UTF-8', MOSH_KEY: key!}, shell: `exec mosh-client 127.0.0.1 ${port!}`,
	});
	return {
		async type(keys) {
			person.type(keys);
		},
		look: async () => person.styledCells().map(row => row.map(cell => lookOfCell(cell)).join('\t')).join('\n'),
		isSame: isSameText,
		async close() {
			person.signal('SIGKILL');
			if (server !== undefined) {
				process.kill(Number(server));
			}
		},
	};
};

const displayNumber = 97;
const display = `:${displayNumber}`;

// It fills its own window with the one program that it shows.
const weston = ['weston', '--backend=x11-backend.so', '--shell=kiosk-shell.so', '--width=1000', '--height=700', '--socket=wayland-reelcat', '--idle-time=0', '--no-config'];

/**
A terminal with a window, alone on a display of its own. One that needs Wayland gets a compositor, whose window is looked at.
*/
const inWindow = (argsOf: (command: readonly string[]) => readonly string[], {isWayland = false} = {}): Open => async (command, {env, home}) => {
	const server = spawn('Xvfb', [display, '-screen', '0', '1400x1000x24', '-nolisten', 'tcp'], {stdio: 'ignore'});
	await sleep(1500);
	const own = {
		...env, DISPLAY: display, LIBGL_ALWAYS_SOFTWARE: '1', XDG_RUNTIME_DIR: home, LC_ALL: 'C.UTF-8', NO_AT_BRIDGE: '1', ...isWayland && {WAYLAND_DISPLAY: 'wayland-reelcat'},
	};
	const compositor = isWayland ? spawn(weston[0]!, weston.slice(1), {env: {...own, WAYLAND_DISPLAY: undefined}, cwd: home, stdio: 'ignore'}) : undefined;
	if (compositor !== undefined) {
		await sleep(3000);
	}

	const [program, ...args] = argsOf(command);
	const terminal = spawn(program!, args, {env: own, cwd: home, stdio: 'ignore'});
	const find = async () => {
		for (let turn = 0; turn < 100; turn++) {
			await sleep(200);
			const {stdout} = await run('xdotool', ['search', '--onlyvisible', ...isWayland ? ['--class', 'weston'] : ['--name', '.']], {env: own}).catch(() => ({stdout: ''}));
			const found = stdout.trim().split('\n').at(-1)!;
			if (found !== '') {
				return found;
			}
		}

		throw new Error('No window opens.');
	};

	const close = async () => {
		terminal.kill();
		compositor?.kill();
		const gone = once(server, 'exit');
		server.kill();
		await gone;
	};

	try {
		const window = await find();
		await run('xdotool', ['windowfocus', window], {env: own});
		await sleep(2000);
		return {
			async type(keys) {
				for (const key of keys) {
					// The letter that Ctrl makes this control character of.
					const press = key < ' ' ? ['key', `ctrl+${String.fromCodePoint(key.codePointAt(0)! + 96)}`] : ['type', '--', key];
					await run('xdotool', press, {env: own});
				}
			},
			async look() {
				const {stdout} = await run('import', ['-window', window, '-depth', '8', 'ppm:-'], {env: own, encoding: 'latin1', maxBuffer: 64_000_000});
				return stdout;
			},
			isSame: isSamePicture,
			close,
		};
	} catch (error) {
		await close();
		throw error;
	}
};

const windowPrograms = ['Xvfb', 'xdotool', 'import'];

const windowed = (name: string, argsOf: (command: readonly string[]) => readonly string[], {isWayland = false} = {}): RealTerminal => ({
	name, programs: [argsOf([])[0]!, ...windowPrograms, ...isWayland ? [weston[0]!] : []], open: inWindow(argsOf, {isWayland}),
});

const geometry = `${columns}x${rows}`;

export const terminals: readonly RealTerminal[] = [
	{name: 'tmux', programs: ['tmux'], open: inTmux},
	{name: 'screen', programs: ['screen'], open: inScreen},
	{name: 'mosh', programs: ['mosh-server', 'mosh-client'], open: inMosh},
	windowed('xterm', command => ['xterm', '-u8', '-geometry', geometry, '-e', ...command]),
	windowed('urxvt', command => ['urxvt', '-geometry', geometry, '-e', ...command]),
	windowed('st', command => ['st', '-g', geometry, '-e', ...command]),
	windowed('mlterm', command => ['mlterm', '--aa=false', '-g', geometry, '-e', ...command]),
	windowed('kitty', command => ['kitty', '-o', 'initial_window_width=100c', '-o', 'initial_window_height=30c', '-o', 'remember_window_size=no', ...command]),
	windowed('alacritty', command => ['alacritty', '-o', 'window.dimensions.columns=100', '-o', 'window.dimensions.lines=30', '-e', ...command]),
	windowed('konsole', command => ['konsole', '--nofork', '-e', ...command]),
	windowed('xfce4-terminal', command => ['xfce4-terminal', '--disable-server', `--geometry=${geometry}`, '-x', ...command]),
	windowed('foot', command => ['foot', `--window-size-chars=${geometry}`, ...command], {isWayland: true}),
];

export const whyAbsent = async ({programs}: RealTerminal): Promise<string | undefined> => {
	for (const program of programs) {
		try {
			await run('which', [program]);
		} catch {
			return `${program} is not installed`;
		}
	}

	return undefined;
};

export const openTerminal = async ({open}: RealTerminal, command: readonly string[], place: Place): Promise<OpenTerminal> => open(command, place);
