#!/usr/bin/env bash
# LibreOffice shows no filter of a workbook that exceljs wrote, because exceljs writes no hidden name for it.
#
# Seen with exceljs 4.4.0 on Node.js 24 and LibreOffice 7.4.7.2 (Debian 12, package libreoffice-calc)
# (2026-11-29).
#
# Expected: `worksheet.autoFilter = 'A1:B4'` gives a list with filter buttons in LibreOffice, as in Excel:
# the sheet has the element <autoFilter ref="A1:B4"/>, which is all that the standard asks for.
#
# Seen: LibreOffice reads the sheet without any filter, whether exceljs wrote it as a whole or as a stream.
# Excel itself also writes a hidden name of the sheet, `_xlnm._FilterDatabase`, over the same cells. With
# that name the filter is there. The name without `localSheetId` and `hidden`, which is all that
# `workbook.definedNames` of exceljs can write, is not enough.
#
# Consequence: who writes workbooks with exceljs must add the name to xl/workbook.xml.
set -euo pipefail
version=$(soffice --version 2>/dev/null || true)
case $version in
	*' 7.4.7.2 '*) ;;
	*) echo "This was seen with LibreOffice 7.4.7.2, and here is: ${version:-none}. Debian 12 has it as libreoffice-calc." >&2; exit 2 ;;
esac
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts exceljs@4.4.0 2>/dev/null
cat >make.mjs <<'JS'
import {readFile, writeFile} from 'node:fs/promises';
import ExcelJS from 'exceljs';
import JSZip from 'jszip';

const rows = [['Title', 'Year'], ['Metropolis', 1927], ['Nosferatu', 1922], ['The Lodger', 1927]];

const stream = new ExcelJS.stream.xlsx.WorkbookWriter({filename: 'stream.xlsx'});
const streamed = stream.addWorksheet('Films');
streamed.autoFilter = 'A1:B4';
for (const row of rows) {
	streamed.addRow(row).commit();
}

streamed.commit();
await stream.commit();

const whole = async (file, change) => {
	const workbook = new ExcelJS.Workbook();
	const sheet = workbook.addWorksheet('Films');
	sheet.autoFilter = 'A1:B4';
	sheet.addRows(rows);
	change?.(workbook);
	await workbook.xlsx.writeFile(file);
};

await whole('whole.xlsx');
await whole('name-of-exceljs.xlsx', workbook => {
	workbook.definedNames.add('Films!$A$1:$B$4', '_xlnm._FilterDatabase');
});

// The same workbook with the name as Excel writes it.
const zip = await JSZip.loadAsync(await readFile('whole.xlsx'));
const text = await zip.file('xl/workbook.xml').async('string');
const name = '<definedNames><definedName name="_xlnm._FilterDatabase" localSheetId="0" hidden="1">Films!$A$1:$B$4</definedName></definedNames>';
zip.file('xl/workbook.xml', text.replace('</sheets>', `</sheets>${name}`));
await writeFile('name-of-excel.xlsx', await zip.generateAsync({type: 'nodebuffer'}));
JS
NODE_NO_WARNINGS=1 node make.mjs
for name in stream whole name-of-exceljs name-of-excel; do
	elements=$(unzip -p "$name.xlsx" xl/worksheets/sheet1.xml | grep -o '<autoFilter [^>]*>')
	HOME=$folder soffice --headless --convert-to fods "$name.xlsx" >/dev/null 2>&1
	echo "$name: $elements, $(grep -c 'table:display-filter-buttons="true"' "$name.fods" || true) with filter buttons"
done | tee seen.txt
diff - seen.txt <<'SEEN'
stream: <autoFilter ref="A1:B4"/>, 0 with filter buttons
whole: <autoFilter ref="A1:B4"/>, 0 with filter buttons
name-of-exceljs: <autoFilter ref="A1:B4"/>, 0 with filter buttons
name-of-excel: <autoFilter ref="A1:B4"/>, 1 with filter buttons
SEEN
