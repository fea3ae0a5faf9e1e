import type {SortField} from '../../../query/types.js';
import {indexOnBar, type Place, type Region} from '../../input/pointer.js';
import {layoutOf} from '../../layout.js';
import {message} from '../../messages.js';
import type {UiState} from '../../ui-state.js';
import {detailRegions} from '../detail/regions.js';
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
export const browseRegions = (scrollPane: (state: UiState, rows: number) => UiState, paneLength: (state: UiState, screen: BrowseScreen) => number) => {
	const paneTurned = message(scrollPane);
	const regionsOfPane = detailRegions(scrollPane);
	return (state: UiState, screen: BrowseScreen): Region[] => {
		const {list, query, order, paneScroll} = screen;
		const {pane, isFramed, listColumns, listRows, paneColumns, paneRows} = layoutOf(state);
		const border = isFramed ? 1 : 0;
		const headings = headingCells(state, screen, listColumns).flatMap(({column, columns, sort}): Region[] => sort === undefined
			? []
			: [{
				name: `heading ${sort}`, column: column + border, row: border, columns, rows: 1, click: () => headingClicked({sort, isSorted: order === 'chosen' && sort === query.sort}),
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
		const onBar = ({row}: Place) => rowClicked(indexOnBar(row, listRows + 1, list.ids.length));
		const bar: Region = {
			name: 'bar', column: listColumns + 1, row: 1, columns: 1, rows: listRows + 1, click: onBar, drag: onBar,
		};
		const length = pane === 'none' ? 0 : paneLength(state, screen);
		return [
			...list.ids.length === 0 ? [] : [...headings, rows],
			...isFramed && list.ids.length > listRows ? [bar] : [],
			...pane === 'none' ? [] : [detail],
			...isFramed && length > 0
				? regionsOfPane(state, {
					place: detail, columns: paneColumns, rows: paneRows, isFramed, scroll: {top: paneScroll, length},
				})
				: [],
		];
	};
};
