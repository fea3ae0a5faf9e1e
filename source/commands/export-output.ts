import {Buffer} from 'node:buffer';
import {createReadStream} from 'node:fs';
import {
	mkdtemp,
	realpath,
	rm,
	stat,
} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {
	durableFile,
	durableWrite,
	sweepTemps,
	temporaryBase,
} from '../base/durable-write.js';
import {AppError, errorCode, isAppError} from '../base/errors.js';
import {fileError, guarded, ifExists} from '../base/file-system.js';
import {clean} from '../base/text/clean.js';
import {formatBytes} from '../base/text/format.js';
import type {ExportSource, FileFormat} from '../export/format.js';
import type {CommandContext} from './command.js';
import {pieceLength} from './report-command.js';

export type WrittenFile = {path: string; bytes: number};

type Chunk = string | Uint8Array;

type MakingFile = (source: ExportSource, file: string) => Promise<void>;

/**
Writes an export to stdout, in pieces, so that a slow reader never fills the memory.

@throws {AppError} 'usage' for bytes that would go to a terminal
*/
export const writeToStdout = async (name: string, format: FileFormat, source: ExportSource, {io}: Pick<CommandContext, 'io'>): Promise<void> => {
	if (format.isBinary === true && io.stdout.isTTY) {
		throw new AppError('usage', `${name} is not for a terminal.`, {hint: `Name a file: -o library.${format.extension}`});
	}

	let bytes = 0;
	for await (const piece of pieces('chunks' in format ? format.chunks(source) : chunksOfFile(format.writeFile, source), source.signal)) {
		bytes += piece.length;
		await io.out(piece);
	}

	if (format.mostBytes !== undefined && bytes > format.mostBytes) {
		io.say(`This is more than the ${formatBytes(format.mostBytes)} that ${name} takes at once. With -o FILE it comes in several files.`);
	}
};

// A chunk of usual size has room behind a piece that is nearly large enough.
const bufferBytes = 4 * pieceLength;

/**
Joins chunks, as bytes, until they are worth a write. The memory of a piece is used again for the next one. Each text is encoded by itself: if the texts were joined first, one wide letter would make all of the text wide, which takes several times as long to encode.

A format may have read all items long before it has given all of its text, so what it gives is an occasion to end, too.
*/
async function * pieces(chunks: AsyncIterable<Chunk>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
	const buffer = Buffer.allocUnsafeSlow(bufferBytes);
	let used = 0;
	const take = () => {
		const piece = buffer.subarray(0, used);
		used = 0;
		return piece;
	};

	for await (const chunk of chunks) {
		signal.throwIfAborted();
		// A character of a text takes three bytes at most.
		const mostBytes = typeof chunk === 'string' ? chunk.length * 3 : chunk.length;
		const isJoined = typeof chunk === 'string' || chunk.length < pieceLength;
		if (isJoined && mostBytes <= bufferBytes - used) {
			if (typeof chunk === 'string') {
				used += buffer.write(chunk, used);
			} else {
				buffer.set(chunk, used);
				used += chunk.length;
			}

			if (used >= pieceLength) {
				yield take();
			}

			continue;
		}

		if (used > 0) {
			yield take();
		}

		yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
	}

	if (used > 0) {
		yield take();
	}
}

// A format that is not written from its beginning to its end goes through a file in the folder for temporary files.
async function * chunksOfFile(writeFile: MakingFile, source: ExportSource): AsyncGenerator<Chunk> {
	const folder = await temporaryFolder();
	try {
		const file = path.join(folder, 'export');
		await writeFile(source, file);
		yield * createReadStream(file) as AsyncIterable<Uint8Array>;
	} finally {
		await rm(folder, {recursive: true, force: true});
	}
}

const temporaryFolder = async (): Promise<string> => {
	const folder = tmpdir();
	try {
		return await mkdtemp(path.join(folder, 'reelcat-export-'));
	} catch (error) {
		throw withHint(fileError(error, folder), folder, 'Choose another folder for temporary files with TMPDIR, or name a file with -o.');
	}
};

// An error that no call of the system has made says itself what to do, and so does one of the catalogue, which is in another place.
const withHint = (error: unknown, place: string, hint: string): unknown => isAppError(error, 'not-writable') && error.cause !== undefined && error.message.startsWith(place) ? new AppError(error.code, error.message, {hint, cause: error}) : error;

/**
Writes an export into a file, which appears under its name only when it is whole. What was there before stays until then, also if the export is cut short. A format with a bound may give several files; these get their names when all are whole, the last one first.

@throws {AppError} 'usage', 'not-writable' or 'disk-full'
*/
export const writeToFiles = async (output: string, format: FileFormat, source: ExportSource): Promise<WrittenFile[]> => {
	const target = path.resolve(output);
	await checkTarget(target);
	try {
		await sweepLeftovers(target, format.mostBytes !== undefined);
		if ('writeFile' in format) {
			return [{path: target, bytes: await writeInPlace(target, format.writeFile, source)}];
		}

		if (format.mostBytes === undefined) {
			const {sizeBytes} = await durableWrite(target, pieces(format.chunks(source), source.signal), {keepsMode: true});
			return [{path: target, bytes: sizeBytes}];
		}

		return await writeParts(target, format.chunks(source), {mostBytes: format.mostBytes, signal: source.signal});
	} catch (error) {
		throw withWayOut(error, target, 'file');
	}
};

/**
Some drives take files only from their beginning to their end, and refuse a database before its first row. There the file is made in the folder for temporary files. What fails later, as on a full disk, is told as it is.
*/
const writeInPlace = async (target: string, writeFile: MakingFile, source: ExportSource): Promise<number> => {
	let isBegun = false;
	let isUnfit = false;
	const watched: ExportSource = {
		...source,
		rows(level) {
			isBegun = true;
			return source.rows(level);
		},
	};
	try {
		const {sizeBytes} = await durableFile(target, async temporary => {
			try {
				await writeFile(watched, temporary);
			} catch (error) {
				isUnfit = !isBegun && errorCode(error) === 'ERR_SQLITE_ERROR';
				throw error;
			} finally {
				await rm(`${temporary}-journal`, {force: true});
			}
		}, {keepsMode: true});
		return sizeBytes;
	} catch (error) {
		if (!isUnfit) {
			throw error;
		}

		const {sizeBytes} = await durableWrite(target, pieces(chunksOfFile(writeFile, source), source.signal), {keepsMode: true});
		return sizeBytes;
	}
};

/**
Removes what earlier exports into the same file or folder have left because they were killed. Other exports beside it are not ours to judge.
*/
export const sweepLeftovers = async (target: string, hasParts = false): Promise<void> => quietly(async () => {
	const {dir, base, name, ext} = path.parse(await ifExists(realpath(target)) ?? target);
	const isPart = (other: string) => hasParts && other.startsWith(`${name}-`) && other.endsWith(ext) && /^\d+$/v.test(other.slice(name.length + 1, other.length - ext.length));
	await sweepTemps(dir, {isSwept: other => other === temporaryBase(base) || isPart(other)});
});

/**
A leftover that cannot be removed does no harm to an export, and the next one tries again.
*/
export const quietly = async (sweep: () => Promise<unknown>): Promise<void> => {
	try {
		await sweep();
	} catch (error) {
		if (errorCode(error) === undefined) {
			throw error;
		}
	}
};

/**
The error with what to do about it here, if the target, or something in it, could not be written.
*/
export const withWayOut = (error: unknown, target: string, what: 'file' | 'folder'): unknown => {
	const {code = ''}: {code?: string} = isAppError(error) ? error.cause ?? {} : {};
	return withHint(error, target, `${waysOut.get(code) ?? 'Check the folder and its disk'}, or name another ${what} with -o.`);
};

const toRight = 'Give your user the right to write there';
const waysOut = new Map([['EACCES', toRight], ['EPERM', toRight], ['EROFS', 'The disk is mounted read-only: mount it writable'], ['EFBIG', 'FAT32 takes no file of 4 GiB, and "ulimit -f" may say what this shell allows: write to another disk']]);

const checkTarget = async (target: string) => {
	const stats = await guarded(target, 'written', async () => ifExists(stat(target)));
	if (stats !== undefined && !stats.isFile()) {
		throw new AppError('usage', `${clean(target)} is ${stats.isDirectory() ? 'a folder' : 'not a plain file'}.`, {hint: 'Name a file with -o.'});
	}

	await checkParent(target, 'file');
};

/**
@throws {AppError} 'not-writable' if there is no folder for the file or folder
*/
export const checkParent = async (target: string, what: 'file' | 'folder'): Promise<void> => {
	const folder = path.dirname(target);
	if (await guarded(folder, 'read', async () => ifExists(stat(folder))) === undefined) {
		throw new AppError('not-writable', `There is no folder ${clean(folder)}.`, {hint: `Make it first, or name another ${what} with -o.`});
	}
};

/**
The name of a part of a file.

@example
```
partPath('/tmp/films.csv', 2); //=> '/tmp/films-2.csv'
```
*/
export const partPath = (target: string, part: number): string => {
	const {dir, name, ext} = path.parse(target);
	return part === 1 ? target : path.join(dir, `${name}-${part}${ext}`);
};

const writeParts = async (target: string, chunks: AsyncIterable<Chunk>, {mostBytes, signal}: {mostBytes: number; signal: AbortSignal}): Promise<WrittenFile[]> => {
	const iterator = chunks[Symbol.asyncIterator]();
	const next = async (): Promise<Chunk | undefined> => {
		const result = await iterator.next();
		return result.done === true ? undefined : result.value;
	};

	const head = await next() ?? '';
	const written: WrittenFile[] = [];
	// Each part is renamed after those behind it, so the first one is there only if all are.
	const writePart = async (part: number, first: Chunk | undefined): Promise<void> => {
		let rest: Chunk | undefined;
		const rows = async function * () {
			yield head;
			let length = Buffer.byteLength(head);
			for (let row = first; row !== undefined; row = await next()) {
				length += Buffer.byteLength(row);
				if (row !== first && length > mostBytes) {
					rest = row;
					return;
				}

				yield row;
			}
		};

		const file = partPath(target, part);
		const {sizeBytes} = await durableWrite(file, pieces(rows(), signal), {
			keepsMode: true,
			async beforeRename() {
				if (rest !== undefined) {
					await writePart(part + 1, rest);
				}
			},
		});
		written.unshift({path: file, bytes: sizeBytes});
	};

	await writePart(1, await next());
	return written;
};

/**
The next part of an earlier, longer export that still lies beside this one; nobody should take it for a part of it.
*/
export const staleParts = async (output: string, count: number): Promise<string | undefined> => {
	const file = partPath(path.resolve(output), count + 1);
	return await ifExists(stat(file)) === undefined ? undefined : file;
};
