import {jsonLine} from '../../base/text/json.js';
import type {ExportFormat, ExportSource} from '../format.js';
import {exportRecord} from '../record.js';

/**
Each item as an export record, or with chosen columns as an object of these, on one line.
*/
export async function * jsonLines({rows, columns, areColumnsChosen}: Pick<ExportSource, 'rows' | 'columns' | 'areColumnsChosen'>): AsyncGenerator<string> {
	for await (const row of rows()) {
		yield jsonLine(areColumnsChosen ? Object.fromEntries(columns.map(({name, value}) => [name, value(row)])) : exportRecord(row.detail));
	}
}

export const ndjsonFormat: ExportFormat = {
	about: 'One export record per line, as JSON; nothing is left out',
	extension: 'ndjson',
	columns: 'record',
	takes: ['rows'],
	chunks: source => jsonLines(source),
};
