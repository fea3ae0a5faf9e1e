/**
Where something stands in the text of a query, in UTF-16 units; `end` is behind its last one.
*/
export type QuerySpan = {start: number; end: number};

/**
A value as it was written, in quotes or not. `exact` is `="…"`, which asks for the whole text; `flags` belong to a regular expression.
*/
export type QueryValue =
	| {form: 'text' | 'exact'; text: string; span: QuerySpan}
	| {form: 'regex'; text: string; flags: '' | 'i'; span: QuerySpan};

export const comparisons = ['>=', '<=', '>', '<'] as const;

export type QueryComparison = typeof comparisons[number];

type FieldTest =
	| {kind: 'is'; values: readonly QueryValue[]}
	| {kind: 'compare'; comparison: QueryComparison; value: QueryValue}
	| {kind: 'range'; from: QueryValue; to: QueryValue}
	| {kind: 'has'}
	| {kind: 'missing'};

export type FieldTerm = {kind: 'field'; name: string; nameSpan: QuerySpan; test: FieldTest; span: QuerySpan};

/**
A condition of a query. `and` and `or` have at least two terms, none of which is of the same kind.
*/
export type QueryNode =
	FieldTerm | {kind: 'and' | 'or'; terms: readonly QueryNode[]; span: QuerySpan} | {kind: 'not'; term: QueryNode; span: QuerySpan} | {kind: 'below'; quantifier: 'any' | 'all'; term: QueryNode; span: QuerySpan} | {kind: 'word' | 'phrase' | 'saved'; text: string; span: QuerySpan};

export type SortKey = {name: string; isDescending: boolean; span: QuerySpan};

/**
A query as it was written. Without `where` it asks for everything.
*/
export type Query = {
	where?: QueryNode;
	sort?: readonly SortKey[];
	limit?: number;
};

/**
So much of a query is read; what is longer, deeper or has more terms is an error.
*/
export const queryBounds = {length: 10_000, depth: 50, terms: 500} as const;

// A word that begins like this is something else, and so is one that holds a quote or a parenthesis, or has the form of a field.
const notBare = /^(?:-.|@|(?:AND|NOT|OR)$|[A-Za-z]+:.)|[\s"\(\)]/v;

/**
Whether a word means itself when it stands in a query as it is.
*/
export const isBareWord = (text: string): boolean => text !== '' && !notBare.test(text);

const notBareValue = /^[*\/<=>]|[\s"\(\),]|\.\.|\.$/v;

/**
Whether a text needs no quotes as the value of a field.
*/
export const isBareValue = (text: string): boolean => text !== '' && !notBareValue.test(text);
