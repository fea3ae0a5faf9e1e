import type {TextProps} from 'ink';
import type {Tone} from '../line.js';

export type Styles = Record<Tone, TextProps>;

/**
How the tones look without colours.
*/
export const plainStyles: Styles = {
	plain: {},
	dim: {},
	strong: {bold: true},
	accent: {bold: true},
	good: {},
	warn: {},
	bad: {bold: true},
	selected: {inverse: true},
	caret: {inverse: true},
	border: {},
	focus: {bold: true},
	title: {bold: true},
	tab: {},
	tabActive: {bold: true, underline: true},
	uhd: {bold: true},
	hd: {},
	sd: {},
	hdr: {},
	seen: {},
	begun: {},
	rating: {},
	added: {},
	removed: {},
	changed: {},
	upgraded: {bold: true},
	held: {},
	sparkline: {},
	key: {bold: true},
	code: {},
	codeLight: {},
};

/**
The colours that a palette gives to tones, over what they look like without colours. `faint` is for what matters less.
*/
type Colors = Record<'accent' | 'good' | 'warn' | 'bad' | 'uhd' | 'hd' | 'hdr', string> & {faint: TextProps; selected: TextProps};

const stylesOf = ({accent, good, warn, bad, uhd, hd, hdr, faint, selected}: Colors): Styles => ({
	...plainStyles,
	dim: faint,
	accent: {color: accent, bold: true},
	good: {color: good},
	warn: {color: warn},
	bad: {color: bad, bold: true},
	selected,
	border: faint,
	focus: {color: accent},
	tab: faint,
	tabActive: {color: accent, bold: true, underline: true},
	uhd: {color: uhd},
	hd: {color: hd},
	sd: faint,
	hdr: {color: hdr},
	seen: {color: good},
	begun: {color: warn},
	rating: {color: warn},
	added: {color: good},
	removed: {color: bad},
	changed: {color: hd},
	upgraded: {color: uhd},
	held: {color: hdr},
	sparkline: {color: accent},
	key: {color: accent, bold: true},
	code: {color: 'whiteBright', backgroundColor: 'black'},
	codeLight: {color: 'whiteBright', backgroundColor: 'whiteBright'},
});

export type Background = 'dark' | 'light' | 'unknown';

/**
The terminal's own 16 colours. SGR 90 is nearly invisible in some schemes, so what matters less is faint instead, which a terminal without it shows as plain text. Green, cyan and yellow are too pale on white and blue is too dark on black, so only red and magenta remain where the background is not known.
*/
export const terminalStyles: Record<Background, Styles> = {
	dark: stylesOf({
		accent: 'cyan', good: 'green', warn: 'yellow', bad: 'red', uhd: 'magenta', hd: 'cyan', hdr: 'yellow', faint: {dimColor: true}, selected: {inverse: true},
	}),
	light: stylesOf({
		accent: 'blue', good: 'blue', warn: 'magenta', bad: 'red', uhd: 'magenta', hd: 'blue', hdr: 'magenta', faint: {dimColor: true}, selected: {inverse: true},
	}),
	unknown: {
		...stylesOf({
			accent: 'magenta', good: 'magenta', warn: 'magenta', bad: 'red', uhd: 'magenta', hd: 'magenta', hdr: 'magenta', faint: {dimColor: true}, selected: {inverse: true},
		}),
		good: {}, hd: {}, seen: {}, begun: {}, added: {bold: true}, changed: {},
	},
};

const fineStyles = ({accent, good, warn, bad, uhd, hd, hdr, faint, selected}: Record<Exclude<keyof Colors, 'faint' | 'selected'> | 'faint', string> & {selected: readonly [text: string, background: string]}): Styles =>
	({
		...stylesOf({
			accent, good, warn, bad, uhd, hd, hdr, faint: {color: faint}, selected: {color: selected[0], backgroundColor: selected[1]},
		}),
		code: {color: '#ffffff', backgroundColor: '#000000'},
		codeLight: {color: '#ffffff', backgroundColor: '#ffffff'},
	});

export type FineTheme = {
	label: string;
	/**
	Backgrounds of real schemes that the colours are made for. They are not painted: the terminal's own shows through.
	*/
	backgrounds: readonly string[];
	styles: Styles;
};

const darkSchemes = ['#000000', '#1e1e1e', '#282a36', '#002b36', '#2e3440'];

export const fineThemes = {
	dark: {
		label: 'Dark: cool colours for a dark background',
		backgrounds: darkSchemes,
		styles: fineStyles({
			accent: '#7dcfff', good: '#7ee787', warn: '#f2cc60', bad: '#ff9a94', uhd: '#d2a8ff', hd: '#79c0ff', hdr: '#ffb86c', faint: '#a3adbd', selected: ['#ffffff', '#264f78'],
		}),
	},
	light: {
		label: 'Light: dark colours for a light background',
		backgrounds: ['#ffffff', '#fdf6e3', '#fbf1c7', '#eeeeee'],
		styles: fineStyles({
			accent: '#0550ae', good: '#116329', warn: '#7a4d00', bad: '#a40e26', uhd: '#6639a6', hd: '#0a5c8f', hdr: '#8f3a00', faint: '#565e69', selected: ['#ffffff', '#0550ae'],
		}),
	},
	contrast: {
		label: 'Contrast: the brightest colours for a black background',
		backgrounds: ['#000000', '#1e1e1e'],
		styles: fineStyles({
			accent: '#ffff00', good: '#5fff87', warn: '#ffd75f', bad: '#ffafaf', uhd: '#ffafff', hd: '#87ffff', hdr: '#ffd700', faint: '#d0d0d0', selected: ['#000000', '#ffff00'],
		}),
	},
	warm: {
		label: 'Warm: earthen colours for a dark background',
		backgrounds: ['#000000', '#1d2021', '#282828', '#32302f'],
		styles: fineStyles({
			accent: '#fe9a4f', good: '#b8bb26', warn: '#fabd2f', bad: '#ff9580', uhd: '#e0a0b4', hd: '#9dc2b0', hdr: '#fabd2f', faint: '#b8a99a', selected: ['#fbf1c7', '#6b3a1c'],
		}),
	},
} satisfies Record<string, FineTheme>;
