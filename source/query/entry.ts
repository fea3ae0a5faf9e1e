import {fold} from './fold.js';
import type {ItemSummary} from './types.js';

/**
A summary as the index holds it. It is replaced, never changed, but for the mark that it has been.
*/
export type Entry = {
	readonly summary: ItemSummary;
	/**
	Of the summary: sorting reads it millions of times, and each step to it costs.
	*/
	readonly sortKey: string;
	/**
	What a filter looks into: title, edition and year, folded, on one line.
	*/
	readonly haystack: string;
	isStale: boolean;
};

const blanks = /[\t\n\v\f\r]+/gv;

export const createEntry = (summary: ItemSummary): Entry => {
	const {title, editionTitle, year} = summary;
	const text = editionTitle === undefined ? title : `${title} ${editionTitle}`;
	return {
		summary,
		sortKey: summary.sortKey,
		haystack: fold(year === undefined ? text : `${text} ${year}`).replaceAll(blanks, ' '),
		isStale: false,
	};
};

/**
The folded words of a filter; none when it asks for nothing.
*/
export const filterWords = (text = ''): string[] => fold(text).split(/\s+/v).filter(word => word !== '');
