/* eslint-disable no-bitwise -- xterm.js wants width and state in one number */
import type {IUnicodeVersionProvider} from '@xterm/headless';

const segmenter = new Intl.Segmenter();

const isOneGrapheme = (text: string) => {
	const [first] = segmenter.segment(text);
	return first?.segment === text;
};

// These are not taken from the library that reelcat measures with, so that the two can disagree.
const wide = /[\p{Emoji_Presentation}\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\u{3000}-\u{303E}\u{30A0}-\u{30FF}\u{FF01}-\u{FF60}]/v;
const invisible = /[\p{Default_Ignorable_Code_Point}\p{Control}\p{Format}\p{Mark}]/v;

const widthOf = (character: string): 0 | 1 | 2 => {
	if (invisible.test(character)) {
		return 0;
	}

	return wide.test(character) ? 2 : 1;
};

/**
What xterm.js passes from one character to the next: the character, and what it continues.
*/
const state = {
	codePoint: (value: number) => value & 0x1F_FF_FF,
	isEmoji: (value: number) => (value & 0x20_00_00) !== 0,
	isHalfFlag: (value: number) => (value & 0x40_00_00) !== 0,
};

/**
The widths that current terminals use: a grapheme takes one cell or two. xterm.js itself counts each code point, by the tables of Unicode 6.
*/
export const graphemeWidths: IUnicodeVersionProvider = {
	version: 'graphemes',
	wcwidth: codePoint => widthOf(String.fromCodePoint(codePoint)),
	charProperties(codePoint, preceding) {
		const character = String.fromCodePoint(codePoint);
		const before = preceding >> 3;
		const widthBefore = (preceding >> 1) & 3;
		const isFlag = /\p{Regional_Indicator}/v.test(character);
		const isSecondHalf = isFlag && state.isHalfFlag(before);
		const isAfterJoiner = state.codePoint(before) === 0x20_0D && state.isEmoji(before) && /\p{Extended_Pictographic}/v.test(character);
		const isJoined = preceding !== 0 && (isSecondHalf || isAfterJoiner || (!isFlag && isOneGrapheme(String.fromCodePoint(state.codePoint(before)) + character)));
		const isEmoji = /[\d\p{Extended_Pictographic}#*]/v.test(character) || (isJoined && state.isEmoji(before));
		const isWidened = isSecondHalf || (codePoint === 0xFE_0F && isEmoji);
		const own = isFlag ? 1 : widthOf(character);
		const width = isJoined ? (isWidened ? 2 : Math.max(widthBefore, own)) : own;
		const next = codePoint | (isEmoji ? 0x20_00_00 : 0) | (isFlag && !isSecondHalf ? 0x40_00_00 : 0);
		return (next << 3) | (width << 1) | (isJoined ? 1 : 0);
	},
};
