import {Buffer} from 'node:buffer';
import {
	closeSync,
	fstatSync,
	openSync,
	readSync,
	type BigIntStats,
} from 'node:fs';
import {crc32} from 'node:zlib';
import {AppError, errorCode} from '../base/errors.js';
import {fileError} from '../base/file-system.js';
import type {LineBytes} from './line-reader.js';

/**
A file that stays open for as long as something refers to this object, so that its bytes can be read even when another file has taken its name.
*/
export type LineFile = {
	fd: number;
	path: string;
	sizeBytes: number;
	/**
	What the system tells of the file; it changes when somebody writes to it, and not with its name.
	*/
	stamp: string;
};

export const stampOf = ({dev, ino, size, mtimeNs}: Pick<BigIntStats, 'dev' | 'ino' | 'size' | 'mtimeNs'>) => [dev, ino, size, mtimeNs].join('-');

// A handle of `node:fs/promises` may not be left to the garbage collector, and records are read for as long as anyone has the table.
const closer = new FinalizationRegistry((fd: number) => {
	closeSync(fd);
});

/**
@returns undefined if there is no such file
@throws {AppError} `not-writable` if it cannot be read
*/
export const openLineFile = (path: string): LineFile | undefined => {
	try {
		const fd = openSync(path, 'r');
		const stats = fstatSync(fd, {bigint: true});
		const file = {
			fd, path, sizeBytes: Number(stats.size), stamp: stampOf(stats),
		};
		closer.register(file, fd);
		return file;
	} catch (error) {
		if (errorCode(error) === 'ENOENT') {
			return undefined;
		}

		throw fileError(error, path, 'read');
	}
};

type Line = {offset: number; length: number; crc32: number};

// What follows soon after what was read last is read with everything up to there and beyond.
const nearBytes = 2 ** 12;
const aheadBytes = 2 ** 18;

/**
Reads lines of a file at their places. Who reads one after the other is served from a block that was read ahead. It reads while the thread waits, because a record is small and nearly always in the cache of the system.
*/
export const createLineReader = (file: LineFile) => {
	let block: LineBytes = Buffer.alloc(0);
	let start = 0;

	const read = (offset: number, length: number) => {
		const bytes = Buffer.allocUnsafeSlow(length);
		try {
			const count = readSync(file.fd, bytes, 0, length, offset);
			[block, start] = [bytes.subarray(0, count), offset];
		} catch (error) {
			throw fileError(error, file.path, 'read');
		}
	};

	return {
		file,
		/**
		@throws {AppError} `damaged` if the line is not what it was
		*/
		line({offset, length, crc32: sum}: Line): LineBytes {
			const end = start + block.length;
			if (offset < start || offset + length > end) {
				const isNear = offset >= end && offset <= end + nearBytes && end > 0;
				read(offset, isNear ? Math.max(length, Math.min(aheadBytes, file.sizeBytes - offset)) : length);
			}

			const line = block.subarray(offset - start, offset - start + length);
			if (line.length !== length || crc32(line) !== sum) {
				throw new AppError('damaged', `${file.path} is damaged: what is stored at byte ${offset} is not what was written there.`, {
					hint: 'Run "reelcat repair" to see what can be put in order, or "reelcat restore" to go back to the newest backup.',
				});
			}

			return line;
		},
	};
};

export type LineReader = ReturnType<typeof createLineReader>;
