import {fold} from './fold.js';
import {searchedNames} from './list-fields.js';
import type {ItemSummary} from './types.js';

/**
A summary as the index holds it. A summary is never changed: another one takes its place, and the old entry is marked as stale.
*/
export type Entry = {
	readonly summary: ItemSummary;
	/**
	A copy of the summary's sort key, because sorting reads it millions of times.
	*/
	readonly sortKey: string;
	haystack: string | undefined;
	isStale: boolean;
};

export const createEntry = (summary: ItemSummary): Entry => ({
	summary, sortKey: summary.sortKey, haystack: undefined, isStale: false,
});

/**
In a filter, it finds what the server lists in its trash or without its file. No title is likely to have it.
*/
export const trashWord = ':trash';

const blanks = /[\t\n\v\f\r]+/gv;

/**
The text that a filter searches: the searched fields, folded, on one line. It is made when a filter first needs it.
*/
export const haystackOf = (entry: Entry): string => {
	entry.haystack ??= createHaystack(entry.summary);
	return entry.haystack;
};

const createHaystack = (summary: ItemSummary) => {
	let text = '';
	for (const name of searchedNames) {
		const value = summary[name];
		if (value !== undefined) {
			text += text === '' ? String(value) : ` ${String(value)}`;
		}
	}

	return fold(summary.isTrashed || summary.isWithoutFile ? `${text} ${trashWord}` : text).replaceAll(blanks, ' ');
};

/**
The folded words of a filter; none when it asks for nothing.
*/
export const filterWords = (text = ''): string[] => fold(text).split(/\s+/v).filter(word => word !== '');
