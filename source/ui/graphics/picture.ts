import type {PictureKind, PictureMode} from './picture-kind.js';
import type {CellSize} from './terminal-answers.js';

/**
A picture as this terminal shows it.
*/
export type Picture = {
	/**
	Its number for the terminal, from 1 to 16,777,215.
	*/
	id: number;
	columns: number;
	rows: number;
	/**
	What stands in the frame, a row each, with colours inside: half-blocks, or placeholders that hold its place.
	*/
	lines: readonly string[];
	/**
	Written once, before it is shown for the first time.
	*/
	send?: string;
	/**
	Takes back what was sent.
	*/
	forget?: string;
	/**
	Written with the cursor on its first cell. Without it the terminal replaces the placeholders itself, or there are none.
	*/
	draw?: string;
	/**
	Takes it off the screen where text over it does not.
	*/
	erase?: string;
};

export type CellBox = {columns: number; rows: number};

/**
An item whose picture should be on the screen, in a box of this size.
*/
export type PictureWish = {itemId: string; box: CellBox};

export type PixelSize = {width: number; height: number};

/**
Width by height.
*/
export const posterShape = 2 / 3;
export const stillShape = 16 / 9;

/**
The largest box for a picture of this shape.
*/
export const pictureBox = (shape: number, most: CellBox, {width, height}: CellSize): CellBox => {
	const columns = Math.round((most.rows * height * shape) / width);
	return columns <= most.columns
		? {columns: Math.max(1, columns), rows: most.rows}
		: {columns: most.columns, rows: Math.max(1, Math.min(most.rows, Math.round((most.columns * width) / shape / height)))};
};

/**
The size in which a picture is drawn. A sixel is six pixels high and must not reach into the row below the box.
*/
export const drawnSize = ({kind, cell}: PictureMode, {columns, rows}: CellBox): PixelSize => {
	if (kind === 'blocks') {
		return {width: columns, height: rows * 2};
	}

	const height = rows * cell.height;
	return {width: columns * cell.width, height: kind === 'sixel' ? height - (height % 6) : height};
};

/**
The size in which a picture is fetched. Half-blocks become clearer when they are made of more pixels.
*/
export const fetchedSize = ({cell}: PictureMode, {columns, rows}: CellBox): PixelSize => ({width: columns * cell.width, height: rows * cell.height});

/**
Tells pictures of one item, kind and size from others.
*/
export const pictureKey = (itemId: string, kind: PictureKind, {columns, rows}: CellBox): string => `${kind} ${columns}x${rows} ${itemId}`;
