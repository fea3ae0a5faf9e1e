import {execFile, type ExecFileException} from 'node:child_process';

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
		resolve({exitCode: exitCodeOf(error ?? undefined), stdout, stderr});
	});
});

const exitCodeOf = (error: ExecFileException | undefined): number => {
	if (error === undefined || typeof error.code === 'number') {
		return Number(error?.code ?? 0);
	}

	return error.code === 'ENOENT' || error.code === 'EACCES' ? 127 : 124;
};
