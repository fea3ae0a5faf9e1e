import {tableColumns} from '../query/list-fields.js';
import type {ItemSummary} from '../query/types.js';
import {tableLines, type TableOptions} from './table.js';

/**
The lines of `reelcat ls`, without the columns that are empty in every row. `titleOf` names shows.
*/
export const itemsTable = (items: readonly ItemSummary[], {titleOf = () => undefined, ...options}: TableOptions & {titleOf?: (id: string) => string | undefined} = {}): string[] => {
	const filled = tableColumns
		.map(column => ({column, cells: items.map(item => column.value(item, titleOf) ?? '')}))
		.filter(({column, cells}) => column.isKept === true || cells.some(cell => cell !== ''));
	const rows = items.map((_, row) => filled.map(({cells}) => cells[row]!));
	return tableLines(filled.map(({column}) => column), rows, options);
};
