import {Buffer} from 'node:buffer';
import type {FileHandle} from 'node:fs/promises';
import path from 'node:path';
import {writeFully} from '../base/durable-write.js';
import {ifExists, type FileSystem} from '../base/file-system.js';
import {defaultLogLimits, logsToDrop, type LogLimits} from './logs-to-drop.js';

export type LogFileOptions = {
	fs: FileSystem;
	limits?: LogLimits;
};

export type LogFile = {
	append: (text: string) => Promise<void>;
	close: () => Promise<void>;
};

/**
Make a log that only its owner can read, and drop old ones for it.

@throws what the file system throws
*/
export const createLogFile = async (file: string, {fs, limits = defaultLogLimits}: LogFileOptions): Promise<LogFile> => {
	const folder = path.dirname(file);
	await fs.mkdir(folder, {recursive: true, mode: 0o700});
	// Never through a link, and never into a file that is there already.
	const handle: FileHandle = await fs.open(file, 'ax', 0o600);
	try {
		await dropOldLogs(folder, fs, limits);
	} catch (error) {
		await handle.close();
		throw error;
	}

	return {
		append: async text => writeFully(handle, Buffer.from(text)),
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
		// Another reelcat may have dropped it.
		await ifExists(fs.unlink(path.join(folder, name)));
	}
};
