import {spawn, type ChildProcess} from 'node:child_process';
import {once} from 'node:events';
import process from 'node:process';
import {text} from 'node:stream/consumers';
import {cleanEnv, cliFile} from './terminal.js';

export type Finished = {exitCode: number | undefined; signal: string | undefined; stdout: string; stderr: string};

export type RunOptions = {env?: Record<string, string>; input?: string};

/**
Runs the real binary without a terminal, as a pipe or cron would.
*/
export const startReelcat = (home: string, args: readonly string[], {env}: RunOptions = {}): {child: ChildProcess; finished: Promise<Finished>} => {
	const child = spawn(process.execPath, [cliFile, ...args], {
		env: cleanEnv(home, env),
		cwd: home,
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	const finished = (async () => {
		const [stdout, stderr, [exitCode, signal]] = await Promise.all([
			text(child.stdout),
			text(child.stderr),
			once(child, 'close') as Promise<[number | undefined, string | undefined]>,
		]);
		return {
			exitCode: exitCode ?? undefined,
			signal: signal ?? undefined,
			stdout,
			stderr,
		};
	})();
	return {child, finished};
};

export const runReelcat = async (home: string, args: readonly string[], options?: RunOptions): Promise<Finished> =>
	startReelcat(home, args, options).finished;
