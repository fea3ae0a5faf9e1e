import type {Fingerprints, ItemType, ViewState} from '../catalog/types.js';
import type {AppError} from '../base/errors.js';
import {createPieces} from '../base/turns.js';
import {readListedRow, type ListedRow} from '../plex/listed-row.js';
import type {ListPage} from '../plex/types.js';
import {isSameRow} from './knowledge.js';
import {viewStateText, type KnownLibrary} from './known-library.js';
import type {LibraryWork} from './library-work.js';
import {auditShare} from './plan.js';
import {
	doubtfulList,
	lostRow,
	shortList,
	unkeyedRow,
} from './tally.js';

export type Wanted = {
	ratingKey: string;
	title: string | undefined;
	fingerprints: Fingerprints | undefined;
	itemType: ItemType | undefined;
	row?: unknown;
};

export type RowFindings = {
	/**
	Items that are new, changed, or due for the audit, by ratingKey.
	*/
	wanted: Map<string, Wanted>;
	/**
	Items of which only the marks of the user differ, by ratingKey.
	*/
	views: Map<string, ViewState | undefined>;
	/**
	Keys of items that had been missing and are listed again, when nothing else differs.
	*/
	returned: string[];
	/**
	Time of the server at the first answer, in seconds since 1970.
	*/
	serverSeconds: number | undefined;
};

const rowsPerTurn = 25;

/**
Sorts listed rows into what has to be done about them, and counts them. A library may be listed again: each row is sorted and counted once.

`counted` tells how many rows of each type the server announced before the listing.
*/
export const createRowComparison = ({library, known, plan, pace, normalize, tally, report}: LibraryWork & {known: KnownLibrary}, counted: ReadonlyMap<ItemType, number>) => {
	const sorted = new Set<string>();
	const wanted = new Map<string, Wanted>();
	const views = new Map<string, ViewState | undefined>();
	const returned: string[] = [];
	let serverSeconds: number | undefined;
	let isFirstTime = true;
	let announced = 0;
	let received = 0;
	let hasNew = false;

	const expectMore = (total: number | undefined) => {
		const now = Math.max(total ?? 0, received);
		if (!(isFirstTime && now > announced)) {
			return;
		}

		tally.expect(now - announced);
		announced = now;
	};

	/**
	@returns whether nothing has to be done about the row
	*/
	const isUnchanged = (row: ListedRow, itemType: ItemType): boolean => {
		const stored = known.byKey.get(row.ratingKey);
		if (stored === undefined || !isSameRow(row, stored.fingerprints) || plan.auditShares.has(auditShare(stored.id, pace))) {
			hasNew ||= stored === undefined;
			const {ratingKey, title, fingerprints} = row;
			wanted.set(ratingKey, {
				ratingKey, title, fingerprints, itemType,
			});
			return false;
		}

		if (viewStateText(row.viewState) !== stored.viewState) {
			views.set(row.ratingKey, row.viewState);
			return false;
		}

		if (stored.isMissing) {
			returned.push(row.ratingKey);
			return false;
		}

		return true;
	};

	return {
		counted: (type: ItemType): number | undefined => counted.get(type),
		startType(type: ItemType): void {
			announced = counted.get(type) ?? 0;
			received = 0;
		},
		/**
		@returns the ratingKey of each row, undefined for one without
		*/
		async compare(rows: readonly unknown[], type: ItemType, {isFull, total, serverSeconds: seconds}: Partial<ListPage> & {isFull: boolean}): Promise<Array<string | undefined>> {
			serverSeconds ??= seconds;
			received += rows.length;
			expectMore(total);
			report({
				type: 'rows-listed', libraryId: library.id, itemType: type, rows: rows.length,
			});
			let unchanged = 0;
			const keys: Array<string | undefined> = [];
			const nextPiece = createPieces(rowsPerTurn);
			for (const row of rows) {
				await nextPiece();
				const listed = readListedRow(row, {isFull});
				keys.push(listed?.ratingKey);
				if (listed === undefined) {
					if (isFirstTime) {
						tally.fail(unkeyedRow(normalize(row, {serverId: library.serverId, libraryId: library.id}), type));
					}
				} else if (!sorted.has(listed.ratingKey)) {
					if (!isFirstTime) {
						tally.expect(1);
					}

					sorted.add(listed.ratingKey);
					unchanged += isUnchanged(listed, type) ? 1 : 0;
				} else if (isFirstTime && plan.mode !== 'look') {
					tally.skip(1, 'The server listed it twice.');
				} else if (isFirstTime) {
					// A look lists an item once for each stamp that has moved.
					tally.expect(-1);
				}
			}

			if (unchanged > 0) {
				tally.count({imported: 0, unchanged});
			}

			return keys;
		},
		lose(position: number, type: ItemType, error: AppError): void {
			received++;
			expectMore(undefined);
			if (isFirstTime) {
				tally.fail(lostRow(position, type, error));
			}
		},
		/**
		`doubt` is a clause that says why the list may go on.
		*/
		endType(type: ItemType, doubt: string | undefined): void {
			const missing = Math.max(0, announced - received);
			if (isFirstTime && (doubt !== undefined || missing > 0)) {
				tally.fail(doubt === undefined ? shortList(type, announced, received) : doubtfulList(type, doubt), missing);
			}
		},
		again(): void {
			isFirstTime = false;
		},
		takeWanted(): Wanted[] {
			const taken = wanted.values().toArray();
			wanted.clear();
			return taken;
		},
		hasNew: (): boolean => hasNew,
		findings: (): RowFindings => ({
			wanted, views, returned, serverSeconds,
		}),
	};
};

export type RowComparison = ReturnType<typeof createRowComparison>;
