import {Buffer} from 'node:buffer';
import path from 'node:path';
import {
	activeTemps,
	syncFolder,
	temporaryName,
	writeFully,
} from './durable-write.js';
import {AppError, errorCode} from './errors.js';
import {
	fileError,
	makeFolders,
	nodeFileSystem,
	type FileSystem,
} from './file-system.js';
import {plural} from './text/format.js';

type NewFolder = {
	/**
	Writes a file; the names lead to it from the folder. It must not be there yet.
	*/
	write: (names: readonly string[], content: string | Uint8Array) => Promise<void>;
};

/**
Makes a folder with files that appears under its name only when all of them are whole and on the disk. Until then, and if `fill` throws, nothing is there. Files and folders have the rights that others usually get.

@throws {AppError} `disk-full` or `not-writable`; the folder is there, but not whole, only if the disk loses files when the folder is renamed
*/
export const durableFolder = async (target: string, fill: (folder: NewFolder) => Promise<void>, fs: FileSystem = nodeFileSystem): Promise<void> => {
	const name = temporaryName(path.basename(target));
	const temporary = path.join(path.dirname(target), name);
	activeTemps.add(name);
	try {
		await fs.mkdir(temporary);
		// How many names each folder gets.
		const folders = new Map([[temporary, 0]]);
		const addName = (folder: string) => folders.set(folder, folders.get(folder)! + 1);
		await fill({
			async write(names, content) {
				const file = path.join(temporary, ...names);
				const folder = path.dirname(file);
				if (!folders.has(folder)) {
					await makeFolders(folder, {fs});
					const made: string[] = [];
					for (let above = folder; !folders.has(above); above = path.dirname(above)) {
						folders.set(above, 0);
						made.push(above);
					}

					for (const one of made) {
						addName(path.dirname(one));
					}
				}

				await writeNewFile(file, content, fs);
				addName(folder);
			},
		});
		for (const folder of folders.keys()) {
			await syncFolder(folder, fs);
		}

		await fs.rename(temporary, target);
		await checkNames([...folders].map(([folder, count]) => [path.join(target, path.relative(temporary, folder)), count]), target, fs);
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

/**
An rclone mount (1.60.1) loses files that it is uploading while their folder is renamed, and says nothing.
*/
const checkNames = async (expected: ReadonlyArray<readonly [folder: string, count: number]>, target: string, fs: FileSystem) => {
	let lost = 0;
	for (const [folder, count] of expected) {
		// The folder is in its place, so one that cannot be read is only a doubt.
		const found = await fs.readdir(folder).then(({length}) => length).catch((error: unknown) => errorCode(error) === 'ENOENT' ? 0 : count);
		lost += Math.max(0, count - found);
	}

	if (lost > 0) {
		throw new AppError('not-writable', `${target} is not whole: the disk lost ${plural(lost, 'name')} in it when the folder got its own.`, {hint: 'Wait until the disk has nothing to do, and run this again: it writes what is missing.'});
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
