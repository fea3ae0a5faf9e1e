import type {TextProps} from 'ink';
import {displayWidth, steadyText} from '../base/text/width.js';
import {graphemes} from './parts/text-field.js';
import type {Tone} from './line.js';

const unicode = {
	pointer: '›',
	good: '✓',
	warn: '!',
	bad: '✗',
	separator: ' › ',
	full: '█',
	empty: '░',
	vertical: '│',
	horizontal: '─',
	ascending: '↑',
	descending: '↓',
	mask: '•',
	/**
	Stands for text that was left out at the start; one cell.
	*/
	cut: '…',
	dot: '·',
	running: '▸',
	paused: '=',
	none: '-',
};

export type Glyphs = Record<keyof typeof unicode, string>;

export const asciiGlyphs: Glyphs = {
	pointer: '>',
	good: '+',
	warn: '!',
	bad: 'x',
	separator: ' > ',
	full: '#',
	empty: '-',
	vertical: '|',
	horizontal: '-',
	ascending: '^',
	descending: 'v',
	mask: '*',
	cut: '~',
	dot: '.',
	running: '*',
	paused: '=',
	none: '-',
};

/**
How meanings look. Only the 16 colours of the terminal and its background are used, so that every colour scheme stays readable.
*/
export type Theme = {
	isAscii: boolean;
	glyphs: Glyphs;
	style: (tone: Tone) => TextProps;
	/**
	Text as this terminal can show it, of the same width.
	*/
	show: (text: string) => string;
	/**
	Text that links to an address, where the terminal has links (OSC 8). The address must be our own, since it is not cleaned.
	*/
	link: (text: string, href: string) => string;
};

export type ThemeOptions = {
	isColor: boolean;
	/**
	The locale is not UTF-8.
	*/
	isAscii: boolean;
	hasLinks?: boolean;
};

const plainStyles: Record<Tone, TextProps> = {
	plain: {},
	dim: {},
	strong: {bold: true},
	accent: {bold: true},
	good: {},
	warn: {},
	bad: {bold: true},
	selected: {inverse: true},
	caret: {inverse: true},
};

const colorStyles: Record<Tone, TextProps> = {
	...plainStyles,
	dim: {color: 'gray'},
	accent: {color: 'cyan', bold: true},
	good: {color: 'green'},
	warn: {color: 'yellow'},
	bad: {color: 'red', bold: true},
};

const substitutes = new Map([
	['…', '~'],
	['–', '-'],
	['—', '-'],
	['’', '\''],
	['‘', '\''],
	['“', '"'],
	['”', '"'],
	['×', 'x'],
	['·', '-'],
	['•', '*'],
	['↑', '^'],
	['↓', 'v'],
	['←', '<'],
	['→', '>'],
]);

const printable = /^[\u{20}-\u{7E}]*$/v;

const toAscii = (text: string): string =>
	printable.test(text) ? text : graphemes(text).map(letter => asciiLetter(letter)).join('');

const asciiLetter = (segment: string) => {
	const known = printable.test(segment) ? segment : substitutes.get(segment);
	if (known !== undefined) {
		return known;
	}

	const width = displayWidth(segment);
	const base = segment.normalize('NFD').charAt(0);
	return width === 1 && printable.test(base) ? base : '?'.repeat(width);
};

export const createTheme = ({isColor, isAscii, hasLinks = false}: ThemeOptions): Theme => {
	const styles = isColor ? colorStyles : plainStyles;
	return {
		isAscii,
		glyphs: isAscii ? asciiGlyphs : unicode,
		style: tone => styles[tone],
		show: text => isAscii ? toAscii(text) : steadyText(text),
		link: (text, href) => hasLinks ? `\u{1B}]8;;${href}\u{7}${text}\u{1B}]8;;\u{7}` : text,
	};
};
