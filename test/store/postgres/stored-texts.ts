import {Buffer} from 'node:buffer';
import test from 'ava';
import fc from 'fast-check';
import {fold} from '../../../source/query/fold.js';
import {hasWords, markedText} from '../../../source/query/language/text-tests.js';
import {
	orderedText,
	readOrdered,
	readWords,
	storedWords,
} from '../../../source/store/postgres/answers/stored-texts.js';

const folded = fc.oneof(
	fc.string({unit: fc.constantFrom(...'ab1 -.東京ำ\u{300}\u{1F600}'), maxLength: 8}),
	fc.string({unit: 'grapheme', maxLength: 6}),
).map(text => fold(text));

test('a marked text contains marked words exactly if the text has the words', t => {
	fc.assert(fc.property(folded, folded, fc.nat(8), fc.nat(8), (text, other, start, length) => {
		// Nearly all random words occur nowhere, so most are taken from the text.
		for (const words of [other, [...text].slice(start, start + length).join('')]) {
			t.is(markedText(text).includes(markedText(words)), hasWords(text, words), JSON.stringify([text, words]));
		}
	}), {numRuns: 5000});
});

const anyCharacters = fc.string({unit: fc.oneof(fc.constantFrom('a', '\u{D7FF}', '\u{E000}', '\u{FFFD}', '\u{10000}', '\u{1F600}'), fc.string({unit: 'binary', minLength: 1, maxLength: 1})), maxLength: 5}).filter(text => ['\0', '\u{2}', '\u{10FFFF}'].every(replaced => !text.includes(replaced)) && text.isWellFormed());

test('the bytes of an ordered text have the order of strings, and the text can be read again', t => {
	fc.assert(fc.property(anyCharacters, anyCharacters, (one, other) => {
		t.is(Math.sign(Buffer.compare(Buffer.from(orderedText(one)), Buffer.from(orderedText(other)))), one === other ? 0 : (one < other ? -1 : 1));
		t.is(readOrdered(orderedText(one)), one);
		t.is(readWords(storedWords(one)), one);
	}), {numRuns: 5000});
});
