import QuickLru from 'quick-lru';
import stringWidth from 'string-width';

const kept = new QuickLru<string, number>({maxSize: 4096});
// A line of a wide terminal with its colours.
const longest = 1000;
const simple = /^[\u{20}-\u{7E}\u{A1}-\u{AC}\u{AE}-\u{24F}…›\u{2500}-\u{259F}●◐✓]*$/v;

/**
Whether each code unit is a letter of one cell: printable ASCII, the letters of most languages of Europe, the lines and blocks of borders and bars, and the marks of lists.
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
		width = stringWidth(text);
		kept.set(text, width);
	}

	return width;
};

export default keptWidth;
