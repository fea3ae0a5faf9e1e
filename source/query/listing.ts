import {keepLatest} from '../base/keep-latest.js';
import type {Columns} from './columns.js';
import {createInvertedRows} from './engine/inverted-rows.js';
import {narrow, type NarrowContext} from './engine/narrow.js';
import {sortByFields, sortByMatch} from './engine/order.js';
import {rowsWithText} from './engine/row-pickers.js';
import {markRows, markedRows} from './engine/row-sets.js';
import {createTitleOrder} from './engine/title-order.js';
import {createWordRows} from './engine/word-rows.js';
import {
	compareNow,
	createSortedRows,
	sortRows,
	type SortedRows,
} from './sorted-rows.js';
import type {Plan} from './language/plan.js';
import type {Slices} from './slices.js';
import type {ListOptions, ListQuery, SortField} from './types.js';

export type Scope = Pick<ListQuery, 'libraryId' | 'type' | 'showId' | 'seasonId'>;

// Each order holds a number per item, and nobody switches between more lists than this.
const keptOrders = 8;

// So few rows are sorted in one go.
const fewRows = 2048;

// Most queries that want the first few by a number find them among so many.
const manyFirst = 4096;

// So often more rows than these are sorted for themselves before all are.
const mostManySorted = 2;

/**
Answers which rows a list has, and in which order. It belongs to one set of columns, and must be told of every change.
*/
export const createListing = (columns: Columns) => {
	const orders = createOrders(columns);
	const titles = createTitleOrder(columns);
	const {named: {showId: shows, seasonId: seasons}} = columns;

	/**
	The rows of the seasons and episodes of a show, and of the episodes of a season.
	*/
	const children = (parentId: string): number[] => [...new Set([shows, seasons].flatMap(({rowsOf}) => rowsOf(parentId, columns.end())))];

	const inverted = createInvertedRows(columns);
	const wordRows = createWordRows(columns, inverted);
	let all: Int32Array | undefined;
	// How many rows were sorted for orders that are not kept.
	let sortedRows = 0;
	// How often these were many.
	let manySorted = 0;

	const rowsBelow = ({showId, seasonId}: Scope): readonly number[] | undefined => {
		const parentId = seasonId ?? showId;
		return parentId === undefined ? undefined : children(parentId);
	};

	const inOrder = async (found: Int32Array, {scope, isBelow}: Pick<OrderWish, 'scope' | 'isBelow'>, sorting: Sorting): Promise<Int32Array> => {
		const isByTitle = sorting.sort === 'title' && !sorting.isDescending;
		const isAtHand = isByTitle ? titles.isAtHand() : orders.has(scope, sorting);
		const isMany = found.length > fewRows;
		// To sort what was found is quicker than to sort all for it, but not again and again.
		if (!isAtHand && (isBelow || (found.length <= columns.end() / 4 && sortedRows + found.length <= columns.end() && !(isByTitle && isMany && manySorted >= mostManySorted)))) {
			sortedRows += isBelow ? 0 : found.length;
			manySorted += isMany && !isBelow ? 1 : 0;
			return sortFew(columns, found, sorting);
		}

		[sortedRows, manySorted] = [0, 0];
		if (isByTitle) {
			return titles.sort(found);
		}

		const marks = new Uint8Array(columns.end());
		markRows(found, marks);
		return markedRows(await orders.get(scope, sorting).rows(), marks);
	};

	const orderOf = async (found: Int32Array, {sort, descending, plan, scope, isBelow}: OrderWish, slices: Slices): Promise<Int32Array> => {
		const byTitle = {sort: 'title', isDescending: false} as const;
		if (plan.sort.length > 0) {
			return sortByFields(columns, {rows: found, byTitle: async () => inOrder(found, {scope, isBelow}, byTitle)}, plan, slices);
		}

		return sort === undefined && plan.words.length > 0 ? sortByMatch({columns, inverted}, {rows: found, byTitle: async () => inOrder(found, {scope, isBelow}, byTitle)}, plan.words, slices) : inOrder(found, {scope, isBelow}, {sort: sort ?? (isBelow ? 'number' : 'title'), isDescending: descending});
	};

	const filled = () => {
		all ??= columns.filledRows();
		return all;
	};

	const membersAmong = (rows: Int32Array, {libraryId, type}: Scope): Int32Array => {
		const ofLibrary = libraryId === undefined ? rows : rowsWithText(columns.named.libraryId, libraryId, rows);
		return type === undefined ? ofLibrary : rowsWithText(columns.named.type, type, ofLibrary);
	};

	const foundOf = async (plan: Plan, scope: Scope, context: NarrowContext): Promise<Int32Array> => {
		const {where, sort, limit = Infinity} = plan;
		for (const count of sort.length > 0 && limit <= manyFirst ? [limit, manyFirst] : []) {
			const first = inverted.numbers.first(sort[0]!, count);
			const found = first && await narrow(where, membersAmong(first.rows, scope), context);
			if (found && first.areEnough(found, limit)) {
				return found;
			}
		}

		return narrow(where, membersAmong(filled(), scope), context);
	};

	return {
		rowsBelow,
		async rows({sort, descending = false, plan, ...scope}: ListQuery, slices: Slices, {readValues, isExact}: Omit<ListOptions, 'signal'> = {}): Promise<Int32Array> {
			const below = rowsBelow(scope);
			if (plan !== undefined) {
				const context: NarrowContext = {
					columns, words: wordRows, inverted, slices, readValues, isExact,
				};
				const found = below === undefined ? await foundOf(plan, scope, context) : await narrow(plan.where, Int32Array.from(below).filter(membership(columns, scope)).toSorted(), context);
				const sorted = await orderOf(found, {
					sort, descending, plan, scope, isBelow: below !== undefined,
				}, slices);
				return sorted.slice(0, plan.limit);
			}

			const sorting = {sort: sort ?? (below === undefined ? 'title' : 'number'), isDescending: descending};
			return below === undefined
				? orders.get(scope, sorting).rows()
				: sortFew(columns, Int32Array.from(below).filter(membership(columns, scope)), sorting);
		},
		/**
		Call it before a row is changed or emptied, and after it was filled.
		*/
		touch(row: number) {
			orders.touch(row);
			titles.touch(row);
			inverted.touch(row);
			all = undefined;
			wordRows.drop();
		},
		/**
		Call it when a person or tag got a name.
		*/
		forget() {
			wordRows.drop();
		},
		children,
	};
};

/**
Whether a row is filled and within the scope.
*/
export const membership = ({named: {libraryId, type, showId, seasonId}, isFilled}: Columns, scope: Scope) => (row: number): boolean => isFilled(row)
	&& (scope.libraryId === undefined || scope.libraryId === libraryId.get(row))
	&& (scope.type === undefined || scope.type === type.get(row))
	&& (scope.showId === undefined || scope.showId === showId.get(row))
	&& (scope.seasonId === undefined || scope.seasonId === seasonId.get(row));

type Sorting = {sort: SortField; isDescending: boolean};

type OrderWish = Pick<ListQuery, 'sort'> & {descending: boolean; plan: Plan; scope: Scope; isBelow: boolean};

const sortFew = async (columns: Columns, rows: Int32Array, sorting: Sorting): Promise<Int32Array> => rows.length <= fewRows
	? rows.toSorted(compareNow(columns, sorting))
	: sortRows(columns, rows, sorting);

/**
The latest orders, kept up to date. Orders below a show or season are small and are made each time.
*/
const createOrders = (columns: Columns) => {
	const orders = new Map<string, {order: SortedRows; isMember: (row: number) => boolean}>();
	const keyOf = ({libraryId, type}: Scope, {sort, isDescending}: Sorting) => JSON.stringify([libraryId, type, sort, isDescending]);

	const make = (scope: Scope, sorting: Sorting) => {
		const isMember = membership(columns, scope);
		const order = createSortedRows(columns, {...sorting, isMember, members: () => columns.filledRows().filter(row => isMember(row))});
		return {order, isMember};
	};

	return {
		has: (scope: Scope, sorting: Sorting) => orders.has(keyOf(scope, sorting)),
		get(scope: Scope, sorting: Sorting): SortedRows {
			const key = keyOf(scope, sorting);
			const kept = orders.get(key) ?? make(scope, sorting);
			keepLatest(orders, key, kept, keptOrders);
			return kept.order;
		},
		touch(row: number) {
			for (const {order, isMember} of orders.values()) {
				if (isMember(row)) {
					order.touch(row);
				}
			}
		},
	};
};
