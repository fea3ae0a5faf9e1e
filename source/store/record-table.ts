import {AppError} from '../base/errors.js';
import type {
	CatalogRecord,
	ItemCounts,
	ItemType,
	RecordKind,
} from '../catalog/types.js';
import type {Page, PageQuery} from '../catalog/catalog-store.js';
import {createLineArena, slabOf} from './line-arena.js';
import {type LineFacts, lineFacts} from './record-line.js';
import type {LineBytes} from './line-bytes.js';

/**
All records as their lines, found by id or paged by what the columns beside them say. A record is parsed only when it is asked for.
*/
export type RecordTable = {
	size: () => number;
	usedBytes: () => number;
	line: (id: string) => LineBytes | undefined;
	/**
	Known without a look at the line.
	*/
	kindOf: (id: string) => RecordKindOrType | undefined;
	get: (id: string) => CatalogRecord | undefined;
	/**
	Insert or replace; returns the id.

	@throws {AppError} `damaged` when the line is not a record.
	*/
	put: (line: LineBytes) => string;
	remove: (id: string) => boolean;
	page: (query: PageQuery) => Page;
	/**
	In the table's order. The table must not change meanwhile.
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
	const ordinals = new Map<string, number>();
	const libraries: string[] = [];
	const libraryNumbers = new Map<string, number>();
	const counts: ItemCounts[] = [];
	let end = 0;
	let places = new Float64Array(1024);
	let lengths = new Uint32Array(1024);
	let kindNumbers = new Uint8Array(1024);
	let libraryOf = new Uint16Array(1024);

	const grow = () => {
		const size = end * 2;
		const [oldPlaces, oldLengths, oldKinds, oldLibraries] = [places, lengths, kindNumbers, libraryOf];
		[places, lengths, kindNumbers, libraryOf] = [new Float64Array(size), new Uint32Array(size), new Uint8Array(size), new Uint16Array(size)];
		places.set(oldPlaces);
		lengths.set(oldLengths);
		kindNumbers.set(oldKinds);
		libraryOf.set(oldLibraries);
	};

	const libraryNumber = (libraryId: string): number => {
		const known = libraryNumbers.get(libraryId);
		if (known !== undefined) {
			return known;
		}

		libraryNumbers.set(libraryId, libraries.length);
		counts.push(noItems());
		libraries.push(libraryId);
		return libraries.length - 1;
	};

	const count = (ordinal: number, step: 1 | -1) => {
		const kind = kindNumbers[ordinal]!;
		if (kind >= firstItem) {
			counts[libraryOf[ordinal]!]![kinds[kind] as ItemType] += step;
		}
	};

	const view = (ordinal: number) => arena.view(places[ordinal]!, lengths[ordinal]!);

	const release = (place: number, length: number) => {
		const sparse = arena.free(place, length);
		if (sparse === undefined) {
			return;
		}

		for (let other = 0; other < end; other++) {
			if (kindNumbers[other] === 0 || slabOf(places[other]!) !== sparse) {
				continue;
			}

			const moved = arena.add(view(other));
			arena.free(places[other]!, lengths[other]!);
			places[other] = moved;
		}

		arena.drop(sparse);
	};

	const fill = (ordinal: number, line: LineBytes, {kind, type, libraryId}: LineFacts) => {
		places[ordinal] = arena.add(line);
		lengths[ordinal] = line.length;
		kindNumbers[ordinal] = kinds.indexOf(type ?? (kind as RecordKindOrType));
		libraryOf[ordinal] = libraryId === undefined ? 0 : libraryNumber(libraryId);
		count(ordinal, 1);
	};

	const parse = (line: LineBytes) => JSON.parse(line.toString('utf8')) as CatalogRecord;

	const matcher = ({kind, type, libraryId}: PageQuery) => {
		const library = libraryId === undefined ? undefined : libraryNumbers.get(libraryId) ?? -1;
		const exact = type ?? (kind === 'item' ? undefined : kind);
		const wanted = exact === undefined ? undefined : kinds.indexOf(exact);
		const isItemOnly = kind === 'item' || library !== undefined;
		return (ordinal: number) => {
			const found = kindNumbers[ordinal]!;
			return found !== 0
				&& (wanted === undefined || found === wanted)
				&& (!isItemOnly || found >= firstItem)
				&& (kind === undefined || kind === 'item' || found < firstItem)
				&& (library === undefined || libraryOf[ordinal] === library);
		};
	};

	return {
		size: () => ordinals.size,
		usedBytes: () => arena.usedBytes(),
		line(id) {
			const ordinal = ordinals.get(id);
			return ordinal === undefined ? undefined : view(ordinal);
		},
		kindOf(id) {
			const ordinal = ordinals.get(id);
			return ordinal === undefined ? undefined : kinds[kindNumbers[ordinal]!] as RecordKindOrType;
		},
		get(id) {
			const ordinal = ordinals.get(id);
			return ordinal === undefined ? undefined : parse(view(ordinal));
		},
		put(line) {
			const facts = lineFacts(line);
			if (facts === undefined) {
				throw new AppError('damaged', `A line of the catalogue is not a record: ${line.toString('utf8', 0, 60)}`, {
					hint: 'Move the catalogue away, or run reelcat, which offers to set it aside; an import brings everything back.',
				});
			}

			const known = ordinals.get(facts.id);
			if (known === undefined) {
				if (end === places.length) {
					grow();
				}

				ordinals.set(facts.id, end);
				fill(end, line, facts);
				end++;
			} else {
				const [place, length] = [places[known]!, lengths[known]!];
				count(known, -1);
				fill(known, line, facts);
				release(place, length);
			}

			return facts.id;
		},
		remove(id) {
			const ordinal = ordinals.get(id);
			if (ordinal === undefined) {
				return false;
			}

			ordinals.delete(id);
			count(ordinal, -1);
			kindNumbers[ordinal] = 0;
			release(places[ordinal]!, lengths[ordinal]!);
			return true;
		},
		page(query) {
			const matches = matcher(query);
			const records: CatalogRecord[] = [];
			let last = query.after === undefined ? -1 : Number.parseInt(query.after, 36);
			for (let ordinal = last + 1; ordinal < end; ordinal++) {
				if (!matches(ordinal)) {
					continue;
				}

				if (records.length >= query.limit) {
					return {records, cursor: last.toString(36)};
				}

				records.push(parse(view(ordinal)));
				last = ordinal;
			}

			return {records, cursor: undefined};
		},
		* lines() {
			for (let ordinal = 0; ordinal < end; ordinal++) {
				if (kindNumbers[ordinal] !== 0) {
					yield view(ordinal);
				}
			}
		},
		counts(libraryId) {
			const library = libraryNumbers.get(libraryId);
			return library === undefined ? noItems() : {...counts[library]!};
		},
	};
};
