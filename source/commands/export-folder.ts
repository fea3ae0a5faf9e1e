import {
	lstat,
	mkdir,
	readFile,
	stat,
} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import {durableFolder} from '../base/durable-folder.js';
import {durableWrite, sweepTemps} from '../base/durable-write.js';
import {AppError, errorCode} from '../base/errors.js';
import {fileError, guarded, ifExists} from '../base/file-system.js';
import {clean} from '../base/text/clean.js';
import {plural} from '../base/text/format.js';
import type {ExportSource, FolderFile, FolderFormat} from '../export/format.js';
import {checkParent, withWayOut} from './export-output.js';

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
};

type FolderOptions = {isBeside: boolean; isOverwriting: boolean};

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
		path: target, written: 0, unchanged: 0, kept: [], withoutMedia: 0,
	};
	const files = format.files(source, {isWindows: process.platform === 'win32', ...options.isBeside && {mediaFolder: target}});
	try {
		if (stats === undefined) {
			await sweepTemps(path.dirname(target));
			await durableFolder(target, async folder => {
				for await (const {names, text} of files) {
					await folder.write(names, text);
					written.written++;
				}
			});
		} else {
			const put = createPut(format, written, options);
			for await (const file of files) {
				await put(file);
			}
		}
	} catch (error) {
		throw withWayOut(error, 'folder');
	}

	return written;
};

/**
A file of this size is none of ours, so it is not read.
*/
const mostOwnBytes = 16_000_000;

/**
Puts files into a folder that is there, and counts what becomes of them.
*/
const createPut = ({isOwn}: Pick<FolderFormat, 'isOwn'>, written: WrittenFolder, {isOverwriting}: FolderOptions) => {
	const ready = new Set<string>();
	const prepare = async (folder: string) => {
		if (ready.has(folder)) {
			return;
		}

		await guarded(folder, 'written', async () => {
			await mkdir(folder, {recursive: true});
			await sweepTemps(folder);
		});
		ready.add(folder);
	};

	const isReplaceable = async (file: string, text: string): Promise<boolean> => guarded(file, 'read', async () => {
		const stats = await ifExists(lstat(file));
		if (stats === undefined) {
			return true;
		}

		// A link may lead out of the folder.
		if (!stats.isFile()) {
			written.kept.push(file);
			return false;
		}

		const before = stats.size > mostOwnBytes ? '' : await readFile(file, 'utf8');
		if (before === text) {
			written.unchanged++;
			return false;
		}

		if (!isOverwriting && !isOwn(before)) {
			written.kept.push(file);
			return false;
		}

		return true;
	});

	return async ({names, text, beside}: FolderFile) => {
		if (beside !== undefined && !await isThere(path.join(written.path, ...beside))) {
			written.withoutMedia++;
			return;
		}

		const file = path.join(written.path, ...names);
		await prepare(path.dirname(file));
		if (!await isReplaceable(file, text)) {
			return;
		}

		await durableWrite(file, [text], {mode: 0o666});
		written.written++;
	};
};

const isThere = async (file: string) => {
	try {
		await stat(file);
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
export const folderLines = ({path: folder, written, unchanged, kept, withoutMedia}: WrittenFolder): string[] => [
	`${folder}: ${plural(written, 'file')} written${unchanged === 0 ? '' : `, ${plural(unchanged, 'file')} unchanged`}.`,
	...kept.length === 0 ? [] : [`${plural(kept.length, 'file was', 'files were')} there already and not written by reelcat, so nothing was changed there, for instance ${clean(kept[0]!)}. --overwrite replaces them.`],
	...withoutMedia === 0 ? [] : [`${plural(withoutMedia, 'file')} left out, because the media are not there.`],
];
