import {mkdir} from 'node:fs/promises';
import {cleanLines} from '../base/text/clean.js';
import {guarded} from '../base/file-system.js';
import type {Folders} from '../store/folders.js';
import {
	ownUnit,
	removeUnit,
	unitName,
	writeUnit,
} from './unit-file.js';
import type {ToolResult, UserManager} from './user-manager.js';

export type Installed = {
	isChanged: boolean;
	isEnabled: boolean;
	isStarted: boolean;
	/**
	What systemd did not do, with its own words.
	*/
	failure: string | undefined;
	/**
	Commands that are left for a person.
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
	`undefined` where none can be reached.
	*/
	manager: UserManager | undefined;
};

/**
Write the unit and let systemd know of it. Done twice, it does nothing the second time.

@throws AppError
*/
export const installUnit = async ({file, text, folders, isForced, isNow, manager}: InstallOptions): Promise<Installed> => {
	// First, since it may refuse.
	await ownUnit(file, {isForced});
	for (const folder of Object.values(folders)) {
		// systemd can let a service write only to a folder that is there.
		await guarded(folder, 'made', async () => mkdir(folder, {recursive: true, mode: 0o700}));
	}

	const isChanged = await writeUnit(file, text, {isForced}) === 'written';
	const steps = [
		['daemon-reload'],
		['enable', unitName],
		// One that runs already goes on, unless it would be another one.
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

export type Removed = {
	wasThere: boolean;
	failure: string | undefined;
	byHand: string[];
};

/**
@throws AppError
*/
export const uninstallUnit = async ({file, isForced, manager}: Pick<InstallOptions, 'file' | 'isForced' | 'manager'>): Promise<Removed> => {
	const text = await ownUnit(file, {isForced});
	if (text === undefined) {
		return {wasThere: false, failure: undefined, byHand: []};
	}

	const before = [['disable', '--now', unitName]];
	const after = [['daemon-reload']];
	const stopped = await take(manager, before);
	await removeUnit(file);
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
