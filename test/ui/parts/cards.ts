import test from 'ava';
import fc from 'fast-check';
import {lineText} from '../../../source/ui/line.js';
import {widthOf} from '../../../source/ui/parts/cells.js';
import {cardLines, cardRows} from '../../../source/ui/parts/cards.js';
import {asciiGlyphs, createTheme} from '../../../source/ui/theme.js';

const {glyphs} = createTheme({isColor: false, isAscii: false});

test('cards stand side by side, and fill the width', t => {
	t.deepEqual(cardLines([{title: 'Items', text: '9,600'}, {title: 'Time', text: '1:03'}], {columns: 33, glyphs}).map(spans => lineText(spans)), [
		'╭─ Items ──────╮╭─ Time ────────╮',
		'│    9,600     ││     1:03      │',
		'╰──────────────╯╰───────────────╯',
	]);
});

test('cards have the rows that are told, each of the full width', t => {
	t.notThrows(() => {
		fc.assert(fc.property(fc.integer({min: 1, max: 9}), fc.integer({min: 16, max: 160}), fc.constantFrom(glyphs, asciiGlyphs), fc.string({unit: 'grapheme'}), (count, columns, of, text) => {
			const lines = cardLines(Array.from({length: count}, () => ({title: 'Items', text})), {columns, glyphs: of});
			return lines.length === cardRows(count, columns) && lines.every(spans => widthOf(spans) === columns);
		}));
	});
});
