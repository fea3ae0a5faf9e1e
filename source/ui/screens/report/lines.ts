import type {ReportRow} from '../../../reports/report-row.js';
import {line, span, type Line} from '../../line.js';
import {cell} from '../../parts/cells.js';
import {failureLines} from '../../parts/failure.js';
import {sentences} from '../../parts/wrap.js';
import type {Glyphs} from '../../theme.js';
import {isNarrowed, rowsById, type ReportScreen} from './reduce.js';
import type {ShownColumn} from './report-screens.js';

const gap = '  ';
const pointerWidth = 2;

type Fitted = ReadonlyArray<{index: number; heading: string; width: number; align: 'left' | 'right'}>;

const fitted = (all: readonly ShownColumn[], columns: number): Fitted => {
	const shown = all.map((column, index) => ({...column, index})).filter(({minColumns = 0}) => columns >= minColumns);
	let left = columns - pointerWidth - (gap.length * (shown.length - 1));
	let shares = 0;
	for (const {width} of shown) {
		left -= typeof width === 'number' ? width : 0;
		shares += typeof width === 'number' ? 0 : width.share;
	}

	return shown.map(({index, heading, width, align}) => ({
		index, heading, align, width: typeof width === 'number' ? width : Math.max(4, Math.floor(left * width.share / shares)),
	}));
};

type Options = {shape: readonly ShownColumn[]; glyphs: Glyphs; columns: number; rows: number};

/**
The heading and the rows that are on the screen; no other row is read.
*/
export const reportLines = (screen: ReportScreen, {shape, glyphs, columns, rows}: Options): Line[] => {
	const {failure, list} = screen;
	if (failure !== undefined) {
		return failureLines(failure, columns, 'Press r to try again, or Esc to go back.');
	}

	if (screen.rows === undefined) {
		return sentences(['Reading …'], columns, 'dim');
	}

	if (list.ids.length === 0) {
		return sentences(isNarrowed(screen) ? ['Nothing matches the filter.', 'Press Esc to clear it.'] : ['There is nothing here.'], columns);
	}

	const byId = rowsById(screen.rows);
	const fit = fitted(shape, columns);
	const heading = fit.map(({heading: text, width, align}) => cell(text, width, align)).join(gap);
	return [
		line(`${' '.repeat(pointerWidth)}${heading}`, 'strong'),
		...list.ids.slice(list.top, list.top + rows).map((id, offset) => rowLine(byId.get(id)!, list.top + offset === list.cursor, {fit, glyphs, columns})),
	];
};

const rowLine = ({cells, isHeading = false, tone}: ReportRow, isSelected: boolean, {fit, glyphs, columns}: {fit: Fitted; glyphs: Glyphs; columns: number}): Line => {
	const pointer = isSelected ? `${glyphs.pointer} ` : ' '.repeat(pointerWidth);
	const text = isHeading
		? cell(cells[0] ?? '', columns - pointerWidth)
		: fit.map(({index, width, align}) => cell(cells[index] ?? '', width, align)).join(gap);
	return [span(`${pointer}${text}`, isSelected ? 'selected' : (tone ?? (isHeading ? 'strong' : 'plain')))];
};
