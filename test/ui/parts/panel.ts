import test from 'ava';
import fc from 'fast-check';
import {clean} from '../../../source/base/text/clean.js';
import {displayWidth} from '../../../source/base/text/width.js';
import {
	line,
	lineText,
	span,
	type Line,
} from '../../../source/ui/line.js';
import {sliceLine, widthOf} from '../../../source/ui/parts/cells.js';
import {overlayOn} from '../../../source/ui/parts/overlay.js';
import {beside, panelLines, panelRoom} from '../../../source/ui/parts/panel.js';
import {asciiGlyphs, createTheme} from '../../../source/ui/theme.js';

const {glyphs} = createTheme({isColor: false, isAscii: false});

const texts = fc.oneof(
	fc.constantFrom('Alien', '東京物語', '👨‍👩‍👧 Family', '🇩🇪🇫🇷', 'e\u{301}tude', 'עברית', 'กำ', 'हिन्दी', '☺️', '1️⃣', '\u{1B}[31mred', 'x'.repeat(200), ''),
	fc.string({unit: 'grapheme', maxLength: 20}),
).map(text => clean(text));
const lines = fc.array(fc.array(texts.map(text => span(text)), {maxLength: 4}), {maxLength: 12});
const sizes = fc.record({columns: fc.nat(70), rows: fc.nat(14)});

test('a panel has a title and a position above, and keys and totals below', t => {
	const panel = {
		title: 'Films', position: '118/212', keys: 'Enter open', totals: '4.2 TiB', lines: [line(' Alien'), line(' 東京物語')], columns: 36, rows: 5, isFramed: true, glyphs,
	};
	t.deepEqual(panelLines(panel).map(spans => lineText(spans)), [
		'╭─ Films ───────────────── 118/212 ╮',
		'│ Alien                            │',
		'│ 東京物語                         │',
		'│                                  │',
		'╰─ Enter open ──────────── 4.2 TiB ╯',
	]);
	t.deepEqual(panelLines({...panel, glyphs: asciiGlyphs, rows: 3}).map(spans => lineText(spans)), [
		'+- Films ----------------- 118/212 +',
		'| Alien                            |',
		'+- Enter open ------------ 4.2 TiB +',
	]);
	t.deepEqual(panelLines({...panel, isFramed: false, rows: 3}).map(spans => lineText(spans)), [
		'Films                        118/212',
		' Alien                              ',
		' 東京物語                           ',
	]);
});

test('the border of the panel that has the focus is lit', t => {
	const tonesOf = (isFocused: boolean) => new Set(panelLines({
		title: 'Films', lines: [], columns: 20, rows: 3, isFramed: true, isFocused, glyphs,
	}).flat().map(({tone}) => tone));
	t.deepEqual(tonesOf(true), new Set(['focus', 'accent', 'plain']));
	t.deepEqual(tonesOf(false), new Set(['border', 'title', 'plain']));
});

test('the right border shows where the rows are', t => {
	const thumbs = (top: number, length: number) => panelLines({
		title: '', lines: [], columns: 4, rows: 6, isFramed: true, scroll: {top, length}, glyphs,
	}).map(spans => lineText(spans).at(-1)).join('');
	t.is(thumbs(0, 4), '╮││││╯');
	t.is(thumbs(0, 8), '╮▐▐││╯');
	t.is(thumbs(4, 8), '╮││▐▐╯');
	t.is(thumbs(0, 4000), '╮▐│││╯');
	t.is(thumbs(3996, 4000), '╮│││▐╯');
});

test('a panel fills its size, whatever it holds', t => {
	const panels = fc.record({
		title: texts, position: texts, keys: texts, totals: texts, lines, size: sizes, isFramed: fc.boolean(), isFocused: fc.boolean(), glyphs: fc.constantFrom(glyphs, asciiGlyphs), scroll: fc.option(fc.record({top: fc.nat(50), length: fc.nat(50)}), {nil: undefined}),
	});
	t.notThrows(() => {
		fc.assert(fc.property(panels, ({size: {columns, rows}, scroll, ...panel}) => {
			// A border has two cells.
			const size = {columns: columns + 2, rows};
			const drawn = panelLines({...panel, ...size, ...scroll && {scroll}});
			const room = panelRoom({...size, isFramed: panel.isFramed});
			return drawn.length === size.rows
				&& drawn.every(spans => widthOf(spans) === size.columns)
				&& (!panel.isFramed || size.rows < 2 || drawn.slice(1, -1).every(spans => spans[0]!.text === panel.glyphs.vertical))
				&& room.columns <= size.columns && room.rows <= size.rows;
		}), {numRuns: 500});
	});
});

test('panels stand side by side', t => {
	const panel = (title: string, rows: number) => panelLines({
		title, lines: [], columns: 10, rows, isFramed: true, glyphs,
	});
	t.deepEqual(beside(panel('A', 3), panel('B', 3)).map(spans => lineText(spans)), [
		'╭─ A ────╮╭─ B ────╮',
		'│        ││        │',
		'╰────────╯╰────────╯',
	]);
});

test('a box lies in the middle of what is beneath, and cuts wide characters to blanks', t => {
	const background = ['東京物語東京', 'Metropolis..', 'x'].map(text => line(text, 'good'));
	const drawn = overlayOn(background, [line('[#]', 'accent')], {columns: 12, rows: 3});
	t.deepEqual(drawn.map(spans => lineText(spans)), ['東京物語東京', 'Metr[#]lis..', 'x           ']);
	t.deepEqual(drawn[1]!.map(({tone}) => tone), ['dim', 'accent', 'dim']);
	t.deepEqual(overlayOn(background, [line('[#]')], {columns: 12, rows: 1}).map(spans => lineText(spans)), ['東京[#] 東京']);
	t.deepEqual(overlayOn([line('東京物語東京')], [line('[##]')], {columns: 12, rows: 1}).map(spans => lineText(spans)), ['東京[##]東京']);
	t.deepEqual(overlayOn([line('x東京物語東')], [line('[##]')], {columns: 11, rows: 1}).map(spans => lineText(spans)), ['x東[##]語東']);
});

test('a box of any size over any screen fills the screen, and so does each part of it', t => {
	t.notThrows(() => {
		fc.assert(fc.property(lines, lines, sizes, (background, box, size) => {
			const drawn = overlayOn(background, box, size);
			return drawn.length === size.rows && drawn.every(spans => widthOf(spans) === size.columns);
		}), {numRuns: 500});
		fc.assert(fc.property(lines, fc.nat(40), fc.nat(40), ([spans = []], from, length) => widthOf(sliceLine(spans, from, from + length)) === length), {numRuns: 500});
	});
});

test('a slice of a line keeps its tones', t => {
	const spans: Line = [span('ab', 'good'), span('東', 'bad'), span('cd')];
	t.deepEqual(sliceLine(spans, 1, 3), [span('b', 'good'), span(' ', 'bad')]);
	t.deepEqual(sliceLine(spans, 3, 8), [span(' ', 'bad'), span('cd'), span('  ')]);
	t.is(displayWidth(lineText(sliceLine(spans, 0, 20))), 20);
});
