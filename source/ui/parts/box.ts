import type {Layout} from '../layout.js';
import {span, type Line} from '../line.js';
import type {Glyphs} from '../theme.js';
import {widthOf} from './cells.js';
import {panelLines} from './panel.js';

export type Box = {
	title: string;
	/**
	What is typed to search it.
	*/
	searched?: string;
	position?: string;
	keys?: string;
	lines: readonly Line[];
	scroll?: {top: number; length: number};
	leastColumns?: number;
};

/**
The room for lines in a box over a screen.
*/
export const boxRoom = ({bodyRows, isFramed}: Pick<Layout, 'bodyRows' | 'isFramed'>, columns: number): {columns: number; rows: number} => isFramed
	? {columns: Math.min(columns - 8, 116), rows: bodyRows - 2}
	: {columns, rows: bodyRows - 1};

/**
A panel that is as large as what is in it. Where there is no room for borders it takes the whole screen.
*/
export const boxLines = ({title, searched, position = '', keys = '', lines, scroll, leastColumns = 0}: Box, {columns, layout, glyphs}: {columns: number; layout: Pick<Layout, 'bodyRows' | 'isFramed'>; glyphs: Glyphs}): Line[] => {
	const {bodyRows, isFramed} = layout;
	const room = boxRoom(layout, columns);
	const wanted = Math.max(leastColumns, title.length + position.length + 8, keys.length + 6, ...lines.map(spans => widthOf(spans) + 1));
	return panelLines({
		title: searched === undefined ? title : [span(`${title}  `, 'accent'), span(`/${searched}`, 'strong')],
		position,
		keys,
		lines,
		columns: isFramed ? Math.min(room.columns, wanted) + 2 : columns,
		rows: isFramed ? Math.min(room.rows, lines.length) + 2 : bodyRows,
		isFocused: true,
		isFramed,
		...scroll && {scroll},
		glyphs,
	});
};
