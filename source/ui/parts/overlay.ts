import {span, type Line} from '../line.js';
import {
	fitLine,
	plainText,
	sliceLine,
	widthOf,
} from './cells.js';
import {filled} from './lines.js';

/**
A box in the middle of a screen. What is beneath stays in view, faint and without colours or pictures, and a wide character that the box cuts becomes a blank.
*/
export const overlayOn = (background: readonly Line[], box: readonly Line[], {columns, rows}: {columns: number; rows: number}): Line[] => {
	const width = Math.min(columns, Math.max(0, ...box.map(spans => widthOf(spans))));
	const left = Math.floor((columns - width) / 2);
	const top = Math.max(0, Math.floor((rows - box.length) / 2));
	return filled(background, rows).map((spans, row) => {
		const beneath = fitLine(spans.map(part => span(plainText(part), 'dim')), columns);
		const inBox = box[row - top];
		return inBox === undefined
			? beneath
			: [...sliceLine(beneath, 0, left), ...fitLine(inBox, width), ...sliceLine(beneath, left + width, columns)];
	});
};
