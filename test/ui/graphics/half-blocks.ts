import test from 'ava';
import fc from 'fast-check';
import {halfBlocks, paletteColor} from '../../../source/ui/graphics/half-blocks.js';
import {screenUpdate} from '../../../source/ui/output/screen-update.js';
import {createEmulator} from '../../helpers/emulator.js';

const levels = [0, 95, 135, 175, 215, 255];
const palette = [
	...levels.flatMap(red => levels.flatMap(green => levels.map(blue => [red, green, blue] as const))),
	...Array.from({length: 24}, (_, grey) => [8 + (grey * 10), 8 + (grey * 10), 8 + (grey * 10)] as const),
];

const distance = (one: readonly number[], other: readonly number[]) => one.reduce((sum, value, index) => sum + ((value - other[index]!) ** 2), 0);

test('law: no colour of the palette is nearer than the one that is chosen', t => {
	const channel = fc.integer({min: 0, max: 255});
	t.notThrows(() => {
		fc.assert(fc.property(fc.tuple(channel, channel, channel), color => {
			const chosen = palette[paletteColor(color) - 16]!;
			return distance(color, chosen) === Math.min(...palette.map(other => distance(color, other)));
		}));
	});
});

test('two pixels share a cell, and no colour is left on behind a row', async t => {
	const data = new Uint8Array([[255, 0, 0], [0, 255, 0], [0, 0, 255], [9, 9, 9]].flatMap(color => [...color, 255]));
	const [row] = halfBlocks({width: 2, height: 2, data}, 'true');
	const emulator = createEmulator(3, 1);
	await emulator.write(`${row!}x`);
	const rgb = (red: number, green: number, blue: number) => (red * 65_536) + (green * 256) + blue;
	const mode = 50_331_648;
	t.deepEqual(emulator.cells()[0], [
		`▀|${mode} ${rgb(255, 0, 0)} ${mode} ${rgb(0, 0, 255)} 0 0 0 0`,
		`▀|${mode} ${rgb(0, 255, 0)} ${mode} ${rgb(9, 9, 9)} 0 0 0 0`,
		'x|0 -1 0 -1 0 0 0 0',
	]);
});

test('a colour that goes on is written once', t => {
	const data = new Uint8Array(40 * 2 * 4).fill(7);
	const [row] = halfBlocks({width: 40, height: 2, data}, '256');
	t.true(row!.length < 80, `${row!.length} characters`);
});

test('a change beside a picture does not write the picture again', t => {
	const data = new Uint8Array(Array.from({length: 20 * 2 * 4}, (_, index) => (index * 37) % 256));
	const [picture] = halfBlocks({width: 20, height: 2, data}, 'true');
	const update = screenUpdate([`old  ${picture!}`], [`new  ${picture!}`], {columns: 25});
	t.false(update.includes('▀'));
	t.true(update.includes('new'));
});
