import {AppError} from '../../base/errors.js';
import {savedNamePattern, type SavedQuery} from '../../catalog/saved-query.js';
import {clean} from '../../base/text/clean.js';
import {plural} from '../../base/text/format.js';
import {compileQuery} from './compile.js';
import {parseQuery} from './parser.js';
import type {Plan} from './plan.js';
import type {QueryWorld} from './query-source.js';
import type {QueryNode} from './syntax.js';

/**
Checks what is about to be saved, with all saved queries that it names. A query that would lead to itself is refused, too.

@throws {QueryError} for the query
@throws AppError 'usage' for the name, and for a standing query that has a limit, itself or through a query that it names
*/
export const checkSavedQuery = async ({name, query, standing}: SavedQuery, world: QueryWorld): Promise<void> => {
	if (!savedNamePattern.test(name)) {
		throw new AppError('usage', `"${clean(name)}" cannot be the name of a query.`, {hint: 'A name has small letters, digits and hyphens, begins with a letter, and has at most 40 of them: unseen-4k.'});
	}

	const plan = await compileQuery(query, {...world, saved: asked => asked === name ? query : world.saved?.(asked)});
	const fault = standing === true ? limitFault(name, plan) : undefined;
	if (fault !== undefined) {
		throw fault;
	}
};

/**
What is wrong with a plan for a standing query, if anything. With a limit, an item would leave because another one came.
*/
export const limitFault = (name: string, {limit}: Pick<Plan, 'limit'>): AppError | undefined => limit === undefined
	? undefined
	: new AppError('usage', `@${clean(name)} ends after ${plural(limit, 'item')} (limit:${limit}), so it cannot be a standing query.`, {hint: 'Save it without limit:, because a standing query tells everything that enters or leaves its result.'});

/**
The names of the saved queries that a query names itself; none for a text that is not a query.
*/
export const savedNamesIn = (text: string): ReadonlySet<string> => {
	try {
		const {where} = parseQuery(text);
		return new Set(where === undefined ? [] : namesIn(where));
	} catch (error) {
		if (error instanceof AppError) {
			return new Set();
		}

		throw error;
	}
};

const namesIn = (node: QueryNode): string[] => {
	switch (node.kind) {
		case 'and':
		case 'or': {
			return node.terms.flatMap(term => namesIn(term));
		}

		case 'not':
		case 'below': {
			return namesIn(node.term);
		}

		case 'saved': {
			return [node.text];
		}

		case 'word':
		case 'phrase':
		case 'field': {
			return [];
		}
	}
};
