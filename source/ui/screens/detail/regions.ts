import {displayWidth} from '../../../base/text/width.js';
import {indexOnBar, type Place, type Region} from '../../input/pointer.js';
import {message} from '../../messages.js';
import {detailTabs, type DetailState, type UiState} from '../../ui-state.js';
import {detailTabSpans} from './lines.js';

type ScrollRows = (state: UiState, rows: number) => UiState;

/**
The tabs of a detail and its scroll bar. `place` is the upper left corner of its panel, and `columns` and `rows` are the room in it.
*/
export const detailRegions = (scrollRows: ScrollRows) => {
	const tabChosen = message((state, tab: DetailState['tab']) => scrollRows({...state, detail: {...state.detail, tab}}, -Infinity));
	const scrolled = message(scrollRows);
	return ({detail}: UiState, {place, columns, rows, isFramed, scroll: {top, length}}: {place: Place; columns: number; rows: number; isFramed: boolean; scroll: {top: number; length: number}}): Region[] => {
		// The corner, a rule and a blank.
		let column = place.column + (isFramed ? 3 : 0);
		const tabs: Region[] = [];
		for (const [index, {text}] of detailTabSpans(detail, columns).entries()) {
			const width = displayWidth(text);
			const tab = detailTabs[index / 2];
			if (tab !== undefined) {
				tabs.push({
					name: `tab ${tab}`, column, row: place.row, columns: width, rows: 1, click: () => tabChosen(tab),
				});
			}

			column += width;
		}

		const toRow = ({row}: Place) => scrolled(indexOnBar(row, rows, length - rows + 1) - top);
		const bar: Region = {
			name: 'bar of the detail', column: place.column + columns + 1, row: place.row + 1, columns: 1, rows, click: toRow, drag: toRow,
		};
		return isFramed && length > rows ? [...tabs, bar] : tabs;
	};
};
