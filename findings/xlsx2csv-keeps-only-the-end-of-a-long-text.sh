#!/usr/bin/env bash
# xlsx2csv drops the beginning of a text of more than 8 kB, if the text stands in the sheet itself, as many programs write it.
#
# Seen with xlsx2csv 0.7.8 (Debian 12, package xlsx2csv) and exceljs 4.4.0 on Node.js 24, Linux x64 (2026-12-01).
#
# Expected: a cell of a workbook has room for 32,767 characters, and a converter gives back what is in it, or says that it does not.
#
# Seen: of a text of more than 8 kB (é has two bytes) only the end comes out, without a word. How much that is depends on where the
# text lies in the file. It concerns texts that are written as `str` or `inlineStr`: those of the stream of exceljs without shared
# strings, of openpyxl and so of to_excel of pandas, and the result of every formula. Texts in the table of shared strings, where
# Excel and LibreOffice put theirs, are whole. exceljs itself reads both.
#
# Consequence: the people of a film as JSON become the rest of one, which no longer parses, and a long summary begins in the middle
# of a sentence. Write CSV at once instead of converting a workbook.
set -euo pipefail
version=$(dpkg-query --show --showformat='${Version}' xlsx2csv 2>/dev/null || true)
case $version in
	1:0.7.8-*) echo "xlsx2csv $version" ;;
	*) echo "This was seen with xlsx2csv 0.7.8 of Debian 12, and here is: ${version:-none}." >&2; exit 2 ;;
esac
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts exceljs@4.4.0
cat >write.cjs <<'JS'
const ExcelJS = require('exceljs');

(async () => {
	for (const useSharedStrings of [false, true]) {
		const filename = useSharedStrings ? 'shared.xlsx' : 'inside.xlsx';
		const book = new ExcelJS.stream.xlsx.WorkbookWriter({filename, useSharedStrings, useStyles: true});
		const sheet = book.addWorksheet('Films');
		for (const [title, filler, length] of [['Metropolis', '.', 8000], ['Nosferatu', '.', 12_000], ['Faust', 'é', 4000], ['Tartuffe', 'é', 12_000]]) {
			sheet.addRow([title, `begins ${filler.repeat(length - 12)} ends`]).commit();
		}

		await book.commit();
		const read = new ExcelJS.Workbook();
		await read.xlsx.readFile(filename);
		console.log(`${filename}, exceljs: ${read.worksheets[0].getColumn(2).values.slice(1).map(text => `${text.slice(0, 6)}…${text.slice(-5)} ${text.length}`).join(', ')}`);
	}
})();
JS
cat >look.py <<'PYTHON'
import csv
import sys

told = []
for title, text in csv.reader(sys.stdin):
	told.append(f'{title} {"whole" if text.startswith("begins") and text.endswith(" ends") else "only its end" if text.endswith(" ends") else "damaged"}')
print(', '.join(told))
PYTHON
{
	NODE_NO_WARNINGS=1 node write.cjs
	for name in inside shared; do
		echo "$name.xlsx, xlsx2csv: $(xlsx2csv "$name.xlsx" 2>said | python3 look.py) ($(wc -c <said) bytes on stderr)"
	done
} | tee seen.txt
diff - seen.txt <<'SEEN'
inside.xlsx, exceljs: begins… ends 8000, begins… ends 12000, begins… ends 4000, begins… ends 12000
shared.xlsx, exceljs: begins… ends 8000, begins… ends 12000, begins… ends 4000, begins… ends 12000
inside.xlsx, xlsx2csv: Metropolis whole, Nosferatu only its end, Faust whole, Tartuffe only its end (0 bytes on stderr)
shared.xlsx, xlsx2csv: Metropolis whole, Nosferatu whole, Faust whole, Tartuffe whole (0 bytes on stderr)
SEEN
