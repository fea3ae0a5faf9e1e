import {sql} from 'kysely';
import {fieldEnd} from '../../../query/haystack.js';
import type {RowCondition} from './asking.js';
import {listColumnOf} from './list-shapes.js';
import {peopleLists} from './names.js';

export const joinConditions = (terms: readonly RowCondition[], kind: 'and' | 'or'): RowCondition => terms.length === 0
	? (kind === 'and' ? sql`true` : sql`false`)
	: sql`(${sql.join(terms, kind === 'and' ? sql` AND ` : sql` OR `)})`;

/**
Where a text is like one of these patterns. An index of parts of texts answers no LIKE ANY.
*/
export const likeAny = (column: RowCondition, patterns: readonly string[]): RowCondition => joinConditions(patterns.map(pattern => sql`${column} LIKE ${pattern}`), 'or');

/**
The rows with one of these texts in a column. Never NULL, also where the column is.
*/
export const amongTexts = (column: string, texts: readonly string[]): RowCondition => texts.length === 0 ? sql`false` : sql`(${sql.ref(column)} IS NOT NULL AND ${sql.ref(column)} = ANY(${texts}::text[]))`;

// For more, it is quicker to look at the lists of all rows.
const fewIds = 50;

/**
The rows that have one of these ids in some of the lists, which are all of people or all of others.
*/
export const inLists = (lists: readonly string[], ids: readonly string[], rows: string): RowCondition => {
	if (ids.length === 0) {
		return sql`false`;
	}

	if (lists.some(list => peopleLists.has(list))) {
		return sql`${sql.ref(`${rows}.id`)} IN (${itemsWithPeople(lists, ids)})`;
	}

	const columns = lists.map(list => sql.ref(`${rows}.${listColumnOf(list)}`));
	return ids.length <= fewIds
		? joinConditions(columns.map(column => sql`(${column} IS NOT NULL AND ${column} && ${ids}::text[])`), 'or')
		: sql`EXISTS (SELECT FROM unnest(${sql.join(columns, sql` || `)}) AS own (id) WHERE own.id = ANY(${ids}::text[]))`;
};

const roles = new Map([['directors', 'director'], ['writers', 'writer'], ['producers', 'producer'], ['cast', 'actor']]);

/**
The ids of the items that have one of these people in some of the lists.
*/
export const itemsWithPeople = (lists: readonly string[], ids: readonly string[]): RowCondition => sql`
	SELECT item_id FROM item_people WHERE person_id = ANY(${ids}::text[]) ${lists.length === roles.size ? sql`` : sql`AND role = ANY(${lists.map(list => roles.get(list)!)}::text[])`}
`;

/**
The marked words of the title, which come first in what is searched.
*/
export const titleWords = (rows: string): RowCondition => sql`split_part(${sql.ref(`${rows}.haystack`)}, ${fieldEnd}, 1)`;
