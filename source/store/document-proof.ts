import {Buffer} from 'node:buffer';
import {crc32} from 'node:zlib';
import type {CatalogHeader} from '../catalog/types.js';
import {
	damaged,
	hex,
	maxTrailerBytes,
	parseHeader,
	parseTrailer,
} from './document-format.js';

export type ProvenDocument = {
	header: CatalogHeader;
	/**
	Number of records.
	*/
	count: number;
};

const lineBreak = 10;
const maxHeaderBytes = 2 ** 25;

/**
Read a document from beginning to end without keeping it: its header, and the proof that nothing is missing or different.

@throws {AppError} `damaged` or `newer`.
*/
export const proveDocument = async (chunks: AsyncIterable<Uint8Array>, file: string, schemaVersion: number): Promise<ProvenDocument> => {
	let header: CatalogHeader | undefined;
	let head = Buffer.alloc(0);
	let tail = Buffer.alloc(0);
	let sum = 0;
	let lines = 0;

	const take = (bytes: Buffer) => { // eslint-disable-line @typescript-eslint/no-restricted-types -- `indexOf` of a byte
		sum = crc32(bytes, sum);
		for (let at = bytes.indexOf(lineBreak); at !== -1; at = bytes.indexOf(lineBreak, at + 1)) {
			lines++;
		}
	};

	for await (const chunk of chunks) {
		if (header === undefined) {
			head = Buffer.concat([head, chunk]);
			const end = head.indexOf(lineBreak);
			if (end === -1 && head.length < maxHeaderBytes) {
				continue;
			}

			header = parseHeader(head.toString('utf8', 0, end === -1 ? undefined : end), file, schemaVersion);
			tail = head;
		} else {
			tail = Buffer.concat([tail, chunk]);
		}

		const settled = Math.max(0, tail.length - maxTrailerBytes);
		take(tail.subarray(0, settled));
		tail = Buffer.from(tail.subarray(settled));
	}

	const start = tail.lastIndexOf(lineBreak, -2) + 1;
	take(tail.subarray(0, start));
	const trailer = parseTrailer(tail.toString('latin1', start, tail.length - 1));
	if (header === undefined || trailer === undefined || tail.at(-1) !== lineBreak) {
		throw damaged(file, 'its end is missing');
	}

	if (lines !== trailer.count + 1 || hex(sum) !== trailer.crc32) {
		throw damaged(file, 'its contents do not match the checksum at its end');
	}

	return {header, count: trailer.count};
};
