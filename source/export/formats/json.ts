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
			for (const line of lines) {
				yield before + line.trimEnd();
				before = ',\n';
			}
		}

		yield before === '[\n' ? '[]\n' : '\n]\n';
	},
};
