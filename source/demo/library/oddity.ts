/**
Cases that have broken real importers, each present in the default library; `DemoLibrary.oddities` tells the items.
*/
export type Oddity =
	| 'two-versions' | 'optimised-copy' | 'editions-share-guid' | 'stacked-parts' | 'duplicate-guid' | 'merged-same-file'
	| 'legacy-imdb' | 'legacy-themoviedb' | 'legacy-thetvdb' | 'legacy-hama' | 'legacy-none' | 'unmatched-local'
	| 'no-year' | 'no-duration' | 'no-updated-at' | 'no-media' | 'media-only-id' | 'media-without-part' | 'no-file-path' | 'no-summary'
	| 'trashed' | 'future-added' | 'negative-added' | 'cjk-title' | 'emoji-title' | 'rtl-title' | 'bidi-override-title'
	| 'escape-title' | 'proto-title' | 'title-with-newline' | 'huge-summary' | 'quoted-names' | 'decomposed-path' | 'locked-and-labelled'
	| 'same-file-in-two-sections' | 'same-guid-in-two-sections' | 'several-ids' | 'long-cast' | 'home-video'
	| 'junk-rating' | 'specials' | 'season-without-episodes' | 'show-without-episodes' | 'number-gap' | 'episode-zero'
	| 'multi-episode-file' | 'split-episode' | 'episode-versions' | 'date-based' | 'hidden-seasons' | 'unlisted-season'
	| 'show-not-listed' | 'show-unknown' | 'absolute-numbers' | 'windows-path' | 'part-watched' | 'watched' | 'legacy-themoviedb-show';

/**
Changes a row that was drawn from the seed into the odd one.
*/
export type Change<Row> = (row: Row) => void;
