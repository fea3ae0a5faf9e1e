import type {SavedQuery} from '../../catalog/saved-query.js';
import type {Library, Server} from '../../catalog/types.js';
import {askedNames, findAskedField, type AskedField} from './asked-fields.js';
import {orSuggestion, QueryError} from './query-error.js';
import {suggest} from './suggest.js';
import type {QuerySpan} from './syntax.js';

/**
What the meaning of a query depends on.
*/
export type QueryWorld = {
	now: Date;
	libraries: ReadonlyArray<Pick<Library, 'id' | 'title' | 'key' | 'serverId'>>;
	servers: ReadonlyArray<Pick<Server, 'id' | 'name'>>;
	/**
	The text of a saved query.
	*/
	saved?: (name: string) => string | undefined;
	savedNames?: () => readonly string[];
};

/**
What a query may name of the saved queries. They are read once, when a query first needs them, so all that is asked in one world means the same.
*/
export const savedWorld = (list: () => readonly SavedQuery[]): Required<Pick<QueryWorld, 'saved' | 'savedNames'>> => {
	let known: readonly SavedQuery[] | undefined;
	const read = () => {
		known ??= list();
		return known;
	};

	return {
		saved: name => read().find(saved => saved.name === name)?.query,
		savedNames: () => read().map(({name}) => name),
	};
};

/**
The text that is being read. In a saved query, `place` is where it was asked for, and `path` has the names that lead to it.
*/
export type Source = {
	text: string;
	world: QueryWorld;
	path: readonly string[];
	place?: {text: string; span: QuerySpan};
	/**
	Of all saved queries together.
	*/
	conditions: {count: number};
};

/**
An error at a place of the query that the person wrote.
*/
export const faultAt = ({text, path, place}: Source, message: string, span: QuerySpan, more: {expected?: string; suggestion?: string | undefined; isOfCatalogue?: boolean} = {}): QueryError => place === undefined
	? new QueryError(message, text, {span, ...more})
	: new QueryError(`In the saved query @${path.at(-1)!}: ${message}`, place.text, {span: place.span, ...more});

/**
@throws {QueryError} for a name of no field
*/
export const requireField = (name: string, span: QuerySpan, source: Source, expected = 'a field, or quotes to look for the text'): AskedField => {
	const field = findAskedField(name);
	if (field === undefined) {
		const suggestion = suggest(name, askedNames);
		throw faultAt(source, `There is no field ${name}${orSuggestion(suggestion)}`, span, {suggestion, expected});
	}

	return field;
};
