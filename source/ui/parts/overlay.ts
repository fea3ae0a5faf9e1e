import {filled, span, type Line} from '../line.js';
import {
	fitLine,
	plainText,
	sliceLine,
	widthOf,
} from './cells.js';

const widthOfBox = (box: readonly Line[], columns: number) => Math.min(columns, Math.max(0, ...box.map(spans => widthOf(spans))));

/**
The upper left corner of a box in the middle of a screen.
*/
export const placeOfBox = (box: readonly Line[], {columns, rows}: {columns: number; rows: number}): {column: number; row: number} => ({
	column: Math.floor((columns - widthOfBox(box, columns)) / 2),
	row: Math.max(0, Math.floor((rows - box.length) / 2)),
});

/**
A box in the middle of a screen. What is beneath stays in view, faint and without colours or pictures, and a wide character that the box cuts becomes a blank.
*/
export const overlayOn = (background: readonly Line[], box: readonly Line[], {columns, rows}: {columns: number; rows: number}): Line[] => {
	const width = widthOfBox(box, columns);
	const {column: left, row: top} = placeOfBox(box, {columns, rows});
	return filled(background, rows).map((spans, row) => {
		const beneath = fitLine(spans.map(part => span(plainText(part), 'dim')), columns);
		const inBox = box[row - top];
		return inBox === undefined
			? beneath
			: [...sliceLine(beneath, 0, left), ...fitLine(inBox, width), ...sliceLine(beneath, left + width, columns)];
	});
};
