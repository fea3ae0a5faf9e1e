import {fold} from './fold.js';

export type FuzzyMatch = {
	/**
	Higher is better. Scores of one pattern can be compared.
	*/
	score: number;
	/**
	The places of the matched letters in the text, counted in graphemes.
	*/
	at: readonly number[];
};

const segmenter = new Intl.Segmenter(undefined, {granularity: 'grapheme'});

const scores = {
	letter: 1, first: 10, next: 9, wordStart: 8, gap: -3,
};

// What is longer was not typed to search for an action.
const mostLetters = 200;

/**
Finds the letters of a pattern in a text, in their order but not always side by side. Case, accents and width do not count. Each word of the pattern is found on its own, so their order does not count either. Beginnings of words, and letters side by side, are worth more.

@example
```
fuzzyMatch('opl', 'Open a library')?.at; //=> [0, 1, 7]
```
*/
export const fuzzyMatch = (pattern: string, text: string): FuzzyMatch | undefined => matchIn(lettersOf(text), wordsOf(pattern));

const wordsOf = (pattern: string): string[][] => pattern.trim().split(/\s+/v).map(word => lettersOf(word).map(({letter}) => letter));

const matchIn = (letters: readonly Letter[], words: ReadonlyArray<readonly string[]>): FuzzyMatch | undefined => {
	const at = new Set<number>();
	let score = 0;
	for (const word of words) {
		const found = hasInOrder(letters, word) ? bestPlaces(word, letters) : undefined;
		if (found === undefined) {
			return undefined;
		}

		score += found.score;
		for (const place of found.places) {
			at.add(letters[place]!.grapheme);
		}
	}

	return {score, at: [...at].toSorted((left, right) => left - right)};
};

type Ranked<Value> = FuzzyMatch & {value: Value};

/**
Returns a function that gives what matches a pattern, best first. Among equals the order stays, and an empty pattern keeps all. To find the letters of the texts takes longest, and is done once for all patterns.
*/
export const fuzzyRanker = <Value>(values: readonly Value[], textOf: (value: Value) => string): ((pattern: string) => ReadonlyArray<Ranked<Value>>) => {
	const letters = values.map(value => lettersOf(textOf(value)));
	return pattern => {
		const words = wordsOf(pattern);
		return values
			.flatMap((value, place): Array<Ranked<Value>> => {
				const match = matchIn(letters[place]!, words);
				return match === undefined ? [] : [{...match, value}];
			})
			.toSorted((left, right) => right.score - left.score);
	};
};

type Letter = {letter: string; grapheme: number; bonus: number};

/**
Folded one by one, because a folded text may be longer than it was.
*/
const lettersOf = (text: string): Letter[] => {
	const letters: Letter[] = [];
	let isBetween = true;
	let grapheme = 0;
	for (const {segment} of segmenter.segment(text)) {
		const isLetter = /[\p{Letter}\p{Number}]/v.test(segment);
		for (const [part, letter] of [...fold(segment)].entries()) {
			const bonus = letters.length === 0 ? scores.first : (isBetween && isLetter && part === 0 ? scores.wordStart : 0);
			letters.push({letter, grapheme, bonus});
		}

		isBetween = !isLetter;
		grapheme++;
		if (letters.length >= mostLetters) {
			break;
		}
	}

	return letters;
};

type Cell = {score: number; previous: number};

const none: Cell = {score: -Infinity, previous: -1};

/**
Most texts do not have a word at all, which takes a fraction of the time of looking for the best way.
*/
const hasInOrder = (letters: readonly Letter[], word: readonly string[]): boolean => {
	let found = 0;
	for (const {letter} of letters) {
		found += letter === word[found] ? 1 : 0;
	}

	return found === word.length;
};

/**
The best way to find a word, letter by letter: for each place, the best score of a way that ends there.
*/
const bestPlaces = (word: readonly string[], letters: readonly Letter[]) => {
	const rows: Cell[][] = [];
	for (const [index, wanted] of word.entries()) {
		const before = rows[index - 1];
		const row: Cell[] = [];
		// The best end of the letters before that does not lie side by side with this one.
		let far = none;
		for (const [place, {letter, bonus}] of letters.entries()) {
			const farEnd = before?.[place - 2];
			if (farEnd !== undefined && farEnd.score > far.score) {
				far = {score: farEnd.score, previous: place - 2};
			}

			row.push(letter === wanted ? cellAt(place, {before, far, bonus}) : none);
		}

		rows.push(row);
	}

	if (word.length === 0) {
		return {score: 0, places: []};
	}

	const last = rows.at(-1)!;
	let end = -1;
	for (const [place, {score}] of last.entries()) {
		end = score > (last[end]?.score ?? -Infinity) ? place : end;
	}

	return end === -1 ? undefined : {score: last[end]!.score, places: wayTo(end, rows)};
};

const cellAt = (place: number, {before, far, bonus}: {before: readonly Cell[] | undefined; far: Cell; bonus: number}): Cell => {
	if (before === undefined) {
		return {score: scores.letter + bonus, previous: -1};
	}

	const near = (before[place - 1]?.score ?? -Infinity) + scores.letter + Math.max(bonus, scores.next);
	const jump = far.score + scores.letter + bonus + scores.gap;
	return near >= jump ? {score: near, previous: place - 1} : {score: jump, previous: far.previous};
};

const wayTo = (end: number, rows: ReadonlyArray<readonly Cell[]>) => {
	const places: number[] = [];
	let place = end;
	for (const row of rows.toReversed()) {
		places.unshift(place);
		place = row[place]!.previous;
	}

	return places;
};
