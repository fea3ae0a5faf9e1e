import {Buffer} from 'node:buffer';
import {
	type CellsByName,
	type CellSource,
	type Steps,
} from '../base/columns/cells.js';
import {createTextTable} from '../base/columns/text-table.js';
import {AppError} from '../base/errors.js';
import type {ComparedQuery, Page, PageQuery} from '../catalog/catalog-store.js';
import type {CatalogRecord, ComparedItem, ItemCounts} from '../catalog/types.js';
import {createLineArena, type LinePlace, type LinePlaces} from './line-arena.js';
import type {LineFile} from './line-file.js';
import type {LineBytes} from './line-reader.js';
import {createRecordKinds, type RecordKindOrType} from './record-kinds.js';
import {comparedItem, lineFacts} from './record-line.js';

// To look through so many lines for a text takes a few milliseconds.
const mostLooked = 2000;

/**
What `save` gave, and the file that has the lines.
*/
type SavedTable = {source: CellSource; file: LineFile};

/**
All records as their lines, found by id or paged by kind, type and library. A record is parsed only when it is asked for.
*/
export const createRecordTable = (saved?: SavedTable) => {
	// Each record has a number, which is never used again: its place in these.
	const ids = createTextTable('ids', saved?.source);
	const arena = createLineArena(saved);
	const kinds = createRecordKinds(saved?.source);
	let end = ids.size();
	let size = end;

	const parse = (number: number) => JSON.parse(arena.passing(number).toString('utf8')) as CatalogRecord;

	function * eachLive(): Generator<number> {
		for (let number = 0; number < end; number++) {
			if (!kinds.isHole(number)) {
				yield number;
			}
		}
	}

	const liveNumbers = () => filledRows(end, number => !kinds.isHole(number));

	const pageOf = <Record>(query: PageQuery, read: (number: number) => Record): Page<Record> => {
		const matches = kinds.matcher(query);
		const texts = query.containing?.map(text => Buffer.from(JSON.stringify(text)));
		let looked = 0;
		const records: Record[] = [];
		let last = query.after === undefined ? -1 : Number.parseInt(query.after, 36);
		for (let number = last + 1; number < end; number++) {
			if (!matches(number)) {
				continue;
			}

			if (records.length >= query.limit || looked >= mostLooked) {
				return {records, cursor: last.toString(36)};
			}

			last = number;
			if (texts !== undefined) {
				looked++;
				const line = arena.passing(number);
				if (texts.every(text => !line.includes(text))) {
					continue;
				}
			}

			records.push(read(number));
		}

		return {records, cursor: undefined};
	};

	return {
		size: () => size,
		usedBytes: arena.usedBytes,
		/**
		The part of it that is not in the document.
		*/
		ownBytes: arena.ownBytes,
		/**
		Whether some of it is read from the journal.
		*/
		isInJournal: arena.isInJournal,
		/**
		The file that has the lines which are not in memory.
		*/
		file: arena.file,
		line(id: string): LineBytes | undefined {
			const number = ids.find(id);
			return number === undefined ? undefined : arena.view(number);
		},
		kindOf(id: string): RecordKindOrType | undefined {
			const number = ids.find(id);
			return number === undefined ? undefined : kinds.is(number);
		},
		/**
		The kind of the record whose id is these bytes.
		*/
		kindAt(bytes: LineBytes, idStart: number, idEnd: number): RecordKindOrType | undefined {
			const number = ids.findBytes(bytes, idStart, idEnd);
			return number === undefined ? undefined : kinds.is(number);
		},
		get(id: string): CatalogRecord | undefined {
			const number = ids.find(id);
			return number === undefined ? undefined : parse(number);
		},
		/**
		Inserts or replaces, and returns the id. If the line is in a file, it is read from there again; all such lines must be in the same document, or in its journal.

		@throws {AppError} `damaged` if the line is not a record.
		*/
		put(line: LineBytes, place?: LinePlace): string {
			const facts = lineFacts(line);
			if (facts === undefined) {
				throw new AppError('damaged', `A line of the catalogue is not a record: ${line.toString('utf8', 0, 60)}`, {
					hint: 'Move the catalogue away, or run reelcat, which offers to set it aside; an import brings everything back.',
				});
			}

			const {id, kind, type, libraryId} = facts;
			let number = ids.find(id);
			if (number === undefined) {
				number = end++;
				size++;
				ids.add(number, id);
			}

			kinds.set(number, type ?? (kind as RecordKindOrType), libraryId);
			arena.put(number, line, place);
			return id;
		},
		remove(id: string): boolean {
			const number = ids.remove(id);
			if (number === undefined) {
				return false;
			}

			size--;
			kinds.clear(number);
			arena.remove(number);
			return true;
		},
		page: (query: PageQuery): Page => pageOf(query, parse),
		comparedPage: (query: ComparedQuery): Page<ComparedItem> => pageOf({...query, kind: 'item'}, number => comparedItem(arena.passing(number), query)),
		/**
		All lines in the order of the table, which must not change meanwhile. Each is valid until the next one is asked for.
		*/
		lines: (): Generator<LineBytes> => arena.views(eachLive()),
		counts: (libraryId: string): ItemCounts => kinds.counts(libraryId),
		/**
		Call it when the lines, in the order of `lines`, are in a file: they are read from there from now on, and need no memory.
		*/
		rest(file: LineFile, places: LinePlaces) {
			arena.rest(file, liveNumbers(), places);
		},
		/**
		What another table can be made of, for as long as the file of the lines is the same, in steps.
		*/
		* save(): Steps<CellsByName> {
			const numbers = liveNumbers();
			const cells: CellsByName = new Map();
			for (const part of [ids, kinds, arena]) {
				yield * part.save(numbers, cells);
			}

			return cells;
		},
	};
};

export type RecordTable = ReturnType<typeof createRecordTable>;

// A generator would take several times as long.
const filledRows = (end: number, isFilled: (row: number) => boolean): Int32Array => {
	const rows = new Int32Array(end);
	let count = 0;
	for (let row = 0; row < end; row++) {
		if (isFilled(row)) {
			rows[count++] = row;
		}
	}

	return rows.slice(0, count);
};
