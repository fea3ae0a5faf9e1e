import {delimitedChunks} from '../delimited.js';
import type {ExportFormat} from '../format.js';

export const tsvFormat: ExportFormat = {
	about: 'The same as csv with tabs',
	extension: 'tsv',
	columns: 'chosen',
	takes: ['rows', 'separator', 'excel'],
	chunks: source => delimitedChunks(source, '\t'),
};
