import {Text} from 'ink';
import {Table, type CellProps} from 'ink-table';
import type {PropsWithChildren} from 'react';
import type {Theme} from '../../theme.js';
import type {Summary} from './summary.js';

/**
The import summary with rules.

`ink-table` takes the length of a string for its width, which puts wide characters out of line. So it is given only names of columns that are as long as the column is wide, and numbers of rows; the text itself, already as wide as its column, is put in when the cell is drawn.
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
