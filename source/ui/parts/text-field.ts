import {isOneCellEach} from '../../base/text/kept-width.js';

/**
One line of text that is being typed. `caret` counts graphemes from the start.
*/
export type TextField = {
	text: string;
	caret: number;
};

const segmenter = new Intl.Segmenter(undefined, {granularity: 'grapheme'});
export const graphemes = (text: string): string[] => isOneCellEach(text) ? text.split('') : Array.from(segmenter.segment(text), ({segment}) => segment);

export const newTextField = (text = ''): TextField => ({text, caret: graphemes(text).length});

export type TextEdit = 'left' | 'right' | 'word-left' | 'word-right' | 'start' | 'end' | 'erase' | 'erase-forward' | 'erase-word' | 'erase-word-forward' | 'erase-to-end' | 'clear';

const isBlank = (letter: string) => letter.trim() === '';
const isNoLetter = (letter: string) => !/^[\p{Alphabetic}\p{Number}]/v.test(letter);

/**
As in a shell: past what lies between words, and then past the word.
*/
const wordStart = (all: readonly string[], caret: number, isBetween: (letter: string) => boolean) => {
	const last = all.findLastIndex((letter, at) => at < caret && !isBetween(letter));
	return all.findLastIndex((letter, at) => at < last && isBetween(letter)) + 1;
};

const wordEnd = (all: readonly string[], caret: number) => {
	const first = all.findIndex((letter, at) => at >= caret && !isNoLetter(letter));
	const end = first === -1 ? -1 : all.findIndex((letter, at) => at > first && isNoLetter(letter));
	return end === -1 ? all.length : end;
};

/**
Inserts text at the caret. Line ends and tabs between words become a blank, as in a title and a year that are pasted from a table. Those at the ends and control characters are left out.
*/
export const insertText = ({text, caret}: TextField, added: string): TextField => {
	const clean = graphemes(added.split(/[\t\n\r]+/v).filter(part => part !== '').join(' ').replaceAll(/\p{Control}/gv, ''));
	const all = graphemes(text);
	return {text: [...all.slice(0, caret), ...clean, ...all.slice(caret)].join(''), caret: caret + clean.length};
};

export const editText = ({text, caret}: TextField, edit: TextEdit): TextField => {
	const all = graphemes(text);
	const without = (from: number, to: number) => [...all.slice(0, from), ...all.slice(to)].join('');
	const left = Math.max(0, caret - 1);
	const leftOf = (isBetween: (letter: string) => boolean) => wordStart(all, caret, isBetween);
	const edited: Record<TextEdit, () => TextField> = {
		left: () => ({text, caret: left}),
		right: () => ({text, caret: Math.min(all.length, caret + 1)}),
		'word-left': () => ({text, caret: leftOf(isNoLetter)}),
		'word-right': () => ({text, caret: wordEnd(all, caret)}),
		start: () => ({text, caret: 0}),
		end: () => ({text, caret: all.length}),
		erase: () => ({text: without(left, caret), caret: left}),
		'erase-forward': () => ({text: without(caret, caret + 1), caret}),
		'erase-word': () => ({text: without(leftOf(isBlank), caret), caret: leftOf(isBlank)}),
		'erase-word-forward': () => ({text: without(caret, wordEnd(all, caret)), caret}),
		'erase-to-end': () => ({text: without(caret, all.length), caret}),
		clear: () => ({text: '', caret: 0}),
	};
	return edited[edit]();
};

export const aroundCaret = ({text, caret}: TextField): [string, string, string] => {
	const all = graphemes(text);
	return [all.slice(0, caret).join(''), all[caret] ?? '', all.slice(caret + 1).join('')];
};
