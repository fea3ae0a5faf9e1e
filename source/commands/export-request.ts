import {formatOfFile} from '../export/formats/registry.js';
import type {CommandContext} from './command.js';

/**
What an export was asked to be, by its options.
*/
export type ExportRequest = {
	format: string;
	query: string;
	columns: string | undefined;
	rows: string | undefined;
	separator: string | undefined;
	excel: boolean | undefined;
	paths: boolean | undefined;
	library: string | undefined;
	/**
	Absent for stdout.
	*/
	output: string | undefined;
};

export const exportRequest = ({flags, input}: Pick<CommandContext, 'flags' | 'input'>): ExportRequest => {
	const output = flags.string('output');
	const file = output === '-' ? undefined : output;
	return {
		format: flags.string('format') ?? (file === undefined ? undefined : formatOfFile(file)) ?? 'ndjson',
		query: input.join(' '),
		columns: flags.string('columns'),
		rows: flags.string('rows'),
		separator: flags.string('separator'),
		excel: flags.boolean('excel'),
		paths: flags.boolean('paths'),
		library: flags.string('library'),
		output: file,
	};
};
