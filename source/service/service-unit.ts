import path from 'node:path';
import {parseServerUrl} from '../plex/url.js';
import type {Folders} from '../store/folders.js';
import {unitText} from './unit.js';
import {unitEnvironment} from './unit-environment.js';
import type {SandboxLevel} from './sandbox.js';

export type ServiceUnitOptions = {
	env: NodeJS.ProcessEnv;
	/**
	That relative paths are meant from.
	*/
	workFolder: string;
	nodePath: string;
	cliPath: string;
	folders: Folders;
	isDemo: boolean;
	/**
	Of the command line, for every start: which server, and how hard it may be pressed.
	*/
	given: {url: string | undefined; server: string | undefined; tokenFile: string | undefined; concurrency: number | undefined};
	/**
	Options of `reelcat --watch`.
	*/
	watchOptions: readonly string[];
	credentialFile: string | undefined;
	sandbox: SandboxLevel;
};

export type ServiceUnit = {
	text: string;
	/**
	See `UnitEnvironment`.
	*/
	leftOut: string[];
};

/**
The unit that starts the reelcat that is running now, in the way in which it was asked.

@throws AppError 'usage'
*/
export const serviceUnit = ({env, workFolder, nodePath, cliPath, folders, isDemo, given, watchOptions, credentialFile, sandbox}: ServiceUnitOptions): ServiceUnit => {
	const {environment, leftOut} = unitEnvironment(env, workFolder);
	const {url, server, tokenFile, concurrency} = given;
	const option = (name: string, value: string | number | undefined) => value === undefined ? [] : [name, String(value)];
	const execStart = [
		nodePath,
		cliPath,
		...(isDemo ? ['--demo'] : []),
		...option('--url', url === undefined ? undefined : parseServerUrl(url)),
		...option('--server', server),
		...option('--token-file', tokenFile === undefined ? undefined : path.resolve(workFolder, tokenFile)),
		...option('--concurrency', concurrency),
		'--watch',
		...watchOptions,
	];
	return {
		text: unitText({
			execStart,
			environment,
			folders,
			isDemo,
			credentialFile: credentialFile === undefined ? undefined : path.resolve(workFolder, credentialFile),
			sandbox,
		}),
		leftOut,
	};
};
