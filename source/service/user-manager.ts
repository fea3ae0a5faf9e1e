import {runTool, type ToolResult} from './run-tool.js';
import {sandboxLevels, sandboxLines, type SandboxLevel} from './sandbox.js';

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
