import {cleanLines} from '../../base/text/clean.js';
import type {CellValue, ExportColumn} from '../export-columns.js';
import type {ExportFormat} from '../format.js';

// Everything that GitHub, GitLab and CommonMark would read as more than a character within a table.
const meaning = /[$*<>\[\\\]_`\|~]/gv;

/**
Text as Markdown shows it, on one line.

@example
```
markdownText('M*A*S*H | 1970'); //=> 'M\\*A\\*S\\*H \\| 1970'
```
*/
export const markdownText = (text: string): string => cleanLines(text)
	.trim()
	.split('\n')
	.map(line => line.replaceAll(meaning, String.raw`\$&`).replaceAll('&', String.raw`\&`))
	.join('<br>')
	.trim();

const cellText = (value: CellValue, separator: string) => value === undefined ? '' : markdownText(typeof value === 'object' ? value.join(separator) : String(value));

const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`;

const isNumber = ({type}: ExportColumn) => type === 'integer' || type === 'decimal';

export const markdownFormat: ExportFormat = {
	about: 'A table for notes, issues and wikis',
	extension: 'md',
	columns: 'chosen',
	defaults: ['title', 'year', 'type', 'library', 'show', 'seasonNumber', 'episodeNumber', 'durationMs', 'resolution', 'rating'],
	takes: ['rows', 'separator'],
	async * chunks({rows, columns, separator}) {
		yield line(columns.map(({name}) => markdownText(name))) + line(columns.map(column => isNumber(column) ? '---:' : '---'));
		for await (const row of rows()) {
			yield line(columns.map(column => cellText(column.cell(row), separator)));
		}
	},
};
