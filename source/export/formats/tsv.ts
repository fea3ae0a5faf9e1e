import {delimitedFormat} from '../delimited.js';

export const tsvFormat = delimitedFormat({
	about: 'The same as csv with tabs', extension: 'tsv', delimiter: '\t',
});
