import {searchForm} from './language/text-tests.js';
import {searchedNames} from './list-fields.js';
import {trashWord} from './trash-word.js';
import type {ItemSummary} from './types.js';

// So that no phrase reaches from one field into the next.
export const fieldEnd = '\u{1}';

const otherNames = searchedNames.filter(name => name !== 'title');

/**
The text that a filter searches: the title and the other searched fields in the form of a search, on one line.
*/
export const haystackOf = (summary: ItemSummary): string => {
	let text = summary.title;
	for (const name of otherNames) {
		const value = summary[name];
		if (value !== undefined) {
			text += `${fieldEnd}${String(value)}`;
		}
	}

	return searchForm(summary.isTrashed || summary.isWithoutFile ? `${text}${fieldEnd}${trashWord}` : text);
};
