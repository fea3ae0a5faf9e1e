/**
What a piece of text means; `theme.ts` says how that looks. Colour alone never carries meaning.
*/
export type Tone =
	'plain' | 'dim' | 'strong' | 'accent' | 'good' | 'warn' | 'bad'
	// A row under the cursor, and the caret of a text that is typed.
	| 'selected' | 'caret'
	// A border, the border that has the focus, titles, and the tabs of libraries and details.
	| 'border' | 'focus' | 'title' | 'tab' | 'tabActive'
	// Pictures: 4K and more, HD, less than HD, high dynamic range.
	| 'uhd' | 'hd' | 'sd' | 'hdr'
	// What the user has watched to its end, what is begun, and ratings.
	| 'seen' | 'begun' | 'rating'
	// Changes, and removals that are held back.
	| 'added' | 'removed' | 'changed' | 'upgraded' | 'held'
	| 'sparkline'
	// A key that can be pressed.
	| 'key'
	// A QR code, and what is light in one that is drawn with letters.
	| 'code' | 'codeLight';

export type Span = {
	text: string;
	tone: Tone;
	href?: string;
	/**
	The width of a text of our own that has colours inside, such as a picture. It is shown as it is.
	*/
	cells?: number;
};

export type Line = readonly Span[];

export const span = (text: string, tone: Tone = 'plain'): Span => ({text, tone});

export const line = (text: string, tone: Tone = 'plain'): Line => [{text, tone}];

export const blank: Line = [];

export const filled = (lines: readonly Line[], rows: number): Line[] => Array.from({length: rows}, (_, index) => lines[index] ?? blank);

export const lineText = (spans: Line): string => spans.map(({text}) => text).join('');
