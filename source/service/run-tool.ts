import {execFile, type ExecFileException} from 'node:child_process';

export type ToolResult = {
	/**
	The exit code of the program. As in shells, 127 means that there is no such program, 124 that it took too long or was cut off.
	*/
	exitCode: number;
	stdout: string;
	stderr: string;
};

type RunToolOptions = {
	env: NodeJS.ProcessEnv;
	timeoutMs: number;
	signal?: AbortSignal;
};

/**
Runs a program, which is looked for on the PATH of `env`, without a shell. Never throws: the exit code says what went wrong.
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
