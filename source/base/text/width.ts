import keptWidth, {isOneCellEach} from './kept-width.js';

/**
All functions here need text that went through `clean`, and count in terminal cells.
*/

export type CutPosition = 'end' | 'middle' | 'parts';

type TruncateOptions = {
	// Where text is left out: at the `end`, or in the `middle` for paths, whose ends matter most. Of `parts`, as in "a; b; c", it is also told how many are missing.
	position?: CutPosition;
	// Left away where it does not fit itself.
	ellipsis?: string;
};

const segmenter = new Intl.Segmenter();

const unsteady = /[\p{Emoji_Modifier}\p{Enclosing_Mark}\p{Join_Control}\p{Variation_Selector}\u{E33}]/v;

/**
Shows text in characters whose cells all terminals agree on, as `displayWidth` counts it and the app shows it.

Most terminals add up the code points of an emoji sequence, a few draw one picture, and none does so for all of them. So a family is shown as its members, a hand without its skin tone, and a heart or a digit in its plain form. The Thai vowel am is shown as its two halves, which take the two cells that terminals give it.

@example
```
steadyText('A family: 👨‍👩‍👧'); //=> 'A family: 👨👩👧'
```
*/
export const steadyText = (text: string): string => unsteady.test(text)
	? text
		.replaceAll(/(?<tone>[\u{E48}-\u{E4B}]?)\u{E33}/gv, '\u{E4D}$<tone>\u{E32}')
		.replaceAll(/(?<=[\d#*])\u{FE0F}?\u{20E3}/gv, '')
		.replaceAll(/(?<=\p{Extended_Pictographic}\u{FE0F}?)\p{Emoji_Modifier}/gv, '')
		.replaceAll(/(?<=\p{Extended_Pictographic}\u{FE0F}?)\u{200D}(?=\p{Extended_Pictographic})/gv, '')
		.replaceAll('\u{FE0F}', '')
	: text;

export const displayWidth = (text: string): number => isOneCellEach(text) ? text.length : keptWidth(steadyText(text));

/**
Cuts to at most `width` cells, between graphemes.
*/
export const truncate = (text: string, width: number, {position = 'end', ellipsis = '…'}: TruncateOptions = {}): string => {
	if (fits(text, width)) {
		return text;
	}

	const room = width - displayWidth(ellipsis);
	if (room < 0) {
		return head(text, Math.max(0, width));
	}

	if (position === 'end') {
		return head(text, room) + ellipsis;
	}

	if (position === 'parts') {
		return beginning(text.split(partGap), room, ellipsis);
	}

	const start = head(text, Math.ceil(room / 2));
	return start + ellipsis + tail(text, room - displayWidth(start));
};

export const partGap = '; ';

const beginning = (parts: readonly string[], room: number, ellipsis: string): string => {
	const text = parts.join(partGap);
	const begun = (missing: number) => head(text, Math.max(0, room - (missing === 0 ? 0 : ` +${missing}`.length))).trimEnd().replace(/;$/v, '');
	let missing = parts.length - 1;
	// Fewer missing parts leave no less room for the others.
	for (let fewer = missing; ; missing = fewer) {
		fewer = parts.length - begun(missing).split(partGap).length;
		if (fewer >= missing) {
			const rest = missing === 0 ? '' : ` +${missing}`;
			return rest.length < room ? begun(missing) + ellipsis + rest : head(text, room) + ellipsis;
		}
	}
};

/**
Truncates or pads to exactly `width` cells.

@example
```
fit('東京物語', 7); //=> '東京物…'
fit('1998', 6, {align: 'right'}); //=> '  1998'
```
*/
export const fit = (
	text: string,
	width: number,
	{align = 'left', ...options}: TruncateOptions & {align?: 'left' | 'right'} = {},
): string => {
	let fitted = truncate(text, width, options);
	// A second round is for the few characters that take the blank behind them into their own grapheme.
	for (let missing = width - displayWidth(fitted); missing > 0; missing = width - displayWidth(fitted)) {
		fitted = align === 'left' ? fitted + ' '.repeat(missing) : ' '.repeat(missing) + fitted;
	}

	return fitted;
};

// Stops early: a summary of 100 KB need not be measured to its end.
const fits = (text: string, width: number) => {
	if (isOneCellEach(text)) {
		return text.length <= width;
	}

	let used = 0;
	for (const {segment} of segmenter.segment(text)) {
		used += displayWidth(segment);
		if (used > width) {
			return false;
		}
	}

	return true;
};

const head = (text: string, room: number) => {
	if (isOneCellEach(text)) {
		return text.slice(0, room);
	}

	let used = 0;
	for (const {segment, index} of segmenter.segment(text)) {
		used += displayWidth(segment);
		if (used > room) {
			return text.slice(0, index);
		}
	}

	return text;
};

const tail = (text: string, room: number) => {
	if (isOneCellEach(text)) {
		return room <= 0 ? '' : text.slice(-room);
	}

	const segments = segmenter.segment(text);
	let used = 0;
	let start = text.length;
	while (start > 0) {
		const {segment, index} = segments.containing(start - 1)!;
		used += displayWidth(segment);
		if (used > room) {
			break;
		}

		start = index;
	}

	return text.slice(start);
};
