import {sql, type RawBuilder} from 'kysely';
import {requireAskedField, type AskedField} from '../../../query/language/asked-fields.js';
import type {QueryCondition, Range} from '../../../query/language/plan.js';
import {leavesOf} from '../../../query/plan-within.js';
import {
	columnOf,
	isNumberField,
	listColumnOf,
	soughtColumnOf,
} from './list-shapes.js';
import {matchingNames, nameKindOf, peopleLists} from './names.js';
import {inLists, joinConditions, titleWords} from './row-conditions.js';
import {textCondition} from './text-conditions.js';
import {wordCondition} from './word-conditions.js';
import type {Asking, RowCondition} from './asking.js';

type FieldCondition = Extract<QueryCondition, {kind: 'known' | 'range' | 'text' | 'flag'}>;

/**
A condition on the rows of `list_rows` under a name in the statement. It is never NULL, so it can be negated. What it needs of other tables, such as the ids of people with a name, is asked first, so that an index can answer the rest.
*/
export const conditionOf = async (condition: QueryCondition, rows: string, asking: Asking): Promise<RowCondition> => {
	asking.signal?.throwIfAborted();
	switch (condition.kind) {
		case 'always':
		case 'never': {
			return condition.kind === 'always' ? sql`true` : sql`false`;
		}

		case 'and': {
			return allOf(condition.terms, rows, asking);
		}

		case 'or': {
			const terms: RowCondition[] = [];
			for (const term of condition.terms) {
				terms.push(await conditionOf(term, rows, asking));
			}

			return joinConditions(terms, 'or');
		}

		case 'not': {
			return sql`NOT ${await conditionOf(condition.term, rows, asking)}`;
		}

		case 'below': {
			return belowCondition(condition, rows, asking);
		}

		case 'word':
		case 'phrase': {
			return wordCondition(condition, rows, asking);
		}

		case 'known':
		case 'flag':
		case 'range':
		case 'text': {
			return fieldCondition(condition, rows, asking);
		}
	}
};

/**
What takes texts to judge comes last and is told of the rest.
*/
const allOf = async (conditions: readonly QueryCondition[], rows: string, asking: Asking): Promise<RowCondition> => {
	const terms: RowCondition[] = [];
	for (const term of conditions.toSorted((left, right) => Number(hasRegex(left)) - Number(hasRegex(right)))) {
		const known = [...asking.within === undefined ? [] : [asking.within], ...terms];
		terms.push(await conditionOf(term, rows, {...asking, within: known.length === 0 ? undefined : joinConditions(known, 'and')}));
	}

	return joinConditions(terms, 'and');
};

/**
Whether texts have to be read to answer it.
*/
export const hasRegex = (condition: QueryCondition): boolean => leavesOf(condition).some(leaf => leaf.kind === 'text' && leaf.tests.some(({kind}) => kind === 'regex'));

/**
Shows and seasons by the episodes below them.
*/
const belowCondition = async ({quantifier, term}: Extract<QueryCondition, {kind: 'below'}>, rows: string, asking: Asking): Promise<RowCondition> => {
	const below = `${rows}_below`;
	const episodes = await conditionOf(term, below, {...asking, within: undefined});
	const within = (parent: 'show_id' | 'season_id', wanted: RowCondition) => sql`
		${sql.ref(`${rows}.id`)} IN (
				SELECT ${sql.ref(`${below}.${parent}`)} FROM list_rows AS ${sql.id(below)}
				WHERE ${sql.ref(`${below}.type`)} = 'episode' AND ${sql.ref(`${below}.${parent}`)} IS NOT NULL AND ${wanted}
			)
	`;
	const parents = ([['show', 'show_id'], ['season', 'season_id']] as const).map(([type, parent]) => {
		const wanted = quantifier === 'any' ? within(parent, episodes) : sql`${within(parent, sql`true`)} AND NOT ${within(parent, sql`NOT ${episodes}`)}`;
		return sql`(${ofType(rows, type)} AND ${wanted})`;
	});
	return joinConditions(parents, 'or');
};

const ofType = (rows: string, type: string) => sql`coalesce(${sql.ref(`${rows}.type`)} = ${type}, false)`;

const fieldCondition = async (condition: FieldCondition, rows: string, asking: Asking): Promise<RowCondition> => {
	const field = requireAskedField(condition.field);
	if (condition.kind === 'text') {
		return field.source === 'lists' ? listTextCondition(condition, field, rows, asking) : textCondition(condition, field, rows, asking);
	}

	if (condition.kind === 'known') {
		return knownCondition(field, rows);
	}

	if (field.source === 'lists') {
		return condition.kind === 'range' ? listRangeCondition(condition.ranges, field, rows) : sql`false`;
	}

	if (!isNumberField(field)) {
		return sql`false`;
	}

	const column = sql.ref(`${rows}.${columnOf(field.name)}`);
	return condition.kind === 'flag' ? sql`${column} IS TRUE` : joinConditions(condition.ranges.map(range => inRange(column, range)), 'or');
};

/**
With an upper end, which what cannot be compared is beyond: it is NaN.
*/
const inRange = (column: RawBuilder<unknown>, {min, max, isMinOpen, isMaxOpen}: Range): RowCondition => {
	const [low, high] = [sql.raw(isMinOpen ? '>' : '>='), sql.raw(isMaxOpen ? '<' : '<=')];
	return sql`(${column} IS NOT NULL AND ${column} ${low} ${number(min)} AND ${column} ${high} ${number(max)})`;
};

const number = (value: number) => sql`${String(value)}::double precision`;

const knownCondition = (field: AskedField, rows: string): RowCondition => {
	const {name, kind, source, lists} = field;
	const column = (own: string) => sql.ref(`${rows}.${own}`);
	if (source === 'lists') {
		return joinConditions(lists.map(list => knownList(list, rows)), 'or');
	}

	if (kind === 'library') {
		return sql`(${column('library_id')} IS NOT NULL)`;
	}

	if (kind === 'show') {
		return sql`(${column('show_id')} IS NOT NULL AND ${column('show_id')} IN (SELECT id FROM items WHERE title <> ''))`;
	}

	if (isNumberField(field)) {
		return sql`(${column(columnOf(name))} IS NOT NULL)`;
	}

	if (name === 'title') {
		return sql`${titleWords(rows)} <> ''`;
	}

	return source === 'record'
		? sql`${column('id')} IN (SELECT id FROM list_texts WHERE ${sql.id(soughtColumnOf(field))} IS NOT NULL)`
		: notEmpty(column(columnOf(name)));
};

const knownList = (list: string, rows: string): RowCondition => {
	const column = sql.ref(`${rows}.${listColumnOf(list)}`);
	return peopleLists.has(list) ? sql`(${column} IS NOT NULL AND ${column} > 0)` : sql`(${column} IS NOT NULL)`;
};

const notEmpty = (column: RawBuilder<unknown>): RowCondition => sql`(${column} IS NOT NULL AND ${column} <> '')`;

const listRangeCondition = (ranges: readonly Range[], {lists}: AskedField, rows: string): RowCondition => {
	const columns = lists.map(list => sql.ref(`${rows}.${listColumnOf(list)}`));
	const exact = ranges.map(({min, max}) => min === max ? min : undefined);
	const areExact = exact.every(value => Number.isSafeInteger(value));
	return joinConditions(columns.map(column => areExact
		? sql`(${column} IS NOT NULL AND ${column} && ${exact.map(String)}::bigint[])`
		: sql`EXISTS (SELECT FROM unnest(${column}) AS own (value) WHERE ${joinConditions(ranges.map(range => inRange(sql.ref('own.value'), range)), 'or')})`), 'or');
};

const listTextCondition = async ({tests}: Extract<QueryCondition, {kind: 'text'}>, field: AskedField, rows: string, asking: Asking): Promise<RowCondition> => {
	const ids = await matchingNames(tests, field.also, nameKindOf(field), asking);
	return inLists(field.lists, ids, rows);
};
