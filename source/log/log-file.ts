import {Buffer} from 'node:buffer';
import path from 'node:path';
import {writeFully} from '../base/durable-write.js';
import {ifExists, makeFolders, type FileSystem} from '../base/file-system.js';
import {closeOwnFolder} from '../base/own-folder.js';

/**
The name of a run's log. Names sort by the time when the run started.

@example
```
logName({id: 'r0123456789abcdef', startedAt: new Date('2026-11-23T02:15:00Z')}); //=> '20261123T021500Z-r0123456.log'
```
*/
export const logName = ({id, startedAt}: {id: string; startedAt: Date}): string =>
	`${startedAt.toISOString().slice(0, 19).replaceAll(/[\-:]/gv, '')}Z-${id.slice(0, 8)}.log`;

export const isLogName = (name: string): boolean => /^\d{8}T\d{6}Z-[\w\-]{1,8}\.log$/v.test(name);

export type LogSize = {name: string; sizeBytes: number};

export type LogLimits = {count: number; totalBytes: number};

export const defaultLogLimits: LogLimits = {count: 50, totalBytes: 50_000_000};

/**
The names of the logs to drop, so that the newest ones fit the limits. The newest log always stays, and a file with another kind of name is never dropped.
*/
export const logsToDrop = (files: readonly LogSize[], {count, totalBytes}: LogLimits = defaultLogLimits): string[] => {
	const newestFirst = files.filter(({name}) => isLogName(name)).toSorted((left, right) => right.name.localeCompare(left.name, 'en'));
	let kept = 0;
	let bytes = 0;
	let isFull = false;
	const dropped: string[] = [];
	for (const {name, sizeBytes} of newestFirst) {
		bytes += sizeBytes;
		// Once one log does not fit, all older ones go too, so that the kept logs have no holes.
		isFull ||= kept >= count || (bytes > totalBytes && kept > 0);
		if (isFull) {
			dropped.push(name);
		} else {
			kept++;
		}
	}

	return dropped;
};

/**
Creates a log that only its owner can read, and drops old logs to make room.

@throws the errors of the file system, unchanged.
*/
export const createLogFile = async (file: string, {fs, limits}: {fs: FileSystem; limits: LogLimits}) => {
	const folder = path.dirname(file);
	await makeFolders(folder, {fs, mode: 0o700});
	await closeOwnFolder(folder, {fs});
	await closeOwnFolder(path.dirname(folder), {fs, isOnlyOurs: false});
	// `x` refuses a link and a file that exists.
	const handle = await fs.open(file, 'ax', 0o600);
	try {
		await dropOldLogs(folder, fs, limits);
	} catch (error) {
		await handle.close();
		throw error;
	}

	return {
		append: async (text: string) => writeFully(handle, Buffer.from(text)),
		async close() {
			await handle.close();
			await dropOldLogs(folder, fs, limits);
		},
	};
};

const dropOldLogs = async (folder: string, fs: FileSystem, limits: LogLimits) => {
	const names = await fs.readdir(folder);
	const files = await Promise.all(names.map(async name => {
		const stats = await ifExists(fs.stat(path.join(folder, name)));
		return {name, sizeBytes: stats?.size ?? 0};
	}));
	for (const name of logsToDrop(files, limits)) {
		// Another reelcat may have dropped it already.
		await ifExists(fs.unlink(path.join(folder, name)));
	}
};
