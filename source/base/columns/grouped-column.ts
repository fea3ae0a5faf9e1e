import type {CellSource} from './cells.js';
import {createDictionaryColumn} from './dictionary-column.js';
import {createGroups} from './groups.js';

/**
Texts that many rows share, and of each text the rows that have it.
*/
export const createGroupedColumn = (name: string, source?: CellSource) => {
	const column = createDictionaryColumn(name, source);
	const groups = createGroups(column.codeAt);

	return {
		...column,
		set(row: number, text: string | undefined) {
			const before = column.codeAt(row);
			column.set(row, text);
			if (column.codeAt(row) !== before) {
				groups.move(row);
			}
		},
		/**
		The rows that have the text of this code, in their order; all rows are below `end`.
		*/
		rowsOfCode: groups.rowsOf,
		/**
		The rows that have this text, in the same way.
		*/
		rowsOf(text: string, end: number): readonly number[] {
			const code = column.codeOf(text);
			return code === undefined ? [] : groups.rowsOf(code, end);
		},
	};
};

export type GroupedColumn = ReturnType<typeof createGroupedColumn>;
