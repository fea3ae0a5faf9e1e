import {Buffer} from 'node:buffer';
import {jsonLine} from '../../base/text/json.js';
import type {ExportFormat, ExportSource} from '../format.js';

/**
Lines of JSON in batches: the export records, or with chosen columns objects of these.
*/
export const jsonLines = ({lines, ...chosen}: Pick<ExportSource, 'lines' | 'rows' | 'columns' | 'areColumnsChosen'>): AsyncIterable<Uint8Array> =>
	chosen.areColumnsChosen ? linesOfColumns(chosen) : lines();

async function * linesOfColumns({rows, columns}: Pick<ExportSource, 'rows' | 'columns'>): AsyncGenerator<Uint8Array> {
	for await (const row of rows()) {
		const values = Object.fromEntries(columns.map(({name, value}) => [name, value(row)]));
		yield Buffer.from(jsonLine(values));
	}
}

export const ndjsonFormat: ExportFormat = {
	about: 'One export record per line, as JSON; nothing is left out',
	extension: 'ndjson',
	columns: 'record',
	takes: ['rows'],
	chunks: jsonLines,
};
