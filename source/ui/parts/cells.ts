import {clean} from '../../base/text/clean.js';
import {
	displayWidth,
	fit,
	truncate,
	type CutPosition,
} from '../../base/text/width.js';
import {
	span,
	type Line,
	type Span,
	type Tone,
} from '../line.js';
import {graphemes} from './text-field.js';

/**
Text as exactly `width` cells. It is cleaned, because it may come from the server.
*/
export const cell = (text: string, width: number, align: 'left' | 'right' = 'left', position: CutPosition = 'end'): string =>
	width <= 0 ? '' : fit(clean(text), width, {align, position});

export type Cell = readonly [text: string, width: number, align?: 'left' | 'right'];

/**
Cells side by side. Those without a width are left out.
*/
export const cells = (parts: readonly Cell[], gap = '  '): string =>
	parts.filter(([, width]) => width > 0).map(([text, width, align]) => cell(text, width, align)).join(gap);

/**
Text that fills at most `width` cells.
*/
export const short = (text: string, width: number): string => width <= 0 ? '' : truncate(clean(text), width);

/**
The last `width` cells of text that is being typed, where the caret is.
*/
export const ending = (text: string, width: number): string => {
	const letters = graphemes(clean(text));
	let from = letters.length;
	for (let left = width; from > 0; from--) {
		left -= displayWidth(letters[from - 1]!);
		if (left < 0) {
			break;
		}
	}

	return letters.slice(from).join('');
};

export const fitLine = (spans: readonly Span[], columns: number, fill: Tone = 'plain'): Line => {
	const fitted: Span[] = [];
	let left = columns;
	for (const part of spans) {
		const {text} = part;
		const width = spanWidth(part);
		if (width > left) {
			// A picture cannot be cut.
			const shown = part.cells === undefined ? short(text, left) : '';
			left -= displayWidth(shown);
			if (shown !== '') {
				fitted.push({...part, text: shown});
			}

			break;
		}

		if (text !== '') {
			fitted.push(part);
		}

		left -= width;
	}

	return left > 0 ? [...fitted, span(' '.repeat(left), fill)] : fitted;
};

/**
The cells of a line from `from` up to `to`, and blanks behind its end. A wide character of which one half is cut off leaves a blank.
*/
export const sliceLine = (spans: Line, from: number, to: number): Line => {
	const sliced: Span[] = [];
	let at = 0;
	for (const part of spans) {
		if (part.cells !== undefined && at >= from && at + part.cells <= to) {
			sliced.push(part);
			at += part.cells;
			continue;
		}

		let text = '';
		for (const letter of graphemes(plainText(part))) {
			const width = displayWidth(letter);
			const shown = Math.min(at + width, to) - Math.max(at, from);
			text += shown === width && at >= from ? letter : ' '.repeat(Math.max(0, shown));
			at += width;
		}

		if (text !== '') {
			sliced.push({text, tone: part.tone, ...part.href !== undefined && {href: part.href}});
		}
	}

	return fitLine(sliced, Math.max(0, to - from));
};

/**
A row of a list. A selected row has one tone over its whole width.
*/
export const rowLine = (spans: readonly Span[], columns: number, isSelected: boolean): Line => isSelected
	? fitLine(spans.map(part => span(plainText(part), 'selected')), columns, 'selected')
	: fitLine(spans, columns);

/**
One part at each end of a line. When there is too little room, the left part is cut first.
*/
export const twoEnds = (left: readonly Span[], right: readonly Span[], columns: number): Line => {
	const rightLine = fitLine(right, Math.min(columns, widthOf(right)));
	const room = columns - widthOf(rightLine);
	return room <= 1 ? rightLine : [...fitLine(left, room - 1), span(' '), ...rightLine];
};

/**
Blanks in the place of a picture.
*/
export const plainText = ({text, cells: width}: Span): string => width === undefined ? text : ' '.repeat(width);

const spanWidth = ({text, cells: width}: Span) => width ?? displayWidth(text);

export const widthOf = (spans: readonly Span[]): number => spans.reduce((width, part) => width + spanWidth(part), 0);

/**
How many of these, from the first, have room beside each other.
*/
export const countFitting = (parts: ReadonlyArray<readonly Span[]>, room: number): number => {
	const tooMany = parts.findIndex((_, index) => widthOf(parts.slice(0, index + 1).flat()) > room);
	return tooMany === -1 ? parts.length : tooMany;
};

/**
A text that was typed, as far as half of a line has room for it.
*/
export const shortFilter = ({text}: {text: string}, columns: number): string => {
	const room = Math.max(20, Math.floor(columns / 2));
	return short(text, room);
};
