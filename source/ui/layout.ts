import {clean, cleanLines} from '../base/text/clean.js';
import {wrapText} from './parts/wrap.js';
import {baseScreen, type UiState} from './ui-state.js';

export const smallest = {columns: 40, rows: 10};

const smallestFramed = {columns: 60, rows: 14};

export type Layout = {
	isTooSmall: boolean;
	/**
	There is room for borders.
	*/
	isFramed: boolean;
	bodyTop: number;
	bodyRows: number;
	pane: 'none' | 'side' | 'below';
	listColumns: number;
	paneColumns: number;
	/**
	Rows of the list without its heading, and of the pane without its rule.
	*/
	listRows: number;
	paneRows: number;
};

export const layoutOf = (state: UiState): Layout => {
	const {columns, rows} = state.size;
	const bodyTop = 1 + banners(state).length;
	const bodyRows = Math.max(0, rows - bodyTop - messageLines(state).length);
	const pane = paneOf(state);
	const paneColumns = pane === 'side' ? Math.floor(columns * 0.4) - 2 : columns;
	const paneRows = pane === 'below' ? Math.floor(bodyRows * 0.4) : bodyRows;
	return {
		isTooSmall: columns < smallest.columns || rows < smallest.rows,
		isFramed: columns >= smallestFramed.columns && rows >= smallestFramed.rows,
		bodyTop,
		bodyRows,
		pane,
		listColumns: pane === 'side' ? columns - paneColumns - 2 : columns,
		paneColumns,
		listRows: Math.max(1, bodyRows - 1 - (pane === 'below' ? paneRows + 1 : 0)),
		paneRows,
	};
};

/**
Notices that every screen shows. They leave at least half of the rows to the screen.
*/
export const banners = (state: UiState): string[] => {
	const {notice, readOnlyReason, size} = state;
	const isSaid = baseScreen(state).tellsWriter === true && state.watch.source !== undefined;
	const texts = [notice === undefined ? undefined : `${notice} (Esc hides this.)`, isSaid ? undefined : readOnlyReason].filter(text => text !== undefined);
	const lines = texts.flatMap(text => wrapText(cleanLines(text), size.columns - 2));
	return lines.slice(0, Math.max(0, Math.floor((size.rows - 4) / 2)));
};

/**
The message at the bottom, wrapped into up to three lines; without a message, one empty line for the hints.
*/
export const messageLines = ({message, size}: UiState): string[] =>
	message === undefined ? [''] : wrapText(clean(message.text), size.columns - 2).slice(0, 3);

const paneOf = (state: UiState): Layout['pane'] => {
	const {columns, rows} = state.size;
	if (baseScreen(state).hasPane === false || state.stack.every(({hasPane}) => hasPane !== true)) {
		return 'none';
	}

	if (columns >= 120) {
		return state.isPaneOn === false ? 'none' : 'side';
	}

	return columns >= 80 && rows >= 16 && state.isPaneOn === true ? 'below' : 'none';
};
