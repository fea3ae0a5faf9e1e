import {clean} from '../../../base/text/clean.js';
import type {ItemSummary} from '../../../query/types.js';
import {
	blank,
	span,
	type Line,
	type Span,
} from '../../line.js';
import {cell, fitLine} from '../../parts/cells.js';
import {wrapText} from '../../parts/wrap.js';
import type {CellBox} from '../../graphics/picture.js';
import {pictureOf} from '../../graphics/state.js';
import type {ScreenProps} from '../../screen-module.js';
import type {Glyphs} from '../../theme.js';
import {titleOf} from '../browse/table.js';
import type {BrowseScreen} from '../browse/reduce.js';
import {gap, gridOf, shownIds} from './grid.js';

/**
A card with the title, where there is no picture, or not yet.
*/
const cardOf = (item: ItemSummary | undefined, {columns, rows}: CellBox, {horizontal, vertical, topLeft, topRight, bottomLeft, bottomRight}: Glyphs): string[] => {
	const inside = Math.max(0, columns - 4);
	const texts = item === undefined ? [] : [...wrapText(clean(titleOf(item)), inside), item.year?.toString() ?? ''];
	const first = Math.max(0, Math.floor((rows - 2 - texts.length) / 2));
	const rule = horizontal.repeat(Math.max(0, columns - 2));
	return [
		topLeft + rule + topRight,
		...Array.from({length: Math.max(0, rows - 2)}, (_, row) => `${vertical} ${cell(texts[row - first] ?? '', inside)} ${vertical}`),
		bottomLeft + rule + bottomRight,
	];
};

export const wallLines = ({state, screen, index, theme: {glyphs}}: ScreenProps<BrowseScreen>): Line[] => {
	const {list, level} = screen;
	const grid = gridOf(state, level);
	const {picture: box, across, tileColumns} = grid;
	const margin = span(' '.repeat(Math.floor((tileColumns - box.columns) / 2)));
	const tiles = shownIds(list, grid).map((itemId, offset): Line[] => {
		const item = index.get(itemId);
		const isSelected = list.top + offset === list.cursor;
		const rows: Span[] = pictureOf(state, {itemId, box})?.lines.map(text => ({...span(text), cells: box.columns}))
			?? cardOf(item, box, glyphs).map(text => span(text, isSelected ? 'focus' : 'border'));
		const title = `${isSelected ? glyphs.pointer : ' '}${item === undefined ? '' : titleOf(item)}`;
		return [...rows.map(part => fitLine([margin, part], tileColumns)), [span(cell(title, tileColumns), isSelected ? 'selected' : 'plain')]];
	});
	return Array.from({length: Math.ceil(tiles.length / across)}, (_, row) => {
		const beside = tiles.slice(row * across, (row + 1) * across);
		const lines = Array.from({length: box.rows + 1}, (_row, at) => beside.flatMap((tile, place) => place === 0 ? tile[at]! : [span(' '.repeat(gap)), ...tile[at]!]));
		return [...lines, blank];
	}).flat();
};
