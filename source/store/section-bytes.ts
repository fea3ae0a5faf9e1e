import {Buffer} from 'node:buffer';
import {crc32} from 'node:zlib';
import type {Cells} from '../base/columns/cells.js';

const alignment = 8;
// To sum up so much takes about a millisecond.
const summedAtOnce = 2 ** 20;

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
