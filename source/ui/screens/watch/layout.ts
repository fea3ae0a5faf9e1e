import {cleanLines} from '../../../base/text/clean.js';
import {layoutOf} from '../../layout.js';
import type {UiState} from '../../ui-state.js';
import {wrapText} from '../../parts/wrap.js';
import {slowerWords} from './words.js';
import {newsOf} from './reduce.js';
import {watchPanes, type WatchPane} from './state.js';

export type HeaderPart = 'lost' | 'health' | 'push' | 'load' | 'plan' | 'day' | {reason: string};

export type WatchLayout = {
	/**
	All panes are shown, one below the other; otherwise only the one with the focus.
	*/
	isStacked: boolean;
	parts: readonly HeaderPart[];
	/**
	Each pane is a panel with borders.
	*/
	isRoomy: boolean;
	/**
	Rows of each pane without its heading. A hidden pane has the rows that it would get.
	*/
	rows: Readonly<Record<WatchPane, number>>;
};

/**
The panes in the order in which they stand. Alerts come first; Tab still goes round in the same order.
*/
export const paneOrder = ({watch: {known}}: UiState, isRoomy: boolean): readonly WatchPane[] =>
	isRoomy && (known?.status.alerts.length ?? 0) > 0 ? ['news', 'jobs', 'libraries'] : watchPanes;

export type PanePlace = {pane: WatchPane; row: number; rows: number};

/**
The panes that are shown, with the first of their rows and how many there are, counted from the first line of the screen.
*/
export const panePlaces = (state: UiState): PanePlace[] => {
	const {isStacked, isRoomy, parts, rows} = watchLayout(state);
	if (!isStacked) {
		const {focus} = state.watch;
		return [{pane: focus, row: parts.length + 1, rows: rows[focus]}];
	}

	let next = parts.length;
	return paneOrder(state, isRoomy).map(pane => {
		const row = next + 1 + (isRoomy && pane === 'libraries' ? 1 : 0);
		next = row + rows[pane] + (isRoomy ? 1 : 0);
		return {pane, row, rows: rows[pane]};
	});
};

const fewestStackedRows = 14;
const roomyRows = 30;
const mostReasons = 3;

export const watchLayout = (state: UiState): WatchLayout => {
	const {bodyRows, isFramed} = layoutOf(state);
	const isStacked = bodyRows >= fewestStackedRows;
	const isRoomy = isFramed && bodyRows >= roomyRows;
	const parts = isStacked ? stackedParts(state, isRoomy) : compactParts(state);
	// Borders, and the heading of the libraries inside of them.
	const room = bodyRows - parts.length - (isRoomy ? (2 * watchPanes.length) + 1 : watchPanes.length);
	const alone = Math.max(1, bodyRows - parts.length - 1);
	const rows = isStacked ? shareRows(room, wanted(state)) : {jobs: alone, libraries: alone, news: alone};
	return {
		isStacked, parts, isRoomy, rows,
	};
};

const compactParts = ({watch: {link}}: UiState): HeaderPart[] => [link?.isUp === false ? 'lost' : 'health'];

const stackedParts = ({watch: {known, link}, size}: UiState, isRoomy: boolean): HeaderPart[] => {
	const {reasons = [], health, quietUntil} = known?.status ?? {};
	const lines = health === 'ok' ? [] : reasons.flatMap(reason => wrapText(cleanLines(reason), size.columns - 4));
	return [
		...link?.isUp === false ? ['lost' as const] : [],
		'health',
		...lines.slice(0, mostReasons).map(reason => ({reason})),
		'push',
		...slowerWords(known?.status.load) === undefined ? [] : ['load' as const],
		...isRoomy || quietUntil !== undefined ? ['plan' as const] : [],
		...isRoomy ? ['day' as const] : [],
	];
};

const wanted = ({watch: {known}}: UiState): Record<WatchPane, number> => ({
	jobs: Math.max(1, known?.status.jobs.length ?? 0),
	libraries: Math.max(1, known?.status.libraries.length ?? 0),
	news: Math.max(1, known === undefined ? 0 : newsOf(known).length),
});

const shareRows = (room: number, wants: Record<WatchPane, number>): Record<WatchPane, number> => {
	const rows = {jobs: 0, libraries: 0, news: 0};
	let left = room;
	let wanting: readonly WatchPane[] = watchPanes;
	while (left > 0 && wanting.length > 0) {
		for (const pane of wanting.slice(0, left)) {
			rows[pane]++;
			left--;
		}

		wanting = wanting.filter(pane => rows[pane] < wants[pane]);
	}

	return rows;
};
