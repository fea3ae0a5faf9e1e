import {
	styledCharsFromTokens,
	styledCharsToString,
	tokenize,
	type StyledChar,
} from '@alcalzone/ansi-tokenize';

/**
Control sequences. Rows and columns count from 1.
*/
const csi = '\u{1B}[';

export const goTo = (row: number, column: number): string => column === 1 ? `${csi}${row}H` : `${csi}${row};${column}H`;

const eraseToEnd = `${csi}K`;

export const eraseScreen = `${csi}H${csi}J`;

/**
Text that is too wide ends at the edge instead of running into the next row.
*/
export const withoutWrap = (text: string): string => `${csi}?7l${text}${csi}?7h`;

/**
Move the rows from `top` to `bottom` by `distance`, upwards when it is negative. Rows that move out are lost, and blank ones come in.

This inserts and deletes lines, since the Linux console has no other way. The scroll region keeps the rows below in place.
*/
export const moveRows = (top: number, bottom: number, distance: number): string =>
	`${csi}${top};${bottom}r${goTo(top, 1)}${csi}${Math.abs(distance)}${distance < 0 ? 'M' : 'L'}${csi}r`;

/**
The output that turns the line `previous` into `next`, both lines of Ink, on a row that counts from 1. The caller must prevent lines from wrapping.

Only what changed is written. But where terminals disagree on the width of a character, the cell of the text behind it is unknown, so everything from there is written.
*/
export const lineUpdate = (row: number, previous: string, next: string, columns: number): string => {
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
Characters that have the same width on every terminal: ASCII, the marks of the cursor and of the path, Japanese, Chinese and Korean.
*/
const sameEverywhere = /^[\u{20}-\u{7E}›\u{3041}-\u{3096}\u{30A1}-\u{30FA}\u{3400}-\u{4DBF}\u{4E00}-\u{9FFF}\u{AC00}-\u{D7A3}\u{FF01}-\u{FF60}]$/v;

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
