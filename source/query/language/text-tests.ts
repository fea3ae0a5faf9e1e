import {fold} from '../fold.js';
import {isLanguage} from './languages.js';
import type {TextTest} from './plan.js';
import {regexFinder} from './regex.js';

const wordCharacter = /[\p{Letter}\p{Mark}\p{Number}]/v;
// Written without spaces, so a word of them may begin and end anywhere.
const unspaced = /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Khmer}\p{Script=Lao}\p{Script=Myanmar}\p{Script=Thai}]/v;

const characterAt = (text: string, place: number) => place >= text.length ? '' : String.fromCodePoint(text.codePointAt(place)!);

const characterBefore = (text: string, place: number) => {
	const code = place === 0 ? undefined : text.codePointAt(place - 1)!;
	// The second half of a character of two units.
	return code === undefined ? '' : (code >= 0xDC_00 && code <= 0xDF_FF && place > 1 ? characterAt(text, place - 2) : String.fromCodePoint(code));
};

const isInsideWord = (left: string, right: string) => wordCharacter.test(left) && wordCharacter.test(right) && !unspaced.test(left) && !unspaced.test(right);

/**
Whether words occur in a text as whole words, side by side. Both are folded.

@example
```
hasWords('the last ferry', 'last ferry'); //=> true
hasWords('aliens', 'alien'); //=> false
```
*/
export const hasWords = (text: string, words: string): boolean => {
	for (let place = text.indexOf(words); place !== -1; place = text.indexOf(words, place + 1)) {
		const end = place + words.length;
		if (!isInsideWord(characterBefore(text, place), characterAt(words, 0)) && !isInsideWord(characterBefore(words, words.length), characterAt(text, end))) {
			return true;
		}
	}

	return words === '';
};

const spacedWords = new RegExp(`[${wordCharacter.source}--${unspaced.source}]+`, 'gv');

/**
Stands in a marked text where a word begins or ends.
*/
export const wordMark = '\u{2}';

/**
A text with a mark at both ends of each word. `hasWords(text, words)` holds exactly if the marked text contains the marked words, so whoever can only look for parts of texts, such as a database, finds whole words all the same. No text may have the mark itself.
*/
export const markedText = (text: string): string => text.replaceAll(spacedWords, word => wordMark + word + wordMark);

const separators = /[^\p{Letter}\p{Mark}\p{Number}+]+/gv;

/**
The form in which a choice is compared: H.264 is h264.
*/
export const choiceForm = (text: string): string => fold(text).replaceAll(separators, '');

const blanks = /\s+/gv;

/**
The folded form in which texts are searched, on one line.
*/
export const searchForm = (text: string): string => fold(text).replaceAll(blanks, ' ');

/**
A function that tells whether a text passes one of the tests.
*/
export const textTester = (tests: readonly TextTest[], also: (value: string) => readonly string[]): ((text: string) => boolean) => {
	const testers = tests.map(test => testerOf(test, also));
	return text => testers.some(tester => tester(text));
};

const testerOf = (test: TextTest, also: (value: string) => readonly string[]): ((text: string) => boolean) => {
	switch (test.kind) {
		case 'words': {
			return text => hasWords(searchForm(text), test.text);
		}

		case 'equal': {
			return text => searchForm(text) === test.text;
		}

		case 'choice': {
			return text => [text, ...also(text)].some(word => choiceForm(word) === test.text);
		}

		case 'is': {
			return text => text === test.text;
		}

		case 'regex': {
			return regexFinder(test.source, test.isFolded);
		}

		case 'language': {
			return text => isLanguage(text, test);
		}
	}
};
