import {delimitedChunks} from '../delimited.js';
import type {ExportFormat} from '../format.js';

export const csvFormat: ExportFormat = {
	about: 'Comma-separated values for spreadsheets and databases',
	extension: 'csv',
	columns: 'chosen',
	takes: ['rows', 'separator', 'excel'],
	chunks: source => delimitedChunks(source, ','),
};
