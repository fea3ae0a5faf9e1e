import {layoutOf} from '../../layout.js';
import {cardRows} from '../../parts/cards.js';
import {panelRoom} from '../../parts/panel.js';
import type {UiState} from '../../ui-state.js';
import {failureLines} from '../../parts/failure.js';
import {failureHint, summaryCards} from './summary.js';

/**
How many rows each part gets, with its borders where it has some.
*/
export type ImportLayout = {
	isFramed: boolean;
	/**
	The whole run: its bar, or how it ended or failed.
	*/
	head: number;
	cards: number;
	libraries: number;
	isTable: boolean;
	/**
	What happens now, where there are no borders.
	*/
	requests: number;
	/**
	What was imported last, beside the problems.
	*/
	latestColumns: number;
	bottom: number;
	/**
	The room for problems.
	*/
	problems: {columns: number; rows: number};
};

const fewestBottomRows = 5;

export const importLayout = (state: UiState): ImportLayout => {
	const {bodyRows, isFramed} = layoutOf(state);
	return isFramed ? framedLayout(state, bodyRows) : bareLayout(state, bodyRows);
};

const librariesOf = ({job}: UiState) => Math.max(1, (job.result ?? job.progress).libraries.length);

// With more than one library, a sum ends them.
const listedRows = (state: UiState) => librariesOf(state) + (librariesOf(state) > 1 ? 1 : 0);

const hasProblems = ({job}: UiState) => job.problems.ids.length > 0;

const framedLayout = (state: UiState, bodyRows: number): ImportLayout => {
	const {job, size: {columns}} = state;
	const rows = job.failure === undefined
		? (job.result === undefined ? runningRows(state, bodyRows) : resultRows(state, bodyRows))
		: failureRows(state, bodyRows);
	const bottom = Math.max(0, bodyRows - rows.head - rows.cards - rows.libraries);
	const isBeside = job.result === undefined && job.failure === undefined && hasProblems(state) && columns >= 76;
	const latestColumns = isBeside ? Math.floor(columns * 0.35) : (hasProblems(state) || job.result !== undefined || job.failure !== undefined ? 0 : columns);
	return {
		isFramed: true, isTable: false, ...rows, requests: 0, bottom, latestColumns,
		problems: panelRoom({columns: columns - (isBeside ? latestColumns : 0), rows: bottom, isFramed: true}),
	};
};

type Rows = Pick<ImportLayout, 'head' | 'cards' | 'libraries'> & {isTable?: boolean};

const runningRows = (state: UiState, bodyRows: number): Rows => {
	const head = bodyRows >= 30 ? 7 : 4;
	return {head, cards: 0, libraries: Math.max(3, Math.min(librariesOf(state) + 2, bodyRows - head - fewestBottomRows))};
};

const failureRows = (state: UiState, bodyRows: number): Rows => {
	const lines = failureLines(state.job.failure!, state.size.columns - 2, failureHint).length;
	return {head: hasProblems(state) ? Math.min(lines + 2, bodyRows - fewestBottomRows) : bodyRows, cards: 0, libraries: 0};
};

const resultRows = (state: UiState, bodyRows: number): Rows => {
	const {columns} = state.size;
	const head = 4;
	const wantedCards = cardRows(summaryCards(state, columns).length, columns);
	const cards = bodyRows >= 18 ? wantedCards : 0;
	const kept = hasProblems(state) ? fewestBottomRows : 0;
	const listed = listedRows(state);
	const tableRows = (2 * listed) + 3;
	const room = bodyRows - head - cards - kept;
	const isTable = columns >= 80 && tableRows <= room;
	return {
		head, cards, libraries: isTable ? tableRows : Math.max(0, Math.min(listed + 3, room)), isTable,
	};
};

const bareLayout = (state: UiState, bodyRows: number): ImportLayout => {
	const {job, size: {columns}} = state;
	// A heading, and three rows to scroll in; the summary itself says when there were none.
	const kept = hasProblems(state) ? 4 : (job.result === undefined ? 1 : 0);
	const share = (head: number, libraries: number, requests: number): ImportLayout => ({
		isFramed: false, head, cards: 0, libraries, isTable: false, requests, latestColumns: 0, bottom: bodyRows - head - libraries - requests,
		problems: {columns, rows: Math.max(1, bodyRows - head - libraries - requests - 1)},
	});
	if (job.result !== undefined) {
		const listed = Math.min(listedRows(state) + 1, bodyRows - kept - 3);
		return share(3, Math.max(1, listed), 0);
	}

	if (job.failure !== undefined) {
		const head = hasProblems(state) ? Math.min(8, bodyRows - kept) : bodyRows - 2;
		return share(Math.max(2, head), 0, 0);
	}

	const most = Math.max(1, Math.floor(bodyRows / 2) - 2);
	return share(1, Math.min(librariesOf(state), most), 1);
};
