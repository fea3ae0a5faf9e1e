import {isAppError} from '../base/errors.js';
import {nodeFileSystem} from '../base/file-system.js';
import {createBackups, type BackupInfo} from './backups.js';
import {catalogFiles} from './catalog-context.js';
import {migrations, schemaVersionOf} from './migrations.js';

export type ListedBackup = BackupInfo & {
	/**
	Absent when it cannot be read; then `problem` says why.
	*/
	records?: number;
	problem?: string;
};

/**
All backups of a data folder, newest first, each read from beginning to end.
*/
export const listBackups = async (folder: string): Promise<ListedBackup[]> => {
	const backups = createBackups(catalogFiles(folder).backups, {fs: nodeFileSystem, now: () => new Date(), schemaVersion: schemaVersionOf(migrations)});
	const listed: ListedBackup[] = [];
	for (const backup of await backups.list()) {
		try {
			const {count} = await backups.prove(backup.file);
			listed.push({...backup, records: count});
		} catch (error) {
			if (!isAppError(error)) {
				throw error;
			}

			listed.push({...backup, problem: error.message});
		}
	}

	return listed;
};
