import {span, type Line} from '../../line.js';
import {fitLine} from '../../parts/cells.js';
import {
	pictureBox,
	posterShape,
	type CellBox,
	type PictureWish,
} from '../../graphics/picture.js';
import {isWithoutPicture, pictureOf} from '../../graphics/state.js';
import type {UiState} from '../../ui-state.js';
import type {Glyphs} from '../../theme.js';
import {detailLines} from './lines.js';

const mostColumns = 24;
const mostRows = 18;

/**
The poster of the detail that is shown in so much room, if there is enough for both. Only the overview has it: files and ids need the width.
*/
export const posterWish = (state: UiState, {columns, rows}: CellBox): PictureWish | undefined => {
	const {detail: {id, tab, shape = posterShape}, pictures: {mode}, size} = state;
	if (id === undefined || tab !== 'overview' || size.columns < 100 || columns < 40 || rows < 6) {
		return undefined;
	}

	const box = pictureBox(shape, {columns: Math.min(mostColumns, Math.floor(columns / 3)), rows: Math.min(mostRows, rows)}, mode.cell);
	const wish = {itemId: id, box};
	return isWithoutPicture(state, wish) ? undefined : wish;
};

/**
The rows of a picture, or blanks while it comes.
*/
export const pictureSpans = (state: UiState, wish: PictureWish, row: number) => {
	const {columns} = wish.box;
	const text = pictureOf(state, wish)?.lines[row];
	return text === undefined ? span(' '.repeat(columns)) : {...span(text), cells: columns};
};

/**
The detail with its poster at the top right.
*/
export const detailWithPoster = (state: UiState, room: CellBox, glyphs?: Glyphs): Line[] => {
	const wish = posterWish(state, room);
	const lines = detailLines(state.detail, room.columns, glyphs, wish?.box);
	if (wish === undefined) {
		return lines;
	}

	const {box} = wish;
	return Array.from({length: Math.max(lines.length, box.rows)}, (_, row) => row < box.rows
		? [...fitLine(lines[row] ?? [], room.columns - box.columns - 1), span(' '), pictureSpans(state, wish, row)]
		: lines[row]!);
};
