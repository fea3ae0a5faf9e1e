import {itemTypes} from '../../catalog/kinds.js';
import type {ItemType} from '../../catalog/types.js';

/**
What the page of an export reads at once. All lists have one entry per item, in the order of the export; a row is the place of an item in them.
*/
export type PageData = {
	/**
	The titles of the libraries.
	*/
	libraries: string[];
	/**
	What to know of the page, in sentences.
	*/
	notes: string[];
	ids: string[];
	/**
	Places in `itemTypes`.
	*/
	types: number[];
	titles: string[];
	/**
	Of an episode or a season, the show and the number; else the year. The empty text where there is nothing to say.
	*/
	subtitles: string[];
	/**
	The row of the season or the show that an item belongs to, -1 without one.
	*/
	parents: number[];
	/**
	What the search finds besides the title.
	*/
	searched: string[];
	/**
	Whoever made it or plays in it, which the search finds too.
	*/
	people: CodedLists;
	/**
	The resolution and the dynamic range, as far as they are known.
	*/
	badges: CodedLists;
	/**
	Such as watched or gone; mostly there is none.
	*/
	states: CodedLists;
	facets: PageFacet[];
	sorts: PageSort[];
	columns: PageColumn[];
	/**
	How many items one block of details has.
	*/
	blockSize: number;
	/**
	The revision of the catalogue in a page that a server shows, `noRevision` in a file.
	*/
	revision: number;
	/**
	1 for each item of which there is a poster, at the server or in the file, else 0; empty without any poster.
	*/
	pictured: number[];
};

export const noRevision = -1;

/**
A block of details is read as a whole when one of its items is opened.
*/
export const blockSize = 200;

/**
Texts that many items share, and for each item the places of its own.
*/
export type CodedLists = {texts: string[]; codes: number[][]};

export type PageFacet = CodedLists & {name: string; label: string};

export type PageSort = {
	name: string;
	label: string;
	types: number[];
	startsDescending: boolean;
	/**
	The place of each item in this order, -1 where its value is not known. Equal values have the same place.
	*/
	ranks: number[];
};

export type PageColumn = {
	name: string;
	heading: string;
	isNumeric: boolean;
	/**
	How many characters wide it is.
	*/
	width: number;
	/**
	The name of the order that the heading chooses, '' without one.
	*/
	sort: string;
	/**
	For each of `itemTypes`, the place of the column among those of the type, -1 where it has none.
	*/
	places: number[];
	texts: string[];
	codes: number[];
};

/**
The details of a block of items. Every number is a place in `texts`.
*/
export type PageDetails = {
	texts: string[];
	items: PageDetail[];
};

/**
The tagline, the summary, and the sections: of each its heading, then label and value in turn.
*/
export type PageDetail = [tagline: number, summary: number, sections: number[][]];

/**
How the data names a type of items: by its place in `itemTypes`.
*/
export const typePlace = (type: ItemType): number => itemTypes.indexOf(type);

/**
The names of `itemTypes`, in their order.
*/
export const pageTypeNames = ['Movies', 'Shows', 'Seasons', 'Episodes'] as const;

/**
The ids of the elements that hold the data.
*/
export const dataId = 'catalogue';
export const postersId = (block: number): string => `posters-${block}`;
export const detailsId = (block: number): string => `details-${block}`;
