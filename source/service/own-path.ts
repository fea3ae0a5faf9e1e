import {existsSync, realpathSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import {AppError} from '../base/errors.js';

export type OwnPaths = {
	/**
	The Node.js that runs this.
	*/
	node: string;
	/**
	What it was started with.
	*/
	cli: string;
};

export const ownPaths = (): OwnPaths => ({node: process.execPath, cli: ownCli()});

/**
The file that starts this reelcat, seen from this module. The bundle has it beside its chunks; in a folder per module it is one above this one.

@throws AppError 'usage' where it cannot be found
*/
export const ownCli = (moduleUrl: string = import.meta.url): string => {
	const file = ['cli.js', '../cli.js'].map(name => fileURLToPath(new URL(name, moduleUrl))).find(name => existsSync(name));
	if (file === undefined) {
		throw new AppError('usage', 'This reelcat cannot find the file that it was started from.', {hint: 'Install it with "npm install --global" and try again.'});
	}

	return realpathSync(file);
};

/**
npx and its like put a package where it is swept away some day; a service would then not start any more.

@throws AppError 'usage'
*/
export const requireLasting = (file: string, temporaryFolder: string = tmpdir()): void => {
	const isPassing = /\/(?:_npx|_cacache|dlx|dlx-[^\/]+|bunx-[^\/]+)\//v.test(file)
		|| [temporaryFolder, '/tmp', '/var/tmp'].some(folder => file.startsWith(`${path.resolve(folder)}/`));
	if (isPassing) {
		throw new AppError('usage', `This reelcat runs from ${file}, which will not stay there.`, {hint: 'Install it for good with "npm install --global", then run "reelcat service install" again.'});
	}
};
