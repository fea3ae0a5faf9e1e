import {Buffer} from 'node:buffer';
import type {FileHandle} from 'node:fs/promises';

/**
A line in UTF-8, without its line break. It is a `Buffer`, because hundreds of thousands of lines are compared, searched and cut as bytes.
*/
export type LineBytes = ReturnType<typeof Buffer.from>;

const lineBreak = 10;
const maxLineBytes = 2 ** 26;

/**
Whole lines, their bytes with the line breaks, and the offset in the file after them. The bytes are valid until the next batch is requested.
*/
export type LineBatch = {
	lines: LineBytes[];
	bytes: LineBytes;
	endOffset: number;
};

/**
A file from beginning to end. The memory of a chunk is used again for the next one.
*/
export async function * readChunks(handle: FileHandle, chunkBytes = 2 ** 19): AsyncGenerator<LineBytes> {
	const buffer = Buffer.allocUnsafeSlow(chunkBytes);
	for (let offset = 0; ;) {
		const {bytesRead} = await handle.read(buffer, 0, chunkBytes, offset);
		if (bytesRead === 0) {
			return;
		}

		yield buffer.subarray(0, bytesRead);
		offset += bytesRead;
	}
}

type LineReaderOptions = {
	start?: number;
	/**
	Small enough that the work on one batch does not block the event loop for long.
	*/
	chunkBytes?: number;
};

/**
Read a file line by line in batches. Bytes after the last line break are not returned. Stops at a line of more than 64 MB.
*/
export async function * readLines(handle: FileHandle, {start = 0, chunkBytes = 2 ** 19}: LineReaderOptions = {}): AsyncGenerator<LineBatch> {
	const {size} = await handle.stat();
	let buffer = Buffer.allocUnsafeSlow(Math.max(1, Math.min(chunkBytes, size - start)));
	let held = 0;
	let offset = start;
	for (;;) {
		if (held === buffer.length) {
			if (held >= maxLineBytes) {
				return;
			}

			const bigger = Buffer.allocUnsafeSlow(buffer.length * 2);
			bigger.set(buffer);
			buffer = bigger;
		}

		const {bytesRead} = await handle.read(buffer, held, buffer.length - held, offset + held);
		if (bytesRead === 0) {
			return;
		}

		held += bytesRead;
		const lines = split(buffer.subarray(0, held));
		if (lines.endsAt === 0) {
			continue;
		}

		yield {lines: lines.lines, bytes: buffer.subarray(0, lines.endsAt), endOffset: offset + lines.endsAt};
		buffer.copyWithin(0, lines.endsAt, held);
		held -= lines.endsAt;
		offset += lines.endsAt;
	}
}

const split = (bytes: LineBytes): {lines: LineBytes[]; endsAt: number} => {
	const lines: LineBytes[] = [];
	let endsAt = 0;
	for (let end = bytes.indexOf(lineBreak); end !== -1; end = bytes.indexOf(lineBreak, endsAt)) {
		lines.push(bytes.subarray(endsAt, end));
		endsAt = end + 1;
	}

	return {lines, endsAt};
};
