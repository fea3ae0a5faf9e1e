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

test('a pasted line end is left out', t => {
	t.is(insertText(newTextField(), 'token\r\n').text, 'token');
});

test('erasing takes a whole grapheme, not half of an emoji', t => {
	t.is(editText(newTextField('a👨‍👩‍👧'), 'erase').text, 'a');
});

const edits: TextEdit[] = ['left', 'right', 'start', 'end', 'erase', 'erase-forward', 'clear'];

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
