/**
What opens when a row is chosen.
*/
export type RowTarget =
	| {name: 'changes'; runId: string}
	| {name: 'timeline'; itemId: string}
	| {name: 'runs'}
	| {name: 'run'; runId: string}
	| {name: 'log'; runId: string}
	| {name: 'held'}
	| {name: 'library'; libraryId: string}
	| {name: 'detail'; itemId: string}
	| {name: 'text'; title: string; text: string};

/**
A row of a report on a screen.
*/
export type ReportRow = {
	/**
	Unique in its report.
	*/
	id: string;
	/**
	One for each screen column of the report; a heading has one cell for the whole line. Not cleaned.
	*/
	cells: readonly string[];
	isHeading?: boolean;
	tone?: 'dim' | 'warn' | 'bad';
	/**
	A word for a group of rows that a person may want to see alone.
	*/
	kind?: string;
	opens?: RowTarget;
};

/**
A line across all columns.
*/
export const headingRow = (id: string, text: string, more: Pick<ReportRow, 'tone' | 'opens'> = {}): ReportRow => ({
	id, cells: [text], isHeading: true, ...more,
});

/**
Stands for the rows of a report that has none, or before them.
*/
export const sentenceRow = (text: string): ReportRow => headingRow('sentence', text);
