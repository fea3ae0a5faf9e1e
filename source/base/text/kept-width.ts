import QuickLru from 'quick-lru';
import stringWidth from 'string-width';
import {plainLetters} from './late-segmenter.js';

const kept = new QuickLru<string, number>({maxSize: 4096});
// A line of a wide terminal with its colours.
const longest = 1000;
const simple = new RegExp(`^[${plainLetters}]*$`, 'v');
// eslint-disable-next-line no-control-regex, regexp/no-control-character -- the Esc of a style
const style = /\u{1B}\[[\d;]*m/gv;

/**
Whether each code unit is a letter of one cell: printable ASCII, the letters of most languages of Europe and of Hebrew, and the signs, borders and bars that we show.
*/
export const isOneCellEach = (text: string): boolean => simple.test(text);

/**
The width of a text as `string-width` counts it, for which it stands in the bundle, see `docs/bundle.ts`. Ink and we measure each character, text and line of a frame, and nearly all of them were in the frame before.
*/
const keptWidth: typeof stringWidth = (text, options) => {
	if (isOneCellEach(text)) {
		return text.length;
	}

	if (options !== undefined || text.length > longest) {
		return stringWidth(text, options);
	}

	let width = kept.get(text);
	if (width === undefined) {
		const shown = text.replaceAll(style, '');
		width = isOneCellEach(shown) ? shown.length : stringWidth(text);
		kept.set(text, width);
	}

	return width;
};

export default keptWidth;
