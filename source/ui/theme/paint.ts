import chalk, {
	type BackgroundColorName,
	type ChalkInstance,
	type ColorSupportLevel,
	type ForegroundColorName,
} from 'chalk';
import type {TextProps} from 'ink';
import type {ColorDepth} from './terminal-colors.js';

const levels: Readonly<Record<ColorDepth, ColorSupportLevel>> = {true: 3, 256: 2};

/**
Lets text have styles in every terminal that shows the app, also what Ink paints.

chalk knows terminals by parts of their names. In others, such as Alacritty and foot without COLORTERM, and with `--no-color`, it writes no style at all, not even bold or reversed text. Whether there are colours is the theme's decision.
*/
export const paintAtLeast = (depth: ColorDepth | undefined): void => {
	chalk.level = Math.max(chalk.level, depth === undefined ? 1 : levels[depth]) as ColorSupportLevel;
};

const backgroundName = (color: string) => `bg${color.charAt(0).toUpperCase()}${color.slice(1)}` as BackgroundColorName;

// In the order in which Ink applies them.
const paintersOf = ({color, backgroundColor, dimColor = false, bold = false, underline = false, inverse = false}: TextProps): ChalkInstance[] => [
	dimColor ? chalk.dim : undefined,
	color === undefined ? undefined : (color.startsWith('#') ? chalk.hex(color) : chalk[color as ForegroundColorName]),
	backgroundColor === undefined ? undefined : (backgroundColor.startsWith('#') ? chalk.bgHex(backgroundColor) : chalk[backgroundName(backgroundColor)]),
	bold ? chalk.bold : undefined,
	underline ? chalk.underline : undefined,
	inverse ? chalk.inverse : undefined,
].filter(painter => painter !== undefined);

/**
Text in a style, as Ink's `<Text>` would write it. Of colours it knows names and `#` with six digits.
*/
export const paint = (text: string, style: TextProps): string => {
	let painted = text;
	for (const painter of paintersOf(style)) {
		painted = painter(painted);
	}

	return painted;
};
