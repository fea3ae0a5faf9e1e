import type {TextProps} from 'ink';
import {displayWidth, steadyText} from '../base/text/width.js';
import {graphemes} from './parts/text-field.js';
import type {Tone} from './line.js';
import {
	fineThemes,
	plainStyles,
	terminalStyles,
	type Styles,
} from './theme/palettes.js';
import {paint} from './theme/paint.js';
import type {TerminalColors} from './theme/terminal-colors.js';

const unicode = {
	pointer: '›',
	marked: '*',
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
	topLeft: '╭',
	topRight: '╮',
	bottomLeft: '╰',
	bottomRight: '╯',
	/**
	The part of a right border that shows where a list is scrolled to.
	*/
	thumb: '▐',
	unseen: '●',
	begun: '◐',
	seen: '✓',
	live: '●',
	polling: '◌',
	away: '○',
	added: '+',
	removed: '−',
	changed: '~',
	upgraded: '↑',
	folded: '▸',
	unfolded: '▾',
	star: '★',
	/**
	From empty to full, for the cells of a bar, of a sparkline and of a heat map.
	*/
	eighths: ' ▏▎▍▌▋▊▉█',
	steps: '▁▂▃▄▅▆▇█',
	shades: '·░▒▓█',
};

export type Glyphs = Record<keyof typeof unicode, string>;

export const asciiGlyphs: Glyphs = {
	pointer: '>',
	marked: '*',
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
	topLeft: '+',
	topRight: '+',
	bottomLeft: '+',
	bottomRight: '+',
	thumb: '#',
	unseen: 'o',
	begun: '%',
	seen: '+',
	live: '*',
	polling: '~',
	away: 'o',
	added: '+',
	removed: '-',
	changed: '~',
	upgraded: '^',
	folded: '>',
	unfolded: 'v',
	star: '*',
	eighths: '-#',
	steps: '_.:-=+*#',
	shades: '.:+*#',
};

const {good, seen, begun, polling, away, star, steps} = asciiGlyphs;

// The fonts of the Linux console lack these, and show one and the same sign for all that they lack.
const consoleGlyphs: Glyphs = {
	...unicode, good, seen, begun, polling, away, star, steps, thumb: '█', eighths: ' ▒█', shades: '·░▒█',
};

/**
How meanings look. The background is always the terminal's own.
*/
export type Theme = {
	isAscii: boolean;
	/**
	The font lacks half-blocks and braille.
	*/
	hasFewGlyphs: boolean;
	/**
	The colours that can be seen: none, the terminal's own 16, or those of the theme.
	*/
	colors: 'none' | 'sixteen' | 'fine';
	glyphs: Glyphs;
	style: (tone: Tone) => TextProps;
	/**
	Text in the style of a tone, with the codes for the terminal in it.
	*/
	paint: (text: string, tone: Tone) => string;
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
	/**
	That of Linux.
	*/
	isConsole?: boolean;
	hasLinks?: boolean;
	name?: ThemeName;
} & Partial<TerminalColors>;

/**
The themes that can be chosen. `terminal` has the terminal's own 16 colours, the others have colours of their own.
*/
export const themeNames = ['terminal', ...Object.keys(fineThemes) as Array<keyof typeof fineThemes>] as const;

export type ThemeName = typeof themeNames[number];

export const themeLabel = (name: ThemeName): string => name === 'terminal' ? 'Terminal: the 16 colours of the terminal' : fineThemes[name].label;

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

export const createTheme = ({
	isColor, isAscii, isConsole = false, hasLinks = false, name = 'terminal', hasFineColor = false, background = 'unknown',
}: ThemeOptions): Theme => {
	const styles: Styles = isColor ? (name === 'terminal' || !hasFineColor ? terminalStyles[background] : fineThemes[name].styles) : plainStyles;
	return {
		isAscii,
		hasFewGlyphs: isAscii || isConsole,
		colors: isColor ? (hasFineColor ? 'fine' : 'sixteen') : 'none',
		glyphs: isAscii ? asciiGlyphs : (isConsole ? consoleGlyphs : unicode),
		style: tone => styles[tone],
		paint: (text, tone) => paint(text, styles[tone]),
		show: text => isAscii ? toAscii(text) : steadyText(text),
		link: (text, href) => hasLinks ? `\u{1B}]8;;${href}\u{7}${text}\u{1B}]8;;\u{7}` : text,
	};
};
