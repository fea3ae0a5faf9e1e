import {readFile, unlink} from 'node:fs/promises';
import path from 'node:path';
import {AppError} from '../base/errors.js';
import {durableWrite} from '../base/durable-write.js';
import {guarded, ifExists, makeFolders} from '../base/file-system.js';
import {cleanLines} from '../base/text/clean.js';
import {requireHome, type Folders} from '../store/folders.js';
import {unitMarker} from './unit.js';
import type {ToolResult, UserManager} from './user-manager.js';

const unitName = 'reelcat.service';

/**
Where the user manager looks first. The XDG specification says to ignore relative paths.
*/
export const unitPath = (env: NodeJS.ProcessEnv, homeFolder: string): string => {
	const config = env['XDG_CONFIG_HOME'];
	const base = config !== undefined && path.isAbsolute(config) ? config : path.join(requireHome(homeFolder), '.config');
	return path.join(base, 'systemd/user', unitName);
};

export type Installed = {
	isChanged: boolean;
	isEnabled: boolean;
	isStarted: boolean;
	/**
	What systemd did not do, in its own words.
	*/
	failure: string | undefined;
	/**
	The commands that a person must still run.
	*/
	byHand: string[];
};

type InstallOptions = {
	file: string;
	text: string;
	folders: Folders;
	isForced: boolean;
	isNow: boolean;
	/**
	`undefined` if no user manager can be reached.
	*/
	manager: UserManager | undefined;
};

/**
Writes the unit and tells systemd about it. A second call changes nothing.

@throws AppError 'usage' if the file is not reelcat's, 'not-writable', 'disk-full'
*/
export const installUnit = async ({file, text, folders, isForced, isNow, manager}: InstallOptions): Promise<Installed> => {
	const before = await ownUnit(file, {isForced});
	for (const folder of Object.values(folders)) {
		// systemd can let a service write only to folders that exist.
		await guarded(folder, 'made', async () => makeFolders(folder, {mode: 0o700}));
	}

	const isChanged = before !== text;
	if (isChanged) {
		await guarded(path.dirname(file), 'made', async () => makeFolders(path.dirname(file)));
		await durableWrite(file, [text], {mode: 0o644});
	}

	const steps = [
		['daemon-reload'],
		['enable', unitName],
		// A service that runs already goes on, unless its unit has changed.
		...(isNow ? [[isChanged ? 'restart' : 'start', unitName]] : []),
	];
	const {done, failure} = await take(manager, steps);
	return {
		isChanged,
		isEnabled: done >= 2,
		isStarted: done >= 3,
		failure,
		byHand: steps.slice(done).map(step => commandLine(step)),
	};
};

export type Removed = Pick<Installed, 'failure' | 'byHand'> & {wasThere: boolean};

/**
@throws AppError 'usage' if the file is not reelcat's, 'not-writable'
*/
export const uninstallUnit = async ({file, isForced, manager}: Pick<InstallOptions, 'file' | 'isForced' | 'manager'>): Promise<Removed> => {
	const text = await ownUnit(file, {isForced});
	if (text === undefined) {
		return {wasThere: false, failure: undefined, byHand: []};
	}

	const before = [['disable', '--now', unitName]];
	const after = [['daemon-reload']];
	const stopped = await take(manager, before);
	await guarded(file, 'removed', async () => ifExists(unlink(file)));
	const reloaded = await take(manager, after);
	return {
		wasThere: true,
		failure: stopped.failure ?? reloaded.failure,
		byHand: [...before.slice(stopped.done), ...after.slice(reloaded.done)].map(step => commandLine(step)),
	};
};

const commandLine = (step: readonly string[]) => ['systemctl', '--user', ...step].join(' ');

const take = async (manager: UserManager | undefined, steps: ReadonlyArray<readonly string[]>) => {
	let done = 0;
	if (manager === undefined) {
		return {done, failure: undefined};
	}

	for (const step of steps) {
		const result = await manager.systemctl(...step);
		if (result.exitCode !== 0) {
			return {done, failure: failureText(step, result)};
		}

		done++;
	}

	return {done, failure: undefined};
};

const failureText = (step: readonly string[], {exitCode, stderr}: ToolResult) => {
	const words = cleanLines(stderr).trim();
	const reason = exitCode === 124 ? 'it took too long' : `exit code ${exitCode}`;
	return `"${commandLine(step)}" failed (${reason})${words === '' ? '.' : `: ${words}`}`;
};

/**
Reads the unit that is there now, if any.

@throws AppError 'usage' if reelcat did not write it, unless `isForced`
*/
const ownUnit = async (file: string, {isForced}: {isForced: boolean}): Promise<string | undefined> => {
	const text = await guarded(file, 'read', async () => ifExists(readFile(file, 'utf8')));
	if (text !== undefined && !isForced && !text.startsWith(`${unitMarker}\n`)) {
		throw new AppError('usage', `${file} was not written by reelcat.`, {hint: 'Move it away, or give --force if it may be replaced or removed.'});
	}

	return text;
};
