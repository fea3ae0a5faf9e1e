import {styledCharsToString, type StyledChar} from '@alcalzone/ansi-tokenize';
import keptWidth from '../../base/text/kept-width.js';
import {hasPlaceholders} from '../graphics/placeholders.js';

export type TerminalTraits = {
	/**
	mlterm gives a mark of direction a cell of its own, and turns a whole row that begins with a word from right to left.
	*/
	isMlterm?: boolean;
	/**
	The terminals inside of Vim and Neovim show a character without a width as a code of six cells, and rows with one get mixed up.
	*/
	isVim?: boolean;
};

export const csi = '\u{1B}[';

/**
Rows and columns count from 1.
*/
export const goTo = (row: number, column: number): string => column === 1 ? `${csi}${row}H` : `${csi}${row};${column}H`;

/**
Characters that have the same width on every terminal: ASCII, box drawing, the ellipsis, the marks of the cursor, of the path and of what was watched, Japanese, Chinese and Korean.
*/
const sameEverywhere = /^[\u{20}-\u{7E}…›\u{2500}-\u{259F}●◐✓\u{3041}-\u{3096}\u{30A1}-\u{30FA}\u{3400}-\u{4DBF}\u{4E00}-\u{9FFF}\u{AC00}-\u{D7A3}\u{FF01}-\u{FF60}]$/v;
// Most characters are ASCII, and this is asked of every character of a frame.
const isAscii = (value: string) => value.length === 1 && value >= ' ' && value <= '~';

// A terminal that gets placeholders of pictures gives each a cell.
const isCertain = ({value}: StyledChar) => isAscii(value) || sameEverywhere.test(value) || hasPlaceholders(value);

/**
How many characters from the start have a known place; infinite when all have.

The last character before one of unknown width does not count: a terminal may draw the unknown one over it.
*/
export const certainLength = (characters: readonly StyledChar[], {isMlterm}: TerminalTraits): number => {
	if (isMlterm === true && characters.some(({value}) => fromRightToLeft.test(value))) {
		return 0;
	}

	const first = characters.findIndex(character => !isCertain(character));
	return first === -1 ? Infinity : Math.max(0, first - 1);
};

// As Ink counts: a syllable of Hindi may take two cells.
const widthOfOne = (character: StyledChar) => character.fullWidth ? 2 : (isCertain(character) ? 1 : Math.max(1, keptWidth(character.value)));

export const cellsOf = (characters: readonly StyledChar[]): number =>
	characters.reduce((width, character) => width + widthOfOne(character), 0);

const isFrame = (value: string) => /^[\u{2500}-\u{259F}]$/v.test(value) || hasPlaceholders(value);

/**
Here a column of a table or a frame begins, whose place matters more than what a text before it needs.
*/
const opensColumn = (characters: readonly StyledChar[], index: number) => {
	const {value} = characters[index]!;
	return isFrame(value) || (value !== ' ' && characters[index - 1]?.value === ' ' && characters[index - 2]?.value === ' ');
};

/**
The output for the characters of a line from `start` to `end`. After text of unknown width the cursor is sent to each next column, so that columns stay straight whatever the terminal makes of that text.
*/
export const writtenLine = (row: number, line: readonly StyledChar[], {start = 0, end = line.length}: {start?: number; end?: number}, traits: TerminalTraits): string => {
	const characters = withDirections(line, traits);
	let written = '';
	let from = start;
	let column = 1 + cellsOf(line.slice(0, start));
	let isAdrift = false;
	for (let index = start; index < end; index++) {
		if (isAdrift && opensColumn(line, index)) {
			written += styledCharsToString(characters.slice(from, index)) + goTo(row, column);
			from = index;
			isAdrift = false;
		}

		isAdrift ||= !isCertain(line[index]!);
		column += widthOfOne(line[index]!);
	}

	return written + styledCharsToString(characters.slice(from, end));
};

/**
Whether a terminal may draw a character beyond the edge. GNU screen and st then go on in the next row, although wrapping is off.
*/
export const canRunOver = (characters: readonly StyledChar[], columns: number): boolean => {
	let width = 0;
	let mostWidth = 0;
	for (const [index, character] of characters.entries()) {
		if (opensColumn(characters, index)) {
			mostWidth = width;
		}

		const isKnown = isCertain(character);
		width += widthOfOne(character);
		// No terminal gives more than two cells to a code point.
		mostWidth += isKnown ? widthOfOne(character) : 2 * [...character.value].length;
		if (mostWidth > columns && (!isKnown || widthOfOne(character) > 1)) {
			return true;
		}
	}

	return false;
};

/**
Scripts that are written from right to left, which have blocks of their own.
*/
const fromRightToLeft = /[\u{590}-\u{8FF}\u{FB1D}-\u{FDFF}\u{FE70}-\u{FEFC}\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]/v;
const leftToRight = '\u{200E}';
const joinControls = /\p{Join_Control}/gv;

/**
Puts a mark of direction behind each text with letters from right to left. Without it, some terminals pull the digits of the next columns to the left of that text.

Ink would give the mark a cell, and the text itself comes without any, so this is the only place for it.
*/
const withDirections = (characters: readonly StyledChar[], {isMlterm, isVim}: TerminalTraits): readonly StyledChar[] => {
	if (isVim === true) {
		return characters.map(character => isAscii(character.value) ? character : {...character, value: character.value.replaceAll(joinControls, '')});
	}

	const lasts = lastOfTurnedTexts(characters);
	if (lasts.length === 0) {
		return characters;
	}

	const marked = [...characters];
	const mark = (index: number, value: string) => {
		marked[index] = {...marked[index]!, value};
	};

	for (const last of lasts) {
		// Where the mark takes a cell, it takes that of a blank.
		if (isMlterm === true && characters[last + 1]?.value === ' ') {
			mark(last + 1, leftToRight);
		} else {
			mark(last, characters[last]!.value + leftToRight);
		}
	}

	if (isMlterm === true) {
		mark(0, marked[0]!.value === ' ' ? leftToRight : leftToRight + marked[0]!.value);
	}

	return marked;
};

/**
A text ends before two blanks, a frame, or the end of the line.
*/
const lastOfTurnedTexts = (characters: readonly StyledChar[]) => {
	const lasts: number[] = [];
	let last: number | undefined;
	for (const [index, {value}] of characters.entries()) {
		if (last !== undefined && (isFrame(value) || (value === ' ' && characters[index + 1]?.value === ' '))) {
			lasts.push(last);
			last = undefined;
		} else if (value !== ' ' && !hasPlaceholders(value) && (last !== undefined || fromRightToLeft.test(value))) {
			last = index;
		}
	}

	return last === undefined ? lasts : [...lasts, last];
};
