import {
	filled,
	span,
	type Line,
	type Span,
	type Tone,
} from '../line.js';
import type {Glyphs} from '../theme.js';
import {fitLine, twoEnds, widthOf} from './cells.js';

type Room = {columns: number; rows: number; isFramed: boolean};

/**
Words in a border: text that was cleaned, or spans with tones of their own.
*/
type Words = string | readonly Span[];

export type Panel = Room & {
	/**
	Left in the upper border.
	*/
	title: Words;
	/**
	Right in the upper border, such as `118/212`.
	*/
	position?: Words;
	/**
	Left in the lower border: the keys that this panel takes.
	*/
	keys?: Words;
	/**
	Right in the lower border: totals of what is shown.
	*/
	totals?: Words;
	lines: readonly Line[];
	isFocused?: boolean;
	/**
	The first row that is shown, and how many there are. The right border shows where that is.
	*/
	scroll?: {top: number; length: number};
	glyphs: Glyphs;
};

/**
The room for `lines` in a panel.
*/
export const panelRoom = ({columns, rows, isFramed}: Room): {columns: number; rows: number} => isFramed
	? {columns: Math.max(0, columns - 2), rows: Math.max(0, rows - 2)}
	: {columns, rows: Math.max(0, rows - 1)};

/**
A panel with a titled border, as exactly `rows` lines of exactly `columns` cells. Where there is no room for borders, the title is a line of its own, and what the lower border would say is left out.

@example
```
╭─ Films ──────────── 118/212 ╮
│ Alien                  1979 ▐
╰─ Enter open ─────── 4.2 TiB ╯
```
*/
export const panelLines = (panel: Panel): Line[] => {
	const {title, position = '', keys = '', totals = '', lines, columns, rows, isFocused = false, isFramed, glyphs} = panel;
	const room = panelRoom(panel);
	if (!isFramed) {
		const heading = twoEnds(spansOf(title, 'title'), spansOf(position, 'plain'), columns);
		return [heading, ...filled(lines, room.rows).map(spans => fitLine(spans, columns))].slice(0, rows).map(spans => fitLine(spans, columns));
	}

	const tone = isFocused ? 'focus' : 'border';
	const {topLeft, topRight, bottomLeft, bottomRight, vertical, thumb} = glyphs;
	const isThumb = thumbRows(panel, room.rows);
	const inner = filled(lines, room.rows).map((spans, row) => [
		span(vertical, tone),
		...fitLine(spans, room.columns),
		span(isThumb(row) ? thumb : vertical, tone),
	]);
	return [
		borderLine([topLeft, topRight], [spansOf(title, isFocused ? 'accent' : 'title'), spansOf(position, 'plain')], {columns, tone, glyphs}),
		...inner,
		borderLine([bottomLeft, bottomRight], [spansOf(keys, 'dim'), spansOf(totals, 'dim')], {columns, tone, glyphs}),
	].slice(0, Math.max(0, rows));
};

const spansOf = (words: Words, tone: Tone): readonly Span[] => typeof words === 'string' ? (words === '' ? [] : [span(words, tone)]) : words;

const borderLine = (
	[first, last]: readonly [string, string],
	[left, right]: ReadonlyArray<readonly Span[]>,
	{columns, tone, glyphs: {horizontal}}: {columns: number; tone: Tone; glyphs: Glyphs},
): Line => {
	// The two corners, and a rule and a blank on either side of words.
	const most = columns - 6;
	const rightWidth = right!.length === 0 ? 0 : Math.min(widthOf(right!), Math.max(0, most));
	const leftRoom = most - (rightWidth === 0 ? 0 : rightWidth + 3);
	const leftWidth = left!.length === 0 ? 0 : Math.min(widthOf(left!), Math.max(0, leftRoom));
	const words = (spans: readonly Span[], width: number): Line => width === 0 ? [] : [span(' ', tone), ...fitLine(spans, width), span(' ', tone)];
	const wordsLeft = words(left!, leftWidth);
	const wordsRight = words(right!, rightWidth);
	const rule = Math.max(0, columns - 3 - widthOf(wordsLeft) - widthOf(wordsRight));
	return fitLine([span(first + horizontal, tone), ...wordsLeft, span(horizontal.repeat(rule), tone), ...wordsRight, span(last, tone)], Math.max(0, columns));
};

const thumbRows = ({scroll}: Panel, rows: number) => {
	if (rows === 0 || scroll === undefined || scroll.length <= rows) {
		return () => false;
	}

	const size = Math.max(1, Math.round(rows * rows / scroll.length));
	const share = Math.max(0, Math.min(1, scroll.top / (scroll.length - rows)));
	const from = Math.round(share * (rows - size));
	return (row: number) => row >= from && row < from + size;
};

/**
Blocks of lines side by side. Each must have lines of one width; the first has as many lines as the result.
*/
export const beside = (first: readonly Line[], ...others: ReadonlyArray<readonly Line[]>): Line[] =>
	first.map((spans, row) => [...spans, ...others.flatMap(block => block[row] ?? [])]);
