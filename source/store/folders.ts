import {homedir} from 'node:os';
import path from 'node:path';
import {AppError} from '../base/errors.js';

export type Folders = {
	config: string;
	data: string;
	// For logs, which belong to this machine only and may be lost without harm.
	state: string;
};

/**
The home folder as HOME or the system says, or '' if neither does, as for a user of a container whom the system does not know.
*/
export const findHome = (): string => {
	try {
		return homedir();
	} catch {
		return '';
	}
};

/**
@throws {AppError} `usage` if there is none; a relative one would depend on where reelcat was started
*/
export const requireHome = (homeFolder: string): string => {
	if (!path.isAbsolute(homeFolder)) {
		throw new AppError('usage', `There is no home folder: HOME ${homeFolder === '' ? 'is not set' : 'is not an absolute path'}.`, {hint: 'Set HOME, or REELCAT_CONFIG_DIR, REELCAT_DATA_DIR and REELCAT_STATE_DIR.'});
	}

	return homeFolder;
};

/**
Where reelcat keeps its files: `REELCAT_CONFIG_DIR`, `REELCAT_DATA_DIR` and `REELCAT_STATE_DIR`, else the XDG folders. The demo has its own folders below these, so that it never mixes with a real catalogue.

@throws {AppError} `usage` if one of them would be in the home folder, and there is none
*/
export const resolveFolders = (env: NodeJS.ProcessEnv, homeFolder: string, {isDemo}: {isDemo: boolean}): Folders => {
	const place = (own: string | undefined, xdg: string | undefined, fallback: string) => {
		const base = nonEmpty(own) ?? path.join(absolute(xdg) ?? path.join(requireHome(homeFolder), fallback), 'reelcat');
		return path.resolve(isDemo ? path.join(base, 'demo') : base);
	};

	return {
		config: place(env['REELCAT_CONFIG_DIR'], env['XDG_CONFIG_HOME'], '.config'),
		data: place(env['REELCAT_DATA_DIR'], env['XDG_DATA_HOME'], path.join('.local', 'share')),
		state: place(env['REELCAT_STATE_DIR'], env['XDG_STATE_HOME'], path.join('.local', 'state')),
	};
};

const nonEmpty = (value: string | undefined) => value === '' ? undefined : value;

// The XDG specification says to ignore relative paths.
const absolute = (value: string | undefined) => value !== undefined && path.isAbsolute(value) ? value : undefined;

/**
The files of the catalogue in a data folder; `history` and `backups` are folders.
*/
export const catalogFiles = (folder: string) => ({
	document: path.join(folder, 'catalog.json'),
	journal: path.join(folder, 'catalog.journal'),
	index: path.join(folder, 'catalog.index'),
	lock: path.join(folder, 'catalog.lock'),
	marker: path.join(folder, '.reelcat-folder'),
	history: path.join(folder, 'history'),
	backups: path.join(folder, 'backups'),
});

export type CatalogFiles = ReturnType<typeof catalogFiles>;
