import {fold} from './fold.js';
import {searchedNames} from './list-fields.js';
import {trashWord} from './trash-word.js';
import type {ItemSummary} from './types.js';

const blanks = /[\t\n\v\f\r]+/gv;

/**
The text that a filter searches: the searched fields, folded, on one line.
*/
export const haystackOf = (summary: ItemSummary): string => {
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
