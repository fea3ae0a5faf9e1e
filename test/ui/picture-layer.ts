import {EventEmitter} from 'node:events';
import {setTimeout as wait} from 'node:timers/promises';
import test from 'ava';
import fc from 'fast-check';
import type {Picture} from '../../source/ui/graphics/picture.js';
import {placeholderLines} from '../../source/ui/graphics/placeholders.js';
import {leanStdout} from '../../source/ui/output/lean-stdout.js';
import {createEmulator} from '../helpers/emulator.js';

const csi = '\u{1B}[';

const columns = 30;
const rows = 10;

/**
A picture that a terminal shows as letters in its place, as it would show pixels, and that vanishes only where text is written over it.
*/
const drawnPicture = (id: number, letter: string, height: number): Picture => {
	const box = {columns: 5, rows: height};
	const draw = `\u{1B}7${Array.from({length: height}, (_, row) => `\u{1B}8${row === 0 ? '' : `${csi}${row}B`}${letter.repeat(5)}`).join('')}`;
	return {
		id, ...box, lines: placeholderLines(id, box), draw,
	};
};

const drawn = new Map([drawnPicture(1, 'A', 3), drawnPicture(70_000, 'B', 4), drawnPicture(300, 'C', 2)].map(picture => [picture.id, picture]));

const open = (book: ReadonlyMap<number, Picture>) => {
	const written: string[] = [];
	const emulator = createEmulator(columns, rows);
	const stdout = Object.assign(new EventEmitter(), {
		columns,
		rows,
		isTTY: true,
		write(text: string | Uint8Array) {
			written.push(String(text));
			return true;
		},
	});
	const {stdout: lean, doubt} = leanStdout(stdout as unknown as NodeJS.WriteStream, {}, id => book.get(id));
	return {
		emulator,
		doubt,
		resize(width: number, height = rows) {
			Object.assign(stdout, {columns: width, rows: height});
			emulator.resize(width, height);
		},
		async write(text: string) {
			lean.write(text);
			const output = written.splice(0).join('');
			await emulator.write(output);
			return output;
		},
		async frame(lines: readonly string[]) {
			await this.write(`${csi}?2026h`);
			const output = await this.write(`${`${csi}2K${csi}1A`.repeat(rows - 1)}${csi}2K${csi}G${lines.join('\n')}`);
			await this.write(`${csi}?2026l`);
			return output;
		},
	};
};

/**
Three slots side by side, each with a picture or text, and text before each.
*/
type Frame = {slots: ReadonlyArray<{id: number | undefined; top: number}>; texts: readonly string[]};

// Five cells each.
const texts = ['night', 'a b c', '東京x', `${csi}1mbold${csi}22m `, ' '.repeat(5), `${csi}31mred${csi}39m  `];

const linesOf = ({slots, texts: between}: Frame, rowOf: (id: number, row: number) => string | undefined) => Array.from({length: rows}, (_, row) => {
	const parts = slots.map(({id, top}, slot) => {
		const text = between[(row + slot) % between.length]!;
		return text + ((id === undefined ? undefined : rowOf(id, row - top)) ?? text);
	});
	return row === rows - 1 ? 'footer' : parts.join('');
});

const frameOf = (frame: Frame, book: ReadonlyMap<number, Picture> = drawn) => linesOf(frame, (id, row) => book.get(id)!.lines[row]);

const slot = fc.record({id: fc.option(fc.constantFrom(...drawn.keys()), {nil: undefined}), top: fc.nat(6)});
const anyFrame: fc.Arbitrary<Frame> = fc.record({
	// The same picture is never shown twice.
	slots: fc.tuple(slot, slot, slot).map(slots => slots.map((one, index) => slots.slice(0, index).some(({id}) => id === one.id) ? {...one, id: undefined} : one)),
	texts: fc.array(fc.constantFrom(...texts), {minLength: 1, maxLength: 4}),
});

/**
As simple as can be: the text on an empty screen, then the pictures.
*/
const painted = async (frame: Frame, width: number) => {
	const emulator = createEmulator(width, rows);
	const lines = linesOf(frame, (id, row) => drawn.get(id)!.lines[row] === undefined ? undefined : ' '.repeat(5));
	await emulator.write(`${csi}?7l${lines.map((text, row) => `${csi}${row + 1}H${text}`).join('')}`);
	for (const [at, {id, top}] of frame.slots.entries()) {
		const picture = id === undefined ? undefined : drawn.get(id)!;
		// What the footer cuts cannot be drawn.
		if (picture !== undefined && top + picture.rows <= rows - 1) {
			await emulator.write(`${csi}${top + 1};${(at * 10) + 6}H${picture.draw!}`);
		}
	}

	return emulator.cells();
};

test('law: after any frames the terminal shows the last one with its pictures, and no row was moved', async t => {
	await t.notThrowsAsync(fc.assert(fc.asyncProperty(fc.array(fc.tuple(anyFrame, fc.constantFrom(columns, columns, columns, columns + 4)), {minLength: 1, maxLength: 8}), async frames => {
		const terminal = open(drawn);
		for (const [frame, width] of frames) {
			terminal.resize(width);
			const output = await terminal.frame(frameOf(frame));
			const hasPicture = frame.slots.some(({id}) => id !== undefined);
			if (JSON.stringify(terminal.emulator.cells()) !== JSON.stringify(await painted(frame, width)) || (hasPicture && /\[\d+[LM]/v.test(output))) {
				return false;
			}
		}

		return true;
	}), {numRuns: 60}));
});

const one = (id: number | undefined, text: string): Frame => ({slots: [{id, top: 1}], texts: [text]});

test('a picture is drawn again with its screen when the terminal has cut it', async t => {
	const terminal = open(drawn);
	await terminal.write(`${csi}?1049h`);
	await terminal.frame(frameOf(one(1, 'night')));
	terminal.resize(6, 3);
	terminal.resize(columns);
	terminal.doubt();
	await wait(300);
	const output = await terminal.write('');
	t.true(output.lastIndexOf('AAAAA') > output.indexOf(`${csi}?2026l`), 'the picture comes after the text, not held back');
	t.deepEqual(terminal.emulator.cells(), await painted(one(1, 'night'), columns));
});

test('a picture that stays is not drawn again when text beside it changes', async t => {
	const terminal = open(drawn);
	await terminal.frame(frameOf(one(1, 'night')));
	const output = await terminal.frame(frameOf(one(1, 'a b c')));
	t.false(output.includes('AAAAA'));
	t.true(output.includes('a b c'));
	t.deepEqual(terminal.emulator.cells(), await painted(one(1, 'a b c'), columns));
});

test('pictures of which only a command gets rid are erased when they go, and before the screen is left', async t => {
	const book = new Map(drawn.entries().map(([id, picture]) => [id, {
		...picture, send: `${csi}?9001h`, erase: `${csi}?${id}l`, forget: `${csi}?9001l`,
	}]));
	const terminal = open(book);
	const first = await terminal.frame(frameOf(one(1, 'night'), book));
	t.true(first.startsWith(`${csi}?2026l${csi}?9001h${csi}?2026h`), 'the data comes before the frame, and while the terminal holds nothing back');
	t.regex(first, /\[\?2026l\u{1B}\[2;6H\u{1B}7[\s\S]+\u{1B}\[\?2026h\u{1B}\[10H$/v); // eslint-disable-line no-control-regex, regexp/no-control-character
	const next = await terminal.frame(frameOf(one(300, 'night'), book));
	t.is(next.match(/\[\?1l/gv)?.length, 1);
	const back = await terminal.frame(frameOf(one(1, 'night'), book));
	t.false(back.includes('9001h'), 'the data is there already');
	t.true(back.includes(`${csi}?300l`));
	const leaving = await terminal.write(`${csi}?1049l`);
	t.is(leaving, `${csi}?1l${`${csi}?9001l`.repeat(2)}${csi}H${csi}J${csi}?1049l`);
	t.true((await terminal.frame(frameOf(one(1, 'night'), book))).includes(`${csi}?9001h`), 'all is sent anew when the screen is taken again');
});

test('a terminal that replaces placeholders gets them as text, and the data first', async t => {
	const book = new Map([[7, {
		id: 7, columns: 5, rows: 2, lines: placeholderLines(7, {columns: 5, rows: 2}), send: '<data>', forget: '<gone>',
	}]]);
	const terminal = open(book);
	const output = await terminal.frame(frameOf(one(7, 'night'), book));
	t.true(output.indexOf('<data>') < output.indexOf('\u{10EEEE}'));
	book.clear();
	t.true((await terminal.frame(frameOf(one(undefined, 'night'), book))).includes('<gone>'), 'what is no longer kept is taken back');
});
