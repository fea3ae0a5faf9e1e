import {existsSync, realpathSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import {AppError} from '../base/errors.js';

/**
The files of Node.js and of reelcat that run now.
*/
export type OwnPaths = {node: string; cli: string};

export const ownPaths = (): OwnPaths => ({node: process.execPath, cli: ownCli()});

/**
The file that starts reelcat, looked for from this module. In the bundle it lies beside the chunks; otherwise it lies one folder above this one.

@throws AppError 'usage' if it cannot be found
*/
export const ownCli = (moduleUrl: string = import.meta.url): string => {
	const file = ['cli.js', '../cli.js'].map(name => fileURLToPath(new URL(name, moduleUrl))).find(name => existsSync(name));
	if (file === undefined) {
		throw new AppError('usage', 'This reelcat cannot find the file that it was started from.', {hint: 'Install it with "npm install --global" and try again.'});
	}

	return realpathSync(file);
};

/**
Refuses folders of npx and similar tools: they are emptied some day, and then the service would no longer start.

@throws AppError 'usage' for a file in a temporary folder
*/
export const requireLasting = (file: string, temporaryFolder: string = tmpdir()): void => {
	const isPassing = /\/(?:_npx|_cacache|dlx|dlx-[^\/]+|bunx-[^\/]+)\//v.test(file)
		|| [temporaryFolder, '/tmp', '/var/tmp'].some(folder => file.startsWith(`${path.resolve(folder)}/`));
	if (isPassing) {
		throw new AppError('usage', `This reelcat runs from ${file}, which will not stay there.`, {hint: 'Install it for good with "npm install --global", then run "reelcat service install" again.'});
	}
};
