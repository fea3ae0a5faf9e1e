/**
Text of servers, files and people on its way to a terminal. The catalogue and JSON keep it as it came; clean it where it is printed.

These are removed: whole escape sequences, controls, everything that is invisible or turns the direction of writing (also in the tag block), more than four marks on one letter, marks without a letter. Joiners stay, since emoji and Persian need them. A lone surrogate becomes U+FFFD.

Text that runs from right to left stays in logical order and gets no isolates, since many terminals would print them. A terminal that reorders by itself may still do so within a row, but nothing in the text can make it.
*/

// These characters never need cleaning. The class is plain, so that most titles cost one linear scan.
const harmless = [
	String.raw`\u{20}-\u{7E}\u{A0}-\u{AC}\u{AE}-\u{2FF}\u{370}-\u{482}\u{48A}-\u{52F}`,
	String.raw`\u{1E00}-\u{1FFF}\u{2010}-\u{2027}\u{2030}-\u{205E}\u{20A0}-\u{20CF}\u{3000}-\u{3029}\u{3041}-\u{3096}\u{309B}-\u{30FF}\u{4E00}-\u{9FFF}\u{AC00}-\u{D7A3}`,
].join('');
const harmlessLine = new RegExp(`^[${harmless}]*$`, 'v');
const harmlessLines = new RegExp(String.raw`^[\n${harmless}]*$`, 'v');

// One pass takes every ESC and C1 introducer, so what is left can never recombine. The body of a string stops at the next introducer: that keeps the scan linear, and an unterminated one from swallowing the text behind it.
const controlSequence = String.raw`(?:\u{1B}\[|\u{9B})[\u{30}-\u{3F}]*[\u{20}-\u{2F}]*[\u{40}-\u{7E}]?`;
const stringIntroducer = String.raw`(?:\u{1B}[PX\]^_]|[\u{90}\u{98}\u{9D}-\u{9F}])`;
const stringTerminator = String.raw`(?:\u{7}|\u{1B}\\|\u{9C})`;
const stringSequence = String.raw`${stringIntroducer}[^\u{7}\u{18}\u{1A}\u{1B}\u{80}-\u{9F}]*${stringTerminator}`;
const otherEscape = String.raw`\u{1B}[\u{20}-\u{2F}]*[\u{30}-\u{7E}]?`;
// eslint-disable-next-line regexp/no-control-character -- controls are what this is about
const sequences = new RegExp(`${controlSequence}|${stringSequence}|${otherEscape}`, 'gv');

const lineBreaks = /\r\n|[\n\v\f\r\u{85}\u{2028}\u{2029}]/gv;
const runsOfBreaks = /[\n\v\f\r\u{85}\u{2028}\u{2029}]+/gv;

// Variation selectors are ignorable too, but choose the form of an emoji or of a Han character.
const invisible = /[[\p{Default_Ignorable_Code_Point}\p{Control}\p{Format}\p{Line_Separator}\p{Paragraph_Separator}]--[\p{Join_Control}\p{Variation_Selector}\n]]/gv;

const marksWithoutLetter = /^[\p{Mark}\p{Join_Control}]+/gmv;
const tooManyMarks = /(?<kept>[\p{Mark}\p{Join_Control}]{4})[\p{Mark}\p{Join_Control}]+/gv;

const cleanCharacters = (text: string) => text
	.replaceAll('\t', ' ')
	.replaceAll(invisible, '')
	.replaceAll(marksWithoutLetter, '')
	.replaceAll(tooManyMarks, '$<kept>');

// Surrogates come first: removing something between two halves must not make a character.
const withoutSequences = (text: string) => text.toWellFormed().replaceAll(sequences, '');

/**
Makes one line: breaks and tabs become spaces.

@example
```
clean('Alien\u001B]0;owned\u0007s\n'); //=> 'Aliens '
```
*/
export const clean = (text: string): string => harmlessLine.test(text)
	? text
	: cleanCharacters(withoutSequences(text).replaceAll(runsOfBreaks, ' '));

/**
Does the same as `clean`, but turns every kind of line break into LF.
*/
export const cleanLines = (text: string): string => harmlessLines.test(text)
	? text
	: cleanCharacters(withoutSequences(text).replaceAll(lineBreaks, '\n'));

// What XML 1.0 allows; a file with another character is refused as damaged.
const forbiddenInXml = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gv;

/**
Does the same as `cleanLines`, and takes out what cannot stand in XML. Markup is still to be escaped.
*/
export const cleanXml = (text: string): string => cleanLines(text).replaceAll(forbiddenInXml, '');
