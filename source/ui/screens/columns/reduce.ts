import {columnsOf, withColumns, type ChosenColumn} from '../../../query/column-choices.js';
import type {ItemType} from '../../../catalog/types.js';
import {findAskedField} from '../../../query/language/asked-fields.js';
import {listColumns, type ListColumn} from '../../../query/list-fields.js';
import type {ItemPreset} from '../../../reports/items/presets.js';
import {layoutOf} from '../../layout.js';
import {
	push,
	replaceTop,
	topScreen,
	type Screen,
	type UiState,
} from '../../ui-state.js';
import {
	browseScreen,
	sortBy,
	sortFieldsOf,
	type BrowseScreen,
} from '../browse/reduce.js';
import {fitColumns, wantedColumns} from '../browse/table.js';

/**
A line of the chooser. Without `width` the column is as wide as its content. "Always" means that this list shows it whatever is chosen, since its items are of several servers.
*/
export type ColumnLine = {column: ListColumn; isShown: boolean; isAlways: boolean; width: number | undefined};

/**
While it is open, a column stays where it is, also when it is hidden.
*/
export type ColumnsScreen = {name: 'columns'; isOverlay: true; cursor: number; lines: readonly ColumnLine[]};

const isColumns = (screen: Screen): screen is ColumnsScreen => screen.name === 'columns';

const linesOf = (state: UiState, browse: BrowseScreen): ColumnLine[] => {
	const chosen = columnsOf(browse.level, state.columnChoices);
	const wanted = wantedColumns(state, browse);
	const lines = wanted.map(({column, width}, index) => ({
		column, width, isShown: chosen.some(({column: {name}}) => name === column.name), isAlways: wanted !== chosen && index === 0,
	}));
	const others = listColumns(browse.level).filter(column => wanted.every(({column: {name}}) => name !== column.name)).map(column => ({
		column, width: undefined, isShown: false, isAlways: false,
	}));
	return [...lines, ...others];
};

export const openColumns = (state: UiState): UiState => {
	const browse = browseScreen(state);
	return browse === undefined
		? state
		: push<ColumnsScreen>(state, {
			name: 'columns', isOverlay: true, cursor: 0, lines: linesOf(state, browse),
		});
};

/**
The columns of the list beneath for which there is room, with the widths that they have now.
*/
export const widthsNow = (state: UiState): ReadonlyMap<string, number> => {
	const browse = browseScreen(state);
	return new Map(browse && fitColumns(state, browse, layoutOf(state).listColumns).columns.map(({name, width}) => [name, width]));
};

const choose = (state: UiState, columns: readonly ChosenColumn[] | undefined): UiState => {
	const level = browseScreen(state)?.level;
	if (level === undefined) {
		return state;
	}

	const columnChoices = withColumns(state.columnChoices, level, columns);
	return JSON.stringify(columnChoices) === JSON.stringify(state.columnChoices) ? state : {...state, columnChoices};
};

/**
The line of the chooser at the cursor.
*/
const selectedLine = (state: UiState): ColumnLine | undefined => {
	const top = topScreen(state);
	return isColumns(top) ? top.lines[top.cursor] : undefined;
};

const change = (state: UiState, update: (screen: ColumnsScreen, line: ColumnLine) => Partial<ColumnsScreen> | undefined): UiState => {
	const top = topScreen(state);
	const line = selectedLine(state);
	const changed = line !== undefined && isColumns(top) ? update(top, line) : undefined;
	if (changed === undefined) {
		return state;
	}

	const screen = {...top as ColumnsScreen, ...changed};
	const chosen = screen.lines.filter(({isShown}) => isShown).map(({column: {typed}, width}): ChosenColumn => width === undefined ? {name: typed} : {name: typed, width});
	return choose(replaceTop<ColumnsScreen>(state, screen), chosen);
};

export const toggleColumn = (state: UiState): UiState => change(state, ({lines, cursor}, line) => ({lines: lines.with(cursor, {...line, isShown: !line.isShown})}));

const firstMoved = ([first]: readonly ColumnLine[]) => first?.isAlways === true ? 1 : 0;

/**
Why nothing can be changed about the selected column.
*/
export const cannotChange = (state: UiState): string | undefined => selectedLine(state)?.isAlways === true ? 'A list of items of several servers always begins with this column.' : undefined;

/**
Moves the selected column, and the cursor with it.
*/
export const moveColumn = (by: number) => (state: UiState, count = 1): UiState => change(state, ({lines, cursor}, line) => {
	const to = Math.max(firstMoved(lines), Math.min(lines.length - 1, cursor + (by * count)));
	return to === cursor ? undefined : {cursor: to, lines: lines.toSpliced(cursor, 1).toSpliced(to, 0, line)};
});

/**
Why the selected column cannot go further down (1) or up (-1).
*/
export const cannotMove = (by: 1 | -1) => (state: UiState): string | undefined => {
	const top = topScreen(state);
	if (!isColumns(top)) {
		return undefined;
	}

	const last = by === 1 ? top.lines.length - 1 : firstMoved(top.lines);
	return cannotChange(state) ?? (top.cursor === last ? `This column is the ${by === 1 ? 'last' : 'first'} one already.` : undefined);
};

const widestChosen = 60;
const narrowestChosen = 3;

const hiddenReason = (state: UiState): string | undefined => cannotChange(state) ?? (selectedLine(state)?.isShown === false ? 'This column is hidden; Space shows it.' : undefined);

/**
Why the selected column cannot get wider (1) or narrower (-1).
*/
export const cannotWiden = (by: 1 | -1) => (state: UiState): string | undefined => {
	const hidden = hiddenReason(state);
	const width = selectedLine(state)?.width;
	if (hidden !== undefined || width === undefined) {
		return hidden;
	}

	if (by === 1) {
		return width >= widestChosen ? `No column can be wider than ${widestChosen} cells.` : undefined;
	}

	return width <= narrowestChosen ? `No column can be narrower than ${narrowestChosen} cells.` : undefined;
};

/**
Gives the selected column a width of its own, beginning with the one that it has now.
*/
export const widenColumn = (by: 1 | -1) => (state: UiState, count = 1): UiState => {
	const now = widthsNow(state);
	return change(state, ({lines, cursor}, line) => {
		const from = line.width ?? now.get(line.column.name) ?? line.column.heading.length;
		return {lines: lines.with(cursor, {...line, width: Math.max(narrowestChosen, Math.min(widestChosen, from + (by * count)))})};
	});
};

export const cannotFree = (state: UiState): string | undefined =>
	hiddenReason(state) ?? (selectedLine(state)?.width === undefined ? 'This column has its automatic width already.' : undefined);

export const freeColumn = (state: UiState): UiState => change(state, ({lines, cursor}, line) => ({lines: lines.with(cursor, {...line, width: undefined})}));

// Films and shows are in no show, and only episodes have a number in a season.
const fieldsWithoutValue: Readonly<Record<ItemType, readonly string[]>> = {
	movie: ['showId', 'seasonNumber', 'episodeNumber'],
	show: ['showId', 'seasonNumber', 'episodeNumber'],
	season: ['episodeNumber'],
	episode: [],
};

/**
The columns of a preset that mean something in this list, and its order where the list has it; undefined brings the standard columns back.
*/
export const usePreset = (state: UiState, name: string, preset: ItemPreset | undefined): UiState => {
	const level = browseScreen(state)?.level;
	const unwanted = new Set(['title', ...level === undefined ? [] : fieldsWithoutValue[level]]);
	const columns = preset?.columns.filter(column => !unwanted.has(findAskedField(column)?.name ?? column)).map(column => ({name: column}));
	const chosen = choose(state, columns);
	if (preset?.sort === undefined) {
		return chosen;
	}

	const field = findAskedField(preset.sort.replace(/^-/v, ''));
	const order = field?.field.sort?.as ?? field?.name;
	const sort = sortFieldsOf(state).find(choice => choice.field === order);
	return sort === undefined
		? {...chosen, message: {text: `The list has the columns of "${name}", but it cannot be sorted by "${field?.label ?? preset.sort}".`, tone: 'plain'}}
		: sortBy(chosen, sort.field, preset.sort.startsWith('-'));
};

/**
Lists the columns anew, for a chooser that is still open when others were chosen.
*/
export const relistColumns = (state: UiState): UiState => {
	const top = topScreen(state);
	const browse = browseScreen(state);
	return browse !== undefined && isColumns(top) ? replaceTop<ColumnsScreen>(state, {...top, cursor: 0, lines: linesOf(state, browse)}) : state;
};
