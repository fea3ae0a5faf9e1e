import {pushAll} from '../../base/push-all.js';
import type {PlexRow} from './row.js';

/**
All rows of one type in one section. Keys are `firstKey + index`. A row is built only when it is requested, so a quarter of a million items cost nothing until then.
*/
export type Shelf = {
	sectionKey: string;
	/**
	Plex's number of the type: 1 movie, 2 show, 3 season, 4 episode, 8 artist, 9 album, 14 photo album.
	*/
	type: number;
	firstKey: number;
	count: number;
	build: (index: number) => PlexRow;
	/**
	Whether a row is missing in lists, although the index has a place for it.
	*/
	isUnlisted?: (index: number) => boolean;
	/**
	Whether a row is missing in details as well.
	*/
	isUnknown?: (index: number) => boolean;
	/**
	The odd cases that a row demonstrates.
	*/
	oddities: ReadonlyMap<number, readonly Oddity[]>;
};

/**
The keys of one type in one section, sorted.
*/
export type Listing = {
	length: number;
	keyAt: (position: number) => number;
};

/**
Without removed or hidden rows the keys are a range and need no memory. Otherwise they are stored.
*/
export const listingOf = (shelves: readonly Shelf[], removed: ReadonlySet<number>, added: readonly number[]): Listing => {
	const keys: number[] = [];
	const [only] = shelves;
	if (shelves.length === 1 && only!.isUnlisted === undefined && removed.size === 0 && added.length === 0) {
		return {length: only!.count, keyAt: position => only!.firstKey + position};
	}

	for (const {firstKey, count, isUnlisted} of shelves) {
		for (let index = 0; index < count; index++) {
			if (!removed.has(firstKey + index) && isUnlisted?.(index) !== true) {
				keys.push(firstKey + index);
			}
		}
	}

	pushAll(keys, added);
	keys.sort((a, b) => a - b);
	return {length: keys.length, keyAt: position => keys[position]!};
};

/**
Cases that have broken real importers. Each is present in the default library; `DemoLibrary.oddities` returns their items.
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
Turns a row that was drawn from the seed into the odd one.
*/
export type RowChange<Row> = (row: Row) => void;
