#!/usr/bin/env bash
# A file name such as `Harbour_1920_x1080_h264.mkv` comes back from a workbook as another one, because writers do not escape `_x1080_`.
#
# Seen with exceljs 4.4.0 and xlsx 0.18.5 (SheetJS) on Node.js 24 (2026-11-30).
#
# Expected: a text that is written into a cell is the same text when the cell is read, as far as XML can hold it.
#
# Seen: in a workbook, `_x` with four hexadecimal digits and `_` stands for a character by its number (ST_Xstring of
# ECMA-376), and the height of many pictures in pixels is such a number: `_x1080_` is a letter of Burmese, and
# `_x2160_` is the Roman numeral one. Readers take it so, but neither library writes `_x005F_` for the underscore in
# front, which is how the standard writes such letters themselves. It is worse for texts that do not lie in the table of
# shared texts, as xlsx and the streaming writer of exceljs without that table write them: there exceljs reads no
# escapes at all and xlsx all of them, so neither the plain name nor the escaped one is right for both.
#
# Consequence: a table of files loses a part of such names without an error. Escape the underscore before you give a
# text to these writers, and where it is not shared, as with that streaming writer, give it as rich text, which both
# read alike.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts exceljs@4.4.0 xlsx@0.18.5 2>/dev/null
cat >look.mjs <<'JS'
import ExcelJS from 'exceljs';
import xlsx from 'xlsx';

const name = 'Harbour_1920_x1080_h264.mkv';
const escaped = name.replaceAll(/_(?=x[\dA-Fa-f]{4}_)/g, '_x005F_');

const byExceljs = text => async file => {
	const workbook = new ExcelJS.Workbook();
	workbook.addWorksheet('Files').addRow([text]);
	await workbook.xlsx.writeFile(file);
};

const byStream = value => async file => {
	const workbook = new ExcelJS.stream.xlsx.WorkbookWriter({filename: file, useSharedStrings: false});
	const sheet = workbook.addWorksheet('Files');
	sheet.addRow([value]).commit();
	sheet.commit();
	await workbook.commit();
};

const byXlsx = text => file => {
	const workbook = xlsx.utils.book_new();
	xlsx.utils.book_append_sheet(workbook, xlsx.utils.aoa_to_sheet([[text]]), 'Files');
	xlsx.writeFile(workbook, file);
};

const readers = {
	async exceljs(file) {
		const workbook = new ExcelJS.Workbook();
		await workbook.xlsx.readFile(file);
		return workbook.worksheets[0].getCell('A1').text;
	},
	xlsx: file => xlsx.readFile(file).Sheets.Files.A1.v,
};

const ways = {
	'exceljs': byExceljs(name),
	'exceljs, escaped': byExceljs(escaped),
	'exceljs as a stream': byStream(name),
	'exceljs as a stream, escaped': byStream(escaped),
	'exceljs as a stream, escaped rich text': byStream({richText: [{text: escaped}]}),
	'xlsx': byXlsx(name),
	'xlsx, escaped': byXlsx(escaped),
};
for (const [way, write] of Object.entries(ways)) {
	await write('files.xlsx');
	for (const [reader, read] of Object.entries(readers)) {
		const text = await read('files.xlsx');
		console.log(`${way}: ${reader} reads ${text === name ? 'the name' : (text === escaped ? 'the name with its escape' : 'another name')}`);
	}
}
JS
NODE_NO_WARNINGS=1 node look.mjs | tee seen.txt
diff - seen.txt <<'SEEN'
exceljs: exceljs reads another name
exceljs: xlsx reads another name
exceljs, escaped: exceljs reads the name
exceljs, escaped: xlsx reads the name
exceljs as a stream: exceljs reads the name
exceljs as a stream: xlsx reads another name
exceljs as a stream, escaped: exceljs reads the name with its escape
exceljs as a stream, escaped: xlsx reads the name
exceljs as a stream, escaped rich text: exceljs reads the name
exceljs as a stream, escaped rich text: xlsx reads the name
xlsx: exceljs reads the name
xlsx: xlsx reads another name
xlsx, escaped: exceljs reads the name with its escape
xlsx, escaped: xlsx reads the name
SEEN
