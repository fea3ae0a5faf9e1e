import {mkdir, readFile, unlink} from 'node:fs/promises';
import path from 'node:path';
import {AppError} from '../base/errors.js';
import {durableWrite} from '../base/durable-write.js';
import {guarded, ifExists} from '../base/file-system.js';
import {unitMarker} from './unit.js';

export const unitName = 'reelcat.service';

/**
Where the user manager looks first. The XDG specification says to ignore relative paths.
*/
export const unitPath = (env: NodeJS.ProcessEnv, homeFolder: string): string => {
	const config = env['XDG_CONFIG_HOME'];
	const base = config !== undefined && path.isAbsolute(config) ? config : path.join(homeFolder, '.config');
	return path.join(base, 'systemd/user', unitName);
};

/**
@throws AppError 'usage' for the unit of somebody else, 'not-writable', 'disk-full'
*/
export const writeUnit = async (file: string, text: string, {isForced}: {isForced: boolean}): Promise<'written' | 'unchanged'> => {
	const before = await ownUnit(file, {isForced});
	if (before === text) {
		return 'unchanged';
	}

	await guarded(path.dirname(file), 'made', async () => mkdir(path.dirname(file), {recursive: true}));
	await durableWrite(file, [text], {mode: 0o644});
	return 'written';
};

/**
@throws AppError 'not-writable'
*/
export const removeUnit = async (file: string): Promise<void> => {
	await guarded(file, 'removed', async () => ifExists(unlink(file)));
};

/**
What is there now, if anything.

@throws AppError 'usage' for the unit of somebody else, unless that is meant
*/
export const ownUnit = async (file: string, {isForced}: {isForced: boolean}): Promise<string | undefined> => {
	const text = await guarded(file, 'read', async () => ifExists(readFile(file, 'utf8')));
	if (text !== undefined && !isForced && !text.startsWith(`${unitMarker}\n`)) {
		throw new AppError('usage', `${file} was not written by reelcat.`, {hint: 'Move it away, or give --force if it may be replaced or removed.'});
	}

	return text;
};
