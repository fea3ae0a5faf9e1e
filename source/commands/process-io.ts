import {once} from 'node:events';
import {readFileSync} from 'node:fs';
import {setTimeout as delay} from 'node:timers/promises';
import {sizeOf} from '../base/terminal-size.js';
import {clean} from '../base/text/clean.js';
import {paintOf} from '../base/text/style.js';
import type {CommandIo} from './command.js';

/**
Whether the terminal belongs to another job of the shell. Whoever changes its modes then is stopped at this place, again each time it is continued, and hears no signal. Only Linux tells it.
*/
export const isInBackground = (): boolean => {
	try {
		const {group, foreground} = /^.*\) \S \d+ (?<group>\d+) \d+ \d+ (?<foreground>-?\d+) /sv.exec(readFileSync('/proc/self/stat', 'latin1'))?.groups ?? {};
		return Number(foreground) > 0 && foreground !== group;
	} catch {
		return false;
	}
};

// Until a signal to this process has stopped it.
const stopMs = 50;

export const createIo = (process: NodeJS.Process, {color, signal, onBug}: {color: boolean | undefined; signal: AbortSignal; onBug: CommandIo['onBug']}): Omit<CommandIo, 'out' | 'isRead' | 'onHangUp' | 'onNotice'> => {
	const {env, stdin, stdout, stderr} = process;
	const paintMessages = paintOf(stderr, {env, flag: color});
	const isTerminal = stdin.isTTY && stdout.isTTY;
	const isCapable = env['TERM'] !== 'dumb' && nonEmpty(env['TERM']) !== undefined;
	// A terminal that was resized while this process was stopped sent its signal to another one.
	const readSize = async () => {
		if (!stdout.isTTY) {
			return;
		}

		const read = once(process, 'SIGWINCH');
		process.kill(process.pid, 'SIGWINCH');
		await read;
	};

	return {
		env,
		stdin,
		stdout,
		stderr,
		say(line, tone) {
			stderr.write(`${paintMessages(tone, clean(line))}\n`);
		},
		paint: paintOf(stdout, {env, flag: color}),
		paintMessages,
		onContinue(action) {
			process.on('SIGCONT', action);
			return () => {
				process.off('SIGCONT', action);
			};
		},
		log(line) {
			stdout.write(line);
		},
		isTerminal,
		isInteractive: isTerminal && isCapable,
		isAscii: isAsciiLocale(env),
		isConsole: env['TERM'] === 'linux',
		isScreenReader: env['INK_SCREEN_READER'] === 'true',
		isColor: isTerminal && isCapable && color !== false && (color === true || nonEmpty(env['NO_COLOR']) === undefined),
		columns: stdout.isTTY ? sizeOf(stdout).columns : undefined,
		async suspend() {
			// Who only listens to signals would be at the end.
			const alive = setInterval(() => undefined, 60_000);
			let wasStopped = false;
			const resume = () => {
				wasStopped = true;
			};

			process.on('SIGCONT', resume);
			do {
				wasStopped = false;
				// As the terminal does it: with npm and the script that started this process, which would keep the shell waiting. Where no shell could continue it, the signal does nothing.
				process.kill(0, 'SIGTSTP');
				await delay(stopMs);
				// Signals that came with the one to go on are heard by then.
				await readSize();
			} while (wasStopped && !signal.aborted && isInBackground());

			process.off('SIGCONT', resume);
			clearInterval(alive);
		},
		readSize,
		onBug,
		onEnd(action) {
			const forgetBug = onBug(action);
			const stop = () => {
				action();
				process.off('SIGTSTP', stop);
				process.kill(process.pid, 'SIGTSTP');
				void readSize();
			};

			process.on('exit', action);
			process.on('SIGTSTP', stop);
			return () => {
				forgetBug();
				process.off('exit', action);
				process.off('SIGTSTP', stop);
			};
		},
		onWindowChange(action) {
			process.prependListener('SIGWINCH', action);
			return () => {
				process.off('SIGWINCH', action);
			};
		},
	};
};

// We believe it only of a locale that is set: many containers set none and show UTF-8 all the same.
const isAsciiLocale = (env: NodeJS.ProcessEnv) => {
	const locale = nonEmpty(env['LC_ALL']) ?? nonEmpty(env['LC_CTYPE']) ?? nonEmpty(env['LANG']);
	return locale !== undefined && !/utf-?8/iv.test(locale);
};

export const nonEmpty = (value: string | undefined) => value === '' ? undefined : value;
