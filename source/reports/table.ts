import {clean} from '../base/text/clean.js';
import {displayWidth, fit} from '../base/text/width.js';

export type TableColumn = {
	heading: string;
	align?: 'left' | 'right';
	/**
	Gives way when the lines are too long; where its text is cut.
	*/
	isFlexible?: boolean;
	position?: 'end' | 'middle';
};

export type TableOptions = {
	/**
	Cells per line. Without it nothing is cut, for pipes and files.
	*/
	columns?: number;
};

const gap = '  ';
const narrowest = 8;

/**
Aligned lines for people, heading first; for machines there is JSON. Cells are cleaned here, and may hold text of any script.
*/
export const tableLines = (columns: readonly TableColumn[], rows: ReadonlyArray<readonly string[]>, options: TableOptions = {}): string[] => {
	const cells = [columns.map(({heading}) => heading), ...rows].map(row => row.map(cell => clean(cell)));
	const natural = columns.map((_, index) => widestOf(cells, index));
	const widths = narrow(columns, natural, options.columns);
	return cells.map(row => columns
		.map(({align = 'left', position = 'end'}, index) => fit(row[index] ?? '', widths[index]!, {align, position}))
		.join(gap)
		.trimEnd());
};

// Not by spreading: there may be more rows than a call takes arguments.
const widestOf = (cells: ReadonlyArray<readonly string[]>, index: number) => {
	let widest = 0;
	for (const row of cells) {
		widest = Math.max(widest, displayWidth(row[index] ?? ''));
	}

	return widest;
};

const narrow = (columns: readonly TableColumn[], natural: readonly number[], available: number | undefined): number[] => {
	const widths = [...natural];
	if (available === undefined) {
		return widths;
	}

	let excess = (gap.length * (widths.length - 1)) - available;
	for (const width of widths) {
		excess += width;
	}

	const flexible = columns.map(({isFlexible}, index) => isFlexible === true ? index : -1).filter(index => index !== -1);
	while (excess > 0) {
		const widest = flexible.toSorted((left, right) => widths[right]! - widths[left]!)[0];
		if (widest === undefined || widths[widest]! <= narrowest) {
			break;
		}

		widths[widest]!--;
		excess--;
	}

	return widths;
};
