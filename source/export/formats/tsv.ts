import {delimitedFormat} from '../delimited.js';

export const tsvFormat = delimitedFormat({
	about: 'Tab-separated values for cut, awk and others that read lines', extension: 'tsv', delimiter: '\t',
});
