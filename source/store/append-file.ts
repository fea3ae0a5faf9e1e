import type {FileHandle} from 'node:fs/promises';
import {AppError} from '../base/errors.js';
import {writeFully} from '../base/durable-write.js';
import {guarded, type FileSystem} from '../base/file-system.js';

/**
Opens an existing file that grows by whole, durable pieces. Cuts off everything after `goodBytes`, where the last whole piece ends.

@throws {AppError} `damaged` if the file is shorter than `goodBytes`, `not-writable`.
*/
export const openAppendFile = async (file: string, goodBytes: number, fs: FileSystem) => {
	let size = goodBytes;
	let handle: FileHandle | undefined;

	// Never use a descriptor again whose sync has failed: its next sync may claim success for data that is lost.
	const reopen = async (): Promise<FileHandle> => {
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

	await guarded(file, 'written', reopen);
	return {
		sizeBytes: () => size,
		/**
		One write and one sync. After a failure the file is cut back to where it ended before, at the latest before the next append.

		@throws {AppError} `disk-full` or `not-writable`.
		*/
		append: async (bytes: Uint8Array): Promise<void> => guarded(file, 'written', async () => {
			const current = handle ?? await reopen();
			try {
				await writeFully(current, bytes, size);
				await current.datasync();
				size += bytes.length;
			} catch (error) {
				// If this fails too, the next append tries it again.
				await reopen().catch(() => undefined);
				throw error;
			}
		}),
		async close(): Promise<void> {
			const old = handle;
			handle = undefined;
			await guarded(file, 'written', async () => old?.close());
		},
	};
};

export type AppendFile = Awaited<ReturnType<typeof openAppendFile>>;
