import {reduceAnsiCodes, tokenize} from '@alcalzone/ansi-tokenize';

/* eslint-disable no-control-regex, regexp/no-control-character -- escape sequences are what this is about */
/**
How Ink removes the frame before: line by line from the last one, or the whole screen.
*/
const removal = /^(?:(?:\u{1B}\[2K(?:\u{1B}\[1A)?)+\u{1B}\[G|\u{1B}\[1;1H\u{1B}\[J)?/v;

const styleCode = /\u{1B}\[[\d;]*m/gv;

const harmless = /^(?:\u{1B}\[\?(?:25|2004|2026)[hl])*$/v;
/* eslint-enable no-control-regex, regexp/no-control-character */

/**
Nothing, or modes that leave what is shown as it is: the cursor's visibility, bracketed paste, synchronized output.
*/
export const isHarmless = (written: string): boolean => harmless.test(written);

/**
The lines of a frame of Ink that fills the screen; nothing if `written` is anything else, or might be.

A frame is what removes the one before, and as many lines as there are `rows`: text and styles, each line without a style at its end.
*/
export const readFrame = (written: string, rows: number): string[] | undefined => {
	const lines = written.replace(removal, '').split('\n');
	return lines.length === rows && rows > 1 && lines.every(text => isLine(text)) ? lines : undefined;
};

const isLine = (text: string) => {
	const codes = text.match(styleCode);
	const shown = codes === null ? text : text.replaceAll(styleCode, '');
	return !/\p{Control}/v.test(shown) && (codes === null || reduceAnsiCodes(tokenize(codes.join('')).filter(token => token.type === 'ansi')).length === 0);
};
