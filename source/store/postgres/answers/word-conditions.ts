import {sql} from 'kysely';
import type {QueryCondition} from '../../../query/language/plan.js';
import {fewestLetters, isOneSlip, wordsOf} from '../../../query/engine/one-slip.js';
import {namedLists} from '../../../query/engine/word-rows.js';
import type {Asking, RowCondition} from './asking.js';
import {namesWith, peopleLists} from './names.js';
import {
	inLists,
	amongTexts,
	itemsWithPeople,
	joinConditions,
	likeAny,
	titleWords,
} from './row-conditions.js';
import {
	beginningWord,
	containing,
	containingWords,
	endingWord,
	readWords,
} from './stored-texts.js';

const [peopleNames, tagLists] = [namedLists.filter(list => peopleLists.has(list)), namedLists.filter(list => !peopleLists.has(list))];

/**
Where a word or a phrase stands: in the texts of the item, the title of its show, or the name of a person, genre or collection. A word of enough letters that stands nowhere is taken for one with a slip.
*/
export const wordCondition = async (condition: Extract<QueryCondition, {kind: 'word' | 'phrase'}>, rows: string, asking: Asking): Promise<RowCondition> => {
	if (condition.kind === 'phrase') {
		return patternCondition(containingWords(condition.phrase), rows, asking);
	}

	const {word} = condition;
	const isForgiven = !asking.isExact && condition.isExact !== true && [...word].length >= fewestLetters;
	const own = await patternCondition(containing(word), rows, asking);
	if (!isForgiven || await isAnywhere(await patternCondition(containing(word), 'looked', asking), asking)) {
		return own;
	}

	let near: RowCondition = sql`false`;
	for (const other of await wordsWithOneSlip(word, asking)) {
		near = sql`(${near} OR ${await patternCondition(containingWords(other), rows, asking)})`;
	}

	return near;
};

// A word that so many names have is in most titles, too.
const manyNames = 2000;

const patternCondition = async (pattern: string, rows: string, asking: Asking): Promise<RowCondition> => {
	const {rows: shows} = await sql<{id: string}>`SELECT id FROM list_rows WHERE type = 'show' AND haystack LIKE ${pattern} AND ${titleWords('list_rows')} LIKE ${pattern}`.execute(asking.db);
	const people = await namesWith(sql`words LIKE ${pattern}`, 'person', asking);
	const tags = await namesWith(sql`words LIKE ${pattern}`, 'tag', asking);
	const own = (from: string) => joinConditions([
		sql`${sql.ref(`${from}.haystack`)} LIKE ${pattern}`,
		...shows.length === 0 ? [] : [amongTexts(`${from}.show_id`, shows.map(({id}) => id))],
		...tags.length === 0 ? [] : [inLists(tagLists, tags, from)],
	], 'or');
	// Where most rows have it, few are left to be looked at by their people.
	return people.length > manyNames
		? sql`(${own(rows)} OR EXISTS (SELECT FROM item_people WHERE item_id = ${sql.ref(`${rows}.id`)} AND person_id = ANY(${people}::text[])))`
		: sql`
			${sql.ref(`${rows}.id`)} IN (
						SELECT sought.id FROM list_rows AS sought WHERE ${own('sought')}
						${people.length === 0 ? sql`` : sql`UNION ALL (${itemsWithPeople(peopleNames, people)})`}
					)
		`;
};

const isAnywhere = async (condition: RowCondition, {db}: Asking): Promise<boolean> => {
	const {rows} = await sql<{found: boolean}>`SELECT EXISTS (SELECT FROM list_rows AS looked WHERE ${condition}) AS found`.execute(db);
	return rows[0]?.found === true;
};

/**
The words of the catalogue that differ from a word by one slip. A slip touches two letters side by side at most, so what is before or behind them is the same; words that share one of these ends are read and judged.
*/
const wordsWithOneSlip = async (word: string, {db}: Asking): Promise<string[]> => {
	const half = Math.floor((word.length - 1) / 2);
	const [start, end] = [wholeCharacters(word.slice(0, half)), wholeCharacters(word.slice(half + 1))];
	const patterns = [beginningWord(start), endingWord(end)];
	const {rows} = await sql<{words: string}>`
		SELECT haystack AS words FROM list_rows WHERE ${likeAny(sql.ref('haystack'), patterns)}
		UNION ALL
		SELECT words FROM list_names WHERE kind IN ('person', 'tag') AND ${likeAny(sql.ref('words'), patterns)}
	`.execute(db);
	const near = new Set<string>();
	for (const {words} of rows) {
		for (const other of wordsOf(readWords(words))) {
			if (isOneSlip(word, other)) {
				near.add(other);
			}
		}
	}

	return [...near];
};

const halves = /^[\u{DC00}-\u{DFFF}]|[\u{D800}-\u{DBFF}]$/gv;

/**
Without halves of characters, which no stored text has.
*/
const wholeCharacters = (text: string) => text.replaceAll(halves, '');

