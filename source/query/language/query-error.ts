import {AppError} from '../../base/errors.js';
import {clean} from '../../base/text/clean.js';
import type {QuerySpan} from './syntax.js';

type QueryErrorOptions = {
	span: QuerySpan;
	/**
	What would have been right there, for instance `a date such as 2024-05-01`.
	*/
	expected?: string | undefined;
	/**
	What was probably meant instead of what stands there.
	*/
	suggestion?: string | undefined;
	/**
	It is right as a query, and names a library or server that the catalogue does not have.
	*/
	isOfCatalogue?: boolean;
};

/**
Something is wrong with a query. `message` says what, and `span` where.
*/
export class QueryError extends AppError {
	override name = 'QueryError';
	readonly query: string;
	readonly span: QuerySpan;
	readonly expected: string | undefined;
	readonly suggestion: string | undefined;
	readonly isOfCatalogue: boolean;

	constructor(message: string, query: string, {span, expected, suggestion, isOfCatalogue = false}: QueryErrorOptions) {
		super('usage', message, expected === undefined ? {} : {hint: `Expected here: ${expected}.`});
		this.query = query;
		this.span = span;
		this.expected = expected;
		this.suggestion = suggestion;
		this.isOfCatalogue = isOfCatalogue;
	}
}

export const isQueryError = (error: unknown): error is QueryError => error instanceof QueryError;

const excerptLength = 100;

/**
The query with carets below the place that is wrong, for terminals; of a long query only the part around it.

@example
```
pointAt('gener:drama', {start: 0, end: 5}); //=> ['gener:drama', '^^^^^']
```
*/
export const pointAt = (query: string, {start, end}: QuerySpan): [line: string, carets: string] => {
	const from = query.length > excerptLength ? Math.max(0, start - Math.floor(excerptLength / 2)) : 0;
	const [before, marked, after] = [query.slice(from, start), query.slice(start, end), query.slice(end, from + excerptLength)].map(part => oneLine(part)) as [string, string, string];
	const lead = from > 0 ? '… ' : '';
	const shown = [...marked].slice(0, excerptLength).join('');
	return [`${lead}${before}${shown}${after}`, `${' '.repeat([...lead, ...before].length)}${'^'.repeat(Math.max(1, [...shown].length))}`];
};

// What takes no cell or several would shift the caret only within its own part of the line.
const oneLine = (text: string) => clean(text.replaceAll(/\s/gv, ' '));

/**
The suggestion as the end of a sentence, or nothing.
*/
export const orSuggestion = (suggestion: string | undefined): string => suggestion === undefined ? '.' : `; did you mean ${suggestion}?`;
