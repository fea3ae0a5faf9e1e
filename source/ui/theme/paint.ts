import chalk, {type BackgroundColorName, type ChalkInstance, type ForegroundColorName} from 'chalk';
import type {TextProps} from 'ink';

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
