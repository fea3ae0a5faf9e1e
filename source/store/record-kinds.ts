import {Buffer} from 'node:buffer';
import {
	eachInSteps,
	withRoom,
	type CellsByName,
	type CellSource,
	type Steps,
} from '../base/columns/cells.js';
import type {PageQuery} from '../catalog/catalog-store.js';
import type {ItemCounts, ItemType, RecordKind} from '../catalog/types.js';

export type RecordKindOrType = Exclude<RecordKind, 'item'> | ItemType;

const kinds: ReadonlyArray<RecordKindOrType | 'hole'> = ['hole', 'person', 'tag', 'file', 'collection', 'playlist', 'tombstone', 'run', 'movie', 'show', 'season', 'episode'];
/**
What the saved kinds mean.
*/
export const kindsFormat = kinds.join(' ');

const hole = 0;
const firstItem = kinds.indexOf('movie');

const kindCells = 'kinds';
const libraryCells = 'libraries';
const libraryNameCells = 'libraryNames';

export const noItems = (): ItemCounts => ({
	movie: 0, show: 0, season: 0, episode: 0,
});

/**
What each record is and in which library, by the number of the record.
*/
export const createRecordKinds = (source?: CellSource) => {
	// Places in `kinds`, and in `counts`.
	let kindColumn = new Uint8Array(1024);
	let libraryColumn = new Uint16Array(1024);
	const libraries = new Map<string, number>();
	const counts: ItemCounts[] = [];

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

	const restore = (from: CellSource) => {
		kindColumn = from(kindCells) as typeof kindColumn;
		libraryColumn = from(libraryCells) as typeof libraryColumn;
		for (const libraryId of JSON.parse(Buffer.from(from(libraryNameCells)).toString('utf8')) as string[]) {
			libraryNumber(libraryId);
		}

		for (const number of kindColumn.keys()) {
			count(number, 1);
		}
	};

	if (source !== undefined) {
		restore(source);
	}

	return {
		is: (number: number) => kinds[kindColumn[number]!] as RecordKindOrType,
		isHole: (number: number) => (kindColumn[number] ?? hole) === hole,
		set(number: number, kind: RecordKindOrType, libraryId: string | undefined) {
			kindColumn = withRoom(kindColumn, number + 1);
			libraryColumn = withRoom(libraryColumn, number + 1);
			count(number, -1);
			kindColumn[number] = kinds.indexOf(kind);
			libraryColumn[number] = libraryId === undefined ? 0 : libraryNumber(libraryId);
			count(number, 1);
		},
		clear(number: number) {
			count(number, -1);
			kindColumn[number] = hole;
		},
		matcher({kind, type, libraryId}: PageQuery) {
			const library = libraryId === undefined ? undefined : libraries.get(libraryId) ?? -1;
			const exact = type ?? (kind === 'item' ? undefined : kind);
			const wanted = exact === undefined ? undefined : kinds.indexOf(exact);
			const isItemOnly = kind === 'item' || library !== undefined;
			return (number: number) => {
				const found = kindColumn[number]!;
				return found !== hole
					&& (wanted === undefined || found === wanted)
					&& (!isItemOnly || found >= firstItem)
					&& (kind === undefined || kind === 'item' || found < firstItem)
					&& (library === undefined || libraryColumn[number] === library);
			};
		},
		counts(libraryId: string): ItemCounts {
			const library = libraries.get(libraryId);
			return library === undefined ? noItems() : {...counts[library]!};
		},
		* save(numbers: Int32Array, saved: CellsByName): Steps {
			const [savedKinds, savedLibraries] = [new Uint8Array(numbers.length), new Uint16Array(numbers.length)];
			yield * eachInSteps(numbers, (number, index) => {
				savedKinds[index] = kindColumn[number]!;
				savedLibraries[index] = libraryColumn[number]!;
			});
			saved.set(kindCells, savedKinds);
			saved.set(libraryCells, savedLibraries);
			const names = JSON.stringify(libraries.keys().toArray());
			saved.set(libraryNameCells, Uint8Array.from(Buffer.from(names)));
		},
	};
};
