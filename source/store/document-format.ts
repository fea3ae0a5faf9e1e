import {Buffer} from 'node:buffer';
import {crc32} from 'node:zlib';
import type * as z from 'zod';
import type {CatalogHeader} from '../catalog/types.js';
import {AppError} from '../base/errors.js';
import type {CatalogData} from './catalog-data.js';
import {documentHeaderSchema} from './document-header.js';
import type {LineBytes} from './line-reader.js';
import {migrateLibrary} from './migrations.js';

/**
The header with what only the document says: what the files of the history hold.
*/
export type DocumentHeader = z.infer<ReturnType<typeof documentHeaderSchema>>;
export type HistoryProof = NonNullable<DocumentHeader['history']>;

/**
Identifies one state of the document, so that a journal can refer to it.
*/
export type DocumentId = {
	revision: number;
	crc32: string;
};

export const isSameDocument = (a: DocumentId | undefined, b: DocumentId | undefined) =>
	a?.revision === b?.revision && a?.crc32 === b?.crc32;

const headEnd = ',"records":[';

/**
The first line of a document.
*/
export const documentHead = (header: DocumentHeader): LineBytes => Buffer.from(JSON.stringify(header).slice(0, -1) + headEnd);

/**
The last line of a document. `sum` is that of everything before it.
*/
export const documentTail = (count: number, sum: number): LineBytes => Buffer.from(`],"trailer":{"count":${count},"crc32":"${hex(sum)}"}}\n`);

type StreamOptions = {
	/**
	Gets the line of each record, and where in the document it begins.
	*/
	see?: ((line: LineBytes, offset: number) => void) | undefined;
	chunkBytes?: number;
};

/**
The document in chunks: a header line, a line for each record, a trailer line. The whole is one valid JSON value. The memory of a chunk is used again for the next one.
*/
export const documentStream = ({header, table}: CatalogData & {header: DocumentHeader}, {see, chunkBytes = 2 ** 19}: StreamOptions = {}): {chunks: Generator<Uint8Array>; crc: () => string} => {
	let sum = 0;
	let written = 0;
	const chunk = Buffer.allocUnsafeSlow(Math.min(chunkBytes, table.usedBytes() + (2 ** 12)));

	const summed = (bytes: LineBytes) => {
		sum = crc32(bytes, sum);
		written += bytes.length;
		return bytes;
	};

	function * chunks() {
		let held = 0;
		let count = 0;
		yield summed(documentHead(header));
		for (const line of table.lines()) {
			if (held + line.length + 2 > chunk.length) {
				yield summed(chunk.subarray(0, held));
				held = 0;
			}

			const separator = count === 0 ? '\n' : ',\n';
			see?.(line, written + held + separator.length);
			count++;
			if (line.length + 2 > chunk.length) {
				yield summed(Buffer.from(separator));
				yield summed(line);
				continue;
			}

			held += chunk.write(separator, held, 'latin1');
			chunk.set(line, held);
			held += line.length;
		}

		yield summed(chunk.subarray(0, held));
		yield summed(Buffer.from('\n'));
		yield documentTail(count, sum);
	}

	return {chunks: chunks(), crc: () => hex(sum)};
};

export const hex = (sum: number) => sum.toString(16).padStart(8, '0');

const trailerPattern = /\],"trailer":\{"count":(?<count>\d+),"crc32":"(?<crc>[\da-f]{8})"\}\}$/v;

// With the line breaks before and after the trailer line.
export const maxTrailerBytes = 80;

export const parseTrailer = (line: string): {count: number; crc32: string} | undefined => {
	const {count, crc} = trailerPattern.exec(line)?.groups ?? {};
	return count === undefined || crc === undefined ? undefined : {count: Number(count), crc32: crc};
};

/**
Its libraries come as those of today.

@throws {AppError} `damaged` if this is no header of reelcat, `newer` if a later reelcat wrote it, whatever the rest of its header looks like.
*/
export const parseHeader = (line: string, file: string, schemaVersion: number): DocumentHeader => {
	const version = /^\{"format":"reelcat-catalog","schemaVersion":(?<version>\d{1,9})[,\}]/v.exec(line)?.groups!['version'];
	if (version === undefined) {
		throw damaged(file, 'it does not begin like a reelcat catalogue');
	}

	if (Number(version) > schemaVersion) {
		throw new AppError('newer', `${file} was written by a newer reelcat (format ${version}; this one knows up to ${schemaVersion}).`, {
			hint: 'Update reelcat, or choose another folder with REELCAT_DATA_DIR. The file is left as it is.',
		});
	}

	if (!line.endsWith(headEnd)) {
		throw damaged(file, 'its first line is broken');
	}

	// zod would write code for the check, which takes longer than to do it once.
	const header = documentHeaderSchema().safeParse(parseJson(`${line.slice(0, -headEnd.length)}}`), {jitless: true});
	if (!header.success) {
		throw damaged(file, 'its first line is broken');
	}

	const {data} = header;
	return {...data, libraries: data.libraries.map(library => migrateLibrary(library, data.schemaVersion))};
};

export const damaged = (file: string, what: string) => new AppError('damaged', `${file} is damaged: ${what}.`, {
	hint: 'Run "reelcat repair" to see what can be put in order, "reelcat restore" to go back to the newest backup, or start reelcat, which moves the file aside.',
});

export const parseJson = (json: string): unknown => {
	try {
		return JSON.parse(json);
	} catch {
		return undefined;
	}
};

const lineBreak = 10;
const maxHeaderBytes = 2 ** 25;

/**
Read a document from beginning to end, without keeping it, and prove that nothing is missing or different. A chunk may change once the next one is asked for.

@throws {AppError} `damaged` or `newer`.
*/
export const proveDocument = async (chunks: AsyncIterable<Uint8Array>, file: string, schemaVersion: number): Promise<{header: CatalogHeader; recordCount: number}> => {
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

	// Takes what cannot be of the last line.
	const settle = (bytes: Buffer) => { // eslint-disable-line @typescript-eslint/no-restricted-types -- the same
		const settled = Math.max(0, bytes.length - maxTrailerBytes);
		take(bytes.subarray(0, settled));
		tail = Buffer.from(bytes.subarray(settled));
	};

	for await (const chunk of chunks) {
		if (header === undefined) {
			head = Buffer.concat([head, chunk]);
			const end = head.indexOf(lineBreak);
			if (end === -1 && head.length < maxHeaderBytes) {
				continue;
			}

			header = parseHeader(head.toString('utf8', 0, end === -1 ? undefined : end), file, schemaVersion);
			settle(head);
		} else if (chunk.length < maxTrailerBytes) {
			settle(Buffer.concat([tail, chunk]));
		} else {
			take(tail);
			settle(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length));
		}
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

	return {header, recordCount: trailer.count};
};

/**
A document of lines that come in batches, in chunks of one batch each. The batches must hold the records of the header.
*/
export async function * documentOfLines(header: DocumentHeader, batches: AsyncIterable<readonly LineBytes[]>): AsyncGenerator<Uint8Array> {
	let sum = 0;
	let count = 0;
	const summed = (bytes: LineBytes) => {
		sum = crc32(bytes, sum);
		return bytes;
	};

	yield summed(documentHead(header));
	for await (const lines of batches) {
		const parts: LineBytes[] = [];
		for (const line of lines) {
			parts.push(Buffer.from(count === 0 ? '\n' : ',\n'), line);
			count++;
		}

		yield summed(Buffer.concat(parts));
	}

	yield summed(Buffer.from('\n'));
	yield documentTail(count, sum);
}
