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
import {createIo, isInBackground, nonEmpty} from './process-io.js';
import {listenForSignals} from './signals.js';
import {createOutput} from './streams.js';

const {version} = packageJson;

/**
Parses the command line, opens a session, runs the command and sets the exit code. `process` comes as an argument and goes no further than this file, `process-io.ts` and `signals.ts`.
*/
export const run = async (process: NodeJS.Process): Promise<void> => {
	const stopping = listenForSignals(process);
	const {stdout, stderr} = process;
	let parsed: ParsedCommandLine | undefined;
	const isDaemon = () => parsed?.command.name === '' && parsed.flags.boolean('watch') === true && !stdout.isTTY;
	const output = createOutput({
		stdout,
		stderr,
		isLog: isDaemon,
		goesOn: () => parsed !== undefined && parsed.command.endsWithReader !== true && !isDaemon() && !(parsed.command.name === '' && stdout.isTTY),
		tell(error) {
			tellError(process, error);
		},
		exitCodeOfSignal: stopping.exitCode,
		end(code) {
			if (isDaemon()) {
				stopping.stop(code);
			} else {
				process.exit(code);
			}
		},
	});
	const bugs = endLoudlyOnBug(process);

	try {
		const words = process.argv.slice(2);
		// Scripts often ask for the version alone, which needs no command.
		parsed = words.length === 1 && words[0] === '--version' ? undefined : await readCommandLine(words);
		if (parsed === undefined || parsed.flags.boolean('version') === true) {
			await output.write(`${version}\n`);
			process.exitCode = exitCodes.ok.code;
		} else if (parsed.flags.boolean('help') === true) {
			await output.write(await helpOf(process, parsed));
			process.exitCode = exitCodes.ok.code;
		} else {
			process.exitCode = await runCommand(process, parsed, {stopping, bugs, output});
		}

		// A terminal that is gone also takes nothing, and what went wrong with the work says more.
		const lost = stopping.exitCode() === undefined ? output.lost() : undefined;
		if (lost !== undefined && process.exitCode === exitCodes.ok.code) {
			throw lost;
		}

		if (lost !== undefined) {
			tellError(process, lost);
		}
	} catch (error_) {
		const error = foreseen(error_, stopping.signal);
		requireAppError(error);

		tellError(process, error);
		// A command line that cannot be parsed may still ask for it.
		if (parsed?.flags.boolean('json') ?? process.argv.includes('--json')) {
			await tellErrorAsJson(output.write, error);
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
Work that is ended by a signal may throw the reason of the signal. Relative paths need the folder of the shell, and so does Ink as soon as it is loaded.
*/
const foreseen = (error: unknown, {aborted, reason}: AbortSignal): unknown => {
	if (aborted && error === reason) {
		return new AppError('cancelled', 'It was cut short.');
	}

	return error instanceof Error && 'syscall' in error && error.syscall === 'uv_cwd'
		? new AppError('usage', 'The folder in which reelcat was started is gone.', {hint: 'Go to another one with cd.', cause: error})
		: error;
};

const readCommandLine = async (words: readonly string[]): Promise<ParsedCommandLine> => {
	const [{commands}, {parseCommandLine}] = await Promise.all([import('./registry.js'), import('./parse.js')]);
	return parseCommandLine(commands, words);
};

const helpOf = async ({stdout, env}: NodeJS.Process, {command, flags}: ParsedCommandLine) => {
	const [{commands}, {helpText}] = await Promise.all([import('./registry.js'), import('./help.js')]);
	const paint = paintOf(stdout, {env, flag: flags.boolean('color')});
	return helpText(commands, command, paint);
};

const runCommand = async (
	process: NodeJS.Process,
	{command, input, flags}: ParsedCommandLine,
	{stopping, bugs, output}: {stopping: ReturnType<typeof listenForSignals>; bugs: ReturnType<typeof endLoudlyOnBug>; output: ReturnType<typeof createOutput>},
) => {
	const {createSession} = await import('../app/session.js');
	const server = flags.string('server');
	let showNotice: ((sentence: string) => void) | undefined;
	const session = createSession({
		env: process.env,
		homeFolder: findHome(),
		version,
		isDemo: flags.boolean('demo') === true,
		stop: stopping.signal,
		onToken: bugs.hide,
		onNotice(sentence) {
			// What is written here would disturb the screen of the app.
			if (command.name !== '' || !process.stdout.isTTY) {
				process.stderr.write(`${sentence}\n`);
			} else {
				showNotice?.(sentence);
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
		io: {
			...createIo(process, {color: flags.boolean('color'), signal: stopping.signal, onBug: bugs.onBug}),
			out: output.write,
			isRead: output.isRead,
			onHangUp: stopping.onHangUp,
			onNotice(action) {
				showNotice = action;
			},
		},
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

// An argument that is repeated may be an address with a token.
const wordsOf = ({message, hint}: AppError) => ({message: withoutUrlTokens(message), hint: hint === undefined ? undefined : withoutUrlTokens(hint)});

const tellError = ({argv, env, stderr}: NodeJS.Process, error: AppError) => {
	const {message, hint} = wordsOf(error);
	// The command line may be what is wrong, so it is not parsed for this.
	const paint = paintOf(stderr, {env, flag: argv.includes('--no-color') ? false : undefined});
	const place = isQueryError(error) ? pointAt(error.query, error.span).map(line => `  ${line}\n`).join('') : '';
	stderr.write(`${paint('bad', `reelcat: ${clean(message)}`)}\n${place}${hint === undefined ? '' : `  ${clean(hint)}\n`}`);
};

const tellErrorAsJson = async (out: CommandIo['out'], error: AppError) => {
	try {
		await out(jsonLine({schema: 1, ok: false, error: {code: error.code, ...wordsOf(error), ...isQueryError(error) && {query: error.query, ...error.span}}}));
	} catch {
		// The error may be that stdout takes nothing.
	}
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
