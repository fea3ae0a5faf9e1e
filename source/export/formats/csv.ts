import {delimitedFormat} from '../delimited.js';

export const csvFormat = delimitedFormat({
	about: 'Comma-separated values for spreadsheets and databases', extension: 'csv', delimiter: ',',
});
