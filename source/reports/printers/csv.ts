import {delimitedText} from '../../export/delimited.js';
import type {CsvTable} from './data.js';

/**
Prints one line per row, heading first. Cells that a spreadsheet would take for a formula are escaped.
*/
export const csvText = ({names, rows}: CsvTable, delimiter = ','): string => delimitedText([names], {delimiter}) + delimitedText(rows, {delimiter});
