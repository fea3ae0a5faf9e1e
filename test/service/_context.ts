import {
	chmod,
	mkdir,
	readFile,
	writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import type {ExecutionContext} from 'ava';
import type {Command, CommandContext} from '../../source/commands/command.js';
import {parseCommandLine} from '../../source/commands/parse.js';
import {createSession} from '../../source/app/session.js';
import {temporaryFolder} from '../helpers/store-records.js';
import {plainPaint} from '../../source/base/text/style.js';

export type Ran = {exitCode: number; stdout: string; stderr: string};

/**
A separate home, a command that runs in it in this process, and system programs that only record how they were called.
*/
export const setUp = async (t: ExecutionContext) => {
	const home = await temporaryFolder(t);
	const tools = path.join(home, 'tools');
	await mkdir(tools);
	const record = path.join(home, 'calls');

	const env: NodeJS.ProcessEnv = {HOME: home, PATH: tools};

	return {
		home,
		env,
		/**
		Adds a program to the PATH; `body` is shell code. Each call is recorded as a line with its name and arguments.
		*/
		async tool(name: string, body = '') {
			const file = path.join(tools, name);
			await writeFile(file, `#!/bin/sh\nprintf '%s\\n' "${name} $*" >> '${record}'\n${body}\n`);
			await chmod(file, 0o755);
		},
		async calls(): Promise<string[]> {
			const text = await readFile(record, 'utf8').catch(() => '');
			return text.split('\n').filter(Boolean);
		},
		async run(command: Command, ...argv: string[]): Promise<Ran> {
			const parsed = parseCommandLine([command], argv);
			let stdout = '';
			let stderr = '';
			const session = createSession({
				env, homeFolder: home, version: '0', isDemo: parsed.flags.boolean('demo') === true,
			});
			const context: CommandContext = {
				input: parsed.input,
				flags: parsed.flags,
				io: {
					env,
					stdin: process.stdin,
					stdout: process.stdout,
					stderr: process.stderr,
					isRead: () => true,
					async out(text) {
						stdout += String(text);
					},
					say(line) {
						stderr += `${line}\n`;
					},
					log(line) {
						stdout += line;
					},
					onHangUp: () => () => {/* nobody hangs up */},
					onNotice() {/* none comes */},
					isTerminal: false,
					isInteractive: false,
					isScreenReader: false,
					isConsole: false,
					isColor: false,
					paint: plainPaint,
					paintMessages: plainPaint,
					onContinue: () => () => {/* nobody stops it */},
					isAscii: false,
					columns: undefined,
					async suspend() {/* there is no shell */},
					async readSize() {/* there is no size */},
					onWindowChange: () => () => {/* there is no window */},
					onBug: () => () => {/* nothing is shown */},
					onEnd: () => () => {/* nothing is left on a screen */},
				},
				signal: new AbortController().signal,
				session,
				version: '0',
			};
			try {
				return {exitCode: await command.run(context), stdout, stderr};
			} finally {
				await session.close();
			}
		},
	};
};
