#!/usr/bin/env bash
# xlsx-stream-reader reads the title `7 Days in May` as 7 and 0xF as nothing, or every title as NAN if a day has a format of its own; xlstream reads 00123 as 123 and breaks letters.
#
# Seen with xlsx-stream-reader 1.1.1, xlstream 2.5.5, read-excel-file 9.3.17 and xlsx 0.18.5 (SheetJS) on workbooks that exceljs
# 4.4.0 wrote, on Node.js 24 (2026-12-01).
#
# Expected: a cell of the type `str` holds a text. Programs write it for the result of a formula, and for texts that they do not put
# into the table of shared strings, as the stream of exceljs does.
#
# Seen: xlsx-stream-reader treats such a cell as one without a type. If the workbook has no number formats but those of Excel, it
# keeps the number with which a text begins: 7 of 7 Days in May, 1 of 1:42.08, 123 of 00123; of 0xF that is 0, which it takes for
# empty. If there is another format, such as yyyy-mm-dd for a day, it formats all texts as numbers, so that those which are none
# become NAN. `formatting: false` prevents both. xlstream makes numbers of all texts that JavaScript can read as one, also of
# 0xF. It also decodes each piece of the file by itself, so that a letter of several bytes on the border of two pieces becomes
# some U+FFFD, in shared strings, too. Neither says a word.
#
# Consequence: titles and ids change on their way through these readers. read-excel-file and SheetJS read all of them rightly.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts exceljs@4.4.0 xlsx-stream-reader@1.1.1 xlstream@2.5.5 read-excel-file@9.3.17 xlsx@0.18.5
cat >look.mjs <<'JS'
import {createReadStream} from 'node:fs';
import {createRequire} from 'node:module';
import {once} from 'node:events';
import ExcelJS from 'exceljs';
import readExcelFile from 'read-excel-file/node';
import xlstream from 'xlstream';

const require = createRequire(import.meta.url);
const XlsxStreamReader = require('xlsx-stream-reader');
const xlsx = require('xlsx');
const titles = ['7 Days in May', '1:42.08', '00123', '0xF', '1E3', 'Metropolis'];
const many = Array.from({length: 20_000}, (_, index) => `東京物語 ${index}`);

const write = async (name, useSharedStrings, numFmt) => {
	const book = new ExcelJS.stream.xlsx.WorkbookWriter({filename: `${name}.xlsx`, useSharedStrings, useStyles: true});
	const sheet = book.addWorksheet('Films');
	for (const title of [...titles, ...many]) {
		const row = sheet.addRow([title, new Date('1964-02-12')]);
		row.getCell(2).numFmt = numFmt;
		row.commit();
	}

	await book.commit();
};

const streamReader = options => async file => {
	const rows = [];
	const book = new XlsxStreamReader(options);
	book.on('worksheet', sheet => {
		sheet.on('row', ({values}) => {
			rows.push(values[1]);
		});
		sheet.process();
	});
	createReadStream(file).pipe(book);
	await once(book, 'end');
	return rows;
};

const readers = {
	'xlsx-stream-reader': streamReader({}),
	'xlsx-stream-reader, formatting: false': streamReader({formatting: false}),
	async xlstream(file) {
		const rows = [];
		for await (const {raw} of await xlstream.getXlsxStream({filePath: file, sheet: 0})) {
			rows.push(raw.arr[0]);
		}

		return rows;
	},
	'read-excel-file': async file => (await readExcelFile(file))[0].data.map(([title]) => title),
	SheetJS: async file => xlsx.utils.sheet_to_json(xlsx.readFile(file).Sheets.Films, {header: 1}).map(([title]) => title),
};

await write('mm-dd-yy', false, 'mm-dd-yy');
await write('yyyy-mm-dd', false, 'yyyy-mm-dd');
await write('shared', true, 'yyyy-mm-dd');
for (const name of ['mm-dd-yy', 'yyyy-mm-dd', 'shared']) {
	for (const [reader, read] of Object.entries(readers)) {
		const rows = await read(`${name}.xlsx`);
		const broken = rows.filter(title => String(title).includes('\u{FFFD}')).length;
		console.log(`${name}, ${reader}: ${rows.slice(0, titles.length).map(title => JSON.stringify(title)).join(' ')}, letters ${broken > 0 ? 'broken' : 'whole'}`);
	}
}
JS
NODE_NO_WARNINGS=1 node look.mjs | tee seen.txt
diff - seen.txt <<'SEEN'
mm-dd-yy, xlsx-stream-reader: 7 1 123 "" 1000 "Metropolis", letters whole
mm-dd-yy, xlsx-stream-reader, formatting: false: "7 Days in May" "1:42.08" "00123" "0xF" "1E3" "Metropolis", letters whole
mm-dd-yy, xlstream: "7 Days in May" "1:42.08" 123 15 1000 "Metropolis", letters broken
mm-dd-yy, read-excel-file: "7 Days in May" "1:42.08" "00123" "0xF" "1E3" "Metropolis", letters whole
mm-dd-yy, SheetJS: "7 Days in May" "1:42.08" "00123" "0xF" "1E3" "Metropolis", letters whole
yyyy-mm-dd, xlsx-stream-reader: "NAN" "NAN" "123" "15" "1000" "NAN", letters whole
yyyy-mm-dd, xlsx-stream-reader, formatting: false: "7 Days in May" "1:42.08" "00123" "0xF" "1E3" "Metropolis", letters whole
yyyy-mm-dd, xlstream: "7 Days in May" "1:42.08" 123 15 1000 "Metropolis", letters broken
yyyy-mm-dd, read-excel-file: "7 Days in May" "1:42.08" "00123" "0xF" "1E3" "Metropolis", letters whole
yyyy-mm-dd, SheetJS: "7 Days in May" "1:42.08" "00123" "0xF" "1E3" "Metropolis", letters whole
shared, xlsx-stream-reader: "7 Days in May" "1:42.08" "00123" "0xF" "1E3" "Metropolis", letters whole
shared, xlsx-stream-reader, formatting: false: "7 Days in May" "1:42.08" "00123" "0xF" "1E3" "Metropolis", letters whole
shared, xlstream: "7 Days in May" "1:42.08" "00123" "0xF" "1E3" "Metropolis", letters broken
shared, read-excel-file: "7 Days in May" "1:42.08" "00123" "0xF" "1E3" "Metropolis", letters whole
shared, SheetJS: "7 Days in May" "1:42.08" "00123" "0xF" "1E3" "Metropolis", letters whole
SEEN
