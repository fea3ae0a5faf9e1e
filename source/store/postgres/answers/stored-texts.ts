import {markedText, wordMark} from '../../../query/language/text-tests.js';
import {fieldEnd} from '../../../query/haystack.js';

// PostgreSQL keeps no character 0, and the mark of words stands for nothing else.
const unkept = new RegExp(String.raw`[\0${wordMark}]`, 'gv');

const keptCharacters = (text: string): string => text.replaceAll(unkept, '\u{FFFD}').toWellFormed();

const lastOfAll = '\u{10FFFF}';
const lateCharacters = /[\u{E000}-\u{FFFF}]/gv;
const lateMarks = /\u{10FFFF}(?=[\u{E000}-\u{FFFF}])/gv;

/**
A text whose order by bytes is the order in which JavaScript compares strings, by code units: there, what takes four bytes comes before the last of what takes three.
*/
export const orderedText = (text: string): string => keptCharacters(text).replaceAll(lateCharacters, late => lastOfAll + late);

/**
The text that `orderedText` was made of.
*/
export const readOrdered = (stored: string): string => stored.replaceAll(lateMarks, '');

/**
A folded text with marks at the ends of its words.
*/
export const storedWords = (folded: string): string => markedText(keptCharacters(folded));

/**
The folded text that `storedWords` was made of.
*/
export const readWords = (stored: string): string => stored.replaceAll(wordMark, '');

/**
Several texts in one, each between two ends.
*/
export const joinedTexts = (words: readonly string[]): string | undefined => words.length === 0 ? undefined : `${fieldEnd}${words.join(fieldEnd)}${fieldEnd}`;

const special = /[%\\_]/gv;

/**
A text for LIKE that means nothing but itself.
*/
const literal = (text: string) => text.replaceAll(special, String.raw`\$&`);

/**
A pattern for LIKE of the marked texts that contain a folded text.
*/
export const containing = (folded: string): string => `%${literal(inner(storedWords(folded)))}%`;

/**
The same, where it must occur as whole words.
*/
export const containingWords = (folded: string): string => `%${literal(storedWords(folded))}%`;

/**
The same, where it must be the beginning.
*/
export const beginningWith = (folded: string): string => `${literal(storedWords(folded).replace(endMark, ''))}%`;

/**
The same, where it must be the whole of what stands before the first end of a text.
*/
export const beingFirst = (folded: string): string => `${literal(storedWords(folded) + fieldEnd)}%`;

/**
The same, where a word begins or ends with it.
*/
export const beginningWord = (folded: string): string => `%${beginningWith(folded)}`;
export const endingWord = (folded: string): string => `%${literal(storedWords(folded).replace(startMark, ''))}%`;

/**
The same, where it must be one of several joined texts.
*/
export const joinedWith = (folded: string): string => `%${literal(`${fieldEnd}${storedWords(folded)}${fieldEnd}`)}%`;

const startMark = new RegExp(`^${wordMark}`, 'v');
const endMark = new RegExp(`${wordMark}$`, 'v');

const inner = (words: string) => words.replace(startMark, '').replace(endMark, '');
