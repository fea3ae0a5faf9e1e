import {stringify} from 'csv-stringify/sync';
import type {CsvTable} from './data.js';

/**
Prints one line per row, heading first. Cells that a spreadsheet would take for a formula are escaped.
*/
export const csvText = ({names, rows}: CsvTable, delimiter = ','): string => stringify(rows as unknown[][], {
	delimiter, header: true, columns: [...names], escape_formulas: true, // eslint-disable-line @typescript-eslint/naming-convention -- the name is the library's
});
