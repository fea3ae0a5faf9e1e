import {clean} from '../../../base/text/clean.js';
import type {ReportRow} from '../../../reports/report-row.js';
import {markedIds, type Markable} from '../../parts/marks.js';
import {
	changeScreens,
	topScreen,
	type Screen,
	type UiState,
} from '../../ui-state.js';
import {message} from '../../messages.js';
import {isBrowse} from '../browse/reduce.js';
import {isDetail} from '../detail/effects.js';
import {isReport, markableIn, rowsById} from '../report/reduce.js';

/**
What a key for items acts on: what is marked, else what is under the cursor.
*/
export type Subject = {
	itemIds: readonly string[];
	/**
	The rows of a report as text; a list has none.
	*/
	rowTexts: readonly string[];
};

const noSubject: Subject = {itemIds: [], rowTexts: []};

type MarkableScreen = Screen & Markable;

const isMarkable = (screen: Screen): screen is MarkableScreen => 'marks' in screen;

const chosenIds = ({list: {selectedId, ids}}: Markable, marked: readonly string[]): readonly string[] =>
	selectedId === undefined || marked.length > 0 || ids.length === 0 ? marked : [selectedId];

export const subjectOf = (state: UiState): Subject => {
	const screen = topScreen(state);
	if (isDetail(screen)) {
		return {itemIds: [screen.id], rowTexts: []};
	}

	if (isBrowse(screen)) {
		return {itemIds: chosenIds(screen, markedIds(screen)), rowTexts: []};
	}

	if (!isReport(screen)) {
		return noSubject;
	}

	const byId = rowsById(screen.rows ?? []);
	const rows = chosenIds(screen, markedIds(screen, markableIn(screen))).map(id => byId.get(id)).filter(row => row !== undefined);
	return {itemIds: [...new Set(rows.flatMap(row => itemOf(row)))], rowTexts: rows.map(row => textOf(row))};
};

const itemOf = ({opens}: ReportRow): string[] => opens !== undefined && 'itemId' in opens ? [opens.itemId] : [];

const textOf = ({cells}: ReportRow) => cells.map(text => clean(text).trim()).filter(text => text !== '').join('  ');

/**
The marks of the list on top, whose size can be asked for.
*/
export const marksToMeasure = (state: UiState): Markable['marks'] | undefined => {
	const screen = topScreen(state);
	const marks = isMarkable(screen) ? screen.marks : undefined;
	return marks === undefined || marks.ids.size === 0 || marks.from !== undefined || marks.sizeBytes !== undefined ? undefined : marks;
};

/**
The answer is dropped where other rows have been marked since.
*/
export const marksMeasured = message((state, {marks, sizeBytes}: {marks: Markable['marks']; sizeBytes: number}) =>
	changeScreens(state, isMarkable, screen => screen.marks === marks ? {...screen, marks: {...marks, sizeBytes}} : screen));
