/**
Printable ASCII, the letters of most languages of Europe and of Hebrew, and the signs, borders and bars that we show, as a part of a class of a regular expression. Each is one code unit and takes one cell, and none joins with another one.
*/
export const plainLetters = String.raw`\u{20}-\u{7E}\u{A1}-\u{AC}\u{AE}-\u{24F}\u{38E}-\u{3A1}\u{3A3}-\u{482}\u{48A}-\u{52F}\u{5D0}-\u{5EA}\u{2010}-\u{2027}\u{2030}-\u{205E}\u{2190}-\u{22FF}\u{2500}-\u{25FC}\u{2713}\u{2717}\u{2718}`;

// eslint-disable-next-line regexp/no-control-character -- the Esc of a style
const plain = new RegExp(`^[\u{1B}${plainLetters}]*$`, 'v');

/**
Stands in the bundle for `Intl.Segmenter`, see `docs/bundle.ts`. The first one of a process takes as long as all of `reelcat --version`, and string-width makes one as it is loaded. It is not needed for plain text with styles, which most lines are, and which is cut into its characters several times as fast without it.
*/
export class LateSegmenter {
	readonly #options: [locale: string | undefined, options: Intl.SegmenterOptions | undefined];
	#made: Intl.Segmenter | undefined;

	constructor(locale?: string, options?: Intl.SegmenterOptions) {
		this.#options = [locale, options];
	}

	segment(text: string): Intl.Segments {
		const {granularity = 'grapheme'} = this.#options[1] ?? {};
		if (granularity === 'grapheme' && plain.test(text)) {
			return unitsOf(text);
		}

		// Named in this way it is not replaced itself.
		// eslint-disable-next-line unicorn/no-unnecessary-global-this
		this.#made ??= Reflect.construct(globalThis.Intl.Segmenter, this.#options);
		return this.#made.segment(text);
	}
}

const unitsOf = (input: string): Intl.Segments => {
	const unitAt = (index: number): Intl.SegmentData => ({segment: input[index]!, index, input});
	return {
		containing: (index = 0) => index >= 0 && index < input.length ? unitAt(index) : undefined,
		* [Symbol.iterator]() {
			for (let index = 0; index < input.length; index++) {
				yield unitAt(index);
			}

			return undefined;
		},
	};
};
