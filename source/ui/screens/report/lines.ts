import type {ReportName, ReportRow} from '../../../reports/report-row.js';
import {line, span, type Line} from '../../line.js';
import type {ReportScreen} from '../../ui-state.js';
import type {Glyphs} from '../../theme.js';
import {cell} from '../../parts/cells.js';
import {failureLines, sentences} from '../../parts/sentences.js';
import {isNarrowed, rowsById} from './reduce.js';

type ReportColumn = {
	heading: string;
	/**
	Cells, or a share of what the others leave.
	*/
	width: number | {share: number};
	align?: 'right';
	/**
	Left out where the terminal is narrower.
	*/
	minColumns?: number;
};

const columnsOf: Readonly<Record<ReportName, readonly ReportColumn[]>> = {
	changes: [
		{heading: 'What', width: 10},
		{heading: 'When', width: 16, minColumns: 80},
		{heading: 'Title', width: {share: 2}},
		{heading: 'Before → after', width: {share: 3}},
	],
	timeline: [
		{heading: 'When', width: 16},
		{heading: 'What', width: 10},
		{heading: 'Before → after', width: {share: 1}},
	],
	runs: [
		{heading: 'When', width: 16},
		{heading: 'Command', width: 7, minColumns: 60},
		{heading: 'Result', width: 11},
		{
			heading: 'Took', width: 9, align: 'right', minColumns: 80,
		},
		{heading: 'Changes', width: {share: 1}},
		{
			heading: 'Problems', width: 8, align: 'right', minColumns: 60,
		},
	],
	run: [{heading: 'Run', width: {share: 1}}],
	log: [{heading: 'Log', width: {share: 1}}],
	held: [
		{heading: 'Type', width: 7},
		{heading: 'Title', width: {share: 1}},
		{
			heading: 'Year', width: 4, align: 'right', minColumns: 60,
		},
		{heading: 'Quality', width: 8, minColumns: 80},
		{heading: 'Size', width: 9, align: 'right'},
		{heading: 'Gone since', width: 16, minColumns: 80},
	],
};

const gap = '  ';
const pointerWidth = 2;

type Fitted = ReadonlyArray<{index: number; heading: string; width: number; align: 'left' | 'right'}>;

const fitted = (name: ReportName, columns: number): Fitted => {
	const shown = columnsOf[name].map((column, index) => ({align: 'left' as const, ...column, index})).filter(({minColumns = 0}) => columns >= minColumns);
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

type Options = {glyphs: Glyphs; columns: number; rows: number};

/**
The heading and the rows that are on the screen; no other row is looked at.
*/
export const reportLines = (screen: ReportScreen, {glyphs, columns, rows}: Options): Line[] => {
	const {name, failure, list} = screen;
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
	const fit = fitted(name, columns);
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
