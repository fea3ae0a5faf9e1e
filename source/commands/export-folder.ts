import {Buffer} from 'node:buffer';
import {
	lstat,
	readFile,
	stat,
} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import {durableFolder} from '../base/durable-folder.js';
import {durableWrite, sweepTemps, temporaryName} from '../base/durable-write.js';
import {AppError, errorCode} from '../base/errors.js';
import {
	fileError,
	guarded,
	ifExists,
	makeFolders,
	nodeFileSystem,
	type FileSystem,
} from '../base/file-system.js';
import {clean} from '../base/text/clean.js';
import {plural} from '../base/text/format.js';
import type {ExportSource, FolderFile, FolderFormat} from '../export/format.js';
import {pictureEnding, pictureEndings, type FetchPicture} from './export-artwork.js';
import {
	checkParent,
	quietly,
	sweepLeftovers,
	withWayOut,
} from './export-output.js';

export type WrittenFolder = {
	path: string;
	written: number;
	/**
	Files that had the same text already.
	*/
	unchanged: number;
	/**
	Files that are there and are not ours, with their paths; they stayed as they were.
	*/
	kept: string[];
	/**
	Files that were not written, because the media beside which they belong are not there.
	*/
	withoutMedia: number;
	/**
	Pictures that the server did not give.
	*/
	withoutPicture: number;
};

type FolderOptions = {
	isBeside: boolean;
	isOverwriting: boolean;
	/**
	Absent where no pictures are asked for.
	*/
	fetchPicture: FetchPicture | undefined;
};

/**
Writes an export into a folder. A new one appears under its name only when it is whole. In one that is there each file does, and a file that no export wrote stays, unless it is to be overwritten.

@throws {AppError} 'usage', 'not-writable' or 'disk-full'
*/
export const writeToFolder = async (output: string, format: FolderFormat, source: ExportSource, options: FolderOptions): Promise<WrittenFolder> => {
	const target = path.resolve(output);
	const stats = await guarded(target, 'written', async () => ifExists(stat(target)));
	if (stats?.isDirectory() === false) {
		throw new AppError('usage', `${clean(target)} is no folder.`, {hint: 'Name a folder with -o.'});
	}

	if (stats === undefined && options.isBeside) {
		throw new AppError('usage', `There is no folder ${clean(target)}.`, {hint: 'With --beside, name the folder that holds the media with -o.'});
	}

	if (stats === undefined) {
		await checkParent(target, 'folder');
	}

	const written: WrittenFolder = {
		path: target, written: 0, unchanged: 0, kept: [], withoutMedia: 0, withoutPicture: 0,
	};
	const isWindows = process.platform === 'win32' || !await canTakeAnyName(stats === undefined ? path.dirname(target) : target);
	const files = format.files(source, {isWindows, hasArtwork: options.fetchPicture !== undefined, ...options.isBeside && {mediaFolder: target}});
	const read = createRead(written, options);
	try {
		if (stats === undefined) {
			await sweepLeftovers(target);
			await durableFolder(target, async folder => {
				for await (const file of files) {
					const content = await read(file);
					if (content === undefined) {
						continue;
					}

					await folder.write(content.names, content.content);
					written.written++;
				}
			});
		} else {
			const put = createPut(format, read, written, options);
			for await (const file of files) {
				await put(file);
			}
		}
	} catch (error) {
		throw withWayOut(error, target, 'folder');
	}

	return written;
};

/**
Whether a disk takes names that Windows would not: FAT, exFAT and some mounts of NTFS and of shares do not. What else stands in the way is told when the files are written.
*/
export const canTakeAnyName = async (folder: string, fs: FileSystem = nodeFileSystem): Promise<boolean> => {
	const probe = path.join(folder, temporaryName('any:name'));
	try {
		const handle = await fs.open(probe, 'wx');
		await handle.close();
		await fs.unlink(probe);
		return true;
	} catch (error) {
		return !['EINVAL', 'ENOENT'].includes(errorCode(error) ?? '');
	}
};

type Read = (file: FolderFile) => Promise<{names: readonly string[]; content: string | Uint8Array} | undefined>;

/**
Gives what is to be written: the text of a file, or the picture as the server gives it.
*/
const createRead = (written: WrittenFolder, {fetchPicture}: FolderOptions): Read => async file => {
	if ('text' in file) {
		return {names: file.names, content: file.text};
	}

	const content = await fetchPicture?.(file.picture);
	const ending = content === undefined ? undefined : pictureEnding(content);
	if (content === undefined || ending === undefined) {
		written.withoutPicture++;
		return undefined;
	}

	return {names: pictureNames(file, ending), content};
};

const pictureNames = ({names}: FolderFile, ending: string) => [...names.slice(0, -1), path.parse(names.at(-1)!).name + ending];

/**
A file of this size is none of ours, so it is not read.
*/
const mostOwnBytes = 16_000_000;

/**
Puts files into a folder that is there, and counts what becomes of them.
*/
const createPut = ({isOwn}: Pick<FolderFormat, 'isOwn'>, read: Read, written: WrittenFolder, {isOverwriting}: FolderOptions) => {
	const ready = new Set<string>();
	const prepare = async (folder: string) => {
		if (ready.has(folder)) {
			return;
		}

		await guarded(folder, 'written', async () => makeFolders(folder));
		await quietly(async () => sweepTemps(folder));
		ready.add(folder);
	};

	const isReplaceable = async (file: string, content: string | Uint8Array): Promise<boolean> => guarded(file, 'read', async () => {
		const stats = await ifExists(lstat(file));
		if (stats === undefined) {
			return true;
		}

		// A link may lead out of the folder.
		if (!stats.isFile()) {
			written.kept.push(file);
			return false;
		}

		const before = stats.size > mostOwnBytes ? Buffer.alloc(0) : await readFile(file);
		if (before.equals(Buffer.from(content))) {
			written.unchanged++;
			return false;
		}

		if (!isOverwriting && !isOwn(before.toString())) {
			written.kept.push(file);
			return false;
		}

		return true;
	});

	// Nobody can tell whose picture it is, so one that is there stays, and the server is not asked.
	const isPictureThere = async (file: FolderFile) => {
		if (isOverwriting || 'text' in file) {
			return false;
		}

		for (const ending of pictureEndings) {
			if (await isEntry(path.join(written.path, ...pictureNames(file, ending)))) {
				return true;
			}
		}

		return false;
	};

	return async (file: FolderFile) => {
		if (file.beside !== undefined && !await isThere(path.join(written.path, ...file.beside))) {
			written.withoutMedia += 'text' in file ? 1 : 0;
			return;
		}

		if (await isPictureThere(file)) {
			written.unchanged++;
			return;
		}

		const content = await read(file);
		if (content === undefined) {
			return;
		}

		const target = path.join(written.path, ...content.names);
		await prepare(path.dirname(target));
		if (!await isReplaceable(target, content.content)) {
			return;
		}

		await durableWrite(target, [content.content], {mode: 0o666, keepsMode: true});
		written.written++;
	};
};

const isThere = async (file: string) => isFound(file, stat);

/**
The same also for a link that leads nowhere.
*/
const isEntry = async (file: string) => isFound(file, lstat);

const isFound = async (file: string, look: (file: string) => Promise<unknown>) => {
	try {
		await look(file);
		return true;
	} catch (error) {
		if (['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'ELOOP'].includes(errorCode(error) ?? '')) {
			return false;
		}

		throw fileError(error, file, 'read');
	}
};

/**
What a person should know of the written files, in lines.
*/
export const folderLines = ({path: folder, written, unchanged, kept, withoutMedia, withoutPicture}: WrittenFolder): string[] => [
	`${folder}: ${plural(written, 'file')} written${unchanged === 0 ? '' : `, ${plural(unchanged, 'file')} unchanged`}.`,
	...kept.length === 0 ? [] : [`${plural(kept.length, 'file was', 'files were')} there already and not written by reelcat, so nothing was changed there, for instance ${clean(kept[0]!)}. --overwrite replaces them.`],
	...withoutMedia === 0 ? [] : [`${plural(withoutMedia, 'file')} left out, because the media are not there.`],
	...withoutPicture === 0 ? [] : [`${plural(withoutPicture, 'picture')} left out, because the server does not give ${withoutPicture === 1 ? 'it' : 'them'}.`],
];
