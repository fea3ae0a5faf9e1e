import type {LibraryRow} from '../../../sync/library-record.js';
import {relative} from '../../parts/format.js';
import type {Glyphs} from '../../theme.js';

// A server names the types.
const types = new Map([['movie', 'Movies'], ['show', 'Shows'], ['artist', 'Music'], ['photo', 'Photos']]);

export const typeWord = ({type}: Pick<LibraryRow, 'type'>): string => types.get(type) ?? type;

/**
When the library was last imported, with a mark where that was not complete.
*/
export const lastImport = ({lastImport: last, surplus}: LibraryRow, glyphs: Glyphs, now: Date): string => {
	if (last === undefined) {
		return 'never';
	}

	const mark = surplus !== undefined || last.failed > 0 || !last.complete ? `${glyphs.warn} ` : '';
	return `${mark}${relative(last.finishedAt, now)}`;
};
