import {fold} from '../fold.js';
import type {Columns} from '../columns.js';
import type {ListsBlock} from '../lists.js';
import {hasWords, searchForm} from '../language/text-tests.js';
import type {Slices} from '../slices.js';
import {fewestLetters, isOneSlip, wordsOf} from './one-slip.js';

/**
The lists whose names a word of a query finds, besides titles and years.
*/
export const namedLists = ['genres', 'collections', 'directors', 'writers', 'producers', 'cast'] as const;

const keptWords = 8;
const rowsPerCheck = 8192;

type WordKind = 'word' | 'phrase';

/**
Finds the rows in which a word or a phrase occurs: in the searched texts of the item, the title of its show, or the name of a person, genre or collection. It must be told of every change.
*/
export const createWordRows = (columns: Columns) => {
	const found = new Map<string, Uint8Array>();
	let vocabulary: ReadonlySet<string> | undefined;
	let changes = 0;

	const marksOf = async (kind: WordKind, word: string, slices: Slices): Promise<Uint8Array> => {
		const marks = new Uint8Array(columns.end());
		const isFound = (text: string) => kind === 'word' ? text.includes(word) : hasWords(text, word);
		// A phrase is searched by its longest word, and then looked at.
		const longest = word.split(' ').toSorted((left, right) => right.length - left.length)[0]!;
		const {type, id, showId, title} = {...columns.named, title: columns.column('title')};
		const shows = new Set<number>();
		const rows: number[] = [];
		await columns.search.find([longest], row => {
			rows.push(row);
		}, slices);
		for (const row of rows) {
			if (kind === 'word' || hasWords(columns.search.textOf(row), word)) {
				marks[row] = 1;
			}

			const code = type.get(row) === 'show' ? showId.codeOf(id.get(row)!) : undefined;
			if (code !== undefined && isFound(searchForm(title.get(row) as string))) {
				shows.add(code);
			}
		}

		if (shows.size > 0) {
			for (let row = 0; row < marks.length; row++) {
				const code = showId.codeAt(row);
				if (code !== undefined && shows.has(code)) {
					marks[row] = 1;
				}
			}
		}

		await markNamed(columns, marks, isFound, slices);
		return marks;
	};

	const readVocabulary = async (slices: Slices): Promise<ReadonlySet<string>> => {
		const words = new Set<string>();
		for (let row = 0; row < columns.end(); row++) {
			for (const word of columns.isFilled(row) ? wordsOf(columns.search.textOf(row)) : []) {
				words.add(word);
			}

			if (row % 256 === 0 && slices.isOver()) {
				await slices.pause();
			}
		}

		for (const {block} of [columns.lists.place('cast'), columns.lists.place('genres')]) {
			for (let code = 0; code < block.count(); code++) {
				for (const word of wordsOf(fold(block.nameOf(code) ?? ''))) {
					words.add(word);
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
		for (const other of words) {
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
				found.set(key, marks);
				for (const oldest of found.keys().toArray().slice(0, -keptWords)) {
					found.delete(oldest);
				}
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

const markNamed = async ({lists}: Columns, marks: Uint8Array, isFound: (folded: string) => boolean, slices: Slices) => {
	for (const [block, places] of Map.groupBy(namedLists.map(name => lists.place(name)), ({block}) => block)) {
		const wanted = wantedCodes(block, isFound);
		if (wanted === undefined) {
			continue;
		}

		const wantedLists = block.listMarks(places.map(({list}) => list));
		for (let row = 0; row < marks.length; row++) {
			if (marks[row] === 0 && block.hasMarked(row, wantedLists, wanted)) {
				marks[row] = 1;
			}

			if (row % rowsPerCheck === 0 && slices.isOver()) {
				await slices.pause();
			}
		}
	}
};

const wantedCodes = (block: ListsBlock, isFound: (folded: string) => boolean): Uint8Array | undefined => {
	const wanted = new Uint8Array(block.count());
	let isAny = false;
	for (let code = 0; code < wanted.length; code++) {
		const name = block.foldedName(code);
		if (name === undefined || !isFound(name)) {
			continue;
		}

		wanted[code] = 1;
		isAny = true;
	}

	return isAny ? wanted : undefined;
};
