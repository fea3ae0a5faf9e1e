import {readFormat} from '../reports/read-flags.js';
import {
	answerOf,
	type Answer,
	type Presentation,
	type ReportCommand,
	type TextForm,
} from '../reports/report.js';
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
		return withSources(context, async sources => printAnswer(context, await answer(context, sources), form));
	},
});

/**
Prints data as text, or as JSON with `--json`.

@returns the exit code
*/
export const printData = async <Data>(context: Pick<CommandContext, 'flags' | 'io'>, presentation: Presentation<Data>, data: Data): Promise<number> =>
	printAnswer(context, answerOf(presentation, data), 'table');

const printAnswer = async ({flags, io}: Pick<CommandContext, 'flags' | 'io'>, answer: Answer, form: TextForm): Promise<number> => {
	if (flags.boolean('json') === true) {
		await io.out(answer.json());
	} else {
		await (form === 'csv' ? io.out(answer.csv()) : printLines(io, answer.text(tableWidth(io))));
		const remark = answer.remark(form);
		if (remark !== undefined) {
			io.say(remark);
		}
	}

	return answer.isWell ? exitCodes.ok.code : exitCodes.failed.code;
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
