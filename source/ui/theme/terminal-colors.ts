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
What the environment tells of the terminal's colours.

GNU screen reads each number of a 24-bit colour as an attribute and shows faint, blinking, reversed text. It passes COLORTERM on from the terminal around it, so its own variable and TERM decide.
*/
export const terminalColors = (env: Readonly<Record<string, string | undefined>>): TerminalColors => {
	const {TERM: term = '', COLORTERM: colors = '', COLORFGBG: grounds = ''} = env;
	return {
		hasFineColor: !isGnuScreen(env) && (/^(?:truecolor|24bit)$/v.test(colors) || /256|direct/v.test(term)),
		background: backgroundOf(grounds),
	};
};

// rxvt and Konsole set `foreground;background`, as numbers of the 16 colours.
const backgroundOf = (grounds: string): Background => {
	const number = /;(?<number>\d{1,2})$/v.exec(grounds)?.groups?.['number'];
	if (number === undefined) {
		return 'unknown';
	}

	return number === '7' || number === '15' ? 'light' : 'dark';
};
