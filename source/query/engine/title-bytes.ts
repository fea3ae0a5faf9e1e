import {Buffer} from 'node:buffer';
import {hasWords} from '../language/text-tests.js';
import {isTitleEnd, noText, type SearchText} from '../search-text.js';
import {anyLetters, isOneLetter, lettersOf} from './title-letters.js';

type Bytes = ReturnType<typeof Buffer.from>;

const lastAscii = 0x7F;

const asciiWords = Uint8Array.from({length: 256}, (_, byte) => byte <= lastAscii && /[0-9A-Za-z]/v.test(String.fromCodePoint(byte)) ? 1 : 0);

/**
Whether a part, which has no end of a title in it, lies at a position.
*/
const isAt = (bytes: Bytes, position: number, part: Bytes): boolean => {
	for (let index = 0; index < part.length; index++) { // eslint-disable-line unicorn/no-for-loop -- called for each title
		if (bytes[position + index] !== part[index]) {
			return false;
		}
	}

	return true;
};

/**
Whether neither end of what is found at a position lies within a word; undefined where ASCII does not say enough. What ends a title is ASCII and no letter.
*/
const isWholeAt = (bytes: Bytes, start: number, position: number, part: Bytes): boolean | undefined => {
	const [first, last] = [part[0]!, part[part.length - 1]!]; // eslint-disable-line unicorn/prefer-at -- many times as fast
	const left = position === start ? 0 : bytes[position - 1]!;
	const right = bytes[position + part.length]!;
	return first > lastAscii || last > lastAscii || left > lastAscii || right > lastAscii
		? undefined
		: !(asciiWords[left] === 1 && asciiWords[first] === 1) && !(asciiWords[last] === 1 && asciiWords[right] === 1);
};

type Wanted = {part: Bytes; text: string};

/**
A word, and a mark for each row, with a 1 where the word may be whole; without them it may be so everywhere.
*/
export type RankedWord = {text: string; mayBeWhole?: Uint8Array | undefined};

const nowhere = 0;
const within = 1;
const whole = 2;

/**
How a text occurs in the title that begins at `start`. It makes no string of the title where ASCII says enough, and looks at each byte once at most: one typed letter is in nearly all titles.
*/
const occurrence = (bytes: Bytes, start: number, {part, text}: Wanted, canBeWhole = true): number => {
	const first = part[0];
	let found = nowhere;
	let isUnsure = false;
	let position = start;
	for (let byte = bytes[position]!; !isTitleEnd(byte); byte = bytes[++position]!) {
		if (byte !== first || !isAt(bytes, position, part)) {
			continue;
		}

		if (!canBeWhole) {
			return within;
		}

		const isWhole = isWholeAt(bytes, start, position, part);
		if (isWhole === true) {
			return whole;
		}

		found = within;
		isUnsure ||= isWhole === undefined;
	}

	return isUnsure && hasWords(bytes.toString('utf8', start, position), text) ? whole : found;
};

export const worstRank = 4;

/**
Writes down for each of the rows how well its title matches words, from 0: it is these words, begins with them, has them as whole words, has them, or is no match. With `lettersOfRow` it looks only into titles that have all letters of the words.
*/
export const titleRanker = (search: SearchText, words: readonly RankedWord[], lettersOfRow?: Int32Array): ((rows: Int32Array, ranks: Uint8Array) => void) => {
	const joined = words.map(({text}) => text).join(' ');
	const beginning = Buffer.from(joined);
	const letters = lettersOf(joined);
	const wanted = words.map(({text, mayBeWhole}) => ({
		part: Buffer.from(text), text, mayBeWhole, isOneLetter: isOneLetter(text),
	}));

	const rankAt = (bytes: Bytes, start: number, row: number): number => {
		const own = lettersOfRow?.[row] ?? anyLetters;
		if ((own & letters) !== letters) { // eslint-disable-line no-bitwise -- a bit for each letter
			return worstRank;
		}

		if (isAt(bytes, start, beginning)) {
			return isTitleEnd(bytes[start + beginning.length]!) ? 0 : 1;
		}

		let least = whole;
		for (const one of wanted) {
			const canBeWhole = one.mayBeWhole === undefined || one.mayBeWhole[row] === 1;
			const isWithin = one.isOneLetter && !canBeWhole && own !== anyLetters;
			least = Math.min(least, isWithin ? within : occurrence(bytes, start, one, canBeWhole));
			if (least === nowhere) {
				return worstRank;
			}
		}

		return least === whole ? 2 : 3;
	};

	return (rows, ranks) => {
		const {bytes, starts, textOfRow} = search.places();
		for (let index = 0; index < rows.length; index++) { // eslint-disable-line unicorn/no-for-loop, @typescript-eslint/prefer-for-of -- many times as fast
			const row = rows[index]!;
			const text = textOfRow[row] ?? noText;
			ranks[row] = text === noText ? worstRank : rankAt(bytes, starts[text]!, row);
		}
	};
};

type TitleTest = {kind: 'words' | 'equal'; text: string};

/**
A test of rows: whether the title is one of these texts, or has one of them as whole words.
*/
export const titleTester = (search: SearchText, tests: readonly TitleTest[]): ((row: number) => boolean) => {
	const testers = tests.map(({kind, text}) => {
		const wanted = {part: Buffer.from(text), text};
		return kind === 'words'
			? (bytes: Bytes, start: number) => occurrence(bytes, start, wanted) === whole
			: (bytes: Bytes, start: number) => isAt(bytes, start, wanted.part) && isTitleEnd(bytes[start + wanted.part.length]!);
	});
	return row => {
		const {bytes, starts, textOfRow} = search.places();
		const text = textOfRow[row] ?? noText;
		return text !== noText && testers.some(test => test(bytes, starts[text]!));
	};
};
