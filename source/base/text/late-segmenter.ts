/**
Stands in the bundle for `Intl.Segmenter`, see `docs/bundle.ts`. The first one of a process takes as long as all of `reelcat --version`, string-width makes one as it is loaded, and most texts are plain ASCII, which needs none.
*/
export class LateSegmenter {
	readonly #options: Array<string | Intl.SegmenterOptions | undefined>;
	#made: Intl.Segmenter | undefined;

	constructor(locale?: string, options?: Intl.SegmenterOptions) {
		this.#options = [locale, options];
	}

	segment(text: string): Intl.Segments {
		// Named in this way it is not replaced itself.
		// eslint-disable-next-line unicorn/no-unnecessary-global-this
		this.#made ??= Reflect.construct(globalThis.Intl.Segmenter, this.#options) as Intl.Segmenter;
		return this.#made.segment(text);
	}
}
