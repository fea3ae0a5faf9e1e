import {AppError, errorCode} from '../../base/errors.js';
import {runProgram} from '../../base/run-program.js';

/**
Names of variables that programs get. They get no others, because the environment of a daemon holds tokens.
*/
const passedOn: readonly RegExp[] = [
	/^(?:PATH|HOME|USER|LOGNAME|SHELL|LANG|LANGUAGE|TZ|TMPDIR|TEMP|TMP)$/v,
	/^(?:LC|XDG)_/v,
	/^(?:DISPLAY|WAYLAND_DISPLAY|XAUTHORITY|DBUS_SESSION_BUS_ADDRESS)$/v,
	/^(?:SystemRoot|ComSpec|PATHEXT|APPDATA|LOCALAPPDATA|USERPROFILE)$/v,
];

export const programEnv = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv => Object.fromEntries(Object.entries(env)
	.filter(([name]) => passedOn.some(pattern => pattern.test(name))));

type NotifyProgram = Parameters<typeof runProgram>[0] & {
	timeoutMs: number;
	/**
	The subject of the sentences about a failure.
	*/
	label: string;
	signal: AbortSignal;
};

/**
Runs the program of a channel. Its output is dropped, because it may contain anything.

@throws AppError if it does not end well
*/
export const runForChannel = async ({label, ...program}: NotifyProgram): Promise<void> => {
	throwIfAborted(program.signal);
	const {end} = await runProgram({...program, isGroup: true});
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
			throw new AppError('timeout', `${label} did not end within ${Math.round(program.timeoutMs / 1000)} s, so it was ended.`, {
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
