import {once} from 'node:events';
import {readFileSync} from 'node:fs';
import {setTimeout as delay} from 'node:timers/promises';
import packageJson from '../../package.json' with {type: 'json'};
import {defined} from '../catalog/values.js';
import {AppError, errorMessage, requireAppError} from '../base/errors.js';
import {clean, cleanLines} from '../base/text/clean.js';
import {jsonLine} from '../base/text/json.js';
import {redact, withoutUrlTokens} from '../base/text/redact.js';
import {paintOf} from '../base/text/style.js';
import {isQueryError, pointAt} from '../query/language/query-error.js';
import {findHome} from '../store/folders.js';
import type {CommandContext, CommandIo} from './command.js';
import type {ParsedCommandLine} from './parse.js';
import {exitCodeOfError, exitCodes} from './exit-codes.js';
import {endOnFailedOutput, writeText} from './streams.js';

const {version} = packageJson;

/**
Parses the command line, opens a session, runs the command and sets the exit code. `process` comes as an argument and goes no further than the functions of this file.
*/
export const run = async (process: NodeJS.Process): Promise<void> => {
	const stopping = listenForSignals(process);
	const {stdout, stderr} = process;
	endOnFailedOutput({
		stdout,
		stderr,
		tell(error) {
			tellError(process, error);
		},
		exitCodeOfSignal: stopping.exitCode,
		end(code) {
			process.exit(code);
		},
	});
	const bugs = endLoudlyOnBug(process);

	let parsed: ParsedCommandLine | undefined;
	try {
		const words = process.argv.slice(2);
		// Scripts often ask for the version alone, which needs no command.
		parsed = words.length === 1 && words[0] === '--version' ? undefined : await readCommandLine(words);
		if (parsed === undefined || parsed.flags.boolean('version') === true) {
			await writeText(process.stdout, `${version}\n`);
			process.exitCode = exitCodes.ok.code;
		} else if (parsed.flags.boolean('help') === true) {
			await tellHelp(process, parsed);
			process.exitCode = exitCodes.ok.code;
		} else {
			process.exitCode = await runCommand(process, parsed, {stopping, bugs});
		}
	} catch (error_) {
		const error = withoutFolder(error_);
		requireAppError(error);

		tellError(process, error);
		if (parsed?.flags.boolean('json') === true) {
			await tellErrorAsJson(process, error);
		}

		process.exitCode = exitCodeOfError(error);
	}

	process.exitCode = stopping.exitCode() ?? process.exitCode;
	if (stopping.exitCode() !== undefined && isInBackground()) {
		stopping.endBySignal();
	}

	// pm2 starts a program with a channel and listens to it within the program, which would keep a process alive that is done.
	process.channel?.unref();
};

/**
Relative paths need the folder of the shell, and so does Ink as soon as it is loaded.
*/
const withoutFolder = (error: unknown): unknown => error instanceof Error && 'syscall' in error && error.syscall === 'uv_cwd'
	? new AppError('usage', 'The folder in which reelcat was started is gone.', {hint: 'Go to another one with cd.', cause: error})
	: error;

const readCommandLine = async (words: readonly string[]): Promise<ParsedCommandLine> => {
	const [{commands}, {parseCommandLine}] = await Promise.all([import('./registry.js'), import('./parse.js')]);
	return parseCommandLine(commands, words);
};

const tellHelp = async ({stdout, env}: NodeJS.Process, {command, flags}: ParsedCommandLine) => {
	const [{commands}, {helpText}] = await Promise.all([import('./registry.js'), import('./help.js')]);
	const paint = paintOf(stdout, {env, flag: flags.boolean('color')});
	await writeText(stdout, helpText(commands, command, paint));
};

const runCommand = async (
	process: NodeJS.Process,
	{command, input, flags}: ParsedCommandLine,
	{stopping, bugs}: {stopping: ReturnType<typeof listenForSignals>; bugs: ReturnType<typeof endLoudlyOnBug>},
) => {
	const {createSession} = await import('../app/session.js');
	const server = flags.string('server');
	const session = createSession({
		env: process.env,
		homeFolder: findHome(),
		version,
		isDemo: flags.boolean('demo') === true,
		onToken: bugs.hide,
		onNotice(sentence) {
			// The app shows the address itself, and what is written here would disturb its screen.
			if (command.name !== '' || !process.stdout.isTTY) {
				process.stderr.write(`${sentence}\n`);
			}
		},
		...defined({
			url: flags.string('url'),
			tokenFile: flags.string('tokenFile'),
			server: server === '' ? undefined : server,
			store: flags.string('store'),
			isForKeychain: flags.boolean('keychain'),
			concurrency: flags.number('concurrency'),
		}),
	});
	const context: CommandContext = {
		input,
		flags,
		io: {...createIo(process, {color: flags.boolean('color'), signal: stopping.signal}), onBug: bugs.onBug, onHangUp: stopping.onHangUp},
		signal: stopping.signal,
		session,
		version,
	};
	try {
		if (command.arguments === undefined && input.length > 0) {
			throw new AppError('usage', `"${['reelcat', command.name].filter(Boolean).join(' ')}" takes no arguments, but got "${clean(input[0]!)}".`);
		}

		if (command.name === '' && context.io.isInteractive && isInBackground()) {
			await context.io.suspend();
			if (stopping.signal.aborted) {
				return exitCodes.terminated.code;
			}
		}

		return await command.run(context);
	} finally {
		await session.close();
	}
};

/**
Whether the terminal belongs to another job of the shell. Whoever changes its modes then is stopped at this place, again each time it is continued, and hears no signal. Only Linux tells it.
*/
const isInBackground = (): boolean => {
	try {
		const {group, foreground} = /^.*\) \S \d+ (?<group>\d+) \d+ \d+ (?<foreground>-?\d+) /sv.exec(readFileSync('/proc/self/stat', 'latin1'))?.groups ?? {};
		return Number(foreground) > 0 && foreground !== group;
	} catch {
		return false;
	}
};

// Until a signal to this process has stopped it.
const stopMs = 50;

const createIo = (process: NodeJS.Process, {color, signal}: {color: boolean | undefined; signal: AbortSignal}): Omit<CommandIo, 'onBug' | 'onHangUp'> => {
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
		out: async text => writeText(stdout, text),
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
		isColor: isTerminal && isCapable && color !== false && (color === true || nonEmpty(env['NO_COLOR']) === undefined),
		columns: stdout.isTTY ? stdout.columns : undefined,
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

const nonEmpty = (value: string | undefined) => value === '' ? undefined : value;

// An argument that is repeated may be an address with a token.
const wordsOf = ({message, hint}: AppError) => ({message: withoutUrlTokens(message), hint: hint === undefined ? undefined : withoutUrlTokens(hint)});

const tellError = ({argv, env, stderr}: NodeJS.Process, error: AppError) => {
	const {message, hint} = wordsOf(error);
	// The command line may be what is wrong, so it is not parsed for this.
	const paint = paintOf(stderr, {env, flag: argv.includes('--no-color') ? false : undefined});
	const place = isQueryError(error) ? pointAt(error.query, error.span).map(line => `  ${line}\n`).join('') : '';
	stderr.write(`${paint('bad', `reelcat: ${clean(message)}`)}\n${place}${hint === undefined ? '' : `  ${clean(hint)}\n`}`);
};

const tellErrorAsJson = async (process: NodeJS.Process, error: AppError) => {
	try {
		await writeText(process.stdout, jsonLine({schema: 1, ok: false, error: {code: error.code, ...wordsOf(error), ...isQueryError(error) && {query: error.query, ...error.span}}}));
	} catch {
		// The error may be that stdout takes nothing.
	}
};

/**
The first signal ends the work in order, the second ends it at once. What was committed is safe either way.
*/
const listenForSignals = (process: NodeJS.Process) => {
	const controller = new AbortController();
	let exitCode: number | undefined;
	let received: NodeJS.Signals = 'SIGTERM';
	let hangUp: (() => void) | undefined;
	const stopWith = (code: number) => (name: NodeJS.Signals) => {
		if (exitCode !== undefined) {
			process.exit(exitCode);
		}

		exitCode = code;
		received = name;
		controller.abort(code);
	};

	// nohup starts a program with SIGHUP ignored, and Node.js takes that back. So a process without a terminal ignores it here.
	const loseTerminal = stopWith(exitCodes.hungUp.code);
	const handlers = new Map<NodeJS.Signals, (name: NodeJS.Signals) => void>([
		['SIGINT', stopWith(exitCodes.interrupted.code)],
		['SIGTERM', stopWith(exitCodes.terminated.code)],
		['SIGHUP', name => {
			if (hangUp !== undefined) {
				hangUp();
			} else if (process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY) {
				loseTerminal(name);
			}
		}],
	]);
	for (const [name, handler] of handlers) {
		process.on(name, handler);
	}

	return {
		signal: controller.signal,
		exitCode: () => exitCode,
		/**
		Once it was in raw mode, Node.js sets the modes of the terminal again at its end, which would stop it in the background. By a signal that nobody listens to it ends without that.
		*/
		endBySignal() {
			process.removeAllListeners(received);
			process.kill(process.pid, received);
		},
		onHangUp(action: () => void) {
			hangUp = action;
			return () => {
				hangUp = undefined;
			};
		},
	};
};

/**
Reports an unexpected error, which may hold anything, even a request with its headers.
*/
const endLoudlyOnBug = (process: NodeJS.Process) => {
	const tokens = new Set([nonEmpty(process.env['PLEX_TOKEN'])].filter(token => token !== undefined));
	const actions = new Set<() => void>();
	process.on('uncaughtException', error => {
		for (const action of actions) {
			try {
				action();
			} catch {
				// The report matters more.
			}
		}

		const report = error instanceof Error ? error.stack ?? error.message : errorMessage(error);
		process.stderr.write(`reelcat has a bug: ${cleanLines(redact(report, tokens))}\n`);
		process.exit(exitCodes.failed.code);
	});
	return {
		// Keeps a token out of the report.
		hide(token: string) {
			tokens.add(token);
		},
		onBug(action: () => void) {
			actions.add(action);
			return () => {
				actions.delete(action);
			};
		},
	};
};
