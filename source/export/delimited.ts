import {stringify, type Options} from 'csv-stringify/sync';
import {cleanLines} from '../base/text/clean.js';
import {createLibraryNames} from '../catalog/library-names.js';
import type {CatalogHeader} from '../catalog/types.js';
import {
	chosenColumns,
	referencesOf,
	type CellValue,
	type ExportColumn,
	type ExportRow,
} from './export-columns.js';
import type {ExportSource, FileFormat} from './format.js';
import {encoded} from './line-maker.js';
import type {RelatedStore} from './related-records.js';
import {createRowMaker} from './rows.js';
import type {BatchMaker, DelimitedJob} from './thread-job.js';

/**
A cell that is never quoted: a date, an instant or a truth value, which programs then do not take for text.
*/
class PlainCell {
	readonly text: string;

	constructor(text: string) {
		this.text = text;
	}
}

type Cell = string | number | PlainCell | undefined;

export type DelimitedOptions = {
	delimiter: string;
	/**
	A byte order mark and CRLF, as Excel wants them.
	*/
	isExcel?: boolean;
	/**
	Quotes all text, so that programs can tell it from numbers.
	*/
	isTextQuoted?: boolean;
	/**
	Whether a spreadsheet may open it. What only another service reads must have its text as it is.
	*/
	isForSpreadsheets?: boolean;
};

// A spreadsheet may look beyond blanks; what begins with such a sign itself is guarded by csv-stringify.
const hiddenFormula = /^\s+[+\-=@\u{FF0B}\u{FF0D}\u{FF1D}\u{FF20}]/v;

const optionsOf = ({delimiter, isExcel = false, isTextQuoted = false, isForSpreadsheets = true}: DelimitedOptions): Options => ({
	delimiter,
	/* eslint-disable @typescript-eslint/naming-convention -- the names are the library's */
	record_delimiter: isExcel ? 'windows' : 'unix',
	escape_formulas: isForSpreadsheets,
	quoted_string: isTextQuoted,
	quoted_empty: false,
	/* eslint-enable @typescript-eslint/naming-convention */
	cast: {
		string: text => isForSpreadsheets && hiddenFormula.test(text) ? `'${text}` : text,
		object: cell => (cell as unknown as PlainCell).text,
	},
});

/**
Rows as text with a delimiter, by RFC 4180. For spreadsheets, text that they would take for a formula gets an apostrophe in front; numbers stay numbers. Text must be clean.
*/
export const delimitedText = (rows: ReadonlyArray<readonly Cell[]>, options: DelimitedOptions): string => stringify(rows as unknown[][], optionsOf(options));

export const byteOrderMark = '\u{FEFF}';

export const delimitedCell = ({type}: Pick<ExportColumn, 'type'>, value: CellValue, separator: string): Cell => {
	if (value === undefined || typeof value === 'number') {
		return value;
	}

	return typeof value === 'boolean' || type === 'date' || type === 'instant'
		? new PlainCell(String(value))
		: cleanLines(typeof value === 'string' ? value : value.join(separator));
};

const rowsAtOnce = 200;

type Writing = Pick<DelimitedJob, 'separator' | 'isExcel' | 'delimiter'>;

const rowsText = (rows: readonly ExportRow[], columns: readonly ExportColumn[], {separator, isExcel, delimiter}: Writing): string =>
	delimitedText(rows.map(row => columns.map(column => delimitedCell(column, column.cell(row), separator))), {delimiter, isExcel, isTextQuoted: true});

/**
What a thread does for such a format.
*/
export const createDelimitedMaker = (job: DelimitedJob, store: RelatedStore, header: CatalogHeader): BatchMaker => {
	const {level} = job;
	const columns = chosenColumns(job.columns, level);
	const readRows = createRowMaker(store, {header, names: createLibraryNames(header)}, {level, referencesOf: referencesOf(columns)});
	return {
		async make(items, told, spare) {
			const rowsOf = await readRows(items, told);
			return encoded([rowsText(items.flatMap(item => rowsOf(item)), columns, job)], spare);
		},
	};
};

/**
The head and the rows of an export, in chunks.
*/
async function * delimitedChunks(source: ExportSource, delimiter: string): AsyncGenerator<string | Uint8Array> {
	const {rows, columns, columnNames, level, separator, isExcel, threaded} = source;
	const writing = {delimiter, separator, isExcel};
	const head = delimitedText([columns.map(({name}) => name)], {delimiter, isExcel, isTextQuoted: true});
	yield isExcel ? `${byteOrderMark}${head}` : head;
	const made = threaded({
		kind: 'delimited', columns: columnNames, level, ...writing,
	});
	if (made !== undefined) {
		yield * made;
		return;
	}

	let waiting: ExportRow[] = [];
	for await (const row of rows()) {
		if (waiting.length === rowsAtOnce) {
			yield rowsText(waiting, columns, writing);
			waiting = [];
		}

		waiting.push(row);
	}

	yield rowsText(waiting, columns, writing);
}

/**
The format that writes the chosen columns with this delimiter.
*/
export const delimitedFormat = ({delimiter, ...named}: Pick<FileFormat, 'about' | 'extension'> & {delimiter: string}): FileFormat => ({
	...named,
	columns: 'chosen',
	takes: ['rows', 'separator', 'excel'],
	chunks: source => delimitedChunks(source, delimiter),
});
