import {fitWidths, mainLeast} from '../../../base/text/column-widths.js';
import {displayWidth} from '../../../base/text/width.js';
import {fullTitle} from '../../../catalog/item.js';
import {libraryNamesOf} from '../../../catalog/library-names.js';
import {columnsOf, type WideColumn} from '../../../query/column-choices.js';
import type {ItemRow} from '../../../query/item-columns.js';
import {listColumns, type ListColumn} from '../../../query/list-fields.js';
import type {CatalogIndex, ItemSummary} from '../../../query/types.js';
import type {UiState} from '../../ui-state.js';
import type {BrowseScreen} from './reduce.js';

export const columnGap = 2;
export const pointerCells = 2;
export const markCells = 2;

// A column that can be cut is between these two widths. One that cannot is as wide as its content, up to the third.
const narrowestCut = 10;
const widestCut = 32;
const widest = 60;
const longestHeading = 10;

export type Fitted = {
	columns: Array<ListColumn & {width: number}>;
	titleWidth: number;
	hasMarks: boolean;
};

type ListLook = Pick<BrowseScreen, 'level' | 'query' | 'order' | 'widths'>;

/**
The columns for which there is room in a list of `width` cells. They are as wide as what was seen in them; the title takes what is left, and never has fewer than 24 cells.
*/
export const fitColumns = (state: Pick<UiState, 'columnChoices' | 'header'>, {level, query, order, widths}: ListLook, width: number): Fitted => {
	const hasMarks = level === 'movie' || level === 'episode';
	const room = width - pointerCells - (hasMarks ? markCells : 0);
	// On a narrow terminal only two columns can be read.
	const wanted = wantedColumns(state, {level, query}).slice(0, width < 58 ? 1 : undefined);
	const wishes = wanted.map(({column, width: chosen}) => {
		const {name, heading, isKey, isCut, sort} = column;
		if (chosen !== undefined) {
			return {natural: chosen, least: chosen, isKey};
		}

		const isSorted = order === 'chosen' && sort !== undefined && sort === query.sort;
		const named = Math.min(displayWidth(heading), longestHeading) + (isSorted ? 1 : 0);
		const natural = Math.min(Math.max(named, widths?.get(name) ?? 0), isCut ? widestCut : widest);
		return {natural, least: isCut ? narrowestCut : natural, isKey};
	});
	const title = {natural: Math.max(mainLeast, widths?.get('title') ?? 0), least: mainLeast, isMain: true};
	const [, ...fitted] = fitWidths([title, ...wishes], room, {least: mainLeast});
	const columns = wanted.flatMap(({column}, index) => {
		const own = fitted[index];
		return own === undefined ? [] : [{...column, width: own}];
	});
	return {columns, titleWidth: room - columns.reduce((sum, column) => sum + column.width + columnGap, 0), hasMarks};
};

const withServer = new WeakMap<readonly WideColumn[], readonly WideColumn[]>();

/**
The columns that were chosen for a list; one that may have items of several servers tells the server first.
*/
export const wantedColumns = ({columnChoices, header}: Pick<UiState, 'columnChoices' | 'header'>, {level, query}: Pick<ListLook, 'level' | 'query'>): readonly WideColumn[] => {
	const chosen = columnsOf(level, columnChoices);
	if (query.libraryId !== undefined || !libraryNamesOf(header).hasSeveralServers) {
		return chosen;
	}

	const isServer = ({name}: {name: string}) => name === 'serverId';
	const columns = withServer.get(chosen) ?? [{column: listColumns(level).find(column => isServer(column))!, width: undefined}, ...chosen.filter(({column}) => !isServer(column))];
	withServer.set(chosen, columns);
	return columns;
};

/**
The title of a row. Where nothing above the list says of which show an episode is, the title does.
*/
export const rowTitle = ({asks, isOfOneShow}: Pick<BrowseScreen, 'asks' | 'isOfOneShow'>, {item, titleOf: titleOfId}: ItemRow): string =>
	asks === undefined || isOfOneShow === true ? titleOf(item) : fullTitle(item, titleOfId(item.showId ?? ''));

export const titleOf = ({title, editionTitle}: ItemSummary): string =>
	editionTitle === undefined ? title : `${title} (${editionTitle})`;

/**
What the columns of an item read while its records are not at hand.
*/
export const summaryRow = ({header}: Pick<UiState, 'header'>, index: Pick<CatalogIndex, 'get'>) => {
	const names = libraryNamesOf(header);
	return (item: ItemSummary): ItemRow => ({
		item, detail: undefined, names, titleOf: id => index.get(id)?.title,
	});
};
