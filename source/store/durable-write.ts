import {Buffer} from 'node:buffer';
import {randomBytes} from 'node:crypto';
import type {FileHandle} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import {AppError, errorCode} from '../base/errors.js';
import {fileError, ifExists} from './file-error.js';
import {type FileSystem, nodeFileSystem} from './file-system.js';
import {activeTemps, temporaryName} from './temp-files.js';

export type Chunks = Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>;

export type DurableWriteOptions = {
	mode?: number;
	fs?: FileSystem;
	/**
	Called with everything written and synced, just before the new file takes the place of the old one. What it throws keeps the old one.
	*/
	beforeRename?: () => Promise<void>;
};

export type DurableWriteResult = {
	sizeBytes: number;
	/**
	False when the file is in its place but the folder could not be synced: saved, yet a power cut may bring the old file back.
	*/
	isDurable: boolean;
};

const queues = new Map<string, Promise<unknown>>();

/**
Replace a file so that after a crash or a power cut there is either the old one or the new one, whole. Calls for the same target follow one another.

A chunk is written before the next is asked for, so its memory may be used again.

@throws {AppError} `disk-full` or `not-writable`; the old file is then untouched.
*/
export const durableWrite = async (target: string, chunks: Chunks, options: DurableWriteOptions = {}): Promise<DurableWriteResult> => {
	const key = path.resolve(target);
	const before = queues.get(key) ?? Promise.resolve();
	// The caller before was told of its own failure; it must not fail this one.
	const turn = before.catch(() => undefined).then(async () => write(target, chunks, options));
	queues.set(key, turn);
	try {
		return await turn;
	} catch (error) {
		throw fileError(error, target);
	} finally {
		if (queues.get(key) === turn) {
			queues.delete(key);
		}
	}
};

/**
Make names in a folder durable. File systems that cannot sync a folder are taken to need no sync.
*/
export const syncFolder = async (folder: string, fs: FileSystem = nodeFileSystem): Promise<void> => {
	// Windows opens no folders, and writes names through.
	if (process.platform === 'win32') {
		return;
	}

	const handle = await fs.open(folder, 'r');
	try {
		await handle.sync();
	} catch (error) {
		if (!['ENOTSUP', 'EOPNOTSUPP', 'EINVAL'].includes(errorCode(error) ?? '')) {
			throw error;
		}
	} finally {
		await handle.close();
	}
};

/**
Write all of `bytes`, however little the system takes at a time.
*/
export const writeFully = async (handle: FileHandle, bytes: Uint8Array, position?: number): Promise<void> => {
	for (let done = 0; done < bytes.length;) {
		const at = position === undefined ? null : position + done;
		const {bytesWritten} = await handle.write(bytes, done, bytes.length - done, at);
		if (bytesWritten === 0) {
			throw new AppError('disk-full', 'The disk took no more data.', {hint: 'Make room on this disk and try again.'});
		}

		done += bytesWritten;
	}
};

const write = async (target: string, chunks: Chunks, {mode = 0o600, fs = nodeFileSystem, beforeRename}: DurableWriteOptions): Promise<DurableWriteResult> => {
	// A link stays a link: its file is replaced. The temporary file is opened with O_EXCL, which follows no link.
	const real = await ifExists(fs.realpath(target)) ?? target;
	const name = temporaryName(path.basename(real), process.pid, randomBytes(8).toString('hex'));
	const temporary = path.join(path.dirname(real), name);
	activeTemps.add(name);
	let isMade = false;
	try {
		const handle = await fs.open(temporary, 'wx', mode);
		isMade = true;
		const sizeBytes = await fill(handle, chunks);
		await beforeRename?.();
		await fs.rename(temporary, real);
		isMade = false;
		return {sizeBytes, isDurable: await isFolderSynced(path.dirname(real), fs)};
	} catch (error) {
		if (isMade) {
			// The first failure is the one to tell; a temporary file that stays is swept at the next start.
			await fs.unlink(temporary).catch(() => undefined);
		}

		throw error;
	} finally {
		activeTemps.delete(name);
	}
};

const fill = async (handle: FileHandle, chunks: Chunks): Promise<number> => {
	let sizeBytes = 0;
	try {
		for await (const chunk of chunks) {
			const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
			await writeFully(handle, bytes);
			sizeBytes += bytes.length;
		}

		await handle.sync();
		const {size} = await handle.stat();
		if (size !== sizeBytes) {
			throw new AppError('not-writable', `The disk kept ${size} of ${sizeBytes} bytes.`, {hint: 'Check the disk, then try again.'});
		}
	} catch (error) {
		await handle.close().catch(() => undefined);
		throw error;
	}

	// Quotas and network disks may report only here that something is missing.
	await handle.close();
	return sizeBytes;
};

const isFolderSynced = async (folder: string, fs: FileSystem): Promise<boolean> => {
	try {
		await syncFolder(folder, fs);
		return true;
	} catch {
		// The new file is already in its place, so this is told as a doubt, not as a failure.
		return false;
	}
};
