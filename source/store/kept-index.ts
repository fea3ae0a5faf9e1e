import {Buffer} from 'node:buffer';
import {endianness} from 'node:os';
import {crc32} from 'node:zlib';
import packageJson from '../../package.json' with {type: 'json'};
import type {Cells, CellsByName, CellSource} from '../base/columns/cells.js';
import {AppError, requireAppError} from '../base/errors.js';
import {probedRows} from '../base/columns/text-table.js';
import {durableWrite} from '../base/durable-write.js';
import {createPieces, nextTurn, stepByStep} from '../base/turns.js';
import type {CatalogHeader, CatalogRecord} from '../catalog/types.js';
import type {CatalogData} from './catalog-data.js';
import {type DocumentId, isSameDocument, parseJson} from './document-format.js';
import type {CatalogFiles} from './folders.js';
import {createLineReader, openLineFile, type LineFile} from './line-file.js';
import {schemaVersionOf, type Migration} from './migrations.js';
import {kindsFormat} from './record-kinds.js';
import {createRecordTable, type RecordTable} from './record-table.js';
import {
	aligned,
	bytesInParts,
	bytesOf,
	cellKinds,
	padding,
	readBytes,
	readSection,
	sumInPieces,
	sumsOfParts,
	type KeptSection,
} from './section-bytes.js';

/**
The place in document and journal that something belongs to.
*/
type KeptPlace = {
	/**
	Of everything else.
	*/
	layout: string;
	/**
	Of the columns.
	*/
	format: string;
	document: DocumentId;
	/**
	What the system told of the document when its content was known.
	*/
	stamp: string;
	journalBytes: number;
	/**
	The checksum of the last bytes of the journal before that place, so that a commit that was taken back is noticed.
	*/
	journalEnd: number;
	/**
	As of that place.
	*/
	header: CatalogHeader;
	/**
	The version of reelcat that knew all records to be in order by its checks.
	*/
	checkedBy?: string | undefined;
};

type Head = KeptPlace & {
	groups: Record<GroupName, KeptSection[]>;
};

type Files = Pick<CatalogFiles, 'document' | 'journal' | 'index'>;

type GroupName = 'columns' | 'records';

const {version} = packageJson;

const layout = `${endianness()} ${kindsFormat}`;

const magic = 'reelcat-index 1\n';
// The magic line, then the length of the head and its checksum.
const prefixBytes = magic.length + 8;
const endBytes = 2 ** 16;
// To read so much of a journal takes a moment.
const mostJournalBytes = 2 ** 20;
// Of the records that are not in the document. The document is rewritten before there are more.
const mostOwnBytes = 2 ** 28;

/**
What was kept of the catalogue: the columns of the index, and where each record lies in the document. It may be deleted at any time; whatever is wrong with it, the records are read instead.
*/
export type KeptIndex = KeptFile & {
	/**
	The document.
	*/
	file: LineFile;
	/**
	Reads one record without all the others. Undefined says nothing: read the records to know.
	*/
	record: (id: string) => CatalogRecord | undefined;
};

type KeptFile = Omit<KeptPlace, 'layout' | 'checkedBy'> & {
	/**
	Whether this version of reelcat knew all records to be in order when it was kept.
	*/
	isWhole: boolean;
	/**
	Reads the wanted arrays of a group, which are tens of megabytes of a large catalogue, in turns of the event loop, and gives them if all are as they were written. The others are read when they are needed.
	*/
	open: (group: GroupName, isWanted?: (name: string) => boolean) => Promise<CellSource | undefined>;
	/**
	One cell of the records, which nobody has compared with a checksum. Without `index` the number of cells.
	*/
	cell: (name: string, index?: number) => number;
};

/**
@returns undefined if there is none, if another reelcat wrote it, or if its head is damaged
*/
const readKeptIndex = (path: string): KeptFile | undefined => {
	const file = openUnlessUnreadable(path);
	const prefix = file && readBytes(file, 0, prefixBytes);
	if (file === undefined || prefix?.toString('latin1', 0, magic.length) !== magic) {
		return undefined;
	}

	const length = prefix.readUInt32LE(magic.length);
	const json = readBytes(file, prefixBytes, Math.min(length, file.sizeBytes));
	if (json === undefined || crc32(json) !== prefix.readUInt32LE(magic.length + 4)) {
		return undefined;
	}

	const {groups, checkedBy, ...head} = parseJson(json.toString('utf8')) as Head;
	if (head.layout !== layout) {
		return undefined;
	}

	const start = aligned(prefixBytes + length);
	return {
		...head,
		isWhole: checkedBy === version,
		async open(group, isWanted = () => true) {
			const nextPiece = createPieces(Infinity);
			const sections = new Map(groups[group].map(section => [section.name, section]));
			const arrays = new Map<string, Cells | undefined>();
			for (const [name, section] of sections) {
				if (!isWanted(name)) {
					continue;
				}

				await nextPiece();
				const cells = readSection(file, start, section);
				if (cells === undefined) {
					return undefined;
				}

				arrays.set(name, cells);
			}

			const whole = (name: string) => {
				const cells = arrays.get(name) ?? readSection(file, start, sections.get(name)!);
				if (cells === undefined) {
					throw indexDamaged(path);
				}

				// The column that asks for it keeps it.
				arrays.delete(name);
				return cells;
			};

			return Object.assign(whole, {
				inParts: (name: string) => arrays.has(name) ? undefined : bytesInParts(file, start, sections.get(name)!, () => indexDamaged(path)),
			});
		},
		cell(name, index) {
			const {kind, offset, bytes} = groups.records.find(section => section.name === name)!;
			const size = cellKinds.get(kind)!.BYTES_PER_ELEMENT;
			const count = bytes / size;
			if (index === undefined) {
				return count;
			}

			const read = index >= 0 && index < count ? readBytes(file, start + offset + (index * size), size) : undefined;
			if (read === undefined) {
				throw indexDamaged(path);
			}

			return new (cellKinds.get(kind)!)(read.buffer)[0]!;
		},
	};
};

const indexDamaged = (path: string) => new AppError('damaged', `${path} is damaged.`, {
	hint: 'Delete it. It only makes reading quicker, and is made again.',
});

/**
What was kept, if document and journal are still what it belongs to, and the document, whose records lie where it says. Records of an older schema version must be migrated, so they are read.
*/
export const findKeptIndex = ({files: {document, journal, index}, steps}: {files: Files; steps: readonly Migration[]}, id: DocumentId | undefined): KeptIndex | undefined => {
	const kept = id && readKeptIndex(index);
	const file = kept && openLineFile(document);
	if (file === undefined || kept === undefined) {
		return undefined;
	}

	const isOfDocument = isSameDocument(id, kept.document) && file.stamp === kept.stamp && kept.header.schemaVersion === schemaVersionOf(steps);
	return isOfDocument && journalEndSum(journal, kept.journalBytes) === kept.journalEnd
		? {...kept, file, record: recordFinder(kept, file)}
		: undefined;
};

/**
Looks into the saved table of ids and into the saved places, where a handful of cells says where a record lies. What is found is proved by the record itself.
*/
const recordFinder = ({cell}: KeptFile, file: LineFile) => {
	const reader = createLineReader(file);
	return (id: string): CatalogRecord | undefined => {
		try {
			for (const row of probedRows(id, {count: cell('ids.slots'), slotAt: place => cell('ids.slots', place)})) {
				// From 0 on it is a place in memory.
				const offset = -cell('places', row) - 1;
				const length = cell('lengths', row);
				const line = offset < 0 || offset + length > file.sizeBytes ? undefined : reader.line({offset, length, crc32: cell('sums', row)});
				const record = line && JSON.parse(line.toString('utf8')) as CatalogRecord;
				if (record === undefined || record.id === id) {
					return record;
				}
			}
		} catch (error) {
			requireAppError(error);
		}

		return undefined;
	};
};

/**
The records that lie in `file` where the kept index says; undefined if it is damaged.
*/
export const restoredTable = async ({open, file}: KeptIndex): Promise<RecordTable | undefined> => {
	const cells = await open('records');
	await nextTurn();
	return cells && createRecordTable({source: cells, file});
};

/**
Loaded records, and the place in the files that they belong to. One store after the other uses them.
*/
export type CatalogSeed = {
	data: CatalogData;
	document: DocumentId;
	journalBytes: number;
	/**
	Whether all records are known to be in order.
	*/
	isWhole: boolean;
};

/**
Whether an index must be kept for the next reader to be quick: the records are in the document, and what was kept before belongs to another document, or to a place long before the end of the journal.
*/
export const isKeepingDue = ({index}: Files, {data: {table}, document, journalBytes}: CatalogSeed, format: string): boolean => {
	const kept = readKeptIndex(index);
	const isFresh = kept?.format === format && isSameDocument(kept.document, document) && kept.stamp === table.file()?.stamp && Math.abs(journalBytes - kept.journalBytes) <= mostJournalBytes;
	return table.file() !== undefined && !isFresh;
};

/**
Keeps an index for whoever reads the catalogue next. `seed` is what a writer had when it was closed. Nothing is kept if the records are in memory, because the catalogue is small, or if somebody has written meanwhile.

@throws {AppError} `disk-full` or `not-writable`; what was kept before then stays.
*/
export const writeKeptIndex = async ({document, journal, index}: Files, seed: CatalogSeed, {format, cells}: {format: string; cells: CellsByName}): Promise<void> => {
	const {data: {header, table}, document: id, journalBytes, isWhole} = seed;
	const stamp = table.file()?.stamp;
	const journalEnd = journalEndSum(journal, journalBytes);
	if (stamp === undefined || journalEnd === undefined || stamp !== openLineFile(document)?.stamp || table.ownBytes() > mostOwnBytes) {
		return;
	}

	const place: KeptPlace = {
		layout, format, document: id, stamp, journalBytes, journalEnd, header, checkedBy: isWhole ? version : undefined,
	};
	const records = await stepByStep(table.save());
	await durableWrite(index, indexChunks(place, {columns: cells, records}));
};

async function * indexChunks(place: KeptPlace, cells: Record<GroupName, CellsByName>): AsyncGenerator<Uint8Array> {
	let offset = 0;
	const nextPiece = createPieces(Infinity);
	const sectionsOf = async (group: CellsByName): Promise<KeptSection[]> => {
		const sections: KeptSection[] = [];
		for (const [name, array] of group) {
			const sum = await sumInPieces(bytesOf(array), nextPiece);
			sections.push({
				name, kind: array.constructor.name, offset, bytes: array.byteLength, crc32: sum, parts: await sumsOfParts(array, nextPiece),
			});
			offset = aligned(offset + array.byteLength);
		}

		return sections;
	};

	const groups = {columns: await sectionsOf(cells.columns), records: await sectionsOf(cells.records)};
	const json = Buffer.from(JSON.stringify({...place, groups} satisfies Head));
	const prefix = Buffer.alloc(prefixBytes);
	prefix.write(magic, 'latin1');
	prefix.writeUInt32LE(json.length, magic.length);
	prefix.writeUInt32LE(crc32(json), magic.length + 4);
	yield prefix;
	yield json;
	yield padding(prefixBytes + json.length);
	for (const array of [...cells.columns.values(), ...cells.records.values()]) {
		yield bytesOf(array);
		yield padding(array.byteLength);
	}
}

// If it cannot be read, the records are read instead.
const openUnlessUnreadable = (path: string): LineFile | undefined => {
	try {
		return openLineFile(path);
	} catch (error) {
		requireAppError(error);

		return undefined;
	}
};

/**
The checksum of the last bytes of the journal before `journalBytes`; undefined if it is shorter.
*/
const journalEndSum = (path: string, journalBytes: number): number | undefined => {
	const journal = openLineFile(path);
	const start = Math.max(0, journalBytes - endBytes);
	const bytes = journal && readBytes(journal, start, journalBytes - start);
	return bytes && crc32(bytes);
};
