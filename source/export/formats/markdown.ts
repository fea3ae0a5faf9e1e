import {cleanLines} from '../../base/text/clean.js';
import type {CellValue, ExportColumn} from '../export-columns.js';
import type {ExportFormat} from '../format.js';

// A backslash before these takes their meaning away wherever Markdown is read.
const escapable = /[*\[\\\]_`]/gv;

// Before these, Python-Markdown, kramdown, Parsedown and others show the backslash, and some end a cell at a bar in spite of it. All of them read entities. An ampersand that begins none is itself.
const entities: ReadonlyMap<string, string> = new Map([['&', '&amp;'], ['<', '&lt;'], ['|', '&#124;'], ['$', '&#36;'], ['~', '&#126;']]);
const needsEntity = /&(?=[\w#])|[$<\|~]/gv;

/**
Text as Markdown shows it, on one line.

@example
```
markdownText('M*A*S*H | R&D'); //=> 'M\\*A\\*S\\*H &#124; R&amp;D'
```
*/
export const markdownText = (text: string): string => cleanLines(text)
	.trim()
	.split('\n')
	.map(line => line.replaceAll(escapable, String.raw`\$&`).replaceAll(needsEntity, sign => entities.get(sign)!))
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
