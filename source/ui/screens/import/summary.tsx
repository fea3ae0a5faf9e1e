import {Text} from 'ink';
import {Table, type CellProps} from 'ink-table';
import type {PropsWithChildren} from 'react';
import {formatClock, formatCount} from '../../../base/text/format.js';
import {sumTotals} from '../../../catalog/library.js';
import type {ImportResult} from '../../../sync/events.js';
import {line, type Line} from '../../line.js';
import {cell} from '../../parts/cells.js';
import type {Theme} from '../../theme.js';

type SummaryColumn = {heading: string; width: number; align: 'left' | 'right'};

type Summary = {
	columns: SummaryColumn[];
	rows: string[][];
};

/**
The import summary as cells that are as wide as their columns. With more than one library, a sum ends it.
*/
export const importSummary = (result: ImportResult, columns: number): Summary => {
	const isWide = columns >= 72;
	const numbers: SummaryColumn[] = (isWide
		? [['Expected', 9], ['Imported', 9], ['Unchanged', 9], ['Failed', 6], ['Skipped', 7], ['Time', 5]] as const
		: [['Exp.', 6], ['Imp.', 6], ['Unch.', 6], ['Fail', 5], ['Skip', 5]] as const
	).map(([heading, width]) => ({heading, width, align: 'right'}));
	// The widest form of the table has a rule and a blank on either side of each column.
	const room = columns - 4 - numbers.reduce((sum, {width}) => sum + width + (isWide ? 3 : 1), 0);
	const titleWidth = Math.max(6, Math.min(30, room));
	const all: SummaryColumn[] = [{heading: 'Library', width: titleWidth, align: 'left'}, ...numbers];
	const sum = {title: 'Sum', durationMs: result.durationMs, ...sumTotals(result.libraries)};
	const libraries = result.libraries.length > 1 ? [...result.libraries, sum] : result.libraries;
	const rows = libraries.map(({title, expected, imported, unchanged, failed, skipped, durationMs}) =>
		[title, ...[expected, imported, unchanged, failed, skipped].map(count => formatCount(count)), formatClock(durationMs)]
			.slice(0, all.length)
			.map((text, index) => cell(text, all[index]!.width, all[index]!.align)));
	return {columns: all, rows};
};

/**
The summary without rules, for terminals where rules do not fit or cannot be drawn. Its last line tells how many rows did not fit.
*/
export const summaryLines = ({columns, rows}: Summary, height: number): Line[] => {
	const heading = line(columns.map(({heading: text, width, align}) => cell(text, width, align)).join(' '), 'strong');
	const lines = rows.map(cells => line(cells.join(' ')));
	const left = rows.length + 1 - height;
	return left <= 0
		? [heading, ...lines]
		: [heading, ...lines.slice(0, Math.max(0, height - 2)), line(`  ${left + 1} more in a taller terminal`, 'dim')];
};

/**
The import summary with rules.

`ink-table` takes the length of a string for its width, which puts wide characters out of line. So it gets only column names as long as the columns are wide, and row numbers; the cells then draw the real text, which is already as wide as its column.
*/
export function SummaryTable({summary: {columns, rows}, theme}: {readonly summary: Summary; readonly theme: Theme}) {
	const keys = columns.map(({width}, index) => String(index).padEnd(width, '-'));
	const data = rows.map((_, row) => Object.fromEntries(keys.map(key => [key, String(row)])));

	function Cell({column, children}: CellProps) {
		const row = typeof children === 'string' ? Number(children) : 0;
		return <Text>{` ${theme.show(rows[row]![column]!)} `}</Text>;
	}

	function Header({column}: PropsWithChildren<{column?: number}>) {
		const {heading, width, align} = columns[column ?? 0]!;
		return <Text bold>{` ${align === 'right' ? heading.padStart(width) : heading.padEnd(width)} `}</Text>;
	}

	return <Table data={data} columns={keys} header={Header} cell={Cell} skeleton={Rule}/>;
}

function Rule({children}: PropsWithChildren) {
	return <Text>{children}</Text>;
}
