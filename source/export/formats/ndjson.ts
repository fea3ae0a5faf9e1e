import {Buffer} from 'node:buffer';
import {jsonLine} from '../../base/text/json.js';
import type {ExportFormat, ExportSource} from '../format.js';

/**
Lines of JSON in batches: the export records, or with chosen columns objects of these.
*/
export const jsonLines = ({lines, ...chosen}: Pick<ExportSource, 'lines' | 'rows' | 'columns' | 'areColumnsChosen'>): AsyncIterable<readonly string[]> =>
	chosen.areColumnsChosen ? linesOfColumns(chosen) : lines();

async function * linesOfColumns({rows, columns}: Pick<ExportSource, 'rows' | 'columns'>): AsyncGenerator<readonly string[]> {
	for await (const row of rows()) {
		yield [jsonLine(Object.fromEntries(columns.map(({name, value}) => [name, value(row)])))];
	}
}

/**
Encodes each line by itself, since one wide letter would make all of a joined text wide, which takes several times as long. It hands over whole batches, because to hand over each line takes as long.
*/
async function * encoded(batches: AsyncIterable<readonly string[]>): AsyncGenerator<Uint8Array> {
	let scratch = Buffer.allocUnsafeSlow(0);
	for await (const lines of batches) {
		// A character takes three bytes at most.
		const mostBytes = lines.reduce((sum, line) => sum + (line.length * 3), 0);
		scratch = scratch.length < mostBytes ? Buffer.allocUnsafeSlow(mostBytes) : scratch;
		let used = 0;
		for (const line of lines) {
			used += scratch.write(line, used);
		}

		yield scratch.subarray(0, used);
	}
}

async function * singly(batches: AsyncIterable<readonly string[]>): AsyncGenerator<string> {
	for await (const lines of batches) {
		yield * lines;
	}
}

export const ndjsonFormat: ExportFormat = {
	about: 'One export record per line, as JSON; nothing is left out',
	extension: 'ndjson',
	columns: 'record',
	takes: ['rows'],
	chunks: source => source.areColumnsChosen ? singly(jsonLines(source)) : encoded(jsonLines(source)),
};
