import {Buffer} from 'node:buffer';
import {readSync} from 'node:fs';
import {crc32} from 'node:zlib';
import type {BytesInParts, Cells} from '../base/columns/cells.js';
import {errorCode, type AppError} from '../base/errors.js';
import type {LineFile} from './line-file.js';

/**
An array of a kept index, and where it lies.
*/
export type KeptSection = {
	name: string;
	kind: string;
	offset: number;
	bytes: number;
	crc32: number;
	/**
	The checksum of each part of a long block of bytes.
	*/
	parts?: number[] | undefined;
};

export const cellKinds = new Map([Int8Array, Uint8Array, Int16Array, Uint16Array, Int32Array, Uint32Array, Float64Array].map(kind => [kind.name, kind]));

const alignment = 8;
// To sum up so much takes about a millisecond.
const summedAtOnce = 2 ** 20;

// Of a long block of bytes, so much is read at a time where little of it is needed.
const partBytes = 2 ** 14;

export const aligned = (offset: number): number => Math.ceil(offset / alignment) * alignment;

export const bytesOf = ({buffer, byteOffset, byteLength}: Cells): Uint8Array => new Uint8Array(buffer, byteOffset, byteLength);

/**
What lies between this place and the next that is aligned.
*/
export const padding = (offset: number): Uint8Array => Buffer.alloc(aligned(offset) - offset);

/**
The checksum of many bytes; `nextPiece` is called before each piece of work.
*/
export const sumInPieces = async (bytes: Uint8Array, nextPiece: () => Promise<void>): Promise<number> => {
	let sum = 0;
	for (let start = 0; start < bytes.length; start += summedAtOnce) {
		await nextPiece();
		sum = crc32(bytes.subarray(start, start + summedAtOnce), sum);
	}

	return sum;
};

/**
The checksum of each part of a long block of bytes; undefined for other cells.
*/
export const sumsOfParts = async (cells: Cells, nextPiece: () => Promise<void>): Promise<number[] | undefined> => {
	if (!(cells instanceof Uint8Array) || cells.length <= partBytes) {
		return undefined;
	}

	const sums: number[] = [];
	for (let start = 0; start < cells.length; start += partBytes) {
		if (start % summedAtOnce === 0) {
			await nextPiece();
		}

		sums.push(crc32(cells.subarray(start, start + partBytes)));
	}

	return sums;
};

/**
@returns undefined if it is not as it was written
*/
export const readSection = (file: LineFile, start: number, {kind, offset, bytes, crc32: sum}: KeptSection): Cells | undefined => {
	const read = readBytes(file, start + offset, bytes);
	return read !== undefined && crc32(read) === sum ? new (cellKinds.get(kind)!)(read.buffer) : undefined;
};

/**
The bytes of a section with parts. A command that shows fifty rows of many needs a small share of the texts.

@throws what `fault` makes if a part is not as it was written
*/
export const bytesInParts = (file: LineFile, start: number, {offset, bytes: length, parts}: KeptSection, fault: () => AppError): BytesInParts | undefined => {
	if (parts === undefined) {
		return undefined;
	}

	const bytes = new Uint8Array(length);
	const present = new Uint8Array(parts.length);
	const placeOf = (part: number) => Math.min(part * partBytes, length);
	const readParts = (first: number, end: number) => {
		if (!isFilled(bytes.subarray(placeOf(first), placeOf(end)), file, start + offset + placeOf(first))) {
			throw fault();
		}

		for (let part = first; part < end; part++) {
			if (crc32(bytes.subarray(placeOf(part), placeOf(part + 1))) !== parts[part]) {
				throw fault();
			}
		}

		present.fill(1, first, end);
	};

	const readMissing = (first: number, end: number) => {
		for (let part = first; part < end; part++) {
			const missing = part;
			while (part < end && present[part] === 0) {
				part++;
			}

			if (part > missing) {
				readParts(missing, part);
			}
		}
	};

	let asked = 0;

	return {
		bytes,
		read(from, to) {
			const [first, end] = [Math.floor(from / partBytes), Math.ceil(to / partBytes)];
			if (end - first === 1 && present[first] === 1) {
				return false;
			}

			// Whoever wants so many of them wants the others, too.
			asked++;
			if (asked > parts.length / 4 || end - first === parts.length) {
				readMissing(0, parts.length);
				return true;
			}

			readMissing(first, end);
			return false;
		},
	};
};

/**
@returns undefined if there are not so many, and if they cannot be read
*/
export const readBytes = (file: LineFile, offset: number, length: number) => {
	const bytes = Buffer.allocUnsafeSlow(length);
	return isFilled(bytes, file, offset) ? bytes : undefined;
};

/**
Reads as many bytes as there is room for, and tells whether there were so many.
*/
const isFilled = (bytes: Uint8Array, file: LineFile, offset: number): boolean => {
	try {
		for (let done = 0; done < bytes.length;) {
			const count = readSync(file.fd, bytes, done, bytes.length - done, offset + done);
			if (count === 0) {
				return false;
			}

			done += count;
		}
	} catch (error) {
		if (errorCode(error) === undefined) {
			throw error;
		}

		return false;
	}

	return true;
};
