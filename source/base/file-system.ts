import * as fsp from 'node:fs/promises';
import path from 'node:path';
import {AppError, errorCode, isAppError} from './errors.js';

/**
The calls of `node:fs/promises` that reelcat makes for its own files. A test can let any of them fail.
*/
export type FileSystem = Pick<
	typeof fsp,
	'chmod' | 'link' | 'lstat' | 'mkdir' | 'open' | 'readdir' | 'realpath' | 'rename' | 'rm' | 'stat' | 'unlink'
> & {
	statfs: (path: string) => Promise<{bavail: number; bsize: number; blocks: number}>;
};

export const nodeFileSystem: FileSystem = fsp;

/**
How much room the disk of a folder has for this user. Undefined where it has no size of its own, as ramfs, tmpfs with `size=0` and some FUSE file systems: they say that they have no blocks at all.
*/
export const freeBytesOf = async (folder: string, fs: FileSystem = nodeFileSystem): Promise<number | undefined> => {
	const {bavail, bsize, blocks} = await fs.statfs(folder);
	return blocks === 0 ? undefined : bavail * bsize;
};

const full = new Set(['ENOSPC', 'EDQUOT']);

const hints = new Map([
	['EACCES', 'Give your user the right to read and write there, or choose another folder with REELCAT_DATA_DIR.'],
	['EPERM', 'Give your user the right to read and write there, or choose another folder with REELCAT_DATA_DIR.'],
	['EROFS', 'The disk is mounted read-only: mount it writable, or choose another folder with REELCAT_DATA_DIR.'],
	['ENOTDIR', 'A part of this path is a file, not a folder: choose another folder with REELCAT_DATA_DIR.'],
	['ENOENT', 'The folder is gone: check that its disk is mounted, then start reelcat again.'],
	['EFBIG', 'FAT32 takes no file of 4 GiB: use a disk with another file system. If this is none, see what "ulimit -f" says.'],
	['EIO', 'The disk reports a fault: check it, and copy the folder elsewhere before anything else.'],
	['EBUSY', 'If this is a container, mount the folder that holds the file, not the file alone.'],
]);

/**
Turns a failed file-system call into an `AppError`: `disk-full`, or `not-writable` for everything else. An error without a system code is a bug and is returned unchanged. `what` completes "… could not be": `written`, `read`.
*/
export const fileError = (error: unknown, place: string, what = 'written'): unknown => {
	const code = errorCode(error);
	if (code === undefined || isAppError(error)) {
		return error;
	}

	if (full.has(code)) {
		return new AppError('disk-full', `${place} could not be ${what}: the disk is full (${code}).`, {
			hint: 'Make room on this disk and try again; what was saved before is still there.',
			cause: error,
		});
	}

	return new AppError('not-writable', `${place} could not be ${what}${code === 'EFBIG' ? ': the file is too large' : ''} (${code}).`, {
		hint: hints.get(code) ?? 'Check the folder and its disk, then try again.',
		cause: error,
	});
};

/**
Runs file-system calls on `place`, and names the path and `what` in the error if one fails.

@throws {AppError} `disk-full` or `not-writable`
*/
export const guarded = async <Value>(place: string, what: string, work: () => Promise<Value>): Promise<Value> => {
	try {
		return await work();
	} catch (error) {
		throw fileError(error, place, what);
	}
};

/**
Returns `undefined` if the file does not exist. Every other failure is thrown unchanged.
*/
export const ifExists = async <Value>(work: Promise<Value>): Promise<Value | undefined> => {
	try {
		return await work;
	} catch (error) {
		if (errorCode(error) === 'ENOENT') {
			return undefined;
		}

		throw error;
	}
};

/**
Makes a folder and those above it that are missing. Node.js 24 says ENOENT where the disk is read-only or its quota is used up, so it is asked for one folder then, which tells the cause.
*/
export const makeFolders = async (folder: string, {fs = nodeFileSystem, ...mode}: {fs?: Pick<FileSystem, 'mkdir'>; mode?: number} = {}): Promise<void> => {
	const makeFirst = async (missing: string): Promise<void> => {
		try {
			await fs.mkdir(missing, mode);
		} catch (error) {
			if (errorCode(error) !== 'ENOENT' || path.dirname(missing) === missing) {
				throw error;
			}

			await makeFirst(path.dirname(missing));
		}
	};

	try {
		await fs.mkdir(folder, {recursive: true, ...mode});
	} catch (error) {
		if (errorCode(error) !== 'ENOENT') {
			throw error;
		}

		await makeFirst(folder);
		await fs.mkdir(folder, {recursive: true, ...mode});
	}
};
