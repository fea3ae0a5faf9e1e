import {sql} from 'kysely';
import type {AskedField} from '../../../query/language/asked-fields.js';
import {askedIds, type TextTest} from '../../../query/language/plan.js';
import {searchedNames} from '../../../query/list-fields.js';
import {textTester} from '../../../query/language/text-tests.js';
import {literalOf} from '../../../query/engine/regex-literal.js';
import type {Nullable} from '../table-types.js';
import type {Asking, RowCondition} from './asking.js';
import {
	columnOf,
	isInRow,
	isSharedText,
	soughtColumnOf,
} from './list-shapes.js';
import {inPages} from './names.js';
import {
	amongTexts,
	joinConditions,
	likeAny,
	titleWords,
} from './row-conditions.js';
import {
	containing,
	containingWords,
	joinedWith,
	readOrdered,
	storedWords,
} from './stored-texts.js';

type TextCondition = {tests: readonly TextTest[]};

/**
A condition on a field with one text, or with paths.
*/
export const textCondition = async ({tests}: TextCondition, field: AskedField, rows: string, asking: Asking): Promise<RowCondition> => {
	const {name, kind, also} = field;
	if (kind === 'show') {
		const titles = tests.filter(test => test.kind !== 'is');
		const titled = titles.length === 0 ? [] : await showsWith(textTester(titles, also), asking);
		return amongTexts(`${rows}.show_id`, [...askedIds(tests), ...titled]);
	}

	if (kind === 'library') {
		// Which libraries are meant is known when the query is compiled.
		return amongTexts(`${rows}.library_id`, askedIds(tests));
	}

	if (isSharedText(field)) {
		const isFound = textTester(tests, also);
		const texts = await sharedTexts(name, asking);
		return amongTexts(`${rows}.${columnOf(name)}`, texts.filter(text => isFound(readOrdered(text))));
	}

	const terms: RowCondition[] = [];
	const judged: TextTest[] = [];
	for (const test of tests) {
		const condition = soughtCondition(test, field, rows);
		if (condition === undefined) {
			judged.push(test);
		} else {
			terms.push(condition);
		}
	}

	if (judged.length > 0) {
		terms.push(amongTexts(`${rows}.id`, await judgedIds(judged, field, rows, asking)));
	}

	return sql`(${sql.join(terms, sql` OR `)})`;
};

const showsWith = async (isFound: (title: string) => boolean, asking: Asking): Promise<string[]> => {
	const found: string[] = [];
	for await (const shows of inPages(async (after, limit) => asking.db.selectFrom('items').select(['id', 'title']).where('type', '=', 'show').where('id', '>', after).orderBy('id').limit(limit).execute(), asking)) {
		found.push(...shows.filter(({title}) => title !== null && isFound(title)).map(({id}) => id));
	}

	return found;
};

const sharedTexts = async (kind: string, {db}: Asking): Promise<string[]> => {
	const rows = await db.selectFrom('list_names').select('name').where('kind', '=', kind).execute();
	return rows.map(({name}) => name);
};

/**
What can be said in SQL of a text that is an item's own; undefined where only JavaScript can judge it.
*/
const soughtCondition = (test: TextTest, field: AskedField, rows: string): RowCondition | undefined => {
	const {name, kind} = field;
	const column = name === 'title' ? titleWords(rows) : sql.ref(`${isInRow(field) ? rows : 'own'}.${soughtColumnOf(field)}`);
	const within = (condition: RowCondition): RowCondition => isInRow(field)
		? (name === 'title' ? condition : sql`(${column} IS NOT NULL AND ${condition})`)
		: sql`${sql.ref(`${rows}.id`)} IN (SELECT own.id FROM list_texts AS own WHERE ${condition})`;
	// No value of such a choice has another word for it.
	if (kind === 'choice') {
		return test.kind === 'choice' ? within(sql`${column} = ${test.text}`) : undefined;
	}

	if (test.kind === 'words') {
		const isTitle = name === 'title';
		return within(isTitle ? sql`(${sql.ref(`${rows}.haystack`)} LIKE ${containingWords(test.text)} AND ${column} LIKE ${containingWords(test.text)})` : sql`${column} LIKE ${containingWords(test.text)}`);
	}

	if (test.kind !== 'equal') {
		return undefined;
	}

	return name === 'title' ? sql`(${sql.ref(`${rows}.haystack`)} LIKE ${containingWords(test.text)} AND ${column} = ${storedWords(test.text)})` : within(name === 'path' ? sql`${column} LIKE ${joinedWith(test.text)}` : sql`${column} = ${storedWords(test.text)}`);
};

type OwnText = {id: string; text: Nullable<string>};

/**
Where the texts lie as they were written.
*/
const ownTexts = ({name}: AskedField): RowCondition => {
	if (name === 'path') {
		return sql`SELECT item_files.item_id AS id, files.path AS text FROM item_files JOIN files ON files.id = item_files.file_id`;
	}

	return name === 'ratingKey' ? sql`SELECT id, rating_key AS text FROM list_rows` : sql`SELECT id, ${sql.id(columnOf(name))} AS text FROM items`;
};

const idsPerPage = 5000;

/**
The ids of the items with a text that passes one of the tests, which are judged text by text.
*/
const judgedIds = async (tests: readonly TextTest[], field: AskedField, rows: string, asking: Asking): Promise<string[]> => {
	const isFound = textTester(tests, field.also);
	const parts = tests.map(test => test.kind === 'regex' ? literalOf(test.source) : undefined);
	const candidates = [
		...searchedNames.includes(field.name as never) && parts.every(part => part !== undefined) ? [likeAny(sql.ref(`${rows}.haystack`), parts.map(part => containing(part)))] : [],
		...asking.within === undefined ? [] : [asking.within],
	];
	const found = new Set<string>();
	for await (const texts of inPages<OwnText>(async (after, limit) => {
		const amongCandidates = candidates.length === 0 ? sql`true` : sql`id IN (SELECT id FROM list_rows AS ${sql.id(rows)} WHERE id > ${after} AND ${joinConditions(candidates, 'and')})`;
		const page = await sql<OwnText>`
			SELECT id, text FROM (${ownTexts(field)}) AS own
			WHERE id > ${after} AND text IS NOT NULL AND ${amongCandidates} ORDER BY id FETCH FIRST ${sql.lit(Math.min(limit, idsPerPage))} ROWS WITH TIES
		`.execute(asking.db);
		return page.rows;
	}, asking)) {
		for (const {id, text} of texts) {
			if (isFound(field.name === 'ratingKey' ? readOrdered(text!) : text!)) {
				found.add(id);
			}
		}
	}

	return [...found];
};
