import {Buffer} from 'node:buffer';
import path from 'node:path';
import {
	activeTemps,
	syncFolder,
	temporaryName,
	writeFully,
} from './durable-write.js';
import {fileError, nodeFileSystem, type FileSystem} from './file-system.js';

type NewFolder = {
	/**
	Writes a file; the names lead to it from the folder. It must not be there yet.
	*/
	write: (names: readonly string[], content: string | Uint8Array) => Promise<void>;
};

/**
Makes a folder with files that appears under its name only when all of them are whole and on the disk. Until then, and if `fill` throws, nothing is there. Files and folders have the rights that others usually get.

@throws {AppError} `disk-full` or `not-writable`
*/
export const durableFolder = async (target: string, fill: (folder: NewFolder) => Promise<void>, fs: FileSystem = nodeFileSystem): Promise<void> => {
	const name = temporaryName(path.basename(target));
	const temporary = path.join(path.dirname(target), name);
	activeTemps.add(name);
	try {
		await fs.mkdir(temporary);
		const folders = new Set([temporary]);
		await fill({
			async write(names, content) {
				const file = path.join(temporary, ...names);
				const folder = path.dirname(file);
				if (!folders.has(folder)) {
					await fs.mkdir(folder, {recursive: true});
					for (let above = folder; !folders.has(above); above = path.dirname(above)) {
						folders.add(above);
					}
				}

				await writeNewFile(file, content, fs);
			},
		});
		for (const folder of folders) {
			await syncFolder(folder, fs);
		}

		await fs.rename(temporary, target);
		// The folder is in its place, so this can only be a doubt.
		await syncFolder(path.dirname(target), fs).catch(() => undefined);
	} catch (error) {
		// The first failure is told; what cannot be removed is swept by the next export.
		await fs.rm(temporary, {recursive: true, force: true}).catch(() => undefined);
		throw fileError(error, target);
	} finally {
		activeTemps.delete(name);
	}
};

const writeNewFile = async (file: string, content: string | Uint8Array, fs: FileSystem) => {
	const handle = await fs.open(file, 'wx');
	try {
		await writeFully(handle, Buffer.from(content));
		await handle.sync();
	} finally {
		await handle.close();
	}
};
