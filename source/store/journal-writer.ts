import type {FileHandle} from 'node:fs/promises';
import {AppError} from '../base/errors.js';
import {writeFully} from '../base/durable-write.js';
import {fileError, type FileSystem} from '../base/file-system.js';

/**
Appends commits to a journal that exists.
*/
export type JournalWriter = {
	sizeBytes: () => number;
	/**
	One write and one sync. After a failure the journal ends where it ended before, at the latest before the next append.

	@throws {AppError} `disk-full` or `not-writable`.
	*/
	append: (bytes: Uint8Array) => Promise<void>;
	close: () => Promise<void>;
};

/**
The last complete commit ends at `goodBytes`; whatever comes after it is cut off.
*/
export const openJournalWriter = async (file: string, goodBytes: number, fs: FileSystem): Promise<JournalWriter> => {
	let size = goodBytes;
	let handle: FileHandle | undefined;

	// A descriptor whose sync has failed is never used again: its next sync may claim success for data that is lost.
	const reopen = async () => {
		const old = handle;
		handle = undefined;
		await old?.close().catch(() => undefined);
		const fresh = await fs.open(file, 'r+');
		try {
			const stats = await fresh.stat();
			if (stats.size < size) {
				throw new AppError('damaged', `${file} was cut by someone else.`, {hint: 'Close the other program, then start reelcat again.'});
			}

			if (stats.size > size) {
				await fresh.truncate(size);
				await fresh.sync();
			}
		} catch (error) {
			await fresh.close().catch(() => undefined);
			throw error;
		}

		handle = fresh;
		return fresh;
	};

	const guard = async <Value>(work: () => Promise<Value>): Promise<Value> => {
		try {
			return await work();
		} catch (error) {
			throw fileError(error, file);
		}
	};

	await guard(reopen);
	return {
		sizeBytes: () => size,
		append: async bytes => guard(async () => {
			const current = handle ?? await reopen();
			try {
				await writeFully(current, bytes, size);
				await current.datasync();
				size += bytes.length;
			} catch (error) {
				// Tried once more before the next append if it fails here.
				await reopen().catch(() => undefined);
				throw error;
			}
		}),
		async close() {
			const old = handle;
			handle = undefined;
			await guard(async () => old?.close());
		},
	};
};
