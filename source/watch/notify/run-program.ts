import {spawn} from 'node:child_process';
import process from 'node:process';
import type {Clock} from '../../base/clock.js';
import {AppError, errorCode} from '../../base/errors.js';
import {throwIfAborted} from './throw-if-aborted.js';

export type Program = {
	/**
	The program, and its arguments as they are: no shell looks at them.
	*/
	argv: readonly string[];
	env: NodeJS.ProcessEnv;
	/**
	What it reads.
	*/
	input?: string;
	timeoutMs: number;
	/**
	What is run, in the words of a message.
	*/
	label: string;
	signal: AbortSignal;
	clock: Clock;
};

/**
Runs a program to its end; what it writes is dropped, since it may be anything.

@throws AppError
*/
export const runProgram = async ({argv, env, input = '', timeoutMs, label, signal, clock}: Program): Promise<void> => {
	throwIfAborted(signal);
	const [file = '', ...rest] = argv;
	const isGroup = process.platform !== 'win32';
	const child = spawn(file, rest, {
		env, stdio: ['pipe', 'ignore', 'ignore'], shell: false, windowsHide: true,
		// A group of its own, so that what it has started ends with it.
		detached: isGroup,
	});
	const {promise, resolve, reject} = Promise.withResolvers<void>();
	const kill = () => {
		try {
			if (isGroup && child.pid !== undefined) {
				process.kill(-child.pid, 'SIGKILL');
			} else {
				child.kill('SIGKILL');
			}
		} catch {
			// It has ended by itself.
		}
	};

	const abort = () => {
		kill();
		reject(new AppError('cancelled', `${label} was ended.`));
	};

	const cancelTimer = clock.after(timeoutMs, () => {
		kill();
		reject(new AppError('timeout', `${label} did not end within ${Math.round(timeoutMs / 1000)} s, so it was ended.`, {
			hint: 'Give it more time with "timeout" in notify.json, or let it do its work in the background.',
		}));
	});
	signal.addEventListener('abort', abort, {once: true});
	child.once('error', error => {
		const code = errorCode(error);
		reject(new AppError(code === 'ENOENT' ? 'not-found' : 'forbidden', `${label} could not be started (${code ?? 'unknown reason'}).`, {
			hint: 'Check that the program is there and may be run; a full path is the safest.',
			cause: error,
		}));
	});
	child.once('exit', (code, killedBy) => {
		if (code === 0) {
			resolve();
		} else {
			reject(new AppError('server-error', `${label} ended with ${code === null ? `the signal ${killedBy ?? 'unknown'}` : `code ${code}`}.`, {hint: 'Run it by hand to see why.'}));
		}
	});
	// It need not read what it is given.
	child.stdin.on('error', () => undefined);
	child.stdin.end(input);
	try {
		await promise;
	} finally {
		cancelTimer();
		signal.removeEventListener('abort', abort);
	}
};
