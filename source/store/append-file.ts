import {Buffer} from 'node:buffer';
import type {FileHandle} from 'node:fs/promises';
import {AppError} from '../base/errors.js';
import {writeFully} from '../base/durable-write.js';
import {guarded, ifExists, type FileSystem} from '../base/file-system.js';

/**
What became of a file since this writer left it: it is as it was, it is not there, or someone else has changed or replaced it.
*/
export type Condition = 'ours' | 'gone' | 'changed';

const tailBytes = 2 ** 12;

/**
Opens an existing file that grows by whole, durable pieces. Cuts off everything after `goodBytes`, where the last whole piece ends.

@throws {AppError} `damaged` if the file is shorter than `goodBytes`, `not-writable`.
*/
export const openAppendFile = async (file: string, goodBytes: number, fs: FileSystem) => {
	let size = goodBytes;
	let handle: FileHandle | undefined;
	let identity: string | undefined;
	// The last bytes of the file, by which it is recognised if it has another inode.
	let tail: Uint8Array | undefined;
	// An append of this many bytes has failed, and some of them may be in the file. At first everything that follows is cut.
	let tornBytes = Infinity;

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

			if (stats.size > size + tornBytes) {
				throw changedByOther(file);
			}

			if (stats.size > size) {
				await fresh.truncate(size);
				await fresh.sync();
			}

			// A copy that a person put here may be open to others.
			if ((stats.mode & 0o77) !== 0) { // eslint-disable-line no-bitwise
				await fresh.chmod(0o600).catch(() => undefined);
			}

			tail ??= await readTail(fresh, size);
			identity = identityOf(stats);
			tornBytes = 0;
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
		Costs one call of the file system while nothing has happened to the file.
		*/
		examine: async (): Promise<Condition> => guarded(file, 'read', async () => {
			const stats = await ifExists(fs.stat(file));
			if (stats === undefined) {
				return 'gone';
			}

			if (stats.size < size || stats.size > size + tornBytes) {
				return 'changed';
			}

			if (handle === undefined || identityOf(stats) === identity) {
				return 'ours';
			}

			// Some file systems that run as a program give a file another inode after a while. A copy of the file is as good, if we go on in the copy.
			const isSame = await hasTail(file, size, tail, fs);
			if (isSame) {
				const old = handle;
				handle = undefined;
				await old.close().catch(() => undefined);
			}

			return isSame ? 'ours' : 'changed';
		}),
		/**
		One write and one sync. After a failure the file is cut back to where it ended before, at the latest before the next append.

		@throws {AppError} `disk-full` or `not-writable`.
		*/
		append: async (bytes: Uint8Array): Promise<void> => guarded(file, 'written', async () => {
			const current = handle ?? await reopen();
			try {
				tornBytes = bytes.length;
				await writeFully(current, bytes, size);
				await current.datasync();
				tornBytes = 0;
				size += bytes.length;
				tail = bytes.slice(-tailBytes);
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

const identityOf = ({dev, ino}: {dev: number; ino: number}) => `${dev}:${ino}`;

const changedByOther = (file: string) => new AppError('locked', `${file} was changed by someone else since it was read.`, {
	hint: 'Close the other program, then start reelcat again. Nothing was overwritten.',
});

const readTail = async (handle: FileHandle, end: number): Promise<Uint8Array> => {
	const length = Math.min(end, tailBytes);
	const {buffer, bytesRead} = await handle.read(Buffer.alloc(length), 0, length, end - length);
	return buffer.subarray(0, bytesRead);
};

const hasTail = async (file: string, size: number, tail: Uint8Array | undefined, fs: FileSystem): Promise<boolean> => {
	const handle = await fs.open(file, 'r');
	try {
		const found = await readTail(handle, size);
		const wanted = tail?.subarray(-found.length);
		return found.length > 0 && wanted !== undefined && wanted.length > 0 && Buffer.from(found.subarray(-wanted.length)).equals(wanted);
	} finally {
		await handle.close();
	}
};
