import {execFile} from 'node:child_process';

export type ToolResult = {
	/**
	That of the program; 127 where there is no such program, 124 where it took too long or was cut off, as shells have it.
	*/
	exitCode: number;
	stdout: string;
	stderr: string;
};

export type RunToolOptions = {
	env: NodeJS.ProcessEnv;
	timeoutMs: number;
	signal?: AbortSignal;
};

/**
A program of the system, looked for on the PATH of `env`, without a shell in between. Never throws: what went wrong is in the exit code.
*/
export const runTool = async (file: string, args: readonly string[], {env, timeoutMs, signal}: RunToolOptions): Promise<ToolResult> => new Promise(resolve => {
	const options = {
		env,
		timeout: timeoutMs,
		killSignal: 'SIGKILL',
		encoding: 'utf8',
		maxBuffer: 1_000_000,
		...(signal !== undefined && {signal}),
	} as const;
	execFile(file, args, options, (error, stdout, stderr) => {
		resolve({exitCode: exitCodeOf(error), stdout, stderr});
	});
});

const exitCodeOf = (error: {code?: number | string | undefined} | undefined): number => {
	if (error === null) {
		return 0;
	}

	if (typeof error.code === 'number') {
		return error.code;
	}

	return error.code === 'ENOENT' || error.code === 'EACCES' ? 127 : 124;
};
