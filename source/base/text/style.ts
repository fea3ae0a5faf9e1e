import {styleText} from 'node:util';

// Only the 16 colours of the terminal, so that every colour scheme stays readable. Dim is an attribute, because bright black is nearly invisible in some schemes.
const formats = {
	strong: 'bold',
	dim: 'dim',
	accent: 'cyan',
	fine: 'magenta',
	good: 'green',
	warn: 'yellow',
	bad: 'red',
	code: ['whiteBright', 'bgBlack'],
	codeLight: ['whiteBright', 'bgWhiteBright'],
} satisfies Record<string, Parameters<typeof styleText>[0]>;

/**
What a piece of printed text means. `fine` is what a collector is proud of, `code` a QR code, and `codeLight` what is light in one that has no blocks.
*/
export type TextTone = keyof typeof formats;

/**
Makes a text look like what it means. The text is clean already.
*/
export type Paint = (tone: TextTone | undefined, text: string) => string;

export const plainPaint: Paint = (_, text) => text;

export const colorPaint: Paint = (tone, text) => tone === undefined || text === '' ? text : styleText(formats[tone], text, {validateStream: false});

type ColorWishes = {
	env: NodeJS.ProcessEnv;
	/**
	What `--color` or `--no-color` says.
	*/
	flag: boolean | undefined;
};

const isSet = (value: string | undefined) => value !== undefined && value !== '';

/**
Chooses how a stream is painted: the option decides before `FORCE_COLOR`, that before `NO_COLOR`, and otherwise a terminal that knows escape sequences gets colours.
*/
export const paintOf = ({isTTY = false}: {isTTY?: boolean}, {env, flag}: ColorWishes): Paint => {
	const {FORCE_COLOR: forced, NO_COLOR: none, TERM: terminal} = env;
	const isWished = flag ?? (isSet(forced) ? forced !== '0' && forced !== 'false' : undefined);
	const isColor = isWished ?? (isTTY && !isSet(none) && terminal !== undefined && terminal !== 'dumb');
	return isColor ? colorPaint : plainPaint;
};
