import {Buffer} from 'node:buffer';
import {PassThrough} from 'node:stream';
import type {CellValue as XlsxValue, Row, Worksheet} from 'exceljs';
import WorkbookWriter from 'exceljs/lib/stream/xlsx/workbook-writer.js';
import {cleanXml} from '../../base/text/clean.js';
import type {CellValue, ExportColumn, ExportRow} from '../export-columns.js';
import type {ExportFormat, ExportSource} from '../format.js';
import {escaped} from '../nfo/xml.js';

// A file of the same catalogue has the same bytes, so it bears no time.
const noTime = new Date('2000-01-01T00:00:00Z');

/**
The writer of exceljs, whose entries in the archive have no time of their own, and whose sheets have filters in LibreOffice, too.
*/
class SteadyWorkbook extends WorkbookWriter {
	private readonly filterNames: string[] = [];

	// The constructor calls this after it has made the archive and before it puts the first entry there, so all entries pass here.
	override async addThemes(): Promise<unknown> {
		const {zip} = this;
		const append = zip.append.bind(zip);
		zip.append = (source, data) => {
			const entry = {...data, date: noTime};
			if (typeof source !== 'string') {
				return append(source, entry);
			}

			// Excel takes the filters from the sheet; LibreOffice only looks for a name that Excel gives their range.
			const xml = data['name'] === '/xl/workbook.xml' ? source.replace('<calcPr', () => `<definedNames>${this.filterNames.join('')}</definedNames><calcPr`) : source;
			// The archive would make bytes of text in a way that Node.js warns of on stderr.
			return append(Buffer.from(xml), entry);
		};

		return super.addThemes();
	}

	/**
	Ends the next sheet, with filters for all of its rows.
	*/
	endSheet(sheet: Worksheet, rows: number, columns: number): void {
		sheet.autoFilter = {from: {row: 1, column: 1}, to: {row: rows, column: columns}};
		const name = escaped(sheet.name.replaceAll('\'', '\'\''));
		this.filterNames.push(`<definedName name="_xlnm._FilterDatabase" localSheetId="${this.filterNames.length}" hidden="1">'${name}'!$A$1:$${sheet.getColumn(columns).letter}$${rows}</definedName>`);
		sheet.commit();
	}
}

const mostCharacters = 32_767;
const mostRows = 1_048_576;

/**
Text as a cell of Excel holds it: clean, and no longer than it may be. What looks like an escape of the file format is escaped itself.
*/
export const xlsxText = (text: string): string => {
	const cleaned = cleanXml(text).replaceAll(/_(?=x[\dA-Fa-f]{4}_)/gv, '_x005F_');
	return cleaned.length > mostCharacters ? cleaned.slice(0, mostCharacters).replace(/[\u{D800}-\u{DBFF}]$/v, '') : cleaned;
};

// Excel knows no days before 1900, and takes that year for a leap year.
const firstDay = '1900-03-01';

const addresses = new Map<string, (id: string, row: ExportRow) => string | undefined>([
	['imdb', id => /^tt\d+$/v.test(id) ? `https://www.imdb.com/title/${id}/` : undefined],
	['tmdb', (id, {item: {type}}) => /^\d+$/v.test(id) && (type === 'movie' || type === 'show') ? `https://www.themoviedb.org/${type === 'movie' ? 'movie' : 'tv'}/${id}` : undefined],
]);

/**
An instant as Excel counts it, in days. Most have no exact number, and programs that cut off what is less than a millisecond (SheetJS, read-excel-file) would read the one before. So it is about a microsecond later.
*/
export const xlsxSerial = (instant: Date): number => {
	const serial = 25_569 + (instant.getTime() / 86_400_000);
	return Number.isSafeInteger(serial) ? serial : serial + (2 ** -36);
};

/**
Programs drop blanks at the edges of a text unless the file tells them not to, and LibreOffice forgets line breaks when it saves such a cell, and reads no escapes in it. The writer avoids all of this only for rich text.
*/
const textCell = (text: string): XlsxValue => {
	// A cell with a text of no characters is none of the empty cells that a spreadsheet counts, marks and jumps over.
	if (text === '') {
		return null;
	}

	return /^\s|\n|_x005F_|\s$/v.test(text) ? {richText: [{text}]} : text;
};

const xlsxValue = ({type, field}: ExportColumn, value: CellValue, row: ExportRow, separator: string): XlsxValue => {
	if (value === undefined) {
		return null;
	}

	if (typeof value === 'string' && (type === 'date' || type === 'instant')) {
		const date = new Date(value);
		if (value < firstDay || Number.isNaN(date.getTime())) {
			return xlsxText(value);
		}

		return type === 'date' ? date : xlsxSerial(date);
	}

	if (typeof value !== 'object') {
		return typeof value === 'string' ? textCell(xlsxText(value)) : value;
	}

	const [first] = value;
	const address = value.length === 1 ? addresses.get(field)?.(first!, row) : undefined;
	// Links of their own kind are limited to 65,530 on a sheet; those that a formula makes are not.
	return address === undefined ? textCell(xlsxText(value.join(separator))) : {formula: `HYPERLINK("${address}","${first!}")`, result: first!};
};

const formats = new Map<ExportColumn['type'], string>([['date', 'yyyy-mm-dd'], ['instant', 'yyyy-mm-dd hh:mm:ss']]);
const widths = new Map<ExportColumn['type'], number>([['text', 24], ['list', 24], ['json', 24], ['date', 12], ['instant', 20]]);

/**
Takes the format of the column, which is for dates, from each text: a heading, or a day before 1900. GDAL reads such a text as the day 0.
*/
const withPlainTexts = (row: Row): Row => {
	row.eachCell(cell => {
		if (typeof cell.value === 'string' && Boolean(cell.numFmt)) {
			cell.numFmt = 'General';
		}
	});
	return row;
};

/**
Makes the names of sheets: at most 31 characters, without those that Excel forbids, each once whatever its case is.
*/
export const createSheetNames = (): (title: string) => string => {
	const taken = new Set(['history']);
	return title => {
		const plain = withoutEdges(cleanXml(title).replaceAll(/[\n*\/:?\[\\\]]/gv, ' ').slice(0, 200));
		const base = plain === '' ? 'Library' : plain;
		for (let number = 1; ; number++) {
			const end = number === 1 ? '' : ` (${number})`;
			const name = `${withoutEdges(base.slice(0, 31 - end.length).replace(/[\u{D800}-\u{DBFF}]$/v, ''))}${end}`;
			if (!taken.has(name.toLowerCase())) {
				taken.add(name.toLowerCase());
				return name;
			}
		}
	};
};

// A name may neither begin nor end with an apostrophe.
const withoutEdges = (text: string): string => {
	const isEdge = (character: string) => character === '\'' || character.trim() === '';
	const characters = [...text];
	const first = characters.findIndex(character => !isEdge(character));
	return first === -1 ? '' : characters.slice(first, characters.findLastIndex(character => !isEdge(character)) + 1).join('');
};

const writeWorkbook = async (source: ExportSource, stream: PassThrough) => {
	const {columns, rowsByLibrary, separator} = source;
	const workbook = new SteadyWorkbook({
		stream, useSharedStrings: false, useStyles: true, created: noTime, creator: 'reelcat', lastModifiedBy: 'reelcat', zip: {forceUTC: true}, // eslint-disable-line @typescript-eslint/naming-convention -- the name is the library's
	});
	const nameOf = createSheetNames();
	const addSheet = (title: string): Worksheet => {
		const sheet = workbook.addWorksheet(nameOf(title), {
			views: [{state: 'frozen', ySplit: 1}],
		});
		sheet.columns = columns.map(({name, type}) => ({
			header: xlsxText(name), width: Math.max(widths.get(type) ?? 10, name.length + 3), style: formats.has(type) ? {numFmt: formats.get(type)!} : {},
		}));
		sheet.getRow(1).font = {bold: true};
		withPlainTexts(sheet.getRow(1)).commit();
		return sheet;
	};

	let sheet: Worksheet | undefined;
	let libraryId: string | undefined;
	let count = 0;
	for await (const row of rowsByLibrary()) {
		const {item} = row.detail;
		if (sheet === undefined || count === mostRows || item.libraryId !== libraryId) {
			if (sheet !== undefined) {
				workbook.endSheet(sheet, count, columns.length);
			}

			sheet = addSheet(row.names.printed(item.libraryId) ?? '');
			({libraryId} = item);
			count = 1;
		}

		withPlainTexts(sheet.addRow(columns.map(column => xlsxValue(column, column.cell(row), row, separator)))).commit();
		count++;
		if (stream.destroyed) {
			throw new Error('Nobody reads the workbook any more.');
		}
	}

	workbook.endSheet(sheet ?? addSheet(''), Math.max(count, 1), columns.length);
	await workbook.commit();
};

export const xlsxFormat: ExportFormat = {
	about: 'A workbook for Excel, LibreOffice and Numbers, with a sheet for each library',
	extension: 'xlsx',
	isBinary: true,
	columns: 'chosen',
	takes: ['rows', 'separator'],
	async * chunks(source) {
		const stream = new PassThrough();
		const written = writeWorkbook(source, stream);
		written.catch((error: unknown) => {
			stream.destroy(error instanceof Error ? error : new Error(String(error)));
		});
		yield * stream as AsyncIterable<Uint8Array>;
		await written;
	},
};
