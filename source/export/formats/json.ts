import {Buffer} from 'node:buffer';
import type {ExportFormat} from '../format.js';
import {jsonLines} from './ndjson.js';

export const jsonFormat: ExportFormat = {
	about: 'One array of export records, a line each',
	extension: 'json',
	columns: 'record',
	takes: ['rows'],
	async * chunks(source) {
		let before = '[\n';
		for await (const lines of jsonLines(source)) {
			if (lines.length === 0) {
				continue;
			}

			yield before;
			yield withCommas(lines);
			before = ',\n';
		}

		yield before === '[\n' ? '[]\n' : '\n]\n';
	},
};

const [lineFeed, comma] = Buffer.from('\n,');

/**
Puts a comma behind each line but the last, which loses its line feed.
*/
const withCommas = (lines: Uint8Array): Uint8Array => {
	const all = Buffer.from(lines.buffer, lines.byteOffset, lines.length - 1);
	const parts: Uint8Array[] = [];
	let start = 0;
	for (let end = all.indexOf(lineFeed!); end !== -1; end = all.indexOf(lineFeed!, start)) {
		parts.push(all.subarray(start, end), betweenLines);
		start = end + 1;
	}

	parts.push(all.subarray(start));
	return Buffer.concat(parts);
};

const betweenLines = Uint8Array.of(comma!, lineFeed!);
