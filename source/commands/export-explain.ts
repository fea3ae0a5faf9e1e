import {AppError} from '../base/errors.js';
import type {ExportColumn} from '../export/export-columns.js';
import type {ExportFormat, FixedColumn} from '../export/format.js';
import {exportFormats, loadExportFormat} from '../export/formats/registry.js';
import {tableLines} from '../reports/printers/table.js';
import {print, tableLook, type CommandContext} from './command.js';

/**
Prints what formats there are.

@throws AppError 'usage' for a query, such as the name of a format
*/
export const explainFormats = async (context: CommandContext): Promise<void> => {
	if (context.input.length > 0) {
		throw new AppError('usage', '--explain lists the formats and takes no query.', {hint: 'With --format it tells the columns of one, for instance: reelcat export --explain --format csv'});
	}

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

/**
Prints the columns that an export would have, with the fields that they come from.
*/
export const explainFormat = async (context: CommandContext, name: string, {format, columns}: {format: ExportFormat; columns: readonly ExportColumn[]}): Promise<void> => {
	const explained = typeof format.columns === 'string' ? columns.map(column => chosenColumn(column)) : format.columns.map(column => fixedColumn(column));
	const lines = tableLines(
		[{heading: 'Column'}, {heading: 'Type'}, {heading: 'Field'}, {heading: 'What it is', isFlexible: true}],
		explained.map(({name: column, type, field, about}) => [column, type, field, about]),
		tableLook(context.io),
	);
	await print(context, {format: name, columns: explained}, lines.map(line => `${line}\n`).join(''));
};

type Explained = {name: string; type: string; field: string; about: string};

const chosenColumn = ({name, type, field, description, unit}: ExportColumn): Explained => ({
	name, type, field, about: unit === undefined ? description : `${description}. Unit: ${unit}`,
});

const fixedColumn = ({name, from, about}: FixedColumn): Explained => ({
	name, type: 'text', field: from, about,
});
