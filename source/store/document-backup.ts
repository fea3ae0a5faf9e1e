import {AppError, errorCode} from '../base/errors.js';
import {ifExists, type FileSystem} from '../base/file-system.js';

/**
Keep the document that is about to be replaced as `.bak`: a second name for the same file, which costs nothing.
*/
export const keepBackup = async (file: string, fs: FileSystem): Promise<void> => {
	const backup = `${file}.bak`;
	const real = await fs.realpath(file);
	await ifExists(fs.unlink(backup));
	try {
		await fs.link(real, backup);
	} catch (error) {
		// FAT, some network disks and some containers know no hard links; the backup is an extra there is no right to.
		if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EXDEV', 'EACCES'].includes(errorCode(error) ?? '')) {
			throw error;
		}
	}
};

export const lockedByChange = (file: string) => new AppError('locked', `${file} was changed by someone else since it was read.`, {
	hint: 'Close the other program, then start reelcat again; nothing was overwritten.',
});
