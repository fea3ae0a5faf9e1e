import {fold} from './fold.js';
import type {ItemSummary} from './types.js';

/**
A summary as the index holds it. The summary is replaced, never changed, and then the entry is marked as stale.
*/
export type Entry = {
	readonly summary: ItemSummary;
	/**
	Of the summary: sorting reads it millions of times, and each step to it costs.
	*/
	readonly sortKey: string;
	/**
	See `haystackOf`; made when a filter first needs it.
	*/
	haystack: string | undefined;
	isStale: boolean;
};

export const createEntry = (summary: ItemSummary): Entry => ({
	summary, sortKey: summary.sortKey, haystack: undefined, isStale: false,
});

const blanks = /[\t\n\v\f\r]+/gv;

/**
What a filter looks into: title, edition and year, folded, on one line.
*/
export const haystackOf = (entry: Entry): string => {
	entry.haystack ??= createHaystack(entry.summary);
	return entry.haystack;
};

const createHaystack = ({title, editionTitle, year}: ItemSummary) => {
	const text = editionTitle === undefined ? title : `${title} ${editionTitle}`;
	return fold(year === undefined ? text : `${text} ${year}`).replaceAll(blanks, ' ');
};

/**
The folded words of a filter; none when it asks for nothing.
*/
export const filterWords = (text = ''): string[] => fold(text).split(/\s+/v).filter(word => word !== '');
