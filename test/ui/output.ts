import {Buffer} from 'node:buffer';
import {createRequire} from 'node:module';
import {EventEmitter} from 'node:events';
import path from 'node:path';
import {setImmediate as nextTurn, setTimeout as wait} from 'node:timers/promises';
import {isDeepStrictEqual} from 'node:util';
import {styledCharsFromTokens, styledCharsToString, tokenize} from '@alcalzone/ansi-tokenize';
import test from 'ava';
import fc from 'fast-check';
import {sizeOf} from '../../source/base/terminal-size.js';
import {displayWidth} from '../../source/base/text/width.js';
import {
	keptByText,
	styledCharsFromTokens as keptCharacters,
	styledCharsToString as keptWritten,
	tokenize as keptTokens,
} from '../../source/ui/output/kept-tokens.js';
import {leanStdout, readFrame} from '../../source/ui/output/lean-stdout.js';
import {screenPaint, screenUpdate} from '../../source/ui/output/screen-update.js';
import {createEmulator} from '../helpers/emulator.js';

const csi = '\u{1B}[';
const style = (open: string, close: string) => (text: string) => text === '' ? '' : `${csi}${open}m${text}${csi}${close}m`;
const inverse = style('7', '27');
const bold = style('1', '22');

const columns = 24;
const rows = 10;

/**
What titles are made of, some of it of a width on which terminals disagree.
*/
const piece = fc.constantFrom('a', 'Night ', '  ', '東京物語', '서울', 'é', 'e\u{301}', '›', '│', '❤️', '👨‍👩‍👧', '🇯🇵', 'ไทย', '\u{1161}', '…', 'क्षि', '12');
const look = fc.constantFrom(
	(text: string) => text,
	inverse,
	bold,
	style('31', '39'),
	style('90', '39'),
	style('44', '49'),
	style('4', '24'),
	(text: string) => bold(style('36', '39')(text)),
);
const part = fc.tuple(look, fc.array(piece, {maxLength: 4})).map(([dress, pieces]) => dress(pieces.join('')));
/**
Styles as Ink puts them: none that changes nothing.
*/
const inkLine = (text: string) => styledCharsToString(styledCharsFromTokens(tokenize(text))).trimEnd();
const anyLine = fc.array(part, {maxLength: 4}).map(parts => inkLine(parts.join('')));

type Step =
	| {type: 'lines'; changes: ReadonlyArray<readonly [row: number, text: string]>}
	| {type: 'move'; top: number; bottom: number; distance: number; filling: readonly string[]}
	| {type: 'append'; row: number; text: string}
	| {type: 'select'; row: number};

const row = fc.integer({min: 0, max: rows - 1});
const step: fc.Arbitrary<Step> = fc.oneof(
	fc.record({type: fc.constant('lines' as const), changes: fc.array(fc.tuple(row, anyLine), {maxLength: rows})}),
	fc.record({
		type: fc.constant('move' as const), top: row, bottom: row, distance: fc.integer({min: -3, max: 3}), filling: fc.array(anyLine, {maxLength: 3}),
	}),
	fc.record({type: fc.constant('append' as const), row, text: anyLine}),
	fc.record({type: fc.constant('select' as const), row}),
);

const apply = (lines: readonly string[], change: Step): string[] => {
	switch (change.type) {
		case 'lines': {
			return lines.map((text, at) => change.changes.find(([changed]) => changed === at)?.[1] ?? text);
		}

		case 'move': {
			return lines.map((text, at) => {
				const from = at - change.distance;
				const isInside = at >= change.top && at <= change.bottom;
				return isInside ? (from < change.top || from > change.bottom ? change.filling[0] ?? '' : lines[from]!) : text;
			});
		}

		case 'append': {
			return lines.map((text, at) => at === change.row ? inkLine(text + change.text) : text);
		}

		case 'select': {
			return lines.map((text, at) => at === change.row ? inkLine(inverse(`${text} `)) : text);
		}
	}
};

/**
Row by row, each from its first cell: as simple as can be.
*/
const paintedCells = async (lines: readonly string[], width = columns) => {
	const emulator = createEmulator(width, lines.length);
	await emulator.write(`${csi}?7l${lines.map((text, at) => `${csi}${at + 1}H${text}`).join('')}`);
	return emulator.cells();
};

const repaintedCells = async (lines: readonly string[]) => {
	const emulator = createEmulator(columns, rows);
	await emulator.write(screenPaint(lines, {columns}));
	return emulator.cells();
};

const screens = fc.tuple(fc.array(anyLine, {minLength: rows, maxLength: rows}), fc.array(step, {minLength: 1, maxLength: 12}));

test('law: after any changes the terminal shows the last screen as if it had been painted on an empty one', async t => {
	await t.notThrowsAsync(fc.assert(fc.asyncProperty(screens, async ([first, steps]) => {
		const emulator = createEmulator(columns, rows);
		await emulator.write(screenPaint(first, {columns}));
		let lines = first;
		for (const change of steps) {
			const next = apply(lines, change);
			await emulator.write(screenUpdate(lines, next, {columns}));
			lines = next;
			const [is, shouldBe] = [emulator.cells(), await repaintedCells(lines)];
			if (JSON.stringify(is) !== JSON.stringify(shouldBe) || emulator.cursorRow() !== rows - 1) {
				return false;
			}
		}

		return true;
	}), {numRuns: 150}));
});

test('law: a repaint shows the lines as if each had been written from its first cell, where terminals agree on their widths', async t => {
	const certainLine = fc.array(fc.tuple(look, fc.constantFrom('a', 'Night ', '東京', '│', '…', '12')), {maxLength: 4})
		.map(parts => inkLine(parts.map(([dress, text]) => dress(text)).join('')));
	await t.notThrowsAsync(fc.assert(fc.asyncProperty(fc.array(certainLine, {minLength: rows, maxLength: rows}), async lines =>
		JSON.stringify(await repaintedCells(lines)) === JSON.stringify(await paintedCells(lines))), {numRuns: 100}));
});

/**
This emulator gives it three cells, and Ink two.
*/
const wider = 'กำa';
const overrunning = `${wider}${'b'.repeat(columns - 4)}東`;

/**
GNU screen and st wrap a wide character at the edge although wrapping is off.
*/
const wrapping = (text: string) => text.replaceAll(`${csi}?7l`, '');

test('what runs over the edge where a terminal wraps it is gone from the row below, and the last row pushes nothing up', async t => {
	const emulator = createEmulator(columns, 4);
	const lines = ['one', overrunning, '', overrunning];
	await emulator.write(wrapping(screenPaint(lines, {columns})));
	t.deepEqual(emulator.text().slice(0, 3), ['one', overrunning.slice(0, -1), '']);
	const next = [overrunning, 'two', '', 'four'];
	await emulator.write(wrapping(screenUpdate(lines, next, {columns})));
	t.deepEqual(emulator.text(), [overrunning.slice(0, -1), 'two', '', 'four']);
	await emulator.write(wrapping(screenUpdate(next, ['one', 'two', overrunning, 'four'], {columns})));
	t.deepEqual(emulator.text(), ['one', 'two', overrunning.slice(0, -1), 'four']);
});

test('columns stay straight whatever cells the terminal gives to a text before them', async t => {
	const emulator = createEmulator(columns, 2);
	await emulator.write(screenPaint([`${wider}  1998 │`, 'aa  1998 │'], {columns}));
	t.deepEqual(emulator.cells().map(cells => ['1', '│'].map(text => cells.findIndex(cell => cell.startsWith(text)))), [[4, 9], [4, 9]]);
});

test('a mark of direction follows each text from right to left, and only there', t => {
	const mark = '\u{200E}';
	const painted = (text: string, isMlterm: boolean) => screenPaint([text, ''], {columns, isMlterm});
	t.true(painted('  שלום 2  1998', false).includes(`  שלום 2${mark}`));
	t.true(painted('› سلام│1998', false).includes(`› سلام${mark}`));
	t.true(painted('שלום', false).includes(`שלום${mark}`));
	t.false(painted('東京 Alien  1998', false).includes(mark));
	// In mlterm each mark takes the cell of a blank, and one stands in front of the row.
	t.true(painted('  שלום 2  1998', true).includes(`${mark} שלום 2${mark} `));
	t.false(painted('  Alien  1998', true).includes(mark));
	const [before, after] = [['  שלום  1998', ''], ['  שלום  1999', '']];
	t.true(screenUpdate(before, after, {columns, isMlterm: true}).includes(`${mark} שלום${mark} `));
	// Vim shows what has no width as codes.
	t.notRegex(screenPaint(['a │ שלום  2024 می\u{200C}خواهم 👨\u{200D}👩', ''], {columns: 40, isVim: true}), /[\u{200C}-\u{200F}]/v);
});

test('law: kept tokens and characters of a line are those that it has, and a second reading gives the same ones', t => {
	t.notThrows(() => {
		fc.assert(fc.property(anyLine, fc.option(fc.nat(9), {nil: undefined}), (text, end) => {
			const tokens = keptTokens(text, end);
			const characters = keptCharacters(tokens);
			return isDeepStrictEqual([tokens, characters], [tokenize(text, end), styledCharsFromTokens(tokens)]) && keptCharacters(tokens) === characters;
		}));
	});
});

test('law: characters are written as without keeping, at any length and with blanks that were made anew', t => {
	const blank = () => ({
		type: 'char' as const, value: ' ', fullWidth: false, styles: [],
	});
	const placed = fc.tuple(anyLine, fc.nat(3), fc.nat(3), fc.nat(5));
	t.notThrows(() => {
		fc.assert(fc.property(fc.array(placed, {minLength: 1, maxLength: 12}), lines => [...lines, ...lines].every(([text, before, cut, after]) => {
			const characters = [
				...Array.from({length: before}, blank), ...keptCharacters(keptTokens(text)).slice(0, -1 - cut), ...Array.from({length: after}, blank),
			];
			return keptWritten(characters) === styledCharsToString(characters);
		})));
	});
});

test('texts are cleaned once, and again when many have come', t => {
	const asked: string[] = [];
	const clean = keptByText(text => {
		asked.push(text);
		return text.toUpperCase();
	});
	t.deepEqual([clean('a'), clean('a'), clean('b')], ['A', 'A', 'B']);
	t.deepEqual(asked, ['a', 'b']);
	for (let number = 0; number < 1000; number++) {
		clean(String(number));
	}

	t.is(clean('a'), 'A');
	t.is(asked.filter(text => text === 'a').length, 2);
});

test('law: an update is never much longer than the lines that changed', t => {
	t.notThrows(() => {
		fc.assert(fc.property(screens, ([lines, [change]]) => {
			const next = apply(lines, change!);
			let most = 0;
			let isHit = false;
			for (const [at, text] of next.entries()) {
				const isWritten: boolean = text !== lines[at] || isHit;
				// A place and an erasure for each line, a place for each column, with its styles; what frames them all.
				most += isWritten ? Buffer.byteLength(text) + 12 + (30 * (text.match(/ {2}|│/gv)?.length ?? 0)) + (most === 0 ? 30 : 0) : 0;
				// A row below wide text that may run over may be written as well.
				isHit = isWritten && /\P{ASCII}/v.test(text);
			}

			return Buffer.byteLength(screenUpdate(lines, next, {columns})) <= most;
		}));
	});
});

const words = ['Alien', 'Brazil', 'Casablanca', 'Diva', 'Encanto', 'Fargo', 'Gandhi'];

const list = (top: number, selected: number) => [
	bold('reelcat'),
	...Array.from({length: rows - 2}, (_, at) => {
		const number = top + at;
		const text = `${words[number % words.length]!} film ${number}`.padEnd(columns);
		return top + at === selected ? inverse(text) : text.trimEnd();
	}),
	'? help',
];

test('a list that scrolls moves its rows, and writes only the row that comes in and the one that was selected', t => {
	const down = screenUpdate(list(0, 7), list(1, 8), {columns});
	t.true(down.includes(`${csi}2;8r${csi}2H${csi}1M${csi}r`));
	t.deepEqual(down.match(/film \d+/gv), ['film 7', 'film 8']);
	const up = screenUpdate(list(5, 5), list(4, 4), {columns});
	t.true(up.includes(`${csi}3;9r${csi}3H${csi}1L${csi}r`));
	t.deepEqual(up.match(/film \d+/gv), ['film 4', 'film 5']);
});

test('where a move of rows would be longer there is none', t => {
	const lines = list(0, -1);
	const swapped = [lines.at(-1)!, ...lines.slice(1, -1), lines[0]!];
	t.is(screenUpdate(lines, swapped, {columns}), `${csi}?7l${csi}1H${csi}K? help${csi}10H${csi}K${bold('reelcat')}${csi}10H${csi}?7h`);
});

test('a counter changes without the text around it', t => {
	const header = (count: number) => `reelcat › 東京 ${count} of 900`;
	t.is(screenUpdate([header(12), ''], [header(13), ''], {columns}), `${csi}?7l${csi}1;17H3${csi}2H${csi}?7h`);
	// Where nobody knows in which cell the counter is, the text before it is written too.
	t.true(screenUpdate(['❤️ 12', ''], ['❤️ 13', ''], {columns}).includes('❤️ 13'));
});

test('a letter that some terminals draw into the cell before it is written with what is there', async t => {
	const [before, after] = [['Na\u{1161}', ''], ['Na\u{1161}b', '']];
	const emulator = createEmulator(columns, 2);
	await emulator.write(screenPaint(before, {columns}));
	await emulator.write(screenUpdate(before, after, {columns}));
	t.deepEqual(emulator.cells(), await paintedCells(after));
});

test('a frame is what removes the one before and as many lines as there are rows', t => {
	const lines = [bold('one'), '', '東京 …'];
	const text = lines.join('\n');
	const erasure = `${csi}2K${csi}1A${csi}2K${csi}1A${csi}2K${csi}G`;
	for (const before of ['', erasure, `${csi}1;1H${csi}J`]) {
		t.deepEqual(readFrame(before + text, 3), lines);
	}
});

for (const [what, written] of Object.entries({
	'fewer lines': 'one\ntwo',
	'more lines': 'one\ntwo\nthree\nfour',
	'a cursor that is moved at the end': `one\ntwo\nthree${csi}2A${csi}3G`,
	'a cursor that is moved at the start': `${csi}?25l${csi}2Bone\ntwo\nthree`,
	'a control character': 'one\ntwo\nthr\tee',
	'a link': 'one\n\u{1B}]8;;http://a\u{7}two\u{1B}]8;;\u{7}\nthree',
	'a style that goes on in the next line': `one\n${csi}31mtwo\nthree${csi}39m`,
	'an erasure alone': `${csi}2K${csi}1A${csi}2K${csi}1A${csi}2K${csi}G`,
})) {
	test(`${what}: not a frame`, t => {
		t.is(readFrame(written, 3), undefined);
	});
}

/**
A standing-in standard output before an emulator, which Ink's bytes would be written to.
*/
const open = () => {
	const emulator = createEmulator(columns, rows);
	const written: string[] = [];
	const stdout = Object.assign(new EventEmitter(), {
		columns,
		rows,
		isTTY: true,
		write(text: string | Uint8Array) {
			written.push(String(text));
			return true;
		},
	});
	const {stdout: lean, doubt, stop} = leanStdout(stdout as unknown as NodeJS.WriteStream);
	const erase = (height: number) => `${`${csi}2K${csi}1A`.repeat(height - 1)}${csi}2K${csi}G`;
	return {
		emulator,
		stdout,
		lean,
		doubt,
		stop,
		resize(newColumns: number, newRows: number) {
			Object.assign(stdout, {columns: newColumns, rows: newRows});
			emulator.resize(newColumns, newRows);
		},
		/**
		A frame as Ink writes it.
		*/
		async frame(lines: readonly string[], previousHeight: number) {
			lean.write(`${csi}?2026h`);
			lean.write(erase(previousHeight) + lines.join('\n'));
			lean.write(`${csi}?2026l`);
			return this.flush();
		},
		async flush() {
			const text = written.splice(0).join('');
			await emulator.write(text);
			return text;
		},
		erase,
	};
};

test('Ink\'s frames arrive shorter, inside the synchronized update that it asked for', async t => {
	const terminal = open();
	terminal.lean.write(list(0, 7).join('\n'));
	await terminal.flush();
	t.deepEqual(terminal.emulator.cells(), await paintedCells(list(0, 7)));
	const update = await terminal.frame(list(1, 8), rows);
	t.is(update, `${csi}?2026h${screenUpdate(list(0, 7), list(1, 8), {columns})}${csi}?2026l`);
	t.deepEqual(terminal.emulator.cells(), await paintedCells(list(1, 8)));
});

test('what is not a frame goes through unchanged, and after it all is drawn', async t => {
	const terminal = open();
	await terminal.frame(list(0, 7), rows);
	const alien = `${terminal.erase(rows)}${csi}?1l\u{7}`;
	terminal.lean.write(alien);
	t.is(await terminal.flush(), alien);
	await terminal.emulator.write('left by a shell\r\nleft by a shell');
	await terminal.frame(list(0, 7), rows);
	t.deepEqual(terminal.emulator.cells(), await paintedCells(list(0, 7)));

	terminal.lean.write(new TextEncoder().encode('bytes'));
	t.is((await terminal.frame(list(0, 7), rows)).match(/film/gv)?.length, rows - 2);
});

test('the screen is erased before it is left, since some terminals have no other one', async t => {
	const terminal = open();
	await terminal.frame(list(0, 7), rows);
	terminal.lean.write(`${csi}?1049l`);
	t.is(await terminal.flush(), `${csi}H${csi}J${csi}?1049l`);
});

test('a terminal that does not know its size has the usual one', t => {
	t.deepEqual([sizeOf({columns: 0, rows: 0}), sizeOf({columns: 40, rows: 10})], [{columns: 80, rows: 24}, {columns: 40, rows: 10}]);
});

test('the cursor stays where Ink leaves it, so that what Ink erases by itself is the frame', async t => {
	const terminal = open();
	await terminal.frame(list(0, 3), rows);
	await terminal.frame(list(0, 4), rows);
	terminal.lean.write(`${terminal.erase(rows)}gone`);
	await terminal.flush();
	t.deepEqual(terminal.emulator.text(), ['gone', ...Array.from({length: rows - 1}, () => '')]);
	t.is(terminal.emulator.cursorRow(), 0);
});

test('a frame that Ink removes stays until the next one, which need not be drawn in full', async t => {
	const terminal = open();
	await terminal.frame(list(0, 3), rows);
	terminal.lean.write(terminal.erase(rows));
	t.is(await terminal.flush(), '');
	const drawn = await terminal.frame(list(0, 4), 1);
	t.is(drawn.match(/film/gv)?.length, 2);
	const painted = open();
	await painted.frame(list(0, 4), 1);
	t.deepEqual(terminal.emulator.text(), painted.emulator.text());
});

test('after a change of the size all is drawn', async t => {
	const terminal = open();
	await terminal.frame(list(0, 3), rows);
	terminal.resize(columns + 6, rows);
	await terminal.emulator.write(`${csi}3Hghost`);
	await terminal.frame(list(0, 3), rows);
	t.deepEqual(terminal.emulator.cells(), await paintedCells(list(0, 3), columns + 6));
});

const alternateScreen = `${csi}?1049h`;

test('a screen that a terminal has cut is drawn again once, though its old size was back before anybody read it', async t => {
	const terminal = open();
	terminal.lean.write(alternateScreen);
	await terminal.frame(list(0, 3), rows);
	terminal.doubt();
	terminal.resize(columns - 8, 3);
	terminal.doubt();
	terminal.resize(columns, rows);
	t.notDeepEqual(terminal.emulator.cells(), await paintedCells(list(0, 3)), 'this emulator cuts the screen');
	await wait(300);
	await terminal.flush();
	t.deepEqual(terminal.emulator.cells(), await paintedCells(list(0, 3)));
	await terminal.frame(list(0, 4), rows);
	t.deepEqual(terminal.emulator.cells(), await paintedCells(list(0, 4)), 'the cursor is where Ink left it');
	await wait(300);
	t.is(await terminal.flush(), '');
});

test('a frame that comes after the window has changed is drawn in full, and then nothing again', async t => {
	const terminal = open();
	terminal.lean.write(alternateScreen);
	await terminal.frame(list(0, 3), rows);
	terminal.resize(columns, 3);
	terminal.resize(columns, rows);
	terminal.doubt();
	await terminal.frame(list(0, 4), rows);
	t.deepEqual(terminal.emulator.cells(), await paintedCells(list(0, 4)));
	t.is((await terminal.frame(list(0, 5), rows)).match(/film/gv)?.length, 2, 'the screen is known again');
	await wait(300);
	t.is(await terminal.flush(), '');
});

test('a screen that was left, that has another size, or that is at its end is not drawn again', async t => {
	const [left, other, ended] = [open(), open(), open()];
	for (const terminal of [left, other, ended]) {
		await terminal.frame(list(0, 3), rows);
	}

	// All at once: a busy machine must not come between.
	for (const terminal of [left, other, ended]) {
		terminal.doubt();
	}

	left.lean.write(`${csi}?1049l`);
	other.resize(columns, rows - 1);
	ended.stop();
	await left.flush();
	await wait(300);
	t.deepEqual([await left.flush(), await other.flush(), await ended.flush()], ['', '', '']);
});

test('modes that do not touch the screen are not in the way', async t => {
	const terminal = open();
	await terminal.frame(list(0, 3), rows);
	terminal.lean.write(`${csi}?25l`);
	terminal.lean.write('');
	terminal.lean.write(`${csi}?2004h`);
	await terminal.flush();
	t.is((await terminal.frame(list(0, 4), rows)).match(/film/gv)?.length, 2);
});

test('all but writing and the news of its size is the terminal\'s own', t => {
	const terminal = open();
	terminal.resize(100, 30);
	t.is(terminal.lean.columns, 100);
	t.true(terminal.lean.isTTY);
});

test('who listens to the terminal itself is told of a new size at once, who listens behind in the next turn, and nobody who has stopped', async t => {
	const {lean, stdout} = open();
	const heard: string[] = [];
	const late = () => {
		heard.push('late');
	};

	const stopped = () => {
		heard.push('stopped');
	};

	lean.on('resize', late);
	lean.on('resize', stopped);
	stdout.on('resize', () => {
		heard.push('at once');
	});
	lean.emit('resize');
	lean.off('resize', stopped);
	t.deepEqual(heard, ['at once']);
	await nextTurn();
	t.deepEqual(heard, ['at once', 'late']);
	lean.off('resize', late);
	lean.emit('resize');
	await nextTurn();
	t.deepEqual(heard, ['at once', 'late', 'at once']);
});

test('the column behind a syllable of several cells begins where Ink put it', t => {
	const written = screenPaint(['क्षि  1922'], {columns});
	t.true(written.includes(`${csi}1;${displayWidth('क्षि') + 3}H1922`), JSON.stringify(written));
	t.is(displayWidth('क्षि'), 2);
});

test('what stands for stack-utils reads the lines of an error as it does', t => {
	const require = createRequire(import.meta.url);
	type Reader = {parseLine: (line: string) => unknown};
	const [own, real] = [path.resolve('source/ui/output/late-stack-utils.cjs'), 'stack-utils'].map((name): Reader => {
		const StackUtils = require(name) as (new (options: Record<string, unknown>) => Reader) & {nodeInternals: () => unknown};
		return new StackUtils({cwd: '/films', internals: StackUtils.nodeInternals()});
	}) as [Reader, Reader];
	for (const line of ['    at Wall (file:///films/source/wall.js:12:7)', '    at node:internal/process/task_queues:95:5', '    at async Promise.all (index 0)', 'no line of a stack']) {
		t.deepEqual(own.parseLine(line), real.parseLine(line));
	}

	t.like(own.parseLine('    at Wall (file:///films/source/wall.js:12:7)'), {line: 12, function: 'Wall'});
});
