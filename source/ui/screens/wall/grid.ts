import {layoutOf} from '../../layout.js';
import type {ListState} from '../../parts/list.js';
import {panelRoom} from '../../parts/panel.js';
import {
	pictureBox,
	posterShape,
	stillShape,
	type CellBox,
	type PictureWish,
} from '../../graphics/picture.js';
import {mostCells} from '../../graphics/placeholders.js';
import type {UiState} from '../../ui-state.js';
import type {BrowseScreen} from '../browse/reduce.js';

export const gap = 2;

/**
A title and a blank line below each picture.
*/
export const rowsBelow = 2;

/**
A narrower one leaves too little of a title.
*/
const leastTileColumns = 12;

const leastPictureRows = 8;

const mostRows = 3;

/**
Posters in rows. `across` stand side by side, and the picture is in the middle of its tile.
*/
export type Grid = {
	across: number;
	rows: number;
	tileColumns: number;
	picture: CellBox;
};

/**
The room for posters, in the panel if there is one.
*/
export const wallRoom = (state: UiState): CellBox => {
	const {bodyRows: rows, isFramed} = layoutOf(state);
	const {columns} = state.size;
	return isFramed ? panelRoom({columns, rows, isFramed}) : {columns, rows};
};

/**
How many posters fit, and how large. A phone has one row.
*/
export const gridOf = (state: UiState, level: BrowseScreen['level']): Grid => {
	const {mode} = state.pictures;
	const {columns, rows: bodyRows} = wallRoom(state);
	const rows = Math.max(1, Math.min(mostRows, Math.floor((bodyRows + 1) / (leastPictureRows + rowsBelow))));
	const most = {
		columns: Math.min(mostCells, columns),
		rows: Math.max(1, Math.min(mostCells, Math.floor((bodyRows + 1) / rows) - rowsBelow)),
	};
	const picture = pictureBox(level === 'episode' ? stillShape : posterShape, most, mode.cell);
	const tileColumns = Math.max(picture.columns, leastTileColumns);
	return {
		across: Math.max(1, Math.floor((columns + gap) / (tileColumns + gap))),
		rows: Math.max(1, Math.floor((bodyRows + 1) / (picture.rows + rowsBelow))),
		tileColumns,
		picture,
	};
};

/**
The nearest place in the same column, for one that may be above the first row or below the last.
*/
export const placeInGrid = (at: number, length: number, {across}: Pick<Grid, 'across'>): number => {
	if (at < 0) {
		return ((at % across) + across) % across;
	}

	const lastRow = Math.floor(Math.max(0, length - 1) / across);
	return at < length ? at : (lastRow * across) + (at % across);
};

/**
Scrolls whole rows until the cursor is on the screen.
*/
export const scrollGrid = (list: ListState, {across, rows}: Pick<Grid, 'across' | 'rows'>): ListState => {
	const at = Math.floor(list.cursor / across);
	const last = Math.max(0, Math.ceil(list.ids.length / across) - rows);
	const nearest = Math.max(at - rows + 1, Math.min(at, Math.floor(list.top / across)));
	const top = Math.max(0, Math.min(last, nearest)) * across;
	return top === list.top ? list : {...list, top};
};

export const shownIds = ({ids, top}: ListState, {across, rows}: Pick<Grid, 'across' | 'rows'>): readonly string[] => ids.slice(top, top + (across * rows));

/**
The picture under the cursor first, then those around it.
*/
export const wallWishes = (state: UiState, {level, list}: Pick<BrowseScreen, 'level' | 'list'>): PictureWish[] => {
	const grid = gridOf(state, level);
	const at = list.cursor - list.top;
	return shownIds(list, grid)
		.map((itemId, index) => ({wish: {itemId, box: grid.picture}, distance: Math.abs(index - at)}))
		.toSorted((a, b) => a.distance - b.distance)
		.map(({wish}) => wish);
};
