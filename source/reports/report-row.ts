/**
What opens when a row is chosen.
*/
export type RowTarget =
	| {name: 'runs'}
	| {name: 'held'}
	| {name: 'changes'; runId: string}
	| {name: 'run'; runId: string}
	| {name: 'log'; runId: string}
	| {name: 'timeline'; itemId: string}
	| {name: 'members'; listId: string; title: string}
	| {name: 'detail'; itemId: string}
	| {name: 'library'; libraryId: string}
	| {name: 'text'; title: string; text: string};

/**
A row of a report on a screen. Cells are not cleaned.
*/
export type ReportRow = {
	/**
	Unique in the report.
	*/
	id: string;
	/**
	One for each screen column of the report; a heading has one cell for the whole line.
	*/
	cells: readonly string[];
	isHeading?: boolean;
	tone?: 'dim' | 'warn' | 'bad';
	/**
	The name of a group of rows that can be shown alone.
	*/
	kind?: string;
	opens?: RowTarget;
};

/**
Makes a line across all columns.
*/
export const headingRow = (id: string, text: string, more: Pick<ReportRow, 'tone' | 'opens'> = {}): ReportRow => ({
	id, cells: [text], isHeading: true, ...more,
});

/**
Makes a line for a report without rows.
*/
export const sentenceRow = (text: string): ReportRow => headingRow('sentence', text);
