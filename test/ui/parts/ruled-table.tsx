import test from 'ava';
import fc from 'fast-check';
import {renderToString} from 'ink';
import {displayWidth} from '../../../source/base/text/width.js';
import {cell} from '../../../source/ui/parts/cells.js';
import {RuledTable, type TableColumn} from '../../../source/ui/parts/ruled-table.js';
import {createTheme} from '../../../source/ui/theme.js';

const theme = createTheme({isColor: false, isAscii: false});

const draw = (columns: readonly TableColumn[], rows: ReadonlyArray<readonly string[]>) => {
	const columnsOfTerminal = columns.reduce((sum, {width}) => sum + width + 3, 1);
	return renderToString(<RuledTable columns={columns} rows={rows} theme={theme}/>, {columns: columnsOfTerminal}).split('\n');
};

const hostile = fc.constantFrom(
	'東京物語', 'ｱｲｳ', '👨‍👩‍👧‍👦', '🇩🇪🇫🇷', '☺️', '1️⃣', 'e\u{301}\u{302}\u{303}\u{304}\u{305}', '\u{300}', 'שלום', 'کتاب\u{200C}ها', '\u{1B}[31mred\u{1B}[0m', '\u{1B}]0;title\u{7}', '\u{1B}]8;;http://x\u{1B}\\link', '\u{9B}2J', 'a\nb', 'a\r\nb', '\t', '\u{202E}evil', '\u{200B}', '\u{7}', '\0', '│', '┌──┐', '0------', '-', '__proto__', 'constructor', 'toString', '', ' ', '\u{D800}', '\u{E0041}', 'x'.repeat(500), '東'.repeat(500),
);
const texts = fc.oneof(hostile, fc.string({unit: 'binary'}), fc.array(hostile, {maxLength: 4}).map(parts => parts.join('')));
const tables = fc.array(
	fc.record({heading: texts, width: fc.integer({min: 3, max: 30}), align: fc.constantFrom('left' as const, 'right' as const)}),
	{minLength: 1, maxLength: 5},
).chain(columns => fc.record({
	columns: fc.constant(columns),
	rows: fc.array(fc.array(texts, {minLength: columns.length, maxLength: columns.length}), {minLength: 1, maxLength: 4}),
}));

test('whatever the cells hold, each row is one line, each column has its width, and no control gets out', t => {
	t.notThrows(() => {
		fc.assert(fc.property(tables, ({columns, rows}) => {
			const lines = draw(columns, rows);
			const inner = (left: string, text: (column: number) => string, cross: string, right: string) =>
				left + columns.map((_, column) => text(column)).join(cross) + right;
			const rule = (left: string, cross: string, right: string) => inner(left, column => '─'.repeat(columns[column]!.width + 2), cross, right);
			const line = (cells: readonly string[]) => inner('│', column => ` ${theme.show(cell(cells[column]!, columns[column]!.width, columns[column]!.align))} `, '│', '│');
			const wanted = [
				rule('┌', '┬', '┐'),
				line(columns.map(({heading}) => heading)),
				...rows.flatMap(row => [rule('├', '┼', '┤'), line(row)]),
				rule('└', '┴', '┘'),
			];
			return JSON.stringify(lines) === JSON.stringify(wanted)
				&& new Set(lines.map(drawn => displayWidth(drawn))).size === 1
				&& lines.every(drawn => !/[\p{Control}\u{202A}-\u{202E}]/v.test(drawn));
		}), {numRuns: 60});
	});
});

test('wide characters do not move the rules', t => {
	t.deepEqual(draw(
		[{heading: 'Library', width: 8, align: 'left'}, {heading: 'Sum', width: 4, align: 'right'}],
		[['東京物語', '7'], ['\u{1B}[31m東京物語の夜', '12'], ['👨‍👩‍👧‍👦', '3456']],
	), [
		'┌──────────┬──────┐',
		'│ Library  │  Sum │',
		'├──────────┼──────┤',
		'│ 東京物語 │    7 │',
		'├──────────┼──────┤',
		'│ 東京物…  │   12 │',
		'├──────────┼──────┤',
		'│ 👨👩👧👦 │ 3456 │',
		'└──────────┴──────┘',
	]);
});
