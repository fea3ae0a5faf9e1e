import {Text} from 'ink';
import {Table, type CellProps} from 'ink-table';
import type {PropsWithChildren} from 'react';
import type {Theme} from '../theme.js';
import {cell} from './cells.js';

export type TableColumn = {heading: string; width: number; align: 'left' | 'right'};

type RuledTableProps = {
	/**
	Each is at least three cells wide.
	*/
	readonly columns: readonly TableColumn[];
	/**
	At most 999 rows of any text.
	*/
	readonly rows: ReadonlyArray<readonly string[]>;
	readonly theme: Theme;
};

/**
A table with rules. The room must be wide enough for the columns, a blank on either side of each, and the rules.

`ink-table` takes the length of a string for its width, and would draw whatever it is given. So it gets only what it can draw: column names as long as the columns are wide, and row numbers. The cells then draw the real text, cleaned and exactly as wide as its column. `docs/dependencies.md` says why we have this package.
*/
export function RuledTable({columns, rows, theme}: RuledTableProps) {
	const keys = columns.map(({width}, index) => String(index).padEnd(width, '-'));
	const data = rows.map((_, row) => Object.fromEntries(keys.map(key => [key, String(row)])));
	const draw = (text: string, {width, align}: TableColumn) => ` ${theme.show(cell(text, width, align))} `;

	function Cell({column, children}: CellProps) {
		return <Text>{draw(rows[Number(children)]![column]!, columns[column]!)}</Text>;
	}

	function Header({column = 0}: PropsWithChildren<{column?: number}>) {
		return <Text bold>{draw(columns[column]!.heading, columns[column]!)}</Text>;
	}

	// It keeps the first functions that it is given, so that other content needs a new one.
	return <Table key={JSON.stringify([columns, rows])} data={data} columns={keys} header={Header} cell={Cell} skeleton={Rule}/>;
}

function Rule({children}: PropsWithChildren) {
	return <Text>{children}</Text>;
}
