import test from 'ava';
import fc from 'fast-check';
import {
	aroundCaret,
	editText,
	insertText,
	newTextField,
	type TextEdit,
} from '../../../source/ui/parts/text-field.js';

test('text goes in at the caret and pushes it on', t => {
	const field = insertText({text: 'htp', caret: 2}, 't');
	t.deepEqual(field, {text: 'http', caret: 3});
});

test('a pasted line end is left out at the end, and parts words between them', t => {
	t.is(insertText(newTextField(), 'token\r\n').text, 'token');
	t.is(insertText(newTextField('title:'), '\tNosferatu\t1922\r\nyear:1922 \u{7}').text, 'title:Nosferatu 1922 year:1922 ');
});

test('erasing takes a whole grapheme, not half of an emoji', t => {
	t.is(editText(newTextField('a👨‍👩‍👧'), 'erase').text, 'a');
});

const marked = ({text, caret}: {text: string; caret: number}) => `${text.slice(0, caret)}|${text.slice(caret)}`;

test('words are passed and erased as in a shell', t => {
	const at = (text: string, caret: number, edit: TextEdit) => marked(editText({text, caret}, edit));
	t.deepEqual(['word-left', 'word-right', 'erase-word', 'erase-word-forward', 'erase-to-end'].map(edit => at('year:1979 alien  3', 11, edit as TextEdit)), [
		'year:1979 |alien  3',
		'year:1979 alien|  3',
		'year:1979 |lien  3',
		'year:1979 a|  3',
		'year:1979 a|',
	]);
	t.is(at('year:1979 alien', 10, 'word-left'), 'year:|1979 alien');
	t.is(at('year:1979 alien', 4, 'word-right'), 'year:1979| alien');
	t.is(at('year:1979 alien', 10, 'erase-word'), '|alien');
	t.is(at('a  ', 3, 'word-right'), 'a  |');
	t.is(at('  ', 2, 'erase-word'), '|');
});

const edits: TextEdit[] = ['left', 'right', 'word-left', 'word-right', 'start', 'end', 'erase', 'erase-forward', 'erase-word', 'erase-word-forward', 'erase-to-end', 'clear'];

const isWholeAround = (text: string, steps: TextEdit[]) => {
	let field = insertText(newTextField(), text);
	for (const step of steps) {
		field = editText(field, step);
	}

	return aroundCaret(field).join('') === field.text;
};

test('the parts around the caret are the text again, whatever was edited', t => {
	const texts = fc.string({unit: 'grapheme'});
	const steps = fc.array(fc.constantFrom(...edits));
	t.notThrows(() => {
		fc.assert(fc.property(texts, steps, isWholeAround));
	});
});
