import {clean} from '../../base/text/clean.js';
import {fitWidths} from '../../base/text/column-widths.js';
import {plainPaint, type Paint, type TextTone} from '../../base/text/style.js';
import {
	displayWidth,
	fit,
	steadyText,
	type CutPosition,
} from '../../base/text/width.js';

type TableColumn = {
	heading: string;
	align?: 'left' | 'right';
	/**
	Whether the column gets narrower when the lines are too long.
	*/
	isFlexible?: boolean;
	/**
	The column is left out of a table on a narrower terminal.
	*/
	minColumns?: number;
	/**
	Where text that is too long is cut.
	*/
	position?: CutPosition;
	/**
	It is never left out, and has 24 cells where the terminal has 80. Only a table with such a column leaves out others for want of room.
	*/
	isMain?: boolean;
	/**
	The first to be left out.
	*/
	isKey?: boolean;
};

/**
A column of a report. Every column is in the table of the command line, in this order, unless `isOnlyOnScreen`; those with `screen` are also on the screen. Cells are not cleaned.
*/
export type ReportColumn<Row> = TableColumn & {
	cell: (row: Row) => string | undefined;
	/**
	What the cell means, for its colour in a table on a terminal.
	*/
	tone?: (row: Row) => TextTone | undefined;
	screen?: {
		/**
		Terminal cells, or a share of what the other columns leave.
		*/
		width: number | {share: number};
		/**
		The column is left out if the terminal is narrower.
		*/
		minColumns?: number;
		/**
		The cell has a line of its own below the row, where there is room for borders.
		*/
		isBelow?: true;
		/**
		The cell, if the screen shows something else than the table.
		*/
		cell?: (row: Row) => string | undefined;
	};
	isOnlyOnScreen?: boolean;
	/**
	Whether the column stays in a sparse table even if it is empty.
	*/
	isKept?: boolean;
};

export type TableOptions = {
	/**
	Terminal cells per line; absent for pipes and files, where nothing is cut.
	*/
	columns?: number;
	/**
	Absent where nothing has colours.
	*/
	paint?: Paint;
};

const gap = '  ';
const narrowest = 8;

/**
A cell, and what it means.
*/
type TonedCell = readonly [text: string, tone: TextTone | undefined];

/**
Prints aligned lines for people, heading first. Cells are cleaned here, and may hold text of any script. On a terminal they are shown so that the columns stay straight.
*/
export const tableLines = (columns: readonly TableColumn[], rows: ReadonlyArray<ReadonlyArray<string | TonedCell>>, options: TableOptions = {}): string[] => {
	const {lines, leftOut} = tableWithRest(columns, rows, options);
	return [...lines, ...leftOutLine(leftOut, options)];
};

/**
Names the columns for which there is no room.
*/
export const leftOutLine = (leftOut: readonly string[], {paint = plainPaint}: TableOptions, elsewhere = 'a wider terminal or a file has them'): string[] => leftOut.length === 0 ? [] : [paint('dim', `No room for ${leftOut.join(', ')}: ${elsewhere}.`)];

/**
As `tableLines`, with the headings of the columns for which there is no room, and whether cells of several parts are cut.
*/
export const tableWithRest = (columns: readonly TableColumn[], rows: ReadonlyArray<ReadonlyArray<string | TonedCell>>, {columns: available, paint = plainPaint}: TableOptions): {lines: string[]; leftOut: string[]; hasCutParts: boolean} => {
	const shown = (text: string) => available === undefined ? clean(text) : steadyText(clean(text));
	const headings = columns.map(({heading}): TonedCell => [heading, 'strong']);
	const cells = [headings, ...rows].map(row => row.map((cell): TonedCell => typeof cell === 'string' ? [shown(cell), undefined] : [shown(cell[0]), cell[1]]));
	const natural = columns.map((_, index) => widestOf(cells, index));
	const narrowed = narrow(columns, natural, available);
	const main = columns.findIndex(({isMain}) => isMain === true);
	// A line that is too long would be broken by the terminal, so columns go instead.
	const isTooLong = narrowed.reduce((sum, width) => sum + width + gap.length, -gap.length) > (available ?? Infinity);
	const wishes = columns.map((column, index) => ({
		...column, isMain: index === (main === -1 ? columns.findIndex(({isFlexible}) => isFlexible === true) : main), natural: natural[index]!, least: column.isFlexible === true ? narrowest : natural[index]!,
	}));
	const widths = available !== undefined && (isTooLong || main !== -1) ? fitWidths(wishes, available, main === -1 ? {least: narrowest} : {}) : narrowed;
	const lines = cells.map(row => {
		const fitted = columns.flatMap(({align = 'left', position = 'end'}, index) => {
			const width = widths[index];
			return width === undefined ? [] : [{text: fit(row[index]?.[0] ?? '', width, {align, position}), tone: row[index]?.[1]}];
		});
		const last = fitted.findLastIndex(({text}) => text.trimEnd() !== '');
		return fitted
			.slice(0, last + 1)
			.map(({text, tone}, index) => paintWords(paint, tone, index === last ? text.trimEnd() : text))
			.join(gap);
	});
	return {
		lines,
		leftOut: columns.filter((_, index) => widths[index] === undefined).map(({heading}) => heading),
		hasCutParts: columns.some(({position}, index) => position === 'parts' && (widths[index] ?? Infinity) < natural[index]!),
	};
};

// The blanks around a cell stay as they are, so that nothing is painted that cannot be seen.
const paintWords = (paint: Paint, tone: TextTone | undefined, text: string): string => {
	const words = text.trim();
	return tone === undefined || words === '' ? text : text.replace(words, () => paint(tone, words));
};

// There may be more rows than a call takes arguments, so they are not spread.
const widestOf = (cells: ReadonlyArray<readonly TonedCell[]>, index: number) => {
	let widest = 0;
	for (const row of cells) {
		widest = Math.max(widest, displayWidth(row[index]?.[0] ?? ''));
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

/**
The cells of a row for the columns that are on the screen.
*/
export const screenCells = <Row>(columns: ReadonlyArray<ReportColumn<Row>>, row: Row): string[] =>
	columns.flatMap(({cell, screen}) => screen === undefined ? [] : [(screen.cell ?? cell)(row) ?? '']);

export const tonedCells = <Row>(columns: ReadonlyArray<ReportColumn<Row>>, row: Row): TonedCell[] =>
	columns.map(({cell, tone}) => [cell(row) ?? '', tone?.(row)]);

/**
Prints the table of the command line. A sparse one leaves out the columns that are empty in every row. Except where a title may take the room of keys and ids, a last line names the columns for which there was none; `hasCsv` says that the command has `--format csv`.
*/
export const reportTable = <Row>(columns: ReadonlyArray<ReportColumn<Row>>, rows: readonly Row[], {isSparse = false, hasCsv = false, ...options}: TableOptions & {isSparse?: boolean; hasCsv?: boolean} = {}): string[] => {
	const {columns: available = Infinity} = options;
	const ofTable = columns.filter(({isOnlyOnScreen = false}) => !isOnlyOnScreen);
	const [all, tooWide] = [ofTable.filter(({minColumns = 0}) => available >= minColumns), ofTable.filter(({minColumns = 0}) => available < minColumns)];
	const cells = rows.map(row => tonedCells(all, row));
	const shown = all.keys().filter(index => !isSparse || all[index]!.isKept === true || cells.some(row => row[index]![0] !== '')).toArray();
	const {lines, leftOut} = tableWithRest(shown.map(index => all[index]!), cells.map(row => shown.map(index => row[index]!)), options);
	const isTold = hasCsv || all.every(({isMain}) => isMain !== true);
	return isTold ? [...lines, ...leftOutLine([...tooWide.map(({heading}) => heading), ...leftOut], options, hasCsv ? 'a wider terminal, a file or --format csv has all columns' : undefined)] : lines;
};

/**
How many characters of an id tell it from the others, at least 8.
*/
export const shortIdLength = (entries: ReadonlyArray<{id: string}>): number => {
	const longest = Math.max(8, ...entries.map(({id}) => id.length));
	for (let length = 8; length < longest; length++) {
		if (new Set(entries.map(({id}) => id.slice(0, length))).size === entries.length) {
			return length;
		}
	}

	return longest;
};
