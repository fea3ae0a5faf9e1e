import {defaultColumns, exportColumns, type ExportColumn} from '../export/export-columns.js';
import type {ExportFormat, FixedColumn} from '../export/format.js';
import {exportFormats, loadExportFormat} from '../export/formats/registry.js';
import {rowLevels} from '../export/levels.js';
import {oneOf} from '../reports/read-flags.js';
import {tableLines} from '../reports/printers/table.js';
import {print, tableLook, type CommandContext} from './command.js';
import {exitCodes} from './exit-codes.js';
import type {ExportRequest} from './export-request.js';

/**
Prints the formats, or the columns of one, with the fields that they come from.
*/
export const explainExport = async (context: CommandContext, request: ExportRequest): Promise<number> => {
	await (context.flags.string('format') === undefined ? explainFormats(context) : explainFormat(context, request));
	return exitCodes.ok.code;
};

const explainFormats = async (context: CommandContext) => {
	const formats = await Promise.all(exportFormats.map(async name => ({name, format: await loadExportFormat(name)})));
	const lines = tableLines(
		[{heading: 'Format'}, {heading: 'Options'}, {heading: 'What it is', isFlexible: true}],
		formats.map(({name, format}) => [name, optionsText(format), format.about]),
		tableLook(context.io),
	);
	await print(context, {
		formats: formats.map(({name, format}) => ({
			name,
			about: format.about,
			...'files' in format ? {isFolder: true} : {extension: format.extension},
			takes: format.takes,
			isBinary: 'isBinary' in format && format.isBinary === true,
		})),
	}, lines.map(line => `${line}\n`).join(''));
};

const optionsText = ({takes, columns}: ExportFormat) => [...typeof columns === 'string' ? ['--columns'] : [], ...takes.map(option => `--${option}`)].join(' ');

const explainFormat = async (context: CommandContext, {format: name, rows, columns}: ExportRequest) => {
	const format = await loadExportFormat(name);
	const explained = typeof format.columns === 'string' ? chosenColumns(format, rows, columns) : format.columns.map(column => fixedColumn(column));
	const lines = tableLines(
		[{heading: 'Column'}, {heading: 'Type'}, {heading: 'Field'}, {heading: 'What it is', isFlexible: true}],
		explained.map(({name: column, type, field, about}) => [column, type, field, about]),
		tableLook(context.io),
	);
	await print(context, {format: name, columns: explained}, lines.map(line => `${line}\n`).join(''));
};

type Explained = {name: string; type: string; field: string; about: string};

const chosenColumns = ({defaults}: ExportFormat, rows: string | undefined, columns: string | undefined): Explained[] => {
	const level = oneOf(rows ?? 'item', rowLevels, wrong => `There are no rows of "${wrong}".`);
	const names = columns?.split(',').map(column => column.trim()) ?? (level === 'item' ? defaults : undefined);
	return (names === undefined ? defaultColumns(level) : exportColumns(names, level)).map(column => chosenColumn(column));
};

const chosenColumn = ({name, type, field, description, unit}: ExportColumn): Explained => ({
	name, type, field, about: unit === undefined ? description : `${description}. Unit: ${unit}`,
});

const fixedColumn = ({name, from, about}: FixedColumn): Explained => ({
	name, type: 'text', field: from, about,
});
