import {numbersBelow} from '../../base/columns/cells.js';
import {keepLatest} from '../../base/keep-latest.js';
import type {Columns} from '../columns.js';
import {hasWords, searchForm} from '../language/text-tests.js';
import type {Slices} from '../slices.js';
import type {Inverted} from './inverted-rows.js';
import type {ListRows} from './list-rows.js';
import {codesIn, wantedCodes} from './narrow-field.js';
import {fewestLetters, isOneSlip, wordsOf} from './one-slip.js';
import {rowsWithText} from './row-pickers.js';
import {allMarked, markRows} from './row-sets.js';
import type {TextRows} from './text-rows.js';

/**
The lists whose names a word of a query finds, besides titles and years.
*/
export const namedLists = ['genres', 'collections', 'directors', 'writers', 'producers', 'cast'] as const;

const keptWords = 8;
const rowsPerCheck = 8192;
const textsPerCheck = 256;
const wordsPerCheck = 512;

type WordKind = 'word' | 'phrase';

/**
Finds the rows in which a word or a phrase occurs: in the searched texts of the item, the title of its show, or the name of a person, genre or collection. It must be told of every change.
*/
export const createWordRows = (columns: Columns, {texts, lists}: Inverted) => {
	const found = new Map<string, Uint8Array>();
	let vocabulary: ReadonlySet<string> | undefined;
	let changes = 0;
	let every = numbersBelow(0);

	const allRows = () => {
		every = every.length === columns.end() ? every : numbersBelow(columns.end());
		return every;
	};

	const marksOf = async (kind: WordKind, word: string, slices: Slices): Promise<Uint8Array> => {
		const marks = new Uint8Array(columns.end());
		await markTexts({columns, texts}, marks, {kind, word}, slices);
		const isFound = (text: string) => kind === 'word' ? text.includes(word) : hasWords(text, word);
		await markBelowShows({columns, allRows}, marks, isFound, slices);
		await markNamed({columns, lists, allRows}, marks, {word, isFound}, slices);
		return marks;
	};

	const readVocabulary = async (slices: Slices): Promise<ReadonlySet<string>> => {
		const words = new Set<string>();
		for (let row = 0; row < columns.end(); row++) {
			for (const word of columns.isFilled(row) ? wordsOf(columns.search.textOf(row)) : []) {
				words.add(word);
			}

			if (row % textsPerCheck === 0 && slices.isOver()) {
				await slices.pause();
			}
		}

		for (const {block} of [columns.lists.place('cast'), columns.lists.place('genres')]) {
			for (let code = 0; code < block.count(); code++) {
				for (const word of wordsOf(block.foldedName(code) ?? '')) {
					words.add(word);
				}

				if (code % textsPerCheck === 0 && slices.isOver()) {
					await slices.pause();
				}
			}
		}

		return words;
	};

	const slipMarks = async (word: string, slices: Slices): Promise<Uint8Array> => {
		const before = changes;
		const words = vocabulary ?? await readVocabulary(slices);
		if (changes === before) {
			vocabulary = words;
		}

		const marks = new Uint8Array(columns.end());
		let looked = 0;
		for (const other of words) {
			looked++;
			if (looked % wordsPerCheck === 0 && slices.isOver()) {
				await slices.pause();
			}

			if (Math.abs(other.length - word.length) > 1 || !isOneSlip(word, other)) {
				continue;
			}

			const hits = await marksOf('phrase', other, slices);
			for (let row = 0; row < marks.length; row++) {
				marks[row] = marks[row]! > 0 || hits[row]! > 0 ? 1 : 0;
			}
		}

		return marks;
	};

	return {
		/**
		A mark for each row. A word that is found nowhere is taken for a word with one slip, if it has enough letters and not `isExact`.
		*/
		async marks(kind: WordKind, word: string, {slices, isExact = false}: {slices: Slices; isExact?: boolean | undefined}): Promise<Uint8Array> {
			const key = `${isExact ? 'exact ' : ''}${kind} ${word}`;
			const known = found.get(key);
			if (known !== undefined) {
				return known;
			}

			const before = changes;
			const own = await marksOf(kind, word, slices);
			const marks = kind === 'word' && !isExact && [...word].length >= fewestLetters && !own.includes(1) ? await slipMarks(word, slices) : own;
			if (changes === before) {
				keepLatest(found, key, marks, keptWords);
			}

			return marks;
		},
		drop() {
			found.clear();
			vocabulary = undefined;
			changes++;
		},
	};
};

export type WordRows = ReturnType<typeof createWordRows>;

type Wanted = {kind: WordKind; word: string};

/**
Marks the rows whose own text has the word or phrase.
*/
const markTexts = async ({columns, texts}: {columns: Columns; texts: TextRows}, marks: Uint8Array, {kind, word}: Wanted, slices: Slices) => {
	const look = async (rows: Iterable<number>) => {
		for (const row of rows) {
			const text = columns.search.textOf(row);
			marks[row] = (kind === 'word' ? text.includes(word) : hasWords(text, word)) ? 1 : 0;
			if (slices.isOver()) {
				await slices.pause();
			}
		}
	};

	const unmarked = kind === 'word' ? await texts.mark(word, marks, slices) : undefined;
	if (unmarked !== undefined) {
		await look(unmarked);
		return;
	}

	const found = await texts.rowsWith(word, kind === 'phrase', slices);
	if (found === undefined) {
		// A phrase is searched by its longest word, and then looked at.
		const longest = word.split(' ').toSorted((left, right) => right.length - left.length)[0]!;
		const rows: number[] = [];
		await columns.search.find([longest], row => {
			marks[row] = 1;
			rows.push(row);
		}, slices);
		await look(kind === 'word' ? [] : rows);
		return;
	}

	await look(found.rows);
	await look(found.changed);
};

/**
Marks all that is below a show whose title is found.
*/
const markBelowShows = async ({columns, allRows}: {columns: Columns; allRows: () => Int32Array}, marks: Uint8Array, isFound: (folded: string) => boolean, slices: Slices) => {
	const {type, id, showId} = columns.named;
	const title = columns.column('title');
	const shows = new Uint8Array(showId.codeCount());
	let isAny = false;
	// Most catalogues of films have none.
	for (const row of shows.length === 0 ? [] : rowsWithText(type, 'show', allMarked(marks))) {
		const code = showId.codeOf(id.get(row)!);
		if (code !== undefined && isFound(searchForm(title.get(row) as string))) {
			shows[code] = 1;
			isAny = true;
		}

		if (slices.isOver()) {
			await slices.pause();
		}
	}

	if (!isAny) {
		return;
	}

	const rows = allRows();
	const below = new Int32Array(rows.length);
	markRows(below.subarray(0, showId.marked(shows, false)(rows, below, 0)), marks);
};

const countUnmarked = (marks: Uint8Array): number => {
	let count = 0;
	for (let row = 0; row < marks.length; row++) { // eslint-disable-line unicorn/no-for-loop, @typescript-eslint/prefer-for-of -- many times as fast
		count += marks[row] === 0 ? 1 : 0;
	}

	return count;
};

/**
Marks the rows of people, genres and collections whose name is found.
*/
const markNamed = async ({columns, lists, allRows}: {columns: Columns; lists: ListRows; allRows: () => Int32Array}, marks: Uint8Array, {word, isFound}: {word: string; isFound: (folded: string) => boolean}, slices: Slices) => {
	for (const [block, places] of Map.groupBy(namedLists.map(name => columns.lists.place(name)), ({block: of}) => of)) {
		const most = countUnmarked(marks);
		if (most === 0) {
			return;
		}

		const nameWith = block.foldedNamesWith(word);
		const wanted = await wantedCodes(block, code => {
			const name = nameWith(code);
			return name !== undefined && isFound(name);
		}, slices);
		const codes = codesIn(wanted);
		if (codes.length === 0) {
			continue;
		}

		const wantedLists = block.listMarks(places.map(({list}) => list));
		// One typed letter is in nearly all titles, and few rows remain to be looked at.
		const rows = await lists.mark(block, {codes, wantedLists, most}, marks, slices)
			?? await lists.rowsOf(block, codes, Math.min(most, marks.length / 2), slices)
			?? allRows();
		for (let index = 0; index < rows.length; index++) { // eslint-disable-line unicorn/no-for-loop -- many times as fast
			const row = rows[index]!;
			if (marks[row] === 0 && block.hasMarked(row, wantedLists, wanted)) {
				marks[row] = 1;
			}

			if (index % rowsPerCheck === 0 && slices.isOver()) {
				await slices.pause();
			}
		}
	}
};
