/**
What opens when a row is chosen.
*/
export type RowTarget =
	| ReportQuestion
	| {name: 'library'; libraryId: string}
	| {name: 'detail'; itemId: string}
	| {name: 'text'; title: string; text: string};

/**
What the app can be asked for besides lists of items.
*/
export type ReportQuestion =
	| {name: 'changes'; days: number}
	| {name: 'changes'; runId: string}
	| {name: 'timeline'; itemId: string}
	| {name: 'runs'}
	| {name: 'run'; runId: string}
	| {name: 'log'; runId: string}
	| {name: 'held'};

export type ReportName = ReportQuestion['name'];

export type ReportRow = {
	/**
	Unique in its report.
	*/
	id: string;
	/**
	One for each column of the report; a heading has one, for the whole line. Not cleaned.
	*/
	cells: readonly string[];
	isHeading?: boolean;
	tone?: 'dim' | 'warn' | 'bad';
	/**
	What a person may want to see alone, in a word.
	*/
	kind?: string;
	opens?: RowTarget;
};
