import {Buffer} from 'node:buffer';
import {stripVTControlCharacters} from 'node:util';
import test from 'ava';
import fc from 'fast-check';
import {displayWidth} from '../../../source/base/text/width.js';
import {pictureOfPng} from '../../../source/ui/graphics/encoders.js';
import {
	drawnSize,
	pictureBox,
	posterShape,
	stillShape,
} from '../../../source/ui/graphics/picture.js';
import {findPictures, mostCells, placeholderLines} from '../../../source/ui/graphics/placeholders.js';
import {screenUpdate} from '../../../source/ui/output/screen-update.js';
import type {PictureKind} from '../../../source/ui/graphics/picture-kind.js';

const esc = '\u{1B}';
const side = fc.integer({min: 1, max: mostCells});
const cell = fc.record({width: fc.integer({min: 4, max: 40}), height: fc.integer({min: 6, max: 80})});

test('law: a picture fits into its room and fills one side of it', t => {
	t.notThrows(() => {
		fc.assert(fc.property(fc.constantFrom(posterShape, stillShape), side, side, cell, (shape, columns, rows, pixels) => {
			const box = pictureBox(shape, {columns, rows}, pixels);
			return box.columns >= 1 && box.rows >= 1 && box.columns <= columns && box.rows <= rows && (box.columns === columns || box.rows === rows);
		}));
	});
});

test('law: a sixel has whole bands and stays inside its box', t => {
	t.notThrows(() => {
		fc.assert(fc.property(side, side, cell, (columns, rows, pixels) => {
			const {width, height} = drawnSize({kind: 'sixel', depth: 'true', cell: pixels}, {columns, rows});
			return height % 6 === 0 && height > 0 && height <= rows * pixels.height && width === columns * pixels.width;
		}));
	});
});

const pictured = fc.record({
	id: fc.integer({min: 1, max: 16_777_215}), columns: fc.integer({min: 1, max: 9}), rows: fc.integer({min: 1, max: 5}),
});

test('law: pictures are found where they stand, and text around them stays', t => {
	const text = fc.constantFrom('', 'ab', '東京', `${esc}[1mbold${esc}[22m`, 'é');
	t.notThrows(() => {
		fc.assert(fc.property(pictured, text, text, fc.nat(4), (box, before, after, top) => {
			const frame = [...Array.from({length: top}, () => 'above'), ...placeholderLines(box.id, box).map(row => before + row + after), 'below'];
			const found = findPictures(frame, id => id === box.id ? box : undefined);
			return JSON.stringify(found.places) === JSON.stringify([{
				id: box.id, row: top, column: displayWidth(stripVTControlCharacters(before)), columns: box.columns, rows: box.rows,
			}])
			&& found.lines.at(-1) === 'below'
			&& found.lines.slice(top, -1).every(line => line === before + ' '.repeat(box.columns) + after);
		}));
	});
});

test('a picture that is cut has no place, but it is known to be there', t => {
	const box = {columns: 3, rows: 2};
	const {places, ids, lines} = findPictures(placeholderLines(7, box).slice(1), () => box);
	t.deepEqual(places, []);
	t.deepEqual([...ids], [7]);
	t.deepEqual(lines, [' '.repeat(3)]);
});

test('the marks on placeholders are not taken for text from right to left', t => {
	const [row] = placeholderLines(7, {columns: 90, rows: 1});
	const update = screenUpdate([''], [`שלום ${row!}`], {columns: 100});
	t.is(update.indexOf('\u{200E}'), update.lastIndexOf('\u{200E}'));
	t.true(update.lastIndexOf('\u{200E}') < update.indexOf('\u{10EEEE}'));
});

const png = new Uint8Array(Array.from({length: 10_000}, (_, index) => index % 251));

const encoded = (kind: PictureKind) => pictureOfPng(png, {
	id: 300, box: {columns: 4, rows: 3}, mode: {kind, depth: 'true', cell: {width: 10, height: 20}},
});

test('kitty gets the data in pieces of 4,096 characters and is asked to keep silent', t => {
	for (const kind of ['kitty', 'kitty-placed'] as const) {
		const {send = '', forget = ''} = encoded(kind);
		// eslint-disable-next-line no-control-regex, regexp/no-control-character
		const commands = send.match(/\u{1B}_G[^\u{1B}]*\u{1B}\\/gv) ?? [];
		t.is(commands.join(''), send);
		const payloads = commands.map(command => command.slice(command.indexOf(';') + 1, -2));
		t.true(payloads.every(payload => payload.length <= 4096));
		t.deepEqual(new Uint8Array(Buffer.from(payloads.join(''), 'base64')), png);
		t.deepEqual(commands.map(command => /m=(?<more>\d)/v.exec(command)?.groups?.['more']), ['1', '1', '1', '0']);
		t.true(commands[0]!.includes('q=2') && forget.includes('q=2'));
		t.is(forget, `${esc}_Ga=d,d=I,i=300,q=2,m=0;${esc}\\`);
	}
});

test('a terminal without placeholders gets the data once, and a short command for each place', t => {
	const {draw = '', erase = ''} = encoded('kitty-placed');
	t.is(draw, `${esc}_Ga=p,i=300,p=1,c=4,r=3,C=1,q=2,m=0;${esc}\\`);
	t.is(erase, `${esc}_Ga=d,d=i,i=300,q=2,m=0;${esc}\\`);
	t.is(encoded('kitty').draw, undefined);
});

test('iTerm2 gets the size in cells and leaves the cursor', t => {
	const {draw = ''} = encoded('iterm2');
	t.is(draw, `${esc}]1337;File=inline=1;size=10000;width=4;height=3;preserveAspectRatio=0;doNotMoveCursor=1:${Buffer.from(png).toString('base64')}\u{7}`);
});
