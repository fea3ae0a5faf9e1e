import {createDictionaryColumn} from '../base/columns/dictionary-column.js';
import {createNumberColumn} from '../base/columns/number-column.js';
import {createNumeralTable} from '../base/columns/numeral-table.js';
import {createTextPool} from '../base/columns/text-pool.js';
import {createTextTable, type TextTable} from '../base/columns/text-table.js';
import {isUnavailable} from '../catalog/item.js';
import {itemTypes} from '../catalog/kinds.js';
import type {
	ComparedItem,
	Fingerprints,
	Item,
	ItemType,
} from '../catalog/types.js';

export type KnownItem = {
	id: string;
	type: ItemType;
	fingerprints: Fingerprints | undefined;
	viewState: string;
	isMissing: boolean;
	isUnavailable: boolean;
	/**
	The season of an episode, or its show where it has none; the show of a season.
	*/
	parentId: string | undefined;
	collections: readonly string[];
};

export const viewStateText = (viewState: Item['viewState']): string => viewState === undefined
	? ''
	: JSON.stringify([viewState.viewCount, viewState.viewOffsetMs, viewState.lastViewedAt, viewState.userRating, viewState.lastRatedAt, viewState.viewedLeafCount]);

// Nearly all items are in none.
const noCollections: readonly string[] = [];

/**
What a sync compares of the items of a library. It is in columns, because objects take several times the memory.
*/
export const createKnownLibrary = () => {
	const ids = createTextTable('ids');
	const columns = createItemColumns(ids);
	// Only of the item to which a ratingKey belongs.
	const keys = createNumeralTable('keys');
	const unkeyed = new Set<number>();
	const displaced = new Map<number, string>();
	const freeRows: number[] = [];
	let end = 0;

	const view = columns.view(keys.get);
	const itemAt = (row: number): KnownItem => {
		view.goTo(row);
		const {id, type, fingerprints, viewState, isMissing, isUnavailable: cannotBePlayed, parentId, collections} = view.item;
		return {
			id, type, fingerprints, viewState, isMissing, isUnavailable: cannotBePlayed, parentId, collections,
		};
	};

	/**
	Of two items with one ratingKey, it belongs to the one that is not missing.
	*/
	const addKey = (row: number, ratingKey: string, isMissing: boolean) => {
		const other = keys.find(ratingKey);
		if (other !== undefined && isMissing) {
			displaced.set(row, ratingKey);
			return;
		}

		if (other !== undefined) {
			keys.remove(ratingKey);
			displaced.set(other, ratingKey);
		}

		keys.add(row, ratingKey);
	};

	const removeKey = (ratingKey: string) => {
		keys.remove(ratingKey);
		const [next] = displaced.entries().find(([, key]) => key === ratingKey) ?? [];
		if (next === undefined) {
			return;
		}

		displaced.delete(next);
		keys.add(next, ratingKey);
	};

	/**
	Forgets an item, and returns the row that it had, which another one may get.
	*/
	const remove = (id: string): number | undefined => {
		const row = ids.remove(id);
		if (row === undefined) {
			return undefined;
		}

		const ratingKey = keys.get(row);
		if (ratingKey !== undefined) {
			removeKey(ratingKey);
		}

		unkeyed.delete(row);
		displaced.delete(row);
		freeRows.push(row);
		return row;
	};

	const rowsOf = (some: Iterable<string>) => new Set(Iterator.from(some).map(id => ids.find(id)));

	return {
		byKey: {
			has: (ratingKey: string): boolean => keys.find(ratingKey) !== undefined,
			get(ratingKey: string): KnownItem | undefined {
				const row = keys.find(ratingKey);
				return row === undefined ? undefined : itemAt(row);
			},
		},
		/**
		All items with a ratingKey that belongs to them, but those with these ids. Each is valid until the next one is asked for.
		*/
		* passing(except: Iterable<string> = []): Generator<PassingItem> {
			const {goTo, item} = columns.view(keys.get);
			const left = rowsOf(except);
			for (let row = 0; row < end; row++) {
				if (!keys.has(row) || left.has(row)) {
					continue;
				}

				goTo(row);
				yield item;
			}
		},
		unkeyed: (): KnownItem[] => Array.from(unkeyed, row => itemAt(row)),
		/**
		Items that are held, and whose ratingKey belongs to another item by now.
		*/
		displaced: (): KnownItem[] => displaced.keys().map(row => itemAt(row)).toArray(),
		/**
		Ids of the parents of all items but those with these ids.
		*/
		parentIds(except: Iterable<string>): Set<string> {
			const left = rowsOf(except);
			return columns.parentIds(end, row => ids.has(row) && !left.has(row));
		},
		isEmpty: (): boolean => ids.size() === 0,
		/**
		Takes an item, in the place of what it knows of the same, and returns its row.
		*/
		put(item: ComparedItem): number {
			remove(item.id);
			const row = freeRows.pop() ?? end++;
			columns.set(row, item);
			if (item.ratingKey === undefined) {
				unkeyed.add(row);
			} else {
				addKey(row, item.ratingKey, item.missingSince !== undefined);
			}

			return row;
		},
		remove,
		idAt: (row: number): string => ids.get(row)!,
	};
};

export type KnownLibrary = ReturnType<typeof createKnownLibrary>;

type PassingItem = KnownItem & {
	ratingKey: string;
	/**
	Whether it has fingerprints, which takes less time to tell than which.
	*/
	hasFingerprints: boolean;
};

const createItemColumns = (ids: TextTable) => {
	// The number of the type, 4 for a missing item, and 8 for one that is unavailable.
	const traits = createNumberColumn('traits');
	const slims = createTextPool('slims');
	const fulls = createTextPool('fulls');
	const viewStates = createTextPool('viewStates');
	const parents = createDictionaryColumn('parents');
	const collections = createDictionaryColumn('collections');

	return {
		set(row: number, item: ComparedItem) {
			const {id, type, missingSince, fingerprints, viewState} = item;
			ids.add(row, id);
			traits.set(row, itemTypes.indexOf(type) + (missingSince === undefined ? 0 : 4) + (isUnavailable(item) ? 8 : 0));
			slims.set(row, fingerprints?.slim);
			fulls.set(row, fingerprints?.full);
			viewStates.set(row, viewState === undefined ? undefined : viewStateText(viewState));
			parents.set(row, item.seasonId ?? item.showId);
			collections.set(row, item.collections.length === 0 ? undefined : JSON.stringify(item.collections));
		},
		/**
		The parents of the rows below `end` that are wanted.
		*/
		parentIds(end: number, isWanted: (row: number) => boolean): Set<string> {
			const marks = new Uint8Array(parents.codeCount());
			for (let row = 0; row < end; row++) {
				const code = isWanted(row) ? parents.codeAt(row) : undefined;
				if (code !== undefined) {
					marks[code] = 1;
				}
			}

			return new Set(marks.keys().filter(code => marks[code] === 1).map(code => parents.textOf(code)!));
		},
		/**
		An item whose fields are read when they are asked for, from the row to which `goTo` went.
		*/
		view(keyAt: (row: number) => string | undefined) {
			let row = 0;
			return {
				goTo(wanted: number) {
					row = wanted;
				},
				item: {
					get ratingKey() {
						return keyAt(row)!;
					},
					get id() {
						return ids.get(row)!;
					},
					get type() {
						return itemTypes[traits.get(row)! % 4]!;
					},
					get hasFingerprints() {
						return slims.has(row);
					},
					get fingerprints(): Fingerprints | undefined {
						const slim = slims.get(row);
						const full = fulls.get(row);
						return slim === undefined ? undefined : {slim, ...(full !== undefined && {full})};
					},
					get viewState() {
						return viewStates.get(row) ?? '';
					},
					get isMissing() {
						return traits.get(row)! % 8 > 3;
					},
					get isUnavailable() {
						return traits.get(row)! > 7;
					},
					get parentId() {
						return parents.get(row);
					},
					get collections() {
						const text = collections.get(row);
						return text === undefined ? noCollections : JSON.parse(text) as readonly string[];
					},
				} satisfies PassingItem,
			};
		},
	};
};
