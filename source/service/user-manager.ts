import {exitCodeOf, runProgram} from '../base/run-program.js';
import {sandboxLevels, sandboxLines, type SandboxLevel} from './sandbox.js';

/**
How a tool of the system ended. `exitCode` is as shells have it: 127 if there is no such program, 124 if it took too long or was cut short.
*/
export type ToolResult = {exitCode: number; stdout: string; stderr: string};

/**
Never throws: what went wrong is in the exit code.
*/
export const runTool = async (file: string, args: readonly string[], options: {env: NodeJS.ProcessEnv; timeoutMs: number; signal?: AbortSignal}): Promise<ToolResult> => {
	const {end, stdout, stderr} = await runProgram({argv: [file, ...args], isOutputKept: true, ...options});
	return {exitCode: exitCodeOf(end), stdout, stderr};
};

/**
The systemd of one user.
*/
export type UserManager = ReturnType<typeof createUserManager>;

const timeoutMs = 60_000;

// A little more than the unit may take to start (TimeoutStartSec=).
const startTimeoutMs = 310_000;

export const createUserManager = (env: NodeJS.ProcessEnv) => {
	/**
	Runs `systemctl --user` with these arguments.
	*/
	const systemctl = async (...args: string[]): Promise<ToolResult> => runTool('systemctl', ['--user', ...args], {
		env,
		timeoutMs: ['start', 'restart'].includes(args[0]!) ? startTimeoutMs : timeoutMs,
	});

	const isWorking = async (level: SandboxLevel) => {
		const properties = [...sandboxLines(level), ...(level === 'bare' ? [] : ['PrivateTmp=yes'])];
		const {exitCode} = await runTool('systemd-run', [
			'--user', '--wait', '--collect', '--quiet', ...properties.map(property => `--property=${property}`), '/bin/true',
		], {env, timeoutMs});
		return exitCode === 0;
	};

	return {
		/**
		False in containers, and in a shell that was opened with `su`, which cannot reach it.
		*/
		async isThere(): Promise<boolean> {
			const {exitCode} = await systemctl('show', '--property=Version');
			return exitCode === 0;
		},
		systemctl,
		/**
		Finds the strictest level with which a service starts on this machine.
		*/
		async sandbox(): Promise<SandboxLevel> {
			for (const level of sandboxLevels) {
				if (await isWorking(level)) {
					return level;
				}
			}

			return 'bare';
		},
	};
};
