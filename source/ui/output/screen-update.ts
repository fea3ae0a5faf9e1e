import {Buffer} from 'node:buffer';
import {
	styledCharsFromTokens,
	styledCharsToString,
	tokenize,
	type StyledChar,
} from '@alcalzone/ansi-tokenize';

/**
Control sequences. Rows and columns count from 1.
*/
export const csi = '\u{1B}[';

export const goTo = (row: number, column: number): string => column === 1 ? `${csi}${row}H` : `${csi}${row};${column}H`;

const eraseToEnd = `${csi}K`;

const eraseScreen = `${csi}H${csi}J`;

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
const lineUpdate = (row: number, previous: string, next: string, columns: number): string => {
	const before = parse(previous);
	const after = parse(next);
	if (widthOf(before) > columns || widthOf(after) > columns) {
		return goTo(row, 1) + eraseToEnd + next;
	}

	const certain = Math.min(certainLength(before), certainLength(after));
	const start = Math.min(commonStart(before, after), certain);
	const isCertain = certain === Infinity;
	const end = isCertain && widthOf(before) === widthOf(after) ? commonEnd(before, after, start) : 0;
	const erase = end === 0 && before.length > start ? eraseToEnd : '';
	return goTo(row, 1 + widthOf(after.slice(0, start))) + erase + styledCharsToString(after.slice(start, after.length - end));
};

const parse = (text: string): StyledChar[] => styledCharsFromTokens(tokenize(text));

/**
Characters that have the same width on every terminal: ASCII, the marks of the cursor and of the path, half-blocks, Japanese, Chinese and Korean.
*/
const sameEverywhere = /^[\u{20}-\u{7E}›▀\u{3041}-\u{3096}\u{30A1}-\u{30FA}\u{3400}-\u{4DBF}\u{4E00}-\u{9FFF}\u{AC00}-\u{D7A3}\u{FF01}-\u{FF60}]$/v;

/**
How many characters from the start have a known place; infinite when all have.

The last character before one of unknown width does not count: a terminal may draw the unknown one over it.
*/
const certainLength = (characters: readonly StyledChar[]) => {
	const first = characters.findIndex(({value}) => !sameEverywhere.test(value));
	return first === -1 ? Infinity : Math.max(0, first - 1);
};

const widthOf = (characters: readonly StyledChar[]) => {
	let width = 0;
	for (const {fullWidth} of characters) {
		width += fullWidth ? 2 : 1;
	}

	return width;
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

const blank: StyledChar = {
	type: 'char', value: ' ', fullWidth: false, styles: [],
};

/**
Cells from one column to another, filled up with blanks. A wide character counts where it begins.
*/
const cellsBetween = (characters: readonly StyledChar[], from: number, to: number): StyledChar[] => {
	const inside: StyledChar[] = [];
	let column = 0;
	for (const character of characters) {
		if (column >= from && column < to) {
			inside.push(character);
		}

		column += character.fullWidth ? 2 : 1;
	}

	const missing = Math.max(0, to - from - widthOf(inside));
	return [...inside, ...Array.from({length: missing}, () => blank)];
};

type RowAround = {
	/**
	Undefined writes every cell.
	*/
	previous: string | undefined;
	next: string;
	columns: number;
	/**
	Cells that are left alone, because a picture lies over them.
	*/
	around: ReadonlyArray<{column: number; columns: number}>;
};

/**
Writes a row that counts from 1, but not the cells of the pictures on it. Each part is addressed, so that a character of unknown width moves nothing behind a picture.
*/
export const pictureRowsUpdate = (row: number, {previous, next, columns, around}: RowAround): string => {
	const before = previous === undefined ? undefined : parse(previous);
	const after = parse(next);
	const sorted = around.toSorted((a, b) => a.column - b.column);
	const starts = [0, ...sorted.map(place => place.column + place.columns)];
	const ends = [...sorted.map(({column}) => column), columns];
	return starts.map((from, part) => {
		const text = styledCharsToString(cellsBetween(after, from, ends[part]!));
		const isSameAsBefore = before !== undefined && text === styledCharsToString(cellsBetween(before, from, ends[part]!));
		// Where a character is narrower than expected, the blanks behind it do not reach the end.
		return isSameAsBefore || ends[part] === from ? '' : `${goTo(row, from + 1)}${csi}${ends[part]! - from}X${text}`;
	}).join('');
};

export const screenPaint = (lines: readonly string[]): string => withoutWrap(eraseScreen + lines.join('\r\n'));

/**
The output that turns the screen `previous` into `next`, which has as many lines: either the changed lines, or a move of rows and the changes that are then left, whichever is shorter.

It ends on the last row, where Ink's own frames end and from where Ink erases them.
*/
export const screenUpdate = (previous: readonly string[], next: readonly string[], columns: number): string => {
	const inPlace = linesUpdate(previous, next, columns);
	if (inPlace === '') {
		return '';
	}

	const move = findMove(previous, next);
	const moved = move === undefined ? undefined : moveRows(move.top + 1, move.bottom + 1, move.distance) + linesUpdate(afterMove(previous, move), next, columns);
	const shorter = moved !== undefined && Buffer.byteLength(moved) < Buffer.byteLength(inPlace) ? moved : inPlace;
	return withoutWrap(shorter + goTo(next.length, 1));
};

/**
The output for each line that changed. `top` is the row of the first one, counted from 0.
*/
export const linesUpdate = (previous: readonly string[], next: readonly string[], columns: number, top = 0): string => {
	const changed = next.map((text, row) => text === previous[row] ? '' : lineUpdate(top + row + 1, previous[row]!, text, columns));
	return changed.join('');
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
How far lines may have moved. Blank lines are left out, because they are everywhere and cost next to nothing.
*/
const sameLines = (previous: readonly string[], next: readonly string[]) => next.flatMap((text, to) =>
	text === '' || text === previous[to]
		? []
		: previous.flatMap((candidate, from) => candidate === text ? [[from, to] as const] : []));

const afterMove = (lines: readonly string[], {top, bottom, distance}: Move) =>
	lines.map((text, row) => {
		if (row < top || row > bottom) {
			return text;
		}

		const from = row - distance;
		return from < top || from > bottom ? '' : lines[from]!;
	});
