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
		return holdersIn(await holdersOf(containingWords(condition.phrase), asking), rows);
	}

	const {word} = condition;
	const isForgiven = !asking.isExact && condition.isExact !== true && [...word].length >= fewestLetters;
	const own = await holdersOf(containing(word), asking);
	if (!isForgiven || await isAnywhere(own, asking)) {
		return holdersIn(own, rows);
	}

	let near: RowCondition = sql`false`;
	for (const other of await wordsWithOneSlip(word, asking)) {
		near = sql`(${near} OR ${holdersIn(await holdersOf(containingWords(other), asking), rows)})`;
	}

	return near;
};

/**
The ids of the shows, people and tags that have a pattern in their names; of people none where they are many.
*/
type Holders = {pattern: string; shows: readonly string[]; tags: readonly string[]; people: readonly string[] | 'many'};

// A word that so many names have is in most titles, too.
const manyNames = 2000;

const holdersOf = async (pattern: string, asking: Asking): Promise<Holders> => {
	const {rows: shows} = await sql<{id: string}>`SELECT id FROM list_rows WHERE type = 'show' AND haystack LIKE ${pattern} AND ${titleWords('list_rows')} LIKE ${pattern}`.execute(asking.db);
	const tags = await namesWith(sql`words LIKE ${pattern}`, 'tag', asking);
	const people = await namesWith(sql`words LIKE ${pattern} LIMIT ${sql.lit(manyNames + 1)}`, 'person', asking);
	return {
		pattern, shows: shows.map(({id}) => id), tags, people: people.length > manyNames ? 'many' : people,
	};
};

const ownCondition = ({pattern, shows, tags}: Holders, rows: string): RowCondition => joinConditions([
	sql`${sql.ref(`${rows}.haystack`)} LIKE ${pattern}`,
	amongTexts(`${rows}.show_id`, shows),
	inLists(tagLists, tags, rows),
], 'or');

const peopleItems = ({pattern, people}: Holders): RowCondition => people === 'many'
	? sql`SELECT item_id FROM item_people JOIN list_names ON list_names.kind = 'person' AND list_names.id = person_id WHERE words LIKE ${pattern}`
	: itemsWithPeople(peopleNames, people);

const holdersIn = (holders: Holders, rows: string): RowCondition => {
	const id = sql.ref(`${rows}.id`);
	if (holders.people.length === 0) {
		return ownCondition(holders, rows);
	}

	// Where most rows have it, few are left to be looked at by their people.
	return holders.people === 'many'
		? sql`(${ownCondition(holders, rows)} OR EXISTS (${peopleItems(holders)} AND item_id = ${id}))`
		// Of UNION ALL, PostgreSQL would guess that it has 200 rows.
		: sql`${id} IN (SELECT sought.id FROM list_rows AS sought WHERE ${ownCondition(holders, 'sought')} UNION (${peopleItems(holders)}))`;
};

const isAnywhere = async (holders: Holders, {db}: Asking): Promise<boolean> => {
	const {rows} = await sql<{found: boolean}>`
		SELECT EXISTS (SELECT FROM list_rows AS sought WHERE ${ownCondition(holders, 'sought')}) OR EXISTS (${peopleItems(holders)}) AS found
	`.execute(db);
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

