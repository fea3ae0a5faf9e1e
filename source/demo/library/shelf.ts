import type {Oddity} from './oddity.js';
import type {PlexRow} from './row.js';

/**
All rows of one type in one section. Keys are `firstKey + index`, and a row is made only when it is asked for, so a quarter of a million items cost nothing until then.
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
	Not in lists, though the index has a place for it.
	*/
	isUnlisted?: (index: number) => boolean;
	/**
	Not in details either.
	*/
	isUnknown?: (index: number) => boolean;
	/**
	What the row is a test of.
	*/
	oddities: ReadonlyMap<number, readonly Oddity[]>;
};
