import {Buffer} from 'node:buffer';
import {crc32} from 'node:zlib';
import {durableWrite} from '../../base/durable-write.js';
import {
	fileError,
	guarded,
	ifExists,
	type FileSystem,
} from '../../base/file-system.js';
import {openAppendFile} from '../append-file.js';
import {
	documentHead,
	documentTail,
	parseTrailer,
	type DocumentHeader,
} from '../document-format.js';
import {readLines, type LineBytes} from '../line-reader.js';

/**
A document that is written piece by piece, and goes on where it ended.
*/
export type GrowingDocument = {
	count: () => number;
	add: (lines: readonly LineBytes[]) => Promise<void>;
	/**
	Writes the trailer, with which the document is whole.
	*/
	end: () => Promise<void>;
	close: () => Promise<void>;
};

/**
Opens the file, or begins it anew if it has another header. A line counts as written when something follows it.

@throws {AppError} `disk-full`, `not-writable`
*/
export const openGrowingDocument = async (file: string, header: DocumentHeader, fs: FileSystem): Promise<GrowingDocument> => {
	const head = documentHead(header);
	const found = await goodPart(file, head, fs);
	if (found === undefined) {
		await durableWrite(file, [head], {fs});
	}

	const goodBytes = found?.goodBytes ?? head.length;
	let count = found?.count ?? 0;
	let isWhole = found?.isWhole ?? false;
	let sum = isWhole ? 0 : await sumOf(file, goodBytes, fs);
	const open = await openAppendFile(file, goodBytes, fs);
	const append = async (bytes: LineBytes) => {
		await open.append(bytes);
		sum = crc32(bytes, sum);
	};

	return {
		count: () => count,
		async add(lines) {
			await append(Buffer.concat(lines.flatMap((line, index) => [count + index === 0 ? lineBreak : separator, line])));
			count += lines.length;
		},
		async end() {
			if (isWhole) {
				return;
			}

			await append(lineBreak);
			await open.append(documentTail(count, sum));
			isWhole = true;
		},
		close: open.close,
	};
};

const lineBreak = Buffer.from('\n');
const separator = Buffer.from(',\n');
const comma = 44;

type GoodPart = {goodBytes: number; count: number; isWhole: boolean};

const goodPart = async (file: string, head: LineBytes, fs: FileSystem): Promise<GoodPart | undefined> => guarded(file, 'read', async () => {
	const handle = await ifExists(fs.open(file, 'r'));
	if (handle === undefined) {
		return undefined;
	}

	try {
		let ended = 0;
		let endOffset = 0;
		let last: {isFollowed: boolean; isTrailer: boolean} | undefined;
		for await (const batch of readLines(handle)) {
			if (ended === 0 && batch.lines[0]?.equals(head) !== true) {
				return undefined;
			}

			const line = batch.lines.at(-1)!;
			ended += batch.lines.length;
			({endOffset} = batch);
			last = {isFollowed: line.at(-1) === comma, isTrailer: parseTrailer(line.toString('latin1', 0, 100)) !== undefined};
		}

		if (last === undefined) {
			return undefined;
		}

		return last.isTrailer
			? {goodBytes: endOffset, count: ended - 2, isWhole: true}
			: {goodBytes: endOffset - (last.isFollowed ? separator : lineBreak).length, count: ended - 1, isWhole: false};
	} finally {
		await handle.close();
	}
});

const sumOf = async (file: string, end: number, fs: FileSystem): Promise<number> => guarded(file, 'read', async () => {
	const handle = await fs.open(file, 'r');
	try {
		let sum = 0;
		for await (const chunk of handle.createReadStream({autoClose: false, end: end - 1, highWaterMark: 2 ** 19})) {
			sum = crc32(chunk as LineBytes, sum);
		}

		return sum;
	} finally {
		await handle.close();
	}
});

/**
The lines of the records of a whole document, as they stand there.
*/
export async function * storedLines(file: string, fs: FileSystem): AsyncGenerator<LineBytes[]> {
	const handle = await guarded(file, 'read', async () => fs.open(file, 'r'));
	try {
		let isFirst = true;
		for await (const {lines} of readLines(handle)) {
			const records = lines.slice(isFirst ? 1 : 0).filter(line => line.at(-1) === comma || parseTrailer(line.toString('latin1', 0, 100)) === undefined);
			isFirst = false;
			yield records.map(line => line.at(-1) === comma ? line.subarray(0, -1) : line);
		}
	} catch (error) {
		throw fileError(error, file, 'read');
	} finally {
		await handle.close();
	}
}
