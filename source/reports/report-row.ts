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
	/**
	A heading whose rows can be hidden: those up to the next such heading.
	*/
	isFoldable?: boolean;
	tone?: 'dim' | 'warn' | 'bad';
	/**
	What happened to what the row tells, said by a sign and a colour.
	*/
	change?: 'added' | 'removed' | 'changed' | 'upgraded';
	/**
	Amounts that are drawn behind the text, each as one cell, the darker the greater. Such rows are the first ones. They stand above the list, and only where there is room for borders.
	*/
	amounts?: readonly number[];
	/**
	The name of a group of rows that can be shown alone.
	*/
	kind?: string;
	opens?: RowTarget;
};

/**
Makes a line across all columns.
*/
export const headingRow = (id: string, text: string, more: Pick<ReportRow, 'tone' | 'opens' | 'isFoldable' | 'amounts'> = {}): ReportRow => ({
	id, cells: [text], isHeading: true, ...more,
});

/**
Makes a line for a report without rows.
*/
export const sentenceRow = (text: string): ReportRow => headingRow('sentence', text);
