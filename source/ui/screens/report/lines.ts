import {orMeant} from '../../../query/language/meant.js';
import type {ReportColumn} from '../../../reports/printers/table.js';
import {reportScreenOf, type ReportName} from '../../../reports/registry.js';
import type {ReportRow} from '../../../reports/report-row.js';
import type {MouseAct, Region} from '../../input/pointer.js';
import {layoutOf} from '../../layout.js';
import {
	line,
	span,
	type Line,
	type Span,
} from '../../line.js';
import {cell, fitLine, rowLine} from '../../parts/cells.js';
import {failureLines} from '../../parts/failure.js';
import {placeIn} from '../../parts/list.js';
import {markTest, rowStart, withMarks} from '../../parts/marks.js';
import {heatCells} from '../../parts/meter.js';
import {panelLines, panelRoom} from '../../parts/panel.js';
import {sentences} from '../../parts/wrap.js';
import type {Glyphs} from '../../theme.js';
import type {UiState} from '../../ui-state.js';
import {
	isAsking,
	isNarrowed,
	markableIn,
	rowsAbove,
	rowsById,
	type ReportScreen,
} from './reduce.js';

const gap = '  ';
const pointerWidth = 2;
// Below the title, which follows a column of 12 cells.
const indent = 16;

export type ShownColumn = Omit<NonNullable<ReportColumn<never>['screen']>, 'cell'> & {heading: string} & Required<Pick<ReportColumn<never>, 'align' | 'position'>>;

export const shapeOf = (name: ReportName): readonly ShownColumn[] => reportScreenOf(name).columns
	.flatMap(({heading, align = 'left', position = 'end', screen}): ShownColumn[] => {
		const names = {heading, align, position};
		return screen === undefined ? [] : [{...names, ...screen}];
	});

type Fitted = ReadonlyArray<Pick<ShownColumn, 'heading' | 'align' | 'position'> & {index: number; width: number}>;

type Options = {shape: readonly ShownColumn[]; glyphs: Glyphs; columns: number; rows: number; isFramed: boolean};

const fitted = ({shape, columns, isFramed}: Pick<Options, 'shape' | 'columns' | 'isFramed'>): Fitted => {
	const shown = shape.map((column, index) => ({...column, index})).filter(({minColumns = 0, isBelow = false}) => columns >= minColumns && !(isFramed && isBelow));
	let left = columns - pointerWidth - (gap.length * (shown.length - 1));
	let shares = 0;
	for (const {width} of shown) {
		left -= typeof width === 'number' ? width : 0;
		shares += typeof width === 'number' ? 0 : width.share;
	}

	return shown.map(({index, heading, width, align, position}) => ({
		index, heading, align, position, width: typeof width === 'number' ? width : Math.max(4, Math.floor(left * width.share / shares)),
	}));
};

/**
How many rows are on the screen at least. Where a cell has a line of its own, each row may need two.
*/
export const reportRows = (state: UiState, screen: ReportScreen, shape: readonly ShownColumn[]): number => {
	const {listRows, isFramed} = layoutOf(state);
	const rows = isFramed ? listRows - 2 - rowsAbove(screen).length : listRows;
	return Math.max(1, isFramed && shape.some(({isBelow}) => isBelow) ? Math.floor(rows / 2) : rows);
};

/**
Where the rows of the list are in the body of the screen, and how many lines they may take.
*/
const placeOfRows = (state: UiState, screen: ReportScreen): {column: number; row: number; columns: number; rows: number; isFramed: boolean} => {
	const {bodyRows, listRows, isFramed} = layoutOf(state);
	const {columns} = state.size;
	if (!isFramed) {
		return {
			column: 0, row: 1, columns, rows: listRows, isFramed,
		};
	}

	const room = panelRoom({columns, rows: bodyRows, isFramed});
	const above = rowsAbove(screen).length;
	return {
		column: 1, row: 2 + above, columns: room.columns, rows: room.rows - 1 - above, isFramed,
	};
};

/**
The rows of the list. Their place counts from the first line of the screen.
*/
export const reportRegions = (state: UiState, screen: ReportScreen, shape: readonly ShownColumn[], rowClicked: (at: number) => MouseAct): Region[] => {
	const {list, rows: all, failure} = screen;
	if (failure !== undefined || all === undefined || list.ids.length === 0) {
		return [];
	}

	const place = placeOfRows(state, screen);
	const byId = rowsById(all);
	const shown = list.ids.slice(list.top, list.top + place.rows)
		.flatMap((id, offset) => Array.from({length: 1 + textsBelow(byId.get(id)!, {...place, shape}).length}, () => list.top + offset))
		.slice(0, place.rows);
	return [{
		name: 'rows',
		column: place.column,
		row: place.row,
		columns: place.columns,
		rows: shown.length,
		click: ({row}) => rowClicked(shown[row]!),
		open: () => ({key: 'enter'}),
	}];
};

export const reportView = (state: UiState, screen: ReportScreen, {title, ...options}: Pick<Options, 'shape' | 'glyphs'> & {title: string}): Line[] => {
	const place = placeOfRows(state, screen);
	const lines = reportLines(screen, {...options, ...place});
	if (!place.isFramed) {
		return lines;
	}

	return panelLines({
		columns: state.size.columns,
		rows: layoutOf(state).bodyRows,
		isFramed: true,
		glyphs: options.glyphs,
		title: screen.crumb ?? title,
		isFocused: true,
		position: withMarks(screen, placeIn(screen.list), markableIn(screen)),
		lines: [...rowsAbove(screen).map(row => heatLine(row, place.columns, options.glyphs)), ...lines],
		scroll: {top: screen.list.top, length: screen.list.ids.length},
	});
};

export const reportLines = (screen: ReportScreen, options: Options): Line[] => {
	const {failure, list} = screen;
	const {columns, rows} = options;
	if (failure !== undefined) {
		return failureLines(failure, columns, 'Press r to try again, or Esc to go back.');
	}

	if (screen.rows === undefined) {
		return sentences(['Reading …'], columns, 'dim');
	}

	if (list.ids.length === 0) {
		return sentences(isNarrowed(screen) ? [`Nothing matches the filter${isAsking(screen) ? orMeant(screen.answeredText) : '.'}`, 'Press Esc to clear it.'] : ['There is nothing here.'], columns);
	}

	const byId = rowsById(screen.rows);
	const fit = fitted(options);
	const isMarked = markTest(screen, markableIn(screen));
	const heading = fit.map(({heading: text, width, align}) => cell(text, width, align)).join(gap);
	const shown = list.ids.slice(list.top, list.top + rows).flatMap((id, offset) => {
		const row = byId.get(id)!;
		const isSelected = list.top + offset === list.cursor;
		return [shownLine(row, {
			...options, fit, isSelected, isMarked: isMarked(list.top + offset), isFolded: screen.folded.has(id),
		}), ...textsBelow(row, options).map(text => line(cell(' '.repeat(indent) + text, columns, 'left', 'parts'), 'dim'))];
	});
	return [line(' '.repeat(pointerWidth) + heading, 'strong'), ...shown.slice(0, rows)];
};

type RowOptions = Options & {fit: Fitted; isSelected: boolean; isMarked: boolean; isFolded: boolean};

const shownLine = (row: ReportRow, {fit, glyphs, columns, isSelected, isMarked, isFolded}: RowOptions): Line => {
	const {cells, tone, change} = row;
	const pointer = rowStart(isSelected, isMarked, glyphs);
	if (row.isHeading === true) {
		const fold = row.isFoldable === true ? `${isFolded ? glyphs.folded : glyphs.unfolded} ` : '';
		const text = cell(fold + (cells[0] ?? ''), columns - pointerWidth);
		return rowLine([span(pointer), span(text, tone ?? 'strong')], columns, isSelected);
	}

	const spans = fit.map(({index, width, align, position}, place): Span => {
		const text = cells[index] ?? '';
		const shown = cell(place === 0 && change !== undefined ? `${glyphs[change]} ${text}` : text, width, align, position);
		return span(place === 0 ? shown : gap + shown, place === 0 && change !== undefined ? change : tone ?? 'plain');
	});
	return rowLine([span(pointer), ...isMarked ? spans.map(({text}) => span(text, 'accent')) : spans], columns, isSelected);
};

const heatLine = ({cells, amounts = []}: ReportRow, columns: number, glyphs: Glyphs): Line => fitLine([
	span(`${' '.repeat(pointerWidth)}${cell(cells[0] ?? '', 18)}`, 'dim'),
	span(heatCells(amounts, glyphs), 'added'),
], columns);

/**
The cells that have a line of their own, where they are not empty.
*/
const textsBelow = ({cells, isHeading}: ReportRow, {shape, isFramed}: Pick<Options, 'shape' | 'isFramed'>): string[] =>
	isFramed && isHeading !== true ? shape.map(({isBelow}, index) => isBelow === true ? cells[index] ?? '' : '').filter(text => text.trim() !== '') : [];
