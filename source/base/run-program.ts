import {spawn} from 'node:child_process';
import process from 'node:process';
import {systemClock, type Clock} from './clock.js';
import {errorCode} from './errors.js';

type ProgramOptions = {
	/**
	The program, looked for on the PATH of `env`, and its arguments. No shell looks at them.
	*/
	argv: readonly string[];
	env: NodeJS.ProcessEnv;
	/**
	What the program reads on its input; nothing when absent.
	*/
	input?: string;
	/**
	@default as long as it takes
	*/
	timeoutMs?: number;
	clock?: Clock;
	signal?: AbortSignal | undefined;
	/**
	Whether the output is of interest; otherwise it is dropped. More than a million characters end the program.
	*/
	isOutputKept?: boolean;
	/**
	Whether whatever the program has started ends with it. It then has no terminal of its own.
	*/
	isGroup?: boolean;
};

/**
How a program ended.
*/
type ProgramEnd =
	| {kind: 'exited'; exitCode: number}
	| {kind: 'killed'; signalName: string}
	| {kind: 'not-started'; error: unknown}
	| {kind: 'timeout'}
	| {kind: 'aborted'}
	| {kind: 'too-much-output'};

type ProgramResult = {
	end: ProgramEnd;
	stdout: string;
	stderr: string;
};

const maxOutput = 1_000_000;

/**
Runs a program to its end. Never throws: what went wrong is in the result.
*/
export const runProgram = async ({argv, env, input, timeoutMs, clock = systemClock, signal, isOutputKept = false, isGroup = false}: ProgramOptions): Promise<ProgramResult> => {
	if (signal?.aborted === true) {
		return {end: {kind: 'aborted'}, stdout: '', stderr: ''};
	}

	const [file = '', ...args] = argv;
	const hasGroup = isGroup && process.platform !== 'win32';
	const output = isOutputKept ? 'pipe' : 'ignore';
	const child = spawn(file, args, {
		env, stdio: [input === undefined ? 'ignore' : 'pipe', output, output], shell: false, windowsHide: true, detached: hasGroup,
	});
	const {promise, resolve} = Promise.withResolvers<ProgramEnd>();
	const cutShort = (end: ProgramEnd) => {
		resolve(end);
		try {
			if (hasGroup && child.pid !== undefined) {
				process.kill(-child.pid, 'SIGKILL');
			} else {
				child.kill('SIGKILL');
			}
		} catch {
			// It has ended by itself.
		}
	};

	const abort = () => {
		cutShort({kind: 'aborted'});
	};

	const cancelTimer = timeoutMs === undefined
		? undefined
		: clock.after(timeoutMs, () => {
			cutShort({kind: 'timeout'});
		});
	signal?.addEventListener('abort', abort, {once: true});
	const texts = {stdout: '', stderr: ''};
	for (const name of ['stdout', 'stderr'] as const) {
		child[name]?.setEncoding('utf8').on('data', (part: string) => {
			texts[name] += part;
			if (texts[name].length > maxOutput) {
				cutShort({kind: 'too-much-output'});
			}
		});
	}

	child.once('error', error => {
		resolve({kind: 'not-started', error});
	});
	// Kept output is whole once the pipes are closed.
	child.once(isOutputKept ? 'close' : 'exit', (exitCode?: number, signalName?: string) => {
		resolve(typeof exitCode === 'number' ? {kind: 'exited', exitCode} : {kind: 'killed', signalName: signalName ?? 'unknown'});
	});
	// A program need not read what it is given.
	child.stdin?.on('error', () => undefined);
	child.stdin?.end(input);
	try {
		return {end: await promise, ...texts};
	} finally {
		cancelTimer?.();
		signal?.removeEventListener('abort', abort);
	}
};

/**
One number for how a program ended, as shells have it: 127 if there is no such program, 124 if it was cut short or killed.
*/
export const exitCodeOf = (end: ProgramEnd): number => {
	if (end.kind === 'exited') {
		return end.exitCode;
	}

	return end.kind === 'not-started' && ['ENOENT', 'EACCES'].includes(errorCode(end.error) ?? '') ? 127 : 124;
};
