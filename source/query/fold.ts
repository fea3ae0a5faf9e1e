import {clean} from '../base/text/clean.js';

const ascii = /^\p{ASCII}*$/v;

// Latin accents, Hebrew points and Arabic vowel signs, which people leave out when they type. Vowel signs of Indic scripts are letters to their readers and stay.
const marks = /[\u{300}-\u{36F}\u{591}-\u{5BD}\u{5BF}-\u{5C7}\u{64B}-\u{655}\u{670}]/gv;

const ligatures = new Map([
	['ß', 'ss'], ['æ', 'ae'], ['œ', 'oe'], ['ø', 'o'], ['ł', 'l'], ['đ', 'd'], ['ð', 'd'], ['þ', 'th'], ['ı', 'i'],
]);
const ligature = /[ßæðøþđıłœ]/gv;

// For these people type what their keyboard has.
const singleQuotes = /[ʼ׳‘’‚‛′]/gv;
const doubleQuotes = /[״“”„‟]/gv;
const dashes = /[‐‒–—―−]/gv;

/**
The form in which texts are compared: case, accents, width of characters, and the form of quotes and dashes do not count.

@example
```
fold('Amélie'); //=> 'amelie'
```
*/
export const fold = (text: string): string => ascii.test(text)
	? text.toLowerCase()
	: text
		.normalize('NFKD')
		.replaceAll(marks, '')
		.toLowerCase()
		.replaceAll(ligature, letter => ligatures.get(letter) ?? letter)
		.replaceAll(singleQuotes, '\'')
		.replaceAll(doubleQuotes, '"')
		.replaceAll(dashes, '-');

const leadingArticle = /^ *(?:the|an?) +(?=\S)/v;
// Such a title is clean and folded but for its case. Most are like this, and there are hundreds of thousands.
const plainWords = /^[0-9A-Za-z]+(?: [0-9A-Za-z]+)*$/v;
const betweenWords = /[^\p{Letter}\p{Mark}\p{Number}]+/gv;
const aDigit = /\d/v;
const digits = /\d+/gv;

// A number is preceded by its length, so that 9 comes before 10 in code-unit order.
const naturalNumber = (number: string) => {
	const significant = number.startsWith('0') ? number.replace(/^0+(?=\d)/v, '') : number;
	return String.fromCodePoint(0x30 + Math.min(significant.length, 70)) + significant;
};

/**
A key whose code-unit order is the order in which people look for titles: without a leading article, by numbers as numbers, whatever the punctuation.

Articles of other languages stay: "Die Hard" and "Les Misérables" cannot be told apart by machine. The server's own sort title, where there is one, wins.
*/
export const sortKeyOf = (title: string, titleSort?: string): string => {
	const text = titleSort ?? title;
	const isPlain = plainWords.test(text);
	// What is never seen must not count: an escape sequence would sort before every letter.
	const folded = isPlain ? text.toLowerCase() : fold(clean(text));
	const bare = titleSort === undefined ? folded.replace(leadingArticle, '') : folded;
	const words = isPlain ? bare : wordsOf(bare);
	return aDigit.test(words) ? words.replaceAll(digits, number => naturalNumber(number)) : words;
};

const wordsOf = (folded: string) => {
	const words = folded.replaceAll(betweenWords, ' ').trim();
	return words === '' ? folded : words;
};
