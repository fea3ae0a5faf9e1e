import {absenceText} from '../../../catalog/fields/item-library-fields.js';
import {plural} from '../../../base/text/format.js';
import {displayWidth} from '../../../base/text/width.js';
import type {ItemRow} from '../../../query/item-columns.js';
import type {CatalogIndex, ItemSummary} from '../../../query/types.js';
import {
	blank,
	line,
	lineText,
	span,
	type Line,
	type Span,
	type Tone,
} from '../../line.js';
import type {Glyphs} from '../../theme.js';
import type {UiState} from '../../ui-state.js';
import {cell, short} from '../../parts/cells.js';
import {failureLines} from '../../parts/failure.js';
import {markTest, rowStart} from '../../parts/marks.js';
import {sentences} from '../../parts/wrap.js';
import {sortChoices, type ListColumn} from '../../../query/list-fields.js';
import {meantQuery} from '../../../query/language/meant.js';
import {orSuggestion} from '../../../query/language/query-error.js';
import {resolutionTone} from '../detail/lines.js';
import type {BrowseScreen} from './reduce.js';
import {
	columnGap,
	fitColumns,
	markCells,
	pointerCells,
	rowTitle,
	summaryRow,
	type Fitted,
} from './table.js';

const gap = ' '.repeat(columnGap);

// Stands where the records of a row have still to be read.
const unread = '…';

type Rows = {
	index: Pick<CatalogIndex, 'get'>;
	glyphs: Glyphs;
	columns: number;
	rows: number;
};

/**
The heading and the rows that are on the screen; no other row is read.
*/
export const browseLines = (state: UiState, screen: BrowseScreen, {index, glyphs, columns, rows}: Rows): Line[] => {
	const {list} = screen;
	if (list.ids.length === 0) {
		return emptyBrowse(state, screen, columns);
	}

	const fitted = fitColumns(state, screen, columns);
	const rowOf = summaryRow(state, index);
	const isMarked = markTest(screen);
	const lines: Line[] = [headingLine(screen, fitted, glyphs)];
	for (const [offset, id] of list.ids.slice(list.top, list.top + rows).entries()) {
		const item = index.get(id);
		const isSelected = list.top + offset === list.cursor;
		const look = {isSelected, isMarked: isMarked(list.top + offset), cells: screen.cells?.get(id)?.texts};
		lines.push(item === undefined ? line(cell('', columns)) : row(screen, rowOf(item), {...fitted, ...look}, glyphs));
	}

	return lines;
};

/**
What the rows are sorted by, where no heading shows it.
*/
export const sortWords = (state: UiState, screen: BrowseScreen, glyphs: Glyphs, columns: number): string => {
	const {query, order} = screen;
	if (order !== 'chosen') {
		return order === 'match' ? '  best matches first' : '  in the order asked for';
	}

	const isShown = query.sort === 'title' || fitColumns(state, screen, columns).columns.some(({sort}) => sort === query.sort);
	const label = sortChoices.find(({field}) => field === query.sort)?.label.toLowerCase();
	return isShown || label === undefined ? '' : `  by ${label} ${arrowOf(query, glyphs)}`;
};

const arrowOf = ({descending}: BrowseScreen['query'], glyphs: Glyphs) => descending === true ? glyphs.descending : glyphs.ascending;

/**
The cells of the heading, each with the gap before it, and what they sort by.
*/
export const headingCells = (state: UiState, screen: BrowseScreen, width: number): Array<{column: number; columns: number; sort: ListColumn['sort']}> => {
	const {columns} = fitColumns(state, screen, width);
	let end = width;
	const cells = columns.toReversed().map(({width: own, sort}) => {
		end -= own + columnGap;
		return {column: end, columns: own + columnGap, sort};
	});
	return [...cells, {column: 0, columns: end, sort: 'title' as const}];
};

const headingLine = ({query, order}: BrowseScreen, {columns, titleWidth, hasMarks}: Fitted, glyphs: Glyphs): Line => {
	const arrow = arrowOf(query, glyphs);
	const titled = (name: string, sort: ListColumn['sort']) => order === 'chosen' && sort !== undefined && sort === query.sort ? `${name}${arrow}` : name;
	const cells = columns.map(({heading, sort, width, align}) => {
		const text = titled(heading, sort);
		// The arrow stays in sight where the heading is cut.
		return cell(text === heading || displayWidth(text) <= width ? text : `${short(heading, width - 1)}${arrow}`, width, align);
	});
	return line([' '.repeat(pointerCells + (hasMarks ? markCells : 0)) + cell(titled('Title', 'title'), titleWidth), ...cells].join(gap), 'strong');
};

type RowLook = Fitted & {isSelected: boolean; isMarked: boolean; cells: ReadonlyMap<string, string> | undefined};

const row = (screen: BrowseScreen, summary: ItemRow, {isSelected, isMarked, cells, columns, titleWidth, hasMarks}: RowLook, glyphs: Glyphs): Line => {
	const {item} = summary;
	const pointer = rowStart(isSelected, isMarked, glyphs);
	const absence = absenceText(item);
	const title = cell((absence === '' ? '' : `(${absence}) `) + rowTitle(screen, summary), titleWidth);
	const rest = columns.map(column => span(gap + cell(column.isRecordNeeded ? cells?.get(column.name) ?? unread : column.text(summary), column.width, column.align), toneOf(column, item)));
	const named = [span(pointer, isMarked ? 'accent' : 'plain'), ...hasMarks ? [markOf(item, glyphs)] : [], span(title, isMarked ? 'accent' : 'plain')];
	const fields = absence === '' ? joined(rest) : line(lineText(rest), 'dim');
	// Only the title is lit, so that a step of the cursor rewrites no other column.
	return isSelected ? [span(lineText(named), 'selected'), ...fields] : joined([...absence === '' ? named : line(lineText(named), 'dim'), ...fields]);
};

/**
Whether it was watched. What is not on the server any more has no mark.
*/
const markOf = (item: ItemSummary, {seen, begun, unseen}: Glyphs): Span => {
	if (absenceText(item) !== '') {
		return span('  ');
	}

	return item.isBegun ? span(`${begun} `, 'begun') : (item.isWatched ? span(`${seen} `, 'seen') : span(`${unseen} `));
};

const toneOf = ({name, isKey}: ListColumn, {resolution}: ItemSummary): Tone =>
	name === 'resolution' ? resolutionTone(resolution) : tonesOfColumns.get(name) ?? (isKey ? 'dim' : 'plain');

const tonesOfColumns = new Map<string, Tone>([['hdr', 'hdr'], ['rating', 'rating'], ['addedAt', 'dim']]);

/**
Spans of one tone as one span, which costs fewer bytes.
*/
const joined = (spans: readonly Span[]): Line => {
	const all: Span[] = [];
	for (const part of spans) {
		const last = all.at(-1);
		if (last !== undefined && (last.tone === part.tone || part.text.trim() === '')) {
			all[all.length - 1] = span(last.text + part.text, last.tone);
		} else {
			all.push(part);
		}
	}

	return all;
};

const nothingMatches = ({answeredText, isFiltering}: BrowseScreen): string[] => {
	const meant = meantQuery(answeredText);
	return [
		`Nothing matches the filter${orSuggestion(meant)}`,
		isFiltering && meant !== undefined ? 'Press Tab to take that, or Esc to clear the filter.' : 'Press Esc to clear it.',
	];
};

export const emptyBrowse = (state: UiState, screen: BrowseScreen, columns: number): Line[] => {
	const {load, job} = state;
	if (load.status === 'failed' && load.failure !== undefined) {
		return [blank, ...failureLines(load.failure, columns, 'Press r to try again.')];
	}

	if (load.status === 'loading') {
		return [blank, ...sentences([`Loading catalogue … ${Math.floor(load.share * 100)} %`], columns)];
	}

	if (screen.failure !== undefined) {
		return [blank, ...failureLines(screen.failure, columns, 'Press r to try again.')];
	}

	if (screen.answered === undefined) {
		return [blank, ...sentences(['Sorting …'], columns, 'dim')];
	}

	// Until a changed filter is answered, the old answer is explained.
	if (screen.answeredText.trim() !== '') {
		const {level, episodes, isFiltering} = screen;
		return [blank, ...sentences(episodes === 0
			? nothingMatches(screen)
			: [`No ${level} matches the filter, but ${plural(episodes, 'episode')} ${episodes === 1 ? 'does' : 'do'}.`, `Press Enter${isFiltering ? ' twice' : ''} to list ${episodes === 1 ? 'it' : 'them'}, or Esc to clear the filter.`], columns)];
	}

	const isComing = job.status === 'running' && job.libraryIds.includes(screen.query.libraryId ?? '');
	return [blank, ...sentences(isComing
		? ['Nothing is here yet.', 'The import is running; rows appear as they are saved.']
		: (screen.asks === undefined ? [`No ${screen.level}s are in the catalogue here.`, 'Press R to ask the server, or Esc to go back.'] : ['Nothing here has it any more.', 'Press Esc to go back.']), columns)];
};
