import {sql, type RawBuilder} from 'kysely';
import type {PlanSort} from '../../../query/language/plan.js';
import type {ListQuery, SortField} from '../../../query/types.js';
import type {RowCondition} from './asking.js';
import {columnOf} from './list-shapes.js';
import {titleWords} from './row-conditions.js';
import {
	beginningWith,
	beingFirst,
	containing,
	containingWords,
	storedWords,
} from './stored-texts.js';

/**
The columns by which the sort menu sorts, one after the other. By the title it needs none.
*/
const menuColumns: Readonly<Record<SortField, readonly string[]>> = {
	title: [],
	number: ['season_number', 'episode_number', 'release_date'],
	year: ['year'],
	added: ['added_at'],
	duration: ['duration_ms'],
	size: ['size_bytes'],
	resolution: ['resolution'],
	rating: ['rating'],
};

export type ListSortKey = {
	key: RawBuilder<unknown>;
	isDescending: boolean;
	/**
	The next key alone makes the same order, but only this one has an index.
	*/
	isForIndex?: true;
};

const sortKey = (key: RawBuilder<unknown>, isDescending = false): ListSortKey => ({key, isDescending});

/**
A column by which rows are sorted. A resolution that cannot be compared counts as unknown.
*/
const columnKey = (rows: string, column: string) => column === 'resolution' ? sql`nullif(${sql.ref(`${rows}.${column}`)}, 'NaN')` : sql.ref(`${rows}.${column}`);

// The index has the beginnings of the titles in order, so that a page needs no more rows than it shows.
const byTitle = (rows: string, isDescending = false): ListSortKey[] => [
	...titleKeys(rows, isDescending),
	sortKey(sql.ref(`${rows}.year`)),
	sortKey(sql.ref(`${rows}.id`)),
];

const titleKeys = (rows: string, isDescending: boolean): ListSortKey[] => [
	{...sortKey(sql`left(${sql.ref(`${rows}.sort_key`)}, 100)`, isDescending), isForIndex: true},
	sortKey(sql.ref(`${rows}.sort_key`), isDescending),
];

const sortKeys = (rows: string, {field, isDescending}: PlanSort): ListSortKey[] =>
	field === 'title' ? titleKeys(rows, isDescending) : [sortKey(columnKey(rows, columnOf(field)), isDescending)];

/**
How well a title matches words, from 0: it is these words, begins with them, has them as whole words, has them, or is no match.
*/
const matchRank = (rows: string, words: readonly string[]): RowCondition => {
	const whole = words.join(' ');
	// The title comes first in the haystack, which need not be taken apart for its beginning.
	const haystack = sql.ref(`${rows}.haystack`);
	const allIn = (text: RowCondition, patterns: readonly string[]) => sql.join(patterns.map(pattern => sql`${text} LIKE ${pattern}`), sql` AND `);
	const parts = words.map(word => containing(word));
	// Of a word that many have, most have it elsewhere, such as in the name of a person.
	return sql`
		CASE
				WHEN NOT (${allIn(haystack, parts)}) THEN 4
				WHEN ${haystack} = ${storedWords(whole)} OR ${haystack} LIKE ${beingFirst(whole)} THEN 0
				WHEN ${haystack} LIKE ${beginningWith(whole)} THEN 1
				WHEN ${allIn(titleWords(rows), words.map(word => containingWords(word)))} THEN 2
				WHEN ${allIn(titleWords(rows), parts)} THEN 3
				ELSE 4
			END
	`;
};

/**
The order of a list, as the index in memory has it: no two rows are equal, and what is unknown comes last.
*/
export const orderOf = ({sort, descending = false, plan, showId, seasonId}: ListQuery, rows: string): ListSortKey[] => {
	if (plan !== undefined && plan.sort.length > 0) {
		return [...plan.sort.flatMap(one => sortKeys(rows, one)), ...byTitle(rows)];
	}

	if (plan !== undefined && sort === undefined && plan.words.length > 0) {
		return [sortKey(matchRank(rows, plan.words)), ...byTitle(rows)];
	}

	const isBelow = showId !== undefined || seasonId !== undefined;
	const columns = menuColumns[sort ?? (isBelow ? 'number' : 'title')];
	return [...columns.map(column => sortKey(columnKey(rows, column), descending)), ...byTitle(rows, columns.length === 0 && descending)];
};

export const sortedBy = (keys: readonly ListSortKey[]): RowCondition => sql.join(keys.map(({key, isDescending}) => sql`${key} ${sql.raw(isDescending ? 'DESC NULLS LAST' : 'ASC NULLS LAST')}`));
