import {Buffer} from 'node:buffer';
import {
	styledCharsFromTokens,
	styledCharsToString,
	tokenize,
	type StyledChar,
} from '@alcalzone/ansi-tokenize';
import {eraseScreen} from './early-screen.js';
import {
	canRunOver,
	cellsOf,
	certainLength,
	csi,
	goTo,
	writtenLine,
	type TerminalTraits,
} from './line-text.js';

const eraseToEnd = `${csi}K`;

/**
Text that is too wide ends at the edge instead of running into the next row.
*/
export const withoutWrap = (text: string): string => `${csi}?7l${text}${csi}?7h`;

/**
Move the rows from `top` to `bottom` by `distance`, upwards when it is negative. Rows that move out are lost, and blank ones come in.

This inserts and deletes lines, since the Linux console has no other way. The scroll region keeps the rows below in place.
*/
const moveRows = (top: number, bottom: number, distance: number): string =>
	`${csi}${top};${bottom}r${goTo(top, 1)}${csi}${Math.abs(distance)}${distance < 0 ? 'M' : 'L'}${csi}r`;

/**
The output that turns the line `previous` into `next`, both lines of Ink, on a row that counts from 1. The caller must prevent lines from wrapping.

Only what changed is written. But where terminals disagree on the width of a character, the cell of the text behind it is unknown, so everything from there is written.
*/
const lineUpdate = (row: number, previous: string, next: string, {columns, ...traits}: PaintedScreen): string => {
	const before = parse(previous);
	const after = parse(next);
	if (cellsOf(before) > columns || cellsOf(after) > columns) {
		return wholeLine(row, after, traits);
	}

	const certain = Math.min(certainLength(before, traits), certainLength(after, traits));
	const start = Math.min(commonStart(before, after), certain);
	const isCertain = certain === Infinity;
	const end = isCertain && cellsOf(before) === cellsOf(after) ? commonEnd(before, after, start) : 0;
	const erase = end === 0 && before.length > start ? eraseToEnd : '';
	return goTo(row, 1 + cellsOf(after.slice(0, start))) + erase + writtenLine(row, after, {start, end: after.length - end}, traits);
};

const wholeLine = (row: number, characters: readonly StyledChar[], traits: TerminalTraits) =>
	goTo(row, 1) + eraseToEnd + writtenLine(row, characters, {}, traits);

// Some frames of a large terminal.
const mostParsed = 500;

const parsedLines = new Map<string, readonly StyledChar[]>();

/**
The characters of a line. They are kept, because a line is looked at several times for a frame, and most lines of a frame were in the one before or go on to another row.
*/
const parse = (text: string): readonly StyledChar[] => {
	const known = parsedLines.get(text);
	if (known !== undefined) {
		return known;
	}

	const [oldest] = parsedLines.keys();
	if (oldest !== undefined && parsedLines.size >= mostParsed) {
		parsedLines.delete(oldest);
	}

	const characters = styledCharsFromTokens(tokenize(text));
	parsedLines.set(text, characters);
	return characters;
};

const commonStart = (before: readonly StyledChar[], after: readonly StyledChar[]) => {
	const first = after.findIndex((character, index) => !isSame(character, before[index]));
	return first === -1 ? after.length : first;
};

const commonEnd = (before: readonly StyledChar[], after: readonly StyledChar[], start: number) => {
	const most = Math.min(before.length, after.length) - start;
	let length = 0;
	while (length < most && isSame(after.at(-1 - length)!, before.at(-1 - length))) {
		length++;
	}

	return length;
};

const isSame = (one: StyledChar, other: StyledChar | undefined) =>
	one.value === other?.value
	&& one.styles.length === other.styles.length
	&& one.styles.every(({code}, index) => code === other.styles[index]!.code);

export type PaintedScreen = TerminalTraits & {columns: number};

const blank: StyledChar = {
	type: 'char', value: ' ', fullWidth: false, styles: [],
};

const filledUp = (text: string, columns: number) => {
	const characters = parse(text);
	return [...characters, ...Array.from({length: Math.max(0, columns - cellsOf(characters))}, () => blank)];
};

/**
The characters that begin from one column up to another, both counted from 0.
*/
const rangeOf = (characters: readonly StyledChar[], from: number, to: number) => {
	let column = 0;
	const columns = characters.map(({fullWidth}) => {
		const start = column;
		column += fullWidth ? 2 : 1;
		return start;
	});
	const indexOf = (wanted: number) => {
		const index = columns.findIndex(start => start >= wanted);
		return index === -1 ? characters.length : index;
	};

	return {start: indexOf(from), end: indexOf(to)};
};

type RowAround = {
	/**
	Undefined writes every cell.
	*/
	previous: string | undefined;
	next: string;
	/**
	Cells that are left alone, because a picture lies over them.
	*/
	around: ReadonlyArray<{column: number; columns: number}>;
};

/**
Writes a row that counts from 1, but not the cells of the pictures on it. Each part is addressed, so that a character of unknown width moves nothing behind a picture.
*/
export const pictureRowUpdate = (row: number, {previous, next, around}: RowAround, {columns, ...traits}: PaintedScreen): string => {
	const before = previous === undefined ? undefined : filledUp(previous, columns);
	const after = filledUp(next, columns);
	const textOf = (characters: readonly StyledChar[], from: number, to: number) => {
		const {start, end} = rangeOf(characters, from, to);
		return styledCharsToString(characters.slice(start, end));
	};

	const sorted = around.toSorted((a, b) => a.column - b.column);
	const ends = [...sorted.map(({column}) => column), columns];
	return [0, ...sorted.map(place => place.column + place.columns)].map((from, part) => {
		const to = ends[part]!;
		const isSameAsBefore = before !== undefined && textOf(before, from, to) === textOf(after, from, to);
		// Where a character is narrower than expected, the blanks behind it do not reach the end.
		return isSameAsBefore || to <= from ? '' : `${goTo(row, from + 1)}${csi}${to - from}X${writtenLine(row, after, rangeOf(after, from, to), traits)}`;
	}).join('');
};

/**
Paints each row at its own address, because a row that runs over must not push the others down.
*/
export const screenPaint = (lines: readonly string[], screen: PaintedScreen): string =>
	withoutWrap(eraseScreen + linesUpdate(lines.map(() => ''), shownLines(lines, screen), screen) + goTo(lines.length, 1));

/**
The output that turns a screen into the next one, which has as many lines: either the changed lines, or a move of rows and the changes that are then left, whichever is shorter.

It ends on the last row, where Ink's own frames end and from where Ink erases them.
*/
export const screenUpdate = (previousLines: readonly string[], nextLines: readonly string[], screen: PaintedScreen): string => {
	const previous = shownLines(previousLines, screen);
	const next = shownLines(nextLines, screen);
	const inPlace = linesUpdate(previous, next, screen);
	if (inPlace === '') {
		return '';
	}

	const move = findMove(previous, next);
	const moved = move === undefined ? undefined : moveRows(move.top + 1, move.bottom + 1, move.distance) + linesUpdate(afterMove(previous, move), next, screen);
	const shorter = moved !== undefined && Buffer.byteLength(moved) < Buffer.byteLength(inPlace) ? moved : inPlace;
	return withoutWrap(shorter + goTo(next.length, 1));
};

/**
A row below one that may have run over is written again. `top` is the first row, counted from 0.
*/
export const linesUpdate = (previous: readonly string[], next: readonly string[], screen: PaintedScreen, top = 0): string => {
	let written = '';
	let isHit = false;
	for (const [index, text] of next.entries()) {
		const isChanged = text !== previous[index];
		if (!isChanged && !isHit) {
			continue;
		}

		const characters = parse(text);
		written += isHit ? wholeLine(top + index + 1, characters, screen) : lineUpdate(top + index + 1, previous[index]!, text, screen);
		isHit = canRunOver(characters, screen.columns);
	}

	return written;
};

/**
The last row is cut where it may run over, for it would push the whole screen up.
*/
const shownLines = (lines: readonly string[], {columns}: PaintedScreen): string[] => {
	const last = lines.at(-1)!;
	const characters = parse(last);
	let {length} = characters;
	while (canRunOver(characters.slice(0, length), columns)) {
		length--;
	}

	return length === characters.length ? [...lines] : [...lines.slice(0, -1), styledCharsToString(characters.slice(0, length))];
};

type Move = {top: number; bottom: number; distance: number};

const findMove = (previous: readonly string[], next: readonly string[]): Move | undefined => {
	const moves = new Map<number, Move & {lines: number}>();
	let best: Move & {lines: number} | undefined;
	for (const [from, to] of sameLines(previous, next)) {
		const distance = to - from;
		const {top, bottom, lines} = moves.get(distance) ?? {top: to, bottom: to, lines: 0};
		const move = {
			top: Math.min(top, from, to), bottom: Math.max(bottom, from, to), distance, lines: lines + 1,
		};
		moves.set(distance, move);
		if (move.lines > (best?.lines ?? 0)) {
			best = move;
		}
	}

	return best;
};

/**
How far lines may have moved. Blank lines are left out, because they are everywhere and cost next to nothing. The mark in a border that shows where a list is scrolled to does not move with its rows.
*/
const sameLines = (previous: readonly string[], next: readonly string[]) => {
	const candidates = previous.map(text => withoutThumb(text));
	return next.flatMap((text, to) => {
		const wanted = withoutThumb(text);
		return wanted === '' || wanted === candidates[to]
			? []
			: candidates.flatMap((candidate, from) => candidate === wanted ? [[from, to] as const] : []);
	});
};

const withoutThumb = (text: string) => text.replaceAll('▐', '│');

const afterMove = (lines: readonly string[], {top, bottom, distance}: Move) =>
	lines.map((text, row) => {
		if (row < top || row > bottom) {
			return text;
		}

		const from = row - distance;
		return from < top || from > bottom ? '' : lines[from]!;
	});
