import {AppError} from '../base/errors.js';
import type {Page, PageQuery} from '../catalog/catalog-store.js';
import type {
	CatalogRecord,
	ItemCounts,
	ItemType,
	RecordKind,
} from '../catalog/types.js';
import {createLineArena} from './line-arena.js';
import type {LineBytes} from './line-reader.js';
import {lineFacts} from './record-line.js';

/**
All records as their lines, found by id or paged by kind, type and library. A record is parsed only when it is asked for.
*/
export type RecordTable = {
	size: () => number;
	usedBytes: () => number;
	line: (id: string) => LineBytes | undefined;
	kindOf: (id: string) => RecordKindOrType | undefined;
	get: (id: string) => CatalogRecord | undefined;
	/**
	Insert or replace. Returns the id.

	@throws {AppError} `damaged` if the line is not a record.
	*/
	put: (line: LineBytes) => string;
	remove: (id: string) => boolean;
	page: (query: PageQuery) => Page;
	/**
	All lines in the order of the table, which must not change meanwhile.
	*/
	lines: () => Generator<LineBytes>;
	counts: (libraryId: string) => ItemCounts;
};

type RecordKindOrType = Exclude<RecordKind, 'item'> | ItemType;

const kinds: ReadonlyArray<RecordKindOrType | 'hole'> = ['hole', 'person', 'tag', 'file', 'tombstone', 'run', 'movie', 'show', 'season', 'episode'];
const firstItem = kinds.indexOf('movie');

export const noItems = (): ItemCounts => ({
	movie: 0, show: 0, season: 0, episode: 0,
});

export const createRecordTable = (): RecordTable => {
	const arena = createLineArena();
	// Each record has a number, which is never used again: its place in the arena and in the two columns below.
	const numbers = new Map<string, number>();
	let end = 0;
	// Places in `kinds`, and in `counts`.
	let kindColumn = new Uint8Array(1024);
	let libraryColumn = new Uint16Array(1024);
	const libraries = new Map<string, number>();
	const counts: ItemCounts[] = [];

	const grow = () => {
		const [oldKinds, oldLibraries] = [kindColumn, libraryColumn];
		[kindColumn, libraryColumn] = [new Uint8Array(end * 2), new Uint16Array(end * 2)];
		kindColumn.set(oldKinds);
		libraryColumn.set(oldLibraries);
	};

	const libraryNumber = (libraryId: string): number => {
		const known = libraries.get(libraryId);
		if (known !== undefined) {
			return known;
		}

		libraries.set(libraryId, counts.length);
		counts.push(noItems());
		return counts.length - 1;
	};

	const count = (number: number, step: 1 | -1) => {
		const kind = kindColumn[number]!;
		if (kind >= firstItem) {
			counts[libraryColumn[number]!]![kinds[kind] as ItemType] += step;
		}
	};

	const parse = (number: number) => JSON.parse(arena.view(number).toString('utf8')) as CatalogRecord;

	const matcher = ({kind, type, libraryId}: PageQuery) => {
		const library = libraryId === undefined ? undefined : libraries.get(libraryId) ?? -1;
		const exact = type ?? (kind === 'item' ? undefined : kind);
		const wanted = exact === undefined ? undefined : kinds.indexOf(exact);
		const isItemOnly = kind === 'item' || library !== undefined;
		return (number: number) => {
			const found = kindColumn[number]!;
			return found !== 0
				&& (wanted === undefined || found === wanted)
				&& (!isItemOnly || found >= firstItem)
				&& (kind === undefined || kind === 'item' || found < firstItem)
				&& (library === undefined || libraryColumn[number] === library);
		};
	};

	return {
		size: () => numbers.size,
		usedBytes: () => arena.usedBytes(),
		line(id) {
			const number = numbers.get(id);
			return number === undefined ? undefined : arena.view(number);
		},
		kindOf(id) {
			const number = numbers.get(id);
			return number === undefined ? undefined : kinds[kindColumn[number]!] as RecordKindOrType;
		},
		get(id) {
			const number = numbers.get(id);
			return number === undefined ? undefined : parse(number);
		},
		put(line) {
			const facts = lineFacts(line);
			if (facts === undefined) {
				throw new AppError('damaged', `A line of the catalogue is not a record: ${line.toString('utf8', 0, 60)}`, {
					hint: 'Move the catalogue away, or run reelcat, which offers to set it aside; an import brings everything back.',
				});
			}

			const {id, kind, type, libraryId} = facts;
			const known = numbers.get(id);
			const number = known ?? end;
			if (known === undefined) {
				if (end === kindColumn.length) {
					grow();
				}

				numbers.set(id, end);
				end++;
			} else {
				count(known, -1);
			}

			kindColumn[number] = kinds.indexOf(type ?? (kind as RecordKindOrType));
			libraryColumn[number] = libraryId === undefined ? 0 : libraryNumber(libraryId);
			count(number, 1);
			arena.put(number, line);
			return id;
		},
		remove(id) {
			const number = numbers.get(id);
			if (number === undefined) {
				return false;
			}

			numbers.delete(id);
			count(number, -1);
			kindColumn[number] = 0;
			arena.remove(number);
			return true;
		},
		page(query) {
			const matches = matcher(query);
			const records: CatalogRecord[] = [];
			let last = query.after === undefined ? -1 : Number.parseInt(query.after, 36);
			for (let number = last + 1; number < end; number++) {
				if (!matches(number)) {
					continue;
				}

				if (records.length >= query.limit) {
					return {records, cursor: last.toString(36)};
				}

				records.push(parse(number));
				last = number;
			}

			return {records, cursor: undefined};
		},
		* lines() {
			for (let number = 0; number < end; number++) {
				if (kindColumn[number] !== 0) {
					yield arena.view(number);
				}
			}
		},
		counts(libraryId) {
			const library = libraries.get(libraryId);
			return library === undefined ? noItems() : {...counts[library]!};
		},
	};
};
