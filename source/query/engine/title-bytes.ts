import {Buffer} from 'node:buffer';
import {fieldEnd} from '../haystack.js';
import {hasWords} from '../language/text-tests.js';
import type {SearchText, TextPlace} from '../search-text.js';

type Bytes = ReturnType<typeof Buffer.from>;

const lastAscii = 0x7F;
const fieldEndByte = fieldEnd.codePointAt(0)!;

const asciiWords = Uint8Array.from({length: 256}, (_, byte) => byte <= lastAscii && /[0-9A-Za-z]/v.test(String.fromCodePoint(byte)) ? 1 : 0);

/**
Where the title of a row lies among the searched texts: at the beginning of its text.
*/
const titlePlace = (search: SearchText, row: number): TextPlace => {
	const place = search.placeOf(row);
	const {bytes, start, end} = place;
	let titleEnd = start;
	while (titleEnd < end && bytes[titleEnd] !== fieldEndByte) {
		titleEnd++;
	}

	place.end = titleEnd;
	return place;
};

const isAt = (bytes: Bytes, position: number, part: Bytes): boolean => {
	for (let index = 0; index < part.length; index++) { // eslint-disable-line unicorn/no-for-loop -- called for each title
		if (bytes[position + index] !== part[index]) {
			return false;
		}
	}

	return true;
};

/**
The first position from `from` on at which a part is within a text, or -1.
*/
const positionOf = ({bytes, end}: TextPlace, part: Bytes, from: number): number => {
	for (let position = from; position + part.length <= end; position++) {
		if (bytes[position] === part[0] && isAt(bytes, position, part)) {
			return position;
		}
	}

	return -1;
};

/**
Whether neither end of what is found at a position lies within a word; undefined where ASCII does not say enough.
*/
const isWholeAt = ({bytes, start, end}: TextPlace, part: Bytes, position: number): boolean | undefined => {
	const next = position + part.length;
	const [first, last] = [part[0]!, part.at(-1)!];
	const left = position === start ? 0 : bytes[position - 1]!;
	const right = next === end ? 0 : bytes[next]!;
	return first > lastAscii || last > lastAscii || left > lastAscii || right > lastAscii
		? undefined
		: !(asciiWords[left] === 1 && asciiWords[first] === 1) && !(asciiWords[last] === 1 && asciiWords[right] === 1);
};

/**
Whether whole words are within a text, without making a string of it where ASCII says enough.
*/
const wordsFinder = (words: string) => {
	const part = Buffer.from(words);
	return (place: TextPlace): boolean => {
		const {bytes, start, end} = place;
		for (let position = positionOf(place, part, start); position !== -1; position = positionOf(place, part, position + 1)) {
			const isWhole = isWholeAt(place, part, position);
			if (isWhole === undefined) {
				return hasWords(bytes.toString('utf8', start, end), words);
			}

			if (isWhole) {
				return true;
			}
		}

		return false;
	};
};

export const worstRank = 4;

/**
How well the title of a row matches words, from 0: it is these words, begins with them, has them as whole words, has them, or is no match.
*/
export const titleRanker = (search: SearchText, words: readonly string[]): ((row: number) => number) =>
	words.length === 1 ? wordRanker(search, words[0]!) : wordsRanker(search, words);

const wordsRanker = (search: SearchText, words: readonly string[]): ((row: number) => number) => {
	const wanted = Buffer.from(words.join(' '));
	const parts = words.map(word => ({part: Buffer.from(word), isWhole: wordsFinder(word)}));
	return row => {
		const place = titlePlace(search, row);
		const {bytes, start, end} = place;
		if (start + wanted.length <= end && isAt(bytes, start, wanted)) {
			return start + wanted.length === end ? 0 : 1;
		}

		if (parts.some(({part}) => positionOf(place, part, start) === -1)) {
			return worstRank;
		}

		return parts.every(({isWhole}) => isWhole(place)) ? 2 : 3;
	};
};

/**
The same for one word, which is what most people type. It looks at each title once, because one typed letter is in nearly all titles, and each would be looked through three times.
*/
const wordRanker = (search: SearchText, word: string): ((row: number) => number) => {
	const part = Buffer.from(word);
	const {0: first, length} = part;
	return row => {
		const place = search.placeOf(row);
		const {bytes, start, end} = place;
		let isBeginning = false;
		let isSome = false;
		let isWhole = false;
		let isUnsure = false;
		let position = start;
		for (let byte = bytes[position]!; byte !== fieldEndByte && position < end; byte = bytes[++position]!) {
			if (byte !== first || !isAt(bytes, position, part)) {
				continue;
			}

			isSome = true;
			isBeginning ||= position === start;
			const isWholeHere = isWholeAt(place, part, position);
			isWhole ||= isWholeHere === true;
			isUnsure ||= isWholeHere === undefined;
		}

		if (isBeginning) {
			return start + length === position ? 0 : 1;
		}

		if (!isSome) {
			return worstRank;
		}

		return isWhole || (isUnsure && hasWords(bytes.toString('utf8', start, position), word)) ? 2 : 3;
	};
};

type TitleTest = {kind: 'words' | 'equal'; text: string};

/**
A test of rows: whether the title is one of these texts, or has one of them as whole words.
*/
export const titleTester = (search: SearchText, tests: readonly TitleTest[]): ((row: number) => boolean) => {
	const testers = tests.map(({kind, text}) => {
		const part = Buffer.from(text);
		return kind === 'words' ? wordsFinder(text) : ({bytes, start, end}: TextPlace) => end - start === part.length && isAt(bytes, start, part);
	});
	return row => {
		const place = titlePlace(search, row);
		return testers.some(test => test(place));
	};
};
