import type {Background} from './palettes.js';

export type TerminalColors = {
	/**
	The terminal shows 256 colours or more, so that the themes with colours of their own can be used.
	*/
	hasFineColor: boolean;
	background: Background;
};

export const isGnuScreen = ({STY: screen = '', TMUX: tmux = '', TERM: term = ''}: Readonly<Record<string, string | undefined>>): boolean =>
	screen !== '' || (tmux === '' && term.startsWith('screen'));

/**
Colours that a terminal shows: all, or a palette of 256.
*/
export type ColorDepth = 'true' | '256';

// These show all colours. SSH passes TERM on, but not COLORTERM.
const colorfulTerms = /^(?:alacritty|contour|foot|rio|wezterm|xterm-ghostty|xterm-kitty)(?:-|$)/v;

/**
Undefined where no more than 16 colours are certain.

GNU screen reads each number of a 24-bit colour as an attribute and shows faint, blinking, reversed text. It passes COLORTERM on from the terminal around it, so its own variable and TERM decide.
*/
export const colorDepth = (env: Readonly<Record<string, string | undefined>>): ColorDepth | undefined => {
	const {TERM: term = '', COLORTERM: colors = ''} = env;
	if (isGnuScreen(env)) {
		return undefined;
	}

	return /^(?:truecolor|24bit)$/v.test(colors) || colorfulTerms.test(term) ? 'true' : (/256|direct/v.test(term) ? '256' : undefined);
};

/**
What the environment tells of the terminal's colours.
*/
export const terminalColors = (env: Readonly<Record<string, string | undefined>>): TerminalColors => ({
	hasFineColor: colorDepth(env) !== undefined,
	background: backgroundOf(env['COLORFGBG'] ?? ''),
});

// rxvt and Konsole set `foreground;background`, as numbers of the 16 colours.
const backgroundOf = (grounds: string): Background => {
	const number = /;(?<number>\d{1,2})$/v.exec(grounds)?.groups?.['number'];
	if (number === undefined) {
		return 'unknown';
	}

	return number === '7' || number === '15' ? 'light' : 'dark';
};
