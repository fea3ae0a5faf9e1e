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

export type LineAtPlace = {offset: number; length: number; crc32: number};

const blockBytes = 2 ** 16;
const keptBlocks = 128;
const windowBytes = 2 ** 18;
// After so many lines that lie near each other, the next ones are expected to do so, too.
const fewNear = 3;

/**
Reads lines of a file at their places. Records that belong together mostly lie together; these are read in blocks, of which it keeps those that were used last. A line that lies apart is read alone, because to read a block for it takes many times as long. It reads while the thread waits, because that is little and nearly always in the cache of the system.
*/
export const createLineReader = (file: LineFile) => {
	const blocks = new Map<number, LineBytes>();
	// The memory of the block that was dropped last.
	let spare: LineBytes | undefined;
	let lastOffset = 0;
	let near = fewNear;

	const read = (offset: number, length: number, into?: LineBytes): LineBytes => {
		const bytes = into === undefined || into.length < length ? Buffer.allocUnsafeSlow(length) : into;
		try {
			return bytes.subarray(0, readSync(file.fd, bytes, 0, length, offset));
		} catch (error) {
			throw fileError(error, file.path, 'read');
		}
	};

	// The last block of a journal grows, so what was read of it may be too short.
	const blockAt = (number: number, end: number): LineBytes => {
		const known = blocks.get(number);
		const block = known === undefined || known.length < end ? read(number * blockBytes, blockBytes, spare) : known;
		if (block !== known) {
			spare = undefined;
		}

		// Move it to the end, so that the least recently used block is the first.
		blocks.delete(number);
		blocks.set(number, block);
		if (blocks.size > keptBlocks) {
			const [first, dropped] = blocks.entries().next().value!;
			blocks.delete(first);
			spare = dropped;
		}

		return block;
	};

	const bytesAt = (offset: number, length: number, into: LineBytes | undefined): LineBytes => {
		const number = Math.floor(offset / blockBytes);
		const start = offset - (number * blockBytes);
		near = Math.abs(offset - lastOffset) < blockBytes ? near + 1 : 0;
		lastOffset = offset;
		if (start + length > blockBytes || (near < fewNear && !blocks.has(number))) {
			return read(offset, length, into);
		}

		const line = blockAt(number, start + length).subarray(start, start + length);
		return into === undefined ? Buffer.from(line) : line;
	};

	const proved = (line: LineBytes, {offset, length, crc32: sum}: LineAtPlace): LineBytes => {
		if (line.length !== length || crc32(line) !== sum) {
			throw new AppError('damaged', `${file.path} is damaged: what is stored at byte ${offset} is not what was written there.`, {
				hint: 'Run "reelcat repair" to see what can be put in order, or "reelcat restore" to go back to the newest backup.',
			});
		}

		return line;
	};

	return {
		file,
		/**
		Reads lines that follow each other, each from where the one before ended or soon after. A line is valid until the next one is read.
		*/
		inOrder() {
			const memory = Buffer.allocUnsafeSlow(windowBytes);
			let window = memory.subarray(0, 0);
			let windowStart = 0;
			return (line: LineAtPlace): LineBytes => {
				const {offset, length} = line;
				if (offset < windowStart || offset + length > windowStart + window.length) {
					windowStart = offset;
					window = read(offset, Math.max(length, windowBytes), memory);
				}

				return proved(window.subarray(offset - windowStart, offset - windowStart + length), line);
			};
		},
		/**
		Reads a line. Without `into`, the caller may keep it. With `into`, which may become its memory, it is valid until the next one is read.

		@throws {AppError} `damaged` if the line is not what it was
		*/
		line: (line: LineAtPlace, into?: LineBytes): LineBytes => proved(bytesAt(line.offset, line.length, into), line),
	};
};

export type LineReader = ReturnType<typeof createLineReader>;
