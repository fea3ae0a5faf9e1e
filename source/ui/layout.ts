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

const hasRoomForFrames = ({columns, rows}: UiState['size']): boolean => columns >= smallestFramed.columns && rows >= smallestFramed.rows;

export const layoutOf = (state: UiState): Layout => {
	const {columns, rows} = state.size;
	const isFramed = hasRoomForFrames(state.size);
	const bodyTop = headerRows(state) + banners(state).length;
	const bodyRows = Math.max(0, rows - bodyTop - 1 - (isFramed ? 0 : messageLines(state).length - 1));
	const pane = paneOf(state);
	// Two borders take four cells of both, a rule alone takes two.
	const hasBorders = isFramed && baseScreen(state).isInPanels === true;
	const paneColumns = pane === 'side' ? Math.floor(columns * 0.4) - 2 : columns - (hasBorders ? 2 : 0);
	const paneHeight = pane === 'below' ? Math.floor(bodyRows * 0.4) : bodyRows;
	const paneRows = Math.max(0, paneHeight - (hasBorders ? 2 : 0));
	return {
		isTooSmall: columns < smallest.columns || rows < smallest.rows,
		isFramed,
		bodyTop,
		bodyRows,
		pane,
		listColumns: columns - (hasBorders ? 2 : 0) - (pane === 'side' ? paneColumns + 2 : 0),
		paneColumns,
		listRows: Math.max(1, bodyRows - 1 - (hasBorders ? 2 : 0) - (pane === 'below' ? paneHeight + (hasBorders ? 0 : 1) : 0)),
		paneRows,
	};
};

/**
The path and the state of the server, and where there is room the tabs of the libraries.
*/
export const headerRows = ({size: {columns, rows}}: UiState): number => columns >= 80 && rows >= 20 ? 2 : 1;

/**
Notices that every screen shows. They leave at least half of the rows to the screen.
*/
export const banners = (state: UiState): string[] => {
	const {notice, readOnlyReason, size} = state;
	const isSaid = baseScreen(state).tellsWriter === true && state.watch.source !== undefined;
	const wayOut = '(Esc hides this.)';
	const texts = [notice === undefined ? undefined : `${notice} ${wayOut}`, isSaid ? undefined : readOnlyReason].filter(text => text !== undefined);
	const lines = texts.flatMap(text => wrapText(cleanLines(text), size.columns - 2));
	const room = Math.max(0, Math.floor((size.rows - 4) / 2));
	// What is cut still says how it goes away.
	return notice === undefined || room < 2 || lines.length <= room ? lines.slice(0, room) : [...lines.slice(0, room - 1), wayOut];
};

/**
The message at the bottom, wrapped into up to three lines; without a message, one empty line for the hints.
*/
export const messageLines = ({message, size}: UiState): string[] => {
	// A mark takes two cells, and a toast lies within the borders.
	const width = size.columns - (hasRoomForFrames(size) ? 6 : 2);
	return message === undefined ? [''] : wrapText(clean(message.text), width).slice(0, 3);
};

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
