import {searchForm} from './language/text-tests.js';
import {searchedNames} from './list-fields.js';
import {trashWord} from './trash-word.js';
import type {ItemSummary} from './types.js';

// So that no phrase reaches from one field into the next.
const fieldEnd = '\u{1}';

/**
The text that a filter searches: the searched fields in the form of a search, on one line.
*/
export const haystackOf = (summary: ItemSummary): string => {
	let text = '';
	for (const name of searchedNames) {
		const value = summary[name];
		if (value !== undefined) {
			text += text === '' ? String(value) : `${fieldEnd}${String(value)}`;
		}
	}

	return searchForm(summary.isTrashed || summary.isWithoutFile ? `${text}${fieldEnd}${trashWord}` : text);
};
