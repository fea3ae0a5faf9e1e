import {Buffer} from 'node:buffer';
import {createReadStream} from 'node:fs';
import {mkdtemp, rm, stat} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {durableFile, durableWrite, sweepTemps} from '../base/durable-write.js';
import {AppError, isAppError} from '../base/errors.js';
import {guarded, ifExists} from '../base/file-system.js';
import {clean} from '../base/text/clean.js';
import {formatBytes} from '../base/text/format.js';
import type {ExportSource, FileFormat} from '../export/format.js';
import type {CommandContext} from './command.js';
import {pieceLength} from './report-command.js';

export type WrittenFile = {path: string; bytes: number};

type Chunk = string | Uint8Array;

/**
Writes an export to stdout, in pieces, so that a slow reader never fills the memory.

@throws {AppError} 'usage' for bytes that would go to a terminal
*/
export const writeToStdout = async (name: string, format: FileFormat, source: ExportSource, {io}: Pick<CommandContext, 'io'>): Promise<void> => {
	if (format.isBinary === true && io.stdout.isTTY) {
		throw new AppError('usage', `${name} is not for a terminal.`, {hint: `Name a file: -o library.${format.extension}`});
	}

	let length = 0;
	for await (const piece of pieces('chunks' in format ? format.chunks(source) : chunksOfFile(format.writeFile, source))) {
		length += piece.length;
		await io.out(piece);
	}

	if (format.mostBytes !== undefined && length > format.mostBytes) {
		io.say(`This is more than the ${formatBytes(format.mostBytes)} that ${name} takes at once. With -o FILE it comes in several files.`);
	}
};

// Chunks of text are joined until they are worth a write.
async function * pieces(chunks: AsyncIterable<Chunk>): AsyncGenerator<Chunk> {
	let piece = '';
	for await (const chunk of chunks) {
		if (typeof chunk !== 'string') {
			yield chunk;
			continue;
		}

		piece += chunk;
		if (piece.length < pieceLength) {
			continue;
		}

		yield piece;
		piece = '';
	}

	yield piece;
}

// A format that is not written from its beginning to its end goes through a file in the folder for temporary files.
async function * chunksOfFile(writeFile: (source: ExportSource, file: string) => Promise<void>, source: ExportSource): AsyncGenerator<Chunk> {
	const folder = await mkdtemp(path.join(tmpdir(), 'reelcat-export-'));
	try {
		const file = path.join(folder, 'export');
		await writeFile(source, file);
		yield * createReadStream(file) as AsyncIterable<Uint8Array>;
	} finally {
		await rm(folder, {recursive: true, force: true});
	}
}

/**
Writes an export into a file, which appears under its name only when it is whole. What was there before stays until then, also if the export is cut short. A format with a bound may give several files; these get their names one after the other when all are whole.

@throws {AppError} 'usage', 'not-writable' or 'disk-full'
*/
export const writeToFiles = async (output: string, format: FileFormat, source: ExportSource): Promise<WrittenFile[]> => {
	const target = path.resolve(output);
	await checkTarget(target);
	try {
		await sweepTemps(path.dirname(target));
		if ('writeFile' in format) {
			const {sizeBytes} = await durableFile(target, async temporary => format.writeFile(source, temporary));
			return [{path: target, bytes: sizeBytes}];
		}

		if (format.mostBytes === undefined) {
			const {sizeBytes} = await durableWrite(target, pieces(format.chunks(source)));
			return [{path: target, bytes: sizeBytes}];
		}

		return await writeParts(target, format.chunks(source), format.mostBytes);
	} catch (error) {
		throw withWayOut(error, 'file');
	}
};

/**
The error with what to do about it here, if something could not be written.
*/
export const withWayOut = (error: unknown, what: 'file' | 'folder'): unknown => isAppError(error, 'not-writable')
	? new AppError(error.code, error.message, {hint: `Give your user the right to write there, or name another ${what} with -o.`, cause: error})
	: error;

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

const writeParts = async (target: string, chunks: AsyncIterable<Chunk>, mostBytes: number): Promise<WrittenFile[]> => {
	const iterator = chunks[Symbol.asyncIterator]();
	const next = async (): Promise<Chunk | undefined> => {
		const result = await iterator.next();
		return result.done === true ? undefined : result.value;
	};

	const head = await next() ?? '';
	const written: WrittenFile[] = [];
	// Each part is renamed after those behind it are whole, so all of them are there or none.
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
		const {sizeBytes} = await durableWrite(file, pieces(rows()), {
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
