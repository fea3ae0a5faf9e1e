import {absenceText} from '../../../catalog/fields/item-library-fields.js';
import type {CatalogIndex, ItemSummary} from '../../../query/types.js';
import {
	blank,
	line,
	span,
	type Line,
} from '../../line.js';
import type {Glyphs} from '../../theme.js';
import type {UiState} from '../../ui-state.js';
import {cell} from '../../parts/cells.js';
import {failureLines} from '../../parts/failure.js';
import {sentences} from '../../parts/wrap.js';
import {listColumns, type ListColumn} from '../../../query/list-fields.js';
import type {BrowseScreen} from './reduce.js';

const gap = 2;
const smallestTitle = 20;

const pointerWidth = 2;

const fitColumns = (level: BrowseScreen['level'], columns: number): {columns: ListColumn[]; titleWidth: number} => {
	const fitted: ListColumn[] = [];
	let titleWidth = columns - pointerWidth;
	// On a narrow terminal only two columns can be read.
	const most = columns < 60 ? 1 : Infinity;
	for (const column of listColumns(level)) {
		const left = titleWidth - column.width - gap;
		if (left < smallestTitle || fitted.length >= most) {
			break;
		}

		titleWidth = left;
		fitted.push(column);
	}

	return {columns: fitted, titleWidth};
};

const columnGap = ' '.repeat(gap);

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

	const fitted = fitColumns(screen.level, columns);
	const lines: Line[] = [heading(screen, fitted, glyphs)];
	for (const [offset, id] of list.ids.slice(list.top, list.top + rows).entries()) {
		const item = index.get(id);
		const isSelected = list.top + offset === list.cursor;
		lines.push(item === undefined
			? line(cell('', columns))
			: row(item, isSelected, fitted, glyphs));
	}

	return lines;
};

type Fitted = ReturnType<typeof fitColumns>;

/**
The cells of the heading, each with the gap before it, and what they sort by.
*/
export const headingCells = (level: BrowseScreen['level'], width: number): Array<{column: number; columns: number; sort: ListColumn['sort']}> => {
	const {columns} = fitColumns(level, width);
	let end = width;
	const cells = columns.toReversed().map(({width: own, sort}) => {
		end -= own + gap;
		return {column: end, columns: own + gap, sort};
	});
	return [...cells, {column: 0, columns: end, sort: 'title' as const}];
};

const heading = ({query}: BrowseScreen, {columns, titleWidth}: Fitted, glyphs: Glyphs): Line => {
	const arrow = query.descending === true ? glyphs.descending : glyphs.ascending;
	const titled = (name: string, sort: ListColumn['sort']) => sort !== undefined && sort === query.sort ? `${name}${arrow}` : name;
	const cells = columns.map(column => {
		const text = titled(column.heading, column.sort);
		return cell(text.length > column.width ? column.heading : text, column.width, column.align);
	});
	return line([' '.repeat(pointerWidth) + cell(titled('Title', 'title'), titleWidth), ...cells].join(columnGap), 'strong');
};

const row = (item: ItemSummary, isSelected: boolean, {columns, titleWidth}: Fitted, glyphs: Glyphs): Line => {
	const pointer = isSelected ? `${glyphs.pointer} ` : ' '.repeat(pointerWidth);
	const cells = columns.map(column => cell(column.value(item), column.width, column.align));
	const absence = absenceText(item);
	// Without its column, the state is at the title.
	const mark = absence === '' || columns.some(({name}) => name === 'state') ? '' : `(${absence}) `;
	const text = [pointer + cell(mark + titleOf(item), titleWidth), ...cells].join(columnGap);
	return [span(text, isSelected ? 'selected' : (absence === '' ? 'plain' : 'dim'))];
};

export const titleOf = ({title, editionTitle}: ItemSummary): string =>
	editionTitle === undefined ? title : `${title} (${editionTitle})`;

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
		return [blank, ...sentences(['Nothing matches the filter.', 'Press Esc to clear it.'], columns)];
	}

	const isComing = job.status === 'running' && job.libraryIds.includes(screen.query.libraryId ?? '');
	return [blank, ...sentences(isComing
		? ['Nothing is here yet.', 'The import is running; rows appear as they are saved.']
		: [`No ${screen.level}s are in the catalogue here.`, 'Press R to import this library, or Esc to go back.'], columns)];
};
