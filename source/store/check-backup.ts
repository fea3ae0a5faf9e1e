import {isAppError} from '../base/errors.js';
import {nodeFileSystem, type FileSystem} from '../base/file-system.js';
import {createBackups} from './backups.js';
import {readBackup} from './replace-catalog.js';
import {checkCatalog} from './check-catalog.js';
import {catalogFiles} from './folders.js';
import {migrations, schemaVersionOf} from './migrations.js';

export type CheckedBackup = {
	file: string;
	records: number;
	/**
	In sentences; none if the backup can be restored.
	*/
	problems: string[];
};

const backupsIn = (folder: string, fs: FileSystem) => createBackups(catalogFiles(folder).backups, {fs, now: () => new Date(), schemaVersion: schemaVersionOf(migrations)});

/**
The backups of a data folder, newest first, without reading them.
*/
export const storedBackups = async (folder: string, fs: FileSystem = nodeFileSystem): Promise<string[]> => {
	const backups = await backupsIn(folder, fs).list();
	return backups.map(({file}) => file);
};

/**
Reads a backup as a restore does, and checks every record of it. Works in slices, so that it never blocks the event loop for long.
*/
export const checkBackup = async (folder: string, file: string, fs: FileSystem = nodeFileSystem): Promise<CheckedBackup> => {
	try {
		await backupsIn(folder, fs).prove(file);
		const {records, problems} = await checkCatalog(await readBackup(file, {folder, fs, steps: migrations}));
		return {file, records, problems};
	} catch (error) {
		// A full disk, or one that cannot be read, says nothing about the backup.
		if (!isAppError(error, 'damaged') && !isAppError(error, 'newer')) {
			throw error;
		}

		return {file, records: 0, problems: [error.message]};
	}
};
