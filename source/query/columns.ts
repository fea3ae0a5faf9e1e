import type {CellsByName, CellSource, Steps} from '../base/columns/cells.js';
import {createDictionaryColumn, type DictionaryColumn} from '../base/columns/dictionary-column.js';
import {createGroupedColumn, type GroupedColumn} from '../base/columns/grouped-column.js';
import {createInstantColumn} from '../base/columns/instant-column.js';
import {createNumberColumn} from '../base/columns/number-column.js';
import {withLateSets} from '../base/columns/late-sets.js';
import {createTextPool, type TextPool} from '../base/columns/text-pool.js';
import {createTextTable, type TextTable} from '../base/columns/text-table.js';
import type {Item} from '../catalog/types.js';
import {createFileColumn} from './file-column.js';
import {createItemLists, listsFormat} from './lists.js';
import {createSearchText} from './search-text.js';
import {compileLiteral, keptFields} from './summary.js';
import type {ItemSummary} from './types.js';

type Column<Value = unknown> = {
	get: (row: number) => Value | undefined;
	set: (row: number, value: Value | undefined) => void;
	save: (rows: Int32Array, saved: CellsByName) => Steps<unknown>;
};

// Of these the rows below an item are asked for.
const parentFields: ReadonlySet<string> = new Set(['showId', 'seasonId']);

const textTypes: ReadonlySet<string> = new Set(['text', 'date', 'instant']);

const columnOf = ({name, type, isShared}: (typeof keptFields)[number], source: CellSource | undefined): Column => {
	if (type === 'instant' && !isShared) {
		return createInstantColumn(name, source) as Column;
	}

	const createShared = parentFields.has(name) ? createGroupedColumn : createDictionaryColumn;
	const createText = isShared ? createShared : createTextPool;
	const create = textTypes.has(type) ? createText : createNumberColumn;
	return type === 'flag' ? flags(name, source) : create(name, source) as Column;
};

const flags = (name: string, source: CellSource | undefined): Column => {
	const numbers = createNumberColumn(name, source);
	return {
		...numbers,
		get(row) {
			const number = numbers.get(row);
			return number === undefined ? undefined : number === 1;
		},
		set(row, value) {
			numbers.set(row, value === undefined ? undefined : Number(value));
		},
	};
};

// What the code of the index names; all other columns are only read as fields.
type NamedColumns = {
	id: TextTable;
	sortKey: TextPool;
	ratingKey: TextPool;
	year: Column<number>;
	type: DictionaryColumn;
	libraryId: DictionaryColumn;
	showId: GroupedColumn;
	seasonId: GroupedColumn;
	fileIds: ReturnType<typeof createFileColumn>;
};

const idField = {name: 'id', type: 'text'} as const;
const rowCount = 'rows';

/**
The format of what is saved.
*/
export const columnsFormat = ['4', listsFormat, ...keptFields.map(({name, type, isShared}) => `${name}:${type}${isShared ? ':shared' : ''}`)].join(' ');

/**
Whether a saved array belongs to one of these columns.
*/
export const cellsOfFields = (names: ReadonlySet<string>) => (cellName: string): boolean => cellName === rowCount || names.has(cellName.split('.', 1)[0]!);

type ReadRow = (row: number, columns: readonly Column[]) => ItemSummary;

const readRow = compileLiteral((_, index) => `columns[${index}].get(row)`, ['row', 'columns']) as ReadRow;

/**
A column for each kept field, and the text that filters search. Rows are numbered from 0; the row of a removed item stays empty.
*/
export const createColumns = (source?: CellSource) => {
	const ids = createTextTable(idField.name, source);
	const byName = new Map<string, Column>();
	for (const field of keptFields) {
		const {name} = field;
		byName.set(name, name === idField.name
			// The id has been put into the table when a row is filled.
			? {get: ids.get, set() {/* see `fill` */}, save: ids.save}
			: withLateSets(name === 'fileIds' ? createFileColumn(name, source) as Column : columnOf(field, source), ['set'], source));
	}

	const columns = byName.values().toArray();
	const search = withLateSets(createSearchText('search', source), ['set', 'remove'], source);
	const lists = createItemLists(source);
	const names = keptFields.map(({name}) => name as keyof ItemSummary);
	// Ids of removed items, by row, once somebody asks for them later.
	let gone: Map<number, string> | undefined;
	let end = source === undefined ? 0 : source(rowCount)[0]!;

	// The same object for all rows: it reads the fields of the row that it is set to.
	const view: {row: number} = {row: 0};
	class LateSummary {
		readonly row: number;

		constructor(row: number) {
			this.row = row;
		}
	}

	for (const [name, column] of byName) {
		Object.defineProperty(view, name, {get: () => column.get(view.row)});
		Object.defineProperty(LateSummary.prototype, name, {
			get(this: LateSummary) {
				return column.get(this.row);
			},
		});
	}

	return {
		named: {...Object.fromEntries(byName), id: ids} as unknown as NamedColumns,
		search,
		lists,
		column: (name: string) => byName.get(name)!,
		/**
		The number of rows, with the empty ones.
		*/
		end: () => end,
		isFilled: ids.has,
		filledRows: () => ids.knownRows(end),
		/**
		From now on, `lastingId` knows the ids of items that are removed.
		*/
		keepIds() {
			gone ??= new Map();
		},
		/**
		The id of the item that a row has or had.
		*/
		lastingId: (row: number): string => ids.get(row) ?? gone!.get(row)!,
		/**
		The rows that an item has or had.
		*/
		rowsOfId(id: string): number[] {
			const row = ids.find(id);
			return [...row === undefined ? [] : [row], ...gone?.entries().flatMap(([old, oldId]) => oldId === id ? [old] : []) ?? []];
		},
		summary: (row: number): ItemSummary => readRow(row, columns),
		/**
		The summary of a row, which reads each field only when it is asked for.
		*/
		late: (row: number): ItemSummary => new LateSummary(row) as LateSummary & ItemSummary,
		value: <Name extends keyof ItemSummary>(row: number, name: Name) => byName.get(name)!.get(row) as ItemSummary[Name],
		at(row: number): ItemSummary {
			view.row = row;
			return view as ItemSummary & typeof view;
		},
		/**
		Returns the row of the item.
		*/
		fill(summary: ItemSummary, item: Item): number {
			let row = ids.find(summary.id);
			if (row === undefined) {
				row = end++;
				ids.add(row, summary.id);
			}

			for (const [index, name] of names.entries()) {
				columns[index]!.set(row, summary[name]);
			}

			search.set(row, summary);
			lists.set(row, item);
			return row;
		},
		empty(id: string) {
			const row = ids.remove(id);
			if (row === undefined) {
				return;
			}

			gone?.set(row, id);
			for (const column of columns) {
				column.set(row, undefined);
			}

			search.remove(row);
			lists.set(row, undefined);
		},
		/**
		Saves the filled rows, numbered anew, in steps.
		*/
		* save(): Steps<CellsByName> {
			const rows = ids.knownRows(end);
			const saved: CellsByName = new Map([[rowCount, Int32Array.of(rows.length)]]);
			for (const {save} of [...columns, search]) {
				yield * save(rows, saved);
				yield;
			}

			yield * lists.save(rows, saved);
			return saved;
		},
	};
};

export type Columns = ReturnType<typeof createColumns>;
