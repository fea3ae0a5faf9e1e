import {Buffer} from 'node:buffer';
import {crc32} from 'node:zlib';
import {headerSchema} from '../catalog/schema.js';
import type {CatalogHeader} from '../catalog/types.js';
import {AppError} from '../base/errors.js';
import type {CatalogData} from './catalog-data.js';
import type {LineBytes} from './line-bytes.js';

/**
Tells one state of the document from every other, so that a journal can be bound to it.
*/
export type DocumentId = {
	revision: number;
	crc32: string;
};

export const isSameDocument = (a: DocumentId | undefined, b: DocumentId | undefined) =>
	a?.revision === b?.revision && a?.crc32 === b?.crc32;

const headEnd = ',"records":[';

/**
The document in chunks of about half a megabyte: the header line, a line per record, the line of the trailer. The whole is one valid JSON value.

A chunk's memory is used again for the next one.
*/
export const documentStream = ({header, table}: CatalogData): {chunks: Generator<Uint8Array>; crc: () => string} => {
	let sum = 0;
	const chunk = Buffer.allocUnsafeSlow(Math.min(2 ** 19, table.usedBytes() + (2 ** 12)));

	const summed = (bytes: LineBytes) => {
		sum = crc32(bytes, sum);
		return bytes;
	};

	function * chunks() {
		let held = 0;
		let count = 0;
		yield summed(Buffer.from(JSON.stringify(header).slice(0, -1) + headEnd));
		for (const line of table.lines()) {
			if (held + line.length + 2 > chunk.length) {
				yield summed(chunk.subarray(0, held));
				held = 0;
			}

			const separator = count === 0 ? '\n' : ',\n';
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
		yield Buffer.from(`],"trailer":{"count":${count},"crc32":"${hex(sum)}"}}\n`);
	}

	return {chunks: chunks(), crc: () => hex(sum)};
};

export const hex = (sum: number) => sum.toString(16).padStart(8, '0');

const trailerPattern = /\],"trailer":\{"count":(?<count>\d+),"crc32":"(?<crc>[\da-f]{8})"\}\}$/v;

/**
The longest trailer line there can be, with both its line breaks.
*/
export const maxTrailerBytes = 80;

export const parseTrailer = (line: string): {count: number; crc32: string} | undefined => {
	const {count, crc} = trailerPattern.exec(line)?.groups ?? {};
	return count === undefined || crc === undefined ? undefined : {count: Number(count), crc32: crc};
};

/**
@throws {AppError} `damaged` when this is no header of ours, `newer` when a later reelcat wrote it, however its header may look.
*/
export const parseHeader = (line: string, file: string, schemaVersion: number): CatalogHeader => {
	const version = /^\{"format":"reelcat-catalog","schemaVersion":(?<version>\d{1,9})[,\}]/v.exec(line)?.groups!['version'];
	if (version === undefined) {
		throw damaged(file, 'it does not begin like a catalogue of reelcat');
	}

	if (Number(version) > schemaVersion) {
		throw new AppError('newer', `${file} was written by a newer reelcat (format ${version}; this one knows up to ${schemaVersion}).`, {
			hint: 'Update reelcat, or choose another folder with REELCAT_DATA_DIR. The file is left as it is.',
		});
	}

	if (!line.endsWith(headEnd)) {
		throw damaged(file, 'its first line is broken');
	}

	const header = headerSchema.safeParse(parseJson(`${line.slice(0, -headEnd.length)}}`));
	if (!header.success) {
		throw damaged(file, 'its first line is broken');
	}

	return header.data;
};

export const damaged = (file: string, what: string) => new AppError('damaged', `${file} is damaged: ${what}.`, {
	hint: 'Move it away, or run reelcat restore for the newest backup, or reelcat, which sets it aside.',
});

/**
`undefined` for what is not JSON.
*/
export const parseJson = (json: string): unknown => {
	try {
		return JSON.parse(json);
	} catch {
		return undefined;
	}
};
