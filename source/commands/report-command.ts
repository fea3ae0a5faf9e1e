import {jsonLine} from '../base/text/json.js';
import {readFormat} from '../reports/read-flags.js';
import type {Presentation, ReportCommand, TextForm} from '../reports/report.js';
import {exitCodes} from './exit-codes.js';
import {tableWidth, type Command, type CommandContext} from './command.js';
import {withSources} from './report-sources.js';

/**
The command of a report: it reads, prints what `--json` or `--format` ask for, and changes nothing.
*/
export const reportCommand = ({schema: _, answer, ...command}: ReportCommand): Command => ({
	...command,
	async run(context) {
		const form = command.flags?.['format'] === undefined ? 'table' : readFormat(context.flags);
		return withSources(context, async sources => {
			const {presentation, data} = await answer(context, sources);
			return printData(context, presentation, data, form);
		});
	},
});

/**
Prints the data of a report as text, as CSV, or with `--json` as JSON.

@returns the exit code
*/
export const printData = async <Data>(
	{flags, io}: Pick<CommandContext, 'flags' | 'io'>,
	{text, json, jsonText = value => jsonLine(json(value)), csv, remark, isWell}: Presentation<Data>,
	data: Data,
	form: TextForm = 'table',
): Promise<number> => {
	if (flags.boolean('json') === true) {
		await io.out(jsonText(data));
	} else {
		await (form === 'csv' && csv !== undefined ? io.out(csv(data)) : printLines(io, text(data, tableWidth(io))));
		const line = remark?.(data, form);
		if (line !== undefined) {
			io.say(line);
		}
	}

	return isWell?.(data) === false ? exitCodes.failed.code : exitCodes.ok.code;
};

/**
Lines are written in pieces of about this size.
*/
const pieceLength = 65_536;

/**
A reader that takes its time, or ends early, never has to take a long list at once.
*/
const printLines = async ({out}: Pick<CommandContext['io'], 'out'>, lines: readonly string[]) => {
	let piece = '';
	for (const line of lines) {
		piece += `${line}\n`;
		if (!(piece.length >= pieceLength)) {
			continue;
		}

		await out(piece);
		piece = '';
	}

	if (piece !== '') {
		await out(piece);
	}
};
