import {sql} from 'kysely';
import {fieldEnd} from '../../../query/haystack.js';
import type {Condition} from './asking.js';
import {listColumnOf} from './list-shapes.js';

export const joined = (terms: readonly Condition[], kind: 'and' | 'or'): Condition => terms.length === 0
	? (kind === 'and' ? sql`true` : sql`false`)
	: sql`(${sql.join(terms, kind === 'and' ? sql` AND ` : sql` OR `)})`;

/**
The rows with one of these texts in a column. Never NULL, also where the column is.
*/
export const isOneOf = (column: string, texts: readonly string[]): Condition => texts.length === 0 ? sql`false` : sql`(${sql.ref(column)} IS NOT NULL AND ${sql.ref(column)} = ANY(${texts}::text[]))`;

// For more, it is quicker to look at the lists of all rows.
const fewIds = 500;

/**
The rows that have one of these ids in some of the lists.
*/
export const inLists = (lists: readonly string[], ids: readonly string[], rows: string): Condition => {
	const columns = lists.map(list => sql.ref(`${rows}.${listColumnOf(list)}`));
	if (ids.length === 0) {
		return sql`false`;
	}

	return ids.length <= fewIds
		? joined(columns.map(column => sql`${column} && ${ids}::text[]`), 'or')
		: sql`EXISTS (SELECT FROM unnest(${sql.join(columns, sql` || `)}) AS own (id) WHERE own.id = ANY(${ids}::text[]))`;
};

/**
The marked words of the title, which come first in what is searched.
*/
export const titleWords = (rows: string): Condition => sql`split_part(${sql.ref(`${rows}.haystack`)}, ${fieldEnd}, 1)`;
