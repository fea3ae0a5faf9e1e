import {open, stat} from 'node:fs/promises';
import path from 'node:path';
import {crc32} from 'node:zlib';
import {errorCode} from '../base/errors.js';
import {durableWrite} from '../base/durable-write.js';
import {ifExists} from '../base/file-system.js';
import {hex} from './document-format.js';
import {readLines} from './line-reader.js';

/**
Keeps what was computed from the catalogue beside it, so that the next start can show the first list without reading every record. It may be deleted at any time.
*/
export const openIndexCache = (folder: string) => {
	const file = path.join(folder, 'catalog.index');
	const headOf = (stamp: string, format: string) => JSON.stringify({kind: 'reelcat-index', stamp, format});

	return {
		/**
		Identifies the state of the catalogue on the disk; any commit or rewrite changes it.
		*/
		async stamp(): Promise<string> {
			const parts = await Promise.all(['catalog.json', 'catalog.journal'].map(async name => fileStamp(path.join(folder, name))));
			return parts.join(' ');
		},
		/**
		The lines that were written for this stamp and format; none if the cache has another state or cannot be read. It ends before the first line that is not as it was written, or not in its place.
		*/
		async * read(stamp: string, format: string): AsyncGenerator<string> {
			const handle = await open(file, 'r').catch((error: unknown) => {
				// If the cache cannot be read, the caller reads the records instead.
				if (errorCode(error) === undefined) {
					throw error;
				}
			});
			if (handle === undefined) {
				return;
			}

			try {
				const head = headOf(stamp, format);
				let isHead = true;
				let sum = 0;
				for await (const {lines} of readLines(handle)) {
					for (const bytes of lines) {
						const line = bytes.subarray(sumBytes);
						sum = crc32(line, sum);
						const text = line.toString('utf8');
						if (bytes.toString('latin1', 0, sumBytes) !== `${hex(sum)} ` || (isHead && text !== head)) {
							return;
						}

						if (!isHead) {
							yield text;
						}

						isHead = false;
					}
				}
			} finally {
				await handle.close();
			}
		},
		/**
		@throws {AppError} `disk-full` or `not-writable`; the old cache then stays.
		*/
		async write(stamp: string, format: string, lines: AsyncIterable<string>): Promise<void> {
			await durableWrite(file, framed(headOf(stamp, format), lines));
		},
	};
};

export type IndexCache = ReturnType<typeof openIndexCache>;

// A checksum in hexadecimal and a blank.
const sumBytes = 9;

/**
Each line begins with the checksum of everything up to its end: an index is shown without reading the records, so nobody else would notice damage.
*/
async function * framed(head: string, lines: AsyncIterable<string>): AsyncGenerator<string> {
	let sum = crc32(head);
	yield `${hex(sum)} ${head}\n`;
	for await (const line of lines) {
		sum = crc32(line, sum);
		yield `${hex(sum)} ${line}\n`;
	}
}

const fileStamp = async (file: string): Promise<string> => {
	const stats = await ifExists(stat(file, {bigint: true}));
	return stats === undefined ? 'none' : [stats.size, stats.mtimeNs, stats.ino].join('-');
};
