import {layoutOf} from '../../layout.js';
import type {UiState} from '../../ui-state.js';

export const libraryCardRows = 6;

const fewestColumns = 80;
const fewestCardColumns = 38;
const rowsBelow = 3;

/**
The places of the cards, one for each library, where there is room for all of them; else the libraries are rows of a list.
*/
export const cardPlaces = (state: UiState): ReadonlyArray<{column: number; row: number; columns: number}> | undefined => {
	const {columns} = state.size;
	const {length} = state.libraries.rows;
	const {isFramed, bodyRows} = layoutOf(state);
	const perRow = Math.min(Math.floor(columns / fewestCardColumns), Math.max(2, length));
	const wantedRows = (Math.ceil(length / perRow) * libraryCardRows) + rowsBelow;
	if (length === 0 || !isFramed || columns < fewestColumns || wantedRows > bodyRows) {
		return undefined;
	}

	const width = Math.floor(columns / perRow);
	return Array.from({length}, (_, index) => {
		const column = (index % perRow) * width;
		return {column, row: Math.floor(index / perRow) * libraryCardRows, columns: index % perRow === perRow - 1 ? columns - column : width};
	});
};

/**
How many rows of the list are on the screen. Where there is room they stand in a panel.
*/
export const shownRows = (state: UiState): number => {
	const {listRows, isFramed} = layoutOf(state);
	return cardPlaces(state)?.length ?? Math.max(1, isFramed ? listRows - 2 : listRows);
};

/**
The rows that the libraries themselves take.
*/
export const librariesHeight = (state: UiState): number => {
	const last = cardPlaces(state)?.at(-1);
	return last === undefined ? state.libraries.rows.length + 1 : last.row + libraryCardRows;
};
