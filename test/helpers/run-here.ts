import {EventEmitter} from 'node:events';
import path from 'node:path';
import process from 'node:process';
import {Readable, Writable} from 'node:stream';
import {run} from '../../source/commands/run.js';
import type {Finished, RunOptions} from './run-reelcat.js';
import {cleanEnv, cliFile} from './terminal.js';

const collector = () => {
	const chunks: string[] = [];
	const stream = new Writable({
		decodeStrings: false,
		write(chunk: string | Uint8Array, _encoding, done) {
			// Whoever writes bytes may use their memory again.
			chunks.push(String(chunk));
			done();
		},
	});
	return {stream, text: () => chunks.join('')};
};

/**
Like `runReelcat`, from the arguments to the exit code, but in this process, because a start of Node.js costs more than most commands. Tests of a process (signals, pipes, a terminal, a crash, its memory and arguments) need the binary. So does a command beside another one that writes the same catalogue, because a kernel lock distinguishes only processes.
*/
export const runHere = async (home: string, args: readonly string[], {env}: RunOptions = {}): Promise<Finished> => {
	const [stdout, stderr] = [collector(), collector()];
	const here = Object.assign(new EventEmitter(), {
		argv: [process.execPath, cliFile, ...args],
		// All code in a process has the same home, so these variables name the home of this run.
		env: {
			XDG_CONFIG_HOME: path.join(home, '.config'),
			XDG_DATA_HOME: path.join(home, '.local', 'share'),
			XDG_STATE_HOME: path.join(home, '.local', 'state'),
			...cleanEnv(home, env),
		},
		stdin: Readable.from([]),
		stdout: stdout.stream,
		stderr: stderr.stream,
		pid: process.pid,
		exitCode: undefined as number | undefined,
		exit(code: number) {
			throw new Error(`It wants to end at once, with ${code}.`);
		},
	});
	await run(here as unknown as NodeJS.Process);
	return {
		exitCode: here.exitCode,
		signal: undefined,
		stdout: stdout.text(),
		stderr: stderr.text(),
	};
};
