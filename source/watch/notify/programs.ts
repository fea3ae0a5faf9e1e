import type {Clock} from '../../base/clock.js';
import {AppError, errorCode} from '../../base/errors.js';
import {runProgram} from '../../base/run-program.js';

const handedOn: ReadonlySet<string> = new Set([
	'PATH',
	'HOME',
	'USER',
	'LOGNAME',
	'SHELL',
	'LANG',
	'LANGUAGE',
	'TZ',
	'TMPDIR',
	'TEMP',
	'TMP',
	'DISPLAY',
	'WAYLAND_DISPLAY',
	'XAUTHORITY',
	'DBUS_SESSION_BUS_ADDRESS',
	'SystemRoot',
	'ComSpec',
	'PATHEXT',
	'APPDATA',
	'LOCALAPPDATA',
	'USERPROFILE',
]);
const families = /^(?:LC|XDG)_/v;

/**
What a program needs to find its way, and nothing else: the environment of a daemon holds tokens.
*/
export const programEnv = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv => Object.fromEntries(Object.entries(env)
	.filter(([name]) => handedOn.has(name) || families.test(name)));

type NotifyProgram = {
	argv: readonly string[];
	env: NodeJS.ProcessEnv;
	input?: string;
	timeoutMs: number;
	/**
	The subject of the sentences about a failure.
	*/
	label: string;
	signal: AbortSignal;
	clock: Clock;
};

/**
Runs the program of a channel. What it writes is dropped, because it may be anything.

@throws AppError if it does not end well
*/
export const runForChannel = async ({label, timeoutMs, ...program}: NotifyProgram): Promise<void> => {
	throwIfAborted(program.signal);
	const {end} = await runProgram({...program, timeoutMs, isGroup: true});
	switch (end.kind) {
		case 'exited':
		case 'killed': {
			if (end.kind === 'exited' && end.exitCode === 0) {
				return;
			}

			throw new AppError('server-error', `${label} ended with ${end.kind === 'killed' ? `the signal ${end.signalName}` : `code ${end.exitCode}`}.`, {hint: 'Run it by hand to see why.'});
		}

		case 'not-started': {
			const code = errorCode(end.error);
			throw new AppError(code === 'ENOENT' ? 'not-found' : 'forbidden', `${label} could not be started (${code ?? 'unknown reason'}).`, {
				hint: 'Check that the program is there and may be run; a full path is the safest.',
				cause: end.error,
			});
		}

		case 'timeout': {
			throw new AppError('timeout', `${label} did not end within ${Math.round(timeoutMs / 1000)} s, so it was ended.`, {
				hint: 'Give it more time with "timeout" in notify.json, or let it do its work in the background.',
			});
		}

		case 'aborted':
		case 'too-much-output': {
			throw new AppError('cancelled', `${label} was ended.`);
		}
	}
};

/**
Like `AbortSignal#throwIfAborted`, but with an `AppError`.

@throws AppError 'cancelled'
*/
export const throwIfAborted = ({aborted}: AbortSignal): void => {
	if (aborted) {
		throw new AppError('cancelled', 'The notification was cancelled.');
	}
};
