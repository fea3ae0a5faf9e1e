import {Buffer} from 'node:buffer';
import type {FileHandle} from 'node:fs/promises';
import {crc32} from 'node:zlib';
import type {Adapter} from 'lowdb';
import type {CatalogHeader} from '../catalog/types.js';
import type {LoadProgress} from '../catalog/catalog-store.js';
import {AppError, isAppError} from '../base/errors.js';
import {durableWrite, isLinked} from '../base/durable-write.js';
import {
	guarded,
	ifExists,
	type FileSystem,
	nodeFileSystem,
} from '../base/file-system.js';
import type {Condition} from './append-file.js';
import type {CatalogData} from './catalog-data.js';
import {
	damaged,
	type DocumentId,
	documentStream,
	type HistoryProof,
	hex,
	isSameDocument,
	maxTrailerBytes,
	parseHeader,
	parseTrailer,
	proveDocument,
} from './document-format.js';
import {gatherPlaces} from './line-arena.js';
import {type LineFile, openLineFile, stampOf} from './line-file.js';
import {readChunks, readLines} from './line-reader.js';
import {
	migrateLine,
	type Migration,
	migrations,
	schemaVersionOf,
} from './migrations.js';
import {createRecordTable, type RecordTable} from './record-table.js';

export type DocumentHead = {
	header: CatalogHeader;
	/**
	What the files of the history hold; absent if the document does not say.
	*/
	history: HistoryProof | undefined;
	id: DocumentId;
	count: number;
	sizeBytes: number;
};

type LinesDocumentOptions = {
	fs?: FileSystem;
	steps?: readonly Migration[];
	/**
	What the files of the history hold, for the document of this revision.
	*/
	historyProof?: (revision: number) => Promise<HistoryProof>;
	restBytes?: number;
};

/**
The lowdb adapter of `catalog.json`: one valid JSON document with one record per line, which is streamed when read and written.

@example
```
const db = new Low(createLinesDocument('catalog.json'), emptyCatalog());
await db.read();
```
*/
export const createLinesDocument = (file: string, {fs = nodeFileSystem, steps = migrations, historyProof, restBytes = 2 ** 22}: LinesDocumentOptions = {}) => {
	const schemaVersion = schemaVersionOf(steps);
	let id: DocumentId | undefined;
	let sizeBytes = 0;
	let readVersion = schemaVersion;
	let isDurable = true;
	// How the file was when its content was last seen to be the one of `id`.
	let seen: string | undefined;
	let onProgress: ((progress: LoadProgress) => void) | undefined;

	const readHead = async () => withOpened(file, fs, async handle => readDocumentHead(handle, file, schemaVersion));

	const readAll = async (handle: FileHandle): Promise<CatalogData> => {
		const head = await readDocumentHead(handle, file, schemaVersion);
		const isResting = head.sizeBytes >= restBytes && head.header.schemaVersion === schemaVersion;
		const resting = isResting ? await openSame(file, handle) : undefined;
		const table = await readTable(handle, head, {
			file, steps, onProgress, resting,
		});
		id = head.id;
		seen = undefined;
		({sizeBytes} = head);
		readVersion = head.header.schemaVersion;
		return {header: {...head.header, schemaVersion}, table};
	};

	const prove = async (name: string) => {
		await withOpened(name, fs, async handle => proveDocument(readChunks(handle), name, schemaVersion));
	};

	const write = async (data: CatalogData, beforeRename: (temporary: string) => Promise<void>) => {
		const history = await historyProof?.(data.header.revision);
		const {places, see} = gatherPlaces(data.table.size());
		const stream = documentStream({...data, header: {...data.header, schemaVersion, ...(history !== undefined && {history})}}, {see});
		let written: LineFile | undefined;
		const result = await durableWrite(file, stream.chunks, {
			fs,
			async beforeRename(temporary) {
				await beforeRename(temporary);
				written = openLineFile(temporary);
			},
		});
		if (written !== undefined && (result.sizeBytes >= restBytes || data.table.isInJournal())) {
			data.table.rest(written, places);
		}

		id = {revision: data.header.revision, crc32: stream.crc()};
		seen = undefined;
		sizeBytes = result.sizeBytes;
		readVersion = schemaVersion;
		isDurable = result.isDurable;
	};

	return {
		/**
		Reads only the first and the last line, however big the file is. Returns `undefined` if there is no file.

		@throws {AppError} `damaged` or `newer`.
		*/
		readHead,
		// lowdb expects `null` if there is no file yet.
		read: async () => await withOpened(file, fs, readAll) ?? null,
		async write(data: CatalogData, {isProved = false}: {isProved?: boolean} = {}): Promise<void> {
			await write(data, async temporary => {
				if (isProved) {
					await prove(temporary);
				}

				const head = await readHead();
				if (!isSameDocument(head?.id, id)) {
					throw new AppError('locked', `${file} was changed by someone else since it was read.`, {
						hint: 'Close the other program, then start reelcat again; nothing was overwritten.',
					});
				}

				if (head !== undefined) {
					await keepBackup(file, fs);
				}
			});
		},
		/**
		Puts the document of `data` in the place of whatever is there, also of a damaged one, once it is written and read back. Until then everything is as before.
		*/
		async replace(data: CatalogData): Promise<void> {
			await write(data, prove);
		},
		/**
		Reads the file from beginning to end without keeping it. Does nothing if there is no file.

		@throws {AppError} `damaged` or `newer`.
		*/
		async prove(): Promise<void> {
			await prove(file);
		},
		/**
		The document that was read or written last.
		*/
		id: () => id,
		/**
		Call it instead of `read` if the records of this document are known already.
		*/
		recall(head: DocumentHead) {
			id = head.id;
			seen = undefined;
			sizeBytes = head.sizeBytes;
			readVersion = head.header.schemaVersion;
		},
		/**
		Call it if the file was deleted, so that the next write makes a new one.
		*/
		forget() {
			id = undefined;
		},
		/**
		Whether the file still is the document that was read or written last. Costs one call of the file system while nothing has happened to the file.
		*/
		examine: async (): Promise<Condition> => guarded(file, 'read', async () => {
			const stats = await ifExists(fs.stat(file));
			if (stats === undefined) {
				return 'gone';
			}

			const found = `${stats.dev} ${stats.ino} ${stats.size} ${stats.mtimeMs}`;
			if (found === seen) {
				return 'ours';
			}

			const head = await readHead().catch(unlessUnreadable);
			if (!isSameDocument(head?.id, id)) {
				return 'changed';
			}

			seen = found;
			return 'ours';
		}),
		sizeBytes: () => sizeBytes,
		/**
		The schema version that the file had when it was read.
		*/
		readVersion: () => readVersion,
		/**
		False if the last write may not survive a power cut until the folder is synced.
		*/
		isDurable: () => isDurable,
		onProgress(listener: typeof onProgress) {
			onProgress = listener;
		},
	} satisfies Adapter<CatalogData> & Record<string, unknown>;
};

export type LinesDocument = ReturnType<typeof createLinesDocument>;

const withOpened = async <Value>(file: string, fs: FileSystem, work: (handle: FileHandle) => Promise<Value>): Promise<Value | undefined> => guarded(file, 'read', async () => {
	const handle = await ifExists(fs.open(file, 'r'));
	if (handle === undefined) {
		return undefined;
	}

	try {
		return await work(handle);
	} finally {
		await handle.close();
	}
});

/**
Opens the file once more, for as long as the records are in it.
*/
const openSame = async (file: string, handle: FileHandle): Promise<LineFile> => {
	const stamp = stampOf(await handle.stat({bigint: true}));
	const same = openLineFile(file);
	if (same?.stamp !== stamp) {
		throw damaged(file, 'it was replaced while it was read');
	}

	return same;
};

type TableOptions = {
	file: string;
	steps: readonly Migration[];
	onProgress: ((progress: LoadProgress) => void) | undefined;
	resting: LineFile | undefined;
};

const readTable = async (handle: FileHandle, {header, count, sizeBytes: totalBytes}: DocumentHead, {file, steps, onProgress, resting}: TableOptions): Promise<RecordTable> => {
	const migrate = migrateLine(header, steps);
	const table = createRecordTable();
	let sum = 0;
	let records = -1;
	let end: ReturnType<typeof parseTrailer>;
	for await (const {lines, bytes, endOffset} of readLines(handle)) {
		const last = endOffset === totalBytes ? lines.pop() : undefined;
		sum = crc32(last === undefined ? bytes : bytes.subarray(0, bytes.length - last.length - 1), sum);
		let offset = endOffset - bytes.length;
		for (const line of lines) {
			if (records >= 0) {
				const record = line.at(-1) === comma ? line.subarray(0, -1) : line;
				if (resting === undefined) {
					table.put(migrate(record));
				} else {
					table.put(record, {file: resting, offset});
				}
			}

			offset += line.length + 1;
			records++;
		}

		end = last === undefined ? undefined : parseTrailer(last.toString('latin1'));
		onProgress?.({readBytes: endOffset, totalBytes});
	}

	if (records !== count || table.size() !== count || hex(sum) !== end?.crc32) {
		throw damaged(file, 'its contents do not match the checksum at its end');
	}

	return table;
};

const unlessUnreadable = (error: unknown): undefined => {
	if (!isAppError(error, 'damaged') && !isAppError(error, 'newer')) {
		throw error;
	}
};

const comma = 44;
const maxHeaderBytes = 2 ** 25;

const readDocumentHead = async (handle: FileHandle, file: string, schemaVersion: number): Promise<DocumentHead> => {
	const {size} = await handle.stat();
	const first = await readFirstLine(handle);
	const {history, ...header} = parseHeader(first ?? '', file, schemaVersion);
	const tail = Buffer.alloc(Math.min(maxTrailerBytes, size));
	const {bytesRead} = await handle.read(tail, 0, tail.length, size - tail.length);
	const trailer = parseTrailer(tail.toString('latin1', 0, bytesRead).replace(/\n$/v, ''));
	if (trailer === undefined || tail.at(-1) !== 10) {
		throw damaged(file, 'its end is missing');
	}

	const {count, crc32: sum} = trailer;
	return {
		header, history, id: {revision: header.revision, crc32: sum}, count, sizeBytes: size,
	};
};

const readFirstLine = async (handle: FileHandle): Promise<string | undefined> => {
	for (let size = 2 ** 16; size <= maxHeaderBytes; size *= 2) {
		const buffer = Buffer.alloc(size);
		const {bytesRead} = await handle.read(buffer, 0, size, 0);
		const end = buffer.subarray(0, bytesRead).indexOf(10);
		if (end !== -1) {
			return buffer.toString('utf8', 0, end);
		}

		if (bytesRead < size) {
			// The file has no line break; it was probably cut in its first line.
			return buffer.toString('utf8', 0, bytesRead);
		}
	}

	return undefined;
};

/**
Keeps the document that is about to be replaced as `.bak`, a second name for the same file.
*/
const keepBackup = async (file: string, fs: FileSystem): Promise<void> => {
	const backup = `${file}.bak`;
	await ifExists(fs.unlink(backup));
	await isLinked(file, backup, fs);
};
