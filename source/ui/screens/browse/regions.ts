import type {SortField} from '../../../query/types.js';
import type {Region} from '../../input/pointer.js';
import {layoutOf} from '../../layout.js';
import {message} from '../../messages.js';
import type {UiState} from '../../ui-state.js';
import {headingCells} from './lines.js';
import {
	moveBrowse,
	reverse,
	sortBy,
	sortFieldsOf,
	type BrowseScreen,
} from './reduce.js';

const rowClicked = message(moveBrowse);

/**
The column by which the list is sorted already turns it round.
*/
const headingClicked = message((state, {sort, isSorted}: {sort: SortField; isSorted: boolean}) => isSorted
	? reverse(state)
	: sortBy(state, sort, sortFieldsOf(state).find(({field}) => field === sort)?.startsDescending === true));

/**
The rows of the list, the cells of its heading, and the pane, which the wheel scrolls by itself.
*/
export const browseRegions = (scrollPane: (state: UiState, rows: number) => UiState) => {
	const paneTurned = message(scrollPane);
	return (state: UiState, {level, list, query}: BrowseScreen): Region[] => {
		const {pane, isFramed, listColumns, listRows, paneColumns, paneRows} = layoutOf(state);
		const border = isFramed ? 1 : 0;
		const headings = headingCells(level, listColumns).flatMap(({column, columns, sort}): Region[] => sort === undefined
			? []
			: [{
				name: `heading ${sort}`, column: column + border, row: border, columns, rows: 1, click: () => headingClicked({sort, isSorted: sort === query.sort}),
			}]);
		const rows: Region = {
			name: 'rows',
			column: border,
			row: 1 + border,
			columns: listColumns,
			rows: Math.min(listRows, list.ids.length - list.top),
			click: ({row}) => rowClicked(list.top + row),
			open: () => ({key: 'enter'}),
		};
		const detail: Region = {
			name: 'pane',
			column: pane === 'side' ? listColumns + (2 * border) : 0,
			row: pane === 'side' ? 0 : listRows + 1 + (2 * border),
			columns: paneColumns + 2,
			rows: paneRows + 1 + border,
			wheel: turned => paneTurned(turned),
		};
		return [
			...list.ids.length === 0 ? [] : [...headings, rows],
			...pane === 'none' ? [] : [detail],
		];
	};
};
