import {Buffer} from 'node:buffer';
import {AppError} from '../base/errors.js';
import type {Page, PageQuery} from '../catalog/catalog-store.js';
import type {
	CatalogRecord,
	ItemCounts,
	ItemType,
	RecordKind,
} from '../catalog/types.js';
import type {LineBytes} from './line-reader.js';
import {lineFacts} from './record-line.js';

type RecordKindOrType = Exclude<RecordKind, 'item'> | ItemType;

const kinds: ReadonlyArray<RecordKindOrType | 'hole'> = ['hole', 'person', 'tag', 'file', 'collection', 'playlist', 'tombstone', 'run', 'movie', 'show', 'season', 'episode'];
const firstItem = kinds.indexOf('movie');

export const noItems = (): ItemCounts => ({
	movie: 0, show: 0, season: 0, episode: 0,
});

/**
All records as their lines, found by id or paged by kind, type and library. A record is parsed only when it is asked for.
*/
export const createRecordTable = () => {
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
		line(id: string): LineBytes | undefined {
			const number = numbers.get(id);
			return number === undefined ? undefined : arena.view(number);
		},
		kindOf(id: string) {
			const number = numbers.get(id);
			return number === undefined ? undefined : kinds[kindColumn[number]!] as RecordKindOrType;
		},
		get(id: string): CatalogRecord | undefined {
			const number = numbers.get(id);
			return number === undefined ? undefined : parse(number);
		},
		/**
		Inserts or replaces, and returns the id.

		@throws {AppError} `damaged` if the line is not a record.
		*/
		put(line: LineBytes): string {
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
		remove(id: string): boolean {
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
		page(query: PageQuery): Page {
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
		/**
		All lines in the order of the table, which must not change meanwhile.
		*/
		* lines(): Generator<LineBytes> {
			for (let number = 0; number < end; number++) {
				if (kindColumn[number] !== 0) {
					yield arena.view(number);
				}
			}
		},
		counts(libraryId: string): ItemCounts {
			const library = libraries.get(libraryId);
			return library === undefined ? noItems() : {...counts[library]!};
		},
	};
};

export type RecordTable = ReturnType<typeof createRecordTable>;

const slabBytes = 2 ** 22;

const slabOf = (place: number) => Math.floor(place / slabBytes);

/**
Lines as UTF-8 by number, in big blocks (slabs) outside V8's heap: half a million strings would cost twice the memory and long pauses for garbage collection. Bytes are never changed once written, so a view stays valid.
*/
const createLineArena = () => {
	// A place is the number of the slab times its size, plus the offset in it.
	let places = new Float64Array(1024);
	// 0 for a line that was removed.
	let lengths = new Uint32Array(1024);
	let end = 0;
	const slabs: Array<LineBytes | undefined> = [];
	const liveBytes: number[] = [];
	let current = -1;
	let currentEnd = 0;
	let used = 0;

	const newSlab = (size: number) => {
		liveBytes.push(0);
		slabs.push(Buffer.allocUnsafeSlow(size));
		return slabs.length - 1;
	};

	const reserve = (length: number): number => {
		// A slab of its own for a long line keeps the rest of the current slab usable.
		if (length > slabBytes / 4) {
			return newSlab(length) * slabBytes;
		}

		if (current === -1 || currentEnd + length > slabs[current]!.length) {
			if (liveBytes[current] === 0) {
				slabs[current] = undefined;
			}

			// A small catalogue needs no big slab.
			current = newSlab(Math.min(slabBytes, Math.max(2 ** 16, length, used)));
			currentEnd = 0;
		}

		const place = (current * slabBytes) + currentEnd;
		currentEnd += length;
		return place;
	};

	const add = (line: Uint8Array): number => {
		const place = reserve(line.length);
		const slab = slabOf(place);
		slabs[slab]!.set(line, place % slabBytes);
		liveBytes[slab]! += line.length;
		used += line.length;
		return place;
	};

	const view = (number: number): LineBytes => {
		const place = places[number]!;
		const offset = place % slabBytes;
		return slabs[slabOf(place)]!.subarray(offset, offset + lengths[number]!);
	};

	// If less than half of a slab is in use, its lines move to another one.
	const release = (place: number, length: number) => {
		const slab = slabOf(place);
		liveBytes[slab]! -= length;
		used -= length;
		if (slab === current || liveBytes[slab]! >= slabs[slab]!.length / 2) {
			return;
		}

		for (let number = 0; number < end; number++) {
			if (lengths[number] === 0 || slabOf(places[number]!) !== slab) {
				continue;
			}

			places[number] = add(view(number));
			used -= lengths[number]!;
		}

		slabs[slab] = undefined;
	};

	return {
		// Numbers start at 0 and have no gaps. The line must not be empty.
		put(number: number, line: Uint8Array) {
			if (number === places.length) {
				const [oldPlaces, oldLengths] = [places, lengths];
				[places, lengths] = [new Float64Array(number * 2), new Uint32Array(number * 2)];
				places.set(oldPlaces);
				lengths.set(oldLengths);
			}

			const [oldPlace, oldLength] = [places[number]!, lengths[number]!];
			places[number] = add(line);
			lengths[number] = line.length;
			end = Math.max(end, number + 1);
			if (oldLength > 0) {
				release(oldPlace, oldLength);
			}
		},
		view,
		remove(number: number) {
			const [place, length] = [places[number]!, lengths[number]!];
			lengths[number] = 0;
			release(place, length);
		},
		usedBytes: () => used,
	};
};
