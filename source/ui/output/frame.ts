import {reduceAnsiCodes, tokenize} from '@alcalzone/ansi-tokenize';

/* eslint-disable no-control-regex, regexp/no-control-character -- escape sequences are what this is about */
/**
How Ink removes the previous frame: line by line from the last one, or the whole screen.
*/
const removal = /^(?:(?:\u{1B}\[2K(?:\u{1B}\[1A)?)+\u{1B}\[G|\u{1B}\[1;1H\u{1B}\[J)?/v;

const styleCode = /\u{1B}\[[\d;]*m/gv;

const harmless = /^(?:\u{1B}\[\?(?:25|2004|2026)[hl])*$/v;
/* eslint-enable no-control-regex, regexp/no-control-character */

/**
Nothing, or modes that do not change what is shown: visibility of the cursor, bracketed paste, synchronized output.
*/
export const isHarmless = (written: string): boolean => harmless.test(written);

/**
The lines of a frame of Ink that fills the screen; undefined if `written` is or may be anything else.

A frame removes the previous one and then has as many lines as there are `rows`. A line has text and styles, and no style is on at its end.
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
