import process from 'node:process';
import test from 'ava';
import fc from 'fast-check';
import {
	allSteps,
	type BytesInParts,
	type CellsByName,
	type CellSource,
	type Steps,
	withOwnRoom,
} from '../../source/base/columns/cells.js';
import {createDictionaryColumn} from '../../source/base/columns/dictionary-column.js';
import {createGroupedColumn} from '../../source/base/columns/grouped-column.js';
import {createGroups} from '../../source/base/columns/groups.js';
import {createNumberColumn} from '../../source/base/columns/number-column.js';
import {createNumeralTable} from '../../source/base/columns/numeral-table.js';
import {createRowSlots} from '../../source/base/columns/row-slots.js';
import {createTextPool} from '../../source/base/columns/text-pool.js';
import {createTextTable} from '../../source/base/columns/text-table.js';
import {searchForm} from '../../source/query/language/text-tests.js';

type Column<Value> = {
	get: (row: number) => Value | undefined;
	set: (row: number, value: Value | undefined) => void;
	save: (rows: Int32Array, saved: CellsByName) => Steps<unknown>;
};

const rowNumber = fc.nat(30);
const someText = fc.oneof(fc.string({unit: 'binary', maxLength: 12}).filter(text => text.isWellFormed()), fc.constantFrom('', 'a', 'ab', '\u{FF5E}', '\u{1F600}', '\u{E000}'));
const someNumber = fc.oneof(fc.integer({min: -130, max: 130}), fc.integer(), fc.double({noNaN: true}), fc.constantFrom(0, -0, -128, 127, -32_768, 32_767, -(2 ** 31), 2 ** 31));

/**
After any changes a column holds what a Map holds, and so does another one that is made of what it saves.
*/
const mapLaw = <Value>(create: (name: string, source?: CellSource) => Column<Value>, someValue: fc.Arbitrary<Value>) => fc.property(
	fc.array(fc.tuple(rowNumber, fc.option(someValue, {nil: undefined}))),
	changes => {
		const column = create('x');
		const model = new Map<number, Value | undefined>();
		for (const [row, value] of changes) {
			column.set(row, value);
			model.set(row, value);
		}

		const rows = Int32Array.from(model.keys().toArray().toReversed());
		const saved: CellsByName = new Map();
		allSteps(column.save(rows, saved));
		const restored = create('x', name => saved.get(name)!);
		return [...model].every(([row, value]) => Object.is(column.get(row), value))
			&& [...rows].every((row, index) => Object.is(restored.get(index), model.get(row)))
			&& column.get(31) === undefined;
	},
);

test('a column of numbers holds what a Map holds, however wide they are', t => {
	t.notThrows(() => {
		fc.assert(mapLaw(createNumberColumn, someNumber), {numRuns: 300});
	});
});

test('columns of texts hold what a Map holds', t => {
	t.notThrows(() => {
		fc.assert(mapLaw(createTextPool, someText));
		fc.assert(mapLaw(createDictionaryColumn, someText));
	});
});

const isOrderOf = (texts: readonly string[], compare: (left: number, right: number) => number) => texts.every((left, row) =>
	texts.every((right, other) => Math.sign(compare(row, other)) === (left === right ? 0 : (left < right ? -1 : 1))));

test('texts are compared as strings are, also after their rows have changed', t => {
	t.notThrows(() => {
		fc.assert(fc.property(fc.array(someText, {minLength: 2}), texts => {
			const pool = createTextPool('x');
			for (const [row, text] of texts.entries()) {
				pool.set(row, text);
			}

			const frozen = pool.frozen();
			const isRight = (compare: (left: number, right: number) => number) => isOrderOf(texts, compare);
			const isRightNow = isRight(pool.compare);
			for (const row of texts.keys()) {
				pool.set(row, 'x');
			}

			return isRightNow && isRight(frozen);
		}), {numRuns: 300});
	});
});

const piece = fc.constantFrom('a', 'B', 'ab', 'É', 'ß', '\t', ' ', '  ', '\u{A0}', '7');
const pieces = fc.array(piece, {maxLength: 6}).map(parts => parts.join(''));

test('no text that contains a folded text is left out, and plain ones that do not contain it are', t => {
	t.notThrows(() => {
		fc.assert(fc.property(fc.array(pieces, {minLength: 1, maxLength: 8}), fc.nat(5), fc.constantFrom('', 'a', 'ba', 'a7'), (texts, start, other) => {
			const pool = createTextPool('x');
			for (const [row, text] of texts.entries()) {
				pool.set(row, text);
			}

			const own = searchForm(texts[0]!).slice(start, start + 3);
			const part = /^\p{ASCII}*$/v.test(own) ? own : other;
			const mayContain = pool.mayContain(part);
			const isLaw = texts.every((text, row) => /^[7ab]*$/iv.test(text) || searchForm(text).includes(part)
				? mayContain(row) === searchForm(text).includes(part)
				: true);
			return isLaw && !mayContain(texts.length);
		}), {numRuns: 500});
	});
});

/**
A source of what was saved, whose bytes are nonsense until they are read.
*/
const sourceInParts = (saved: CellsByName): CellSource => Object.assign((name: string) => saved.get(name)!, {
	inParts(name: string): BytesInParts {
		const whole = saved.get(name) as Uint8Array<ArrayBuffer>;
		const bytes = new Uint8Array(whole.length).fill(0xFF);
		return {
			bytes,
			read(start, end) {
				bytes.set(whole.subarray(start, end), start);
				return start === 0 && end === whole.length;
			},
		};
	},
});

test('texts that are read in parts are those that were saved, whatever is asked for first', t => {
	t.notThrows(() => {
		fc.assert(fc.property(fc.array(someText, {minLength: 1}), fc.nat(), (texts, some) => {
			const pool = createTextPool('x');
			for (const [row, text] of texts.entries()) {
				pool.set(row, text);
			}

			const rows = Int32Array.from(texts.keys());
			const saved: CellsByName = new Map();
			allSteps(pool.save(rows, saved));
			const restored = () => createTextPool('x', sourceInParts(saved));
			const row = some % texts.length;
			const [written, again] = [restored(), new Map() as CellsByName];
			written.set(texts.length, 'new');
			allSteps(restored().save(rows, again));
			return restored().get(row) === texts[row]
				&& restored().hash(row) === pool.hash(row)
				&& restored().rowsOf(texts[row]!, texts.length).includes(row)
				&& [...rows].every(one => written.get(one) === texts[one])
				&& isOrderOf(texts, restored().compare)
				&& isOrderOf(texts, restored().frozen())
				&& [1, 100_000].every(count => [...rows].every(one => restored().reader(count)(one) === texts[one]))
				&& String(again.get('x.text')) === String(saved.get('x.text'));
		}), {numRuns: 200});
	});
});

test('a text that is replaced ten thousand times does not keep its old forms', t => {
	const pool = createTextPool('x');
	pool.set(0, 'stays');
	for (let index = 0; index < 10_000; index++) {
		pool.set(1, `${index}`.padEnd(100, 'x'));
	}

	const saved: CellsByName = new Map();
	allSteps(pool.save(Int32Array.of(0, 1), saved));
	t.is(saved.get('x.text')?.length, 105);
	t.is(pool.get(0), 'stays');
	t.is(pool.get(1), '9999'.padEnd(100, 'x'));
});

test('a reader of many texts gives what each row has, also what was set, removed and packed since, and where not all is ASCII', t => {
	for (const wide of ['', 'é']) {
		const pool = createTextPool('x');
		const rows = Array.from({length: 200}, (_, row) => row);
		for (const row of rows) {
			pool.set(row, row === 7 ? undefined : `text ${row}${wide}`);
		}

		const read = pool.reader(100_000);
		const readFew = pool.reader(2);
		const isSame = () => rows.every(row => read(row) === pool.get(row) && readFew(row) === pool.get(row));
		t.true(isSame());
		t.is(read(8), `text 8${wide}`);
		t.is(read(7), undefined);
		t.is(read(1000), undefined);
		pool.set(3, 'new é');
		pool.set(4, undefined);
		pool.set(7, 'there now');
		t.true(isSame());
		t.is(read(3), 'new é');
		// So many replaced texts are packed, which moves all others.
		for (let index = 0; index < 3000; index++) {
			pool.set(5, `${index}`.padEnd(100, 'x'));
		}

		t.true(isSame());
	}
});

type RowTable = {add: (row: number, text: string) => void; remove: (text: string) => number | undefined};

/**
Adds and removes texts, each in the row of its step.

@returns the row of each text that is there in the end; undefined if the table removed another row than it should
*/
const playedOn = (table: RowTable, steps: ReadonlyArray<readonly [text: string, isRemoval: boolean]>): Map<string, number> | undefined => {
	const model = new Map<string, number>();
	for (const [row, [text, isRemoval]] of steps.entries()) {
		if (isRemoval) {
			if (table.remove(text) !== model.get(text)) {
				return undefined;
			}

			model.delete(text);
		} else if (!model.has(text)) {
			table.add(row, text);
			model.set(text, row);
		}
	}

	return model;
};

test('a table finds the row of each text, after any additions and removals, and when it is made of what it saves', t => {
	t.notThrows(() => {
		fc.assert(fc.property(fc.array(fc.tuple(fc.nat(60).map(String), fc.boolean())), steps => {
			const table = createTextTable('x');
			const model = playedOn(table, steps);
			if (model === undefined) {
				return false;
			}

			const rows = Int32Array.from(model.values());
			const saved: CellsByName = new Map();
			allSteps(table.save(rows, saved));
			const restored = createTextTable('x', name => saved.get(name)!);
			const texts = Array.from({length: 61}, (_, number) => String(number));
			return table.size() === model.size
				&& restored.size() === model.size
				&& texts.every(text => table.find(text) === model.get(text))
				&& model.keys().every((text, index) => restored.find(text) === index)
				&& texts.every(text => model.has(text) || restored.find(text) === undefined);
		}));
	});
});

test('a table of numerals finds the row of each text, also of those that are no numerals or are written in another way', t => {
	const numeral = fc.oneof(fc.nat(40).map(String), fc.constantFrom('', '-0', '007', '1e3', ' 1', '-5', '1.5', '4294967297', '9007199254740991', '9007199254740993', '-2147483648', 'NaN', 'a-b'));
	t.notThrows(() => {
		fc.assert(fc.property(fc.array(fc.tuple(numeral, fc.boolean())), steps => {
			const table = createNumeralTable('x');
			const model = playedOn(table, steps);
			if (model === undefined) {
				return false;
			}

			const textOf = new Map(model.entries().map(([text, row]) => [row, text]));
			return table.size() === model.size && steps.every(([text], row) =>
				table.find(text) === model.get(text) && table.get(row) === textOf.get(row) && table.has(row) === textOf.has(row));
		}), {numRuns: 300});
	});
});

test('what grows leaves to others what they have: an order that goes on, and what a column was made of', t => {
	const texts = Array.from({length: 200}, (_, row) => String(row * 7919 % 1000));
	const pool = createTextPool('x');
	for (const [row, text] of texts.entries()) {
		pool.set(row, text);
	}

	const compare = pool.frozen();
	const table = createTextTable('t');
	const numbers = createNumberColumn('n');
	for (let row = 0; row < 200; row++) {
		table.add(row, `text ${row}`);
		numbers.set(row, row);
	}

	const rows = Int32Array.from(texts.keys());
	const saved: CellsByName = new Map();
	for (const column of [table, numbers, pool]) {
		allSteps(column.save(rows, saved));
	}

	const [again, numbersAgain, poolAgain] = [createTextTable('t', name => saved.get(name)!), createNumberColumn('n', name => saved.get(name)!), createTextPool('x', name => saved.get(name)!)];
	for (let row = 200; row < 20_000; row++) {
		pool.set(row, `another text ${row}`);
		again.add(row, `text ${row}`);
		numbersAgain.set(row, row);
		poolAgain.set(row, `another text ${row}`);
	}

	t.true(isOrderOf(texts, compare));
	t.true(saved.values().every(({length}) => length > 0));
	t.is(createTextTable('t', name => saved.get(name)!).find('text 150'), 150);
	t.is(again.find('text 150'), 150);
	t.is(again.find('text 15000'), 15_000);
	t.is(numbersAgain.get(150), 150);
	t.is(poolAgain.get(150), texts[150]);
	t.is(pool.get(15_000), 'another text 15000');
});

test('a column that grows leaves no memory to the collector of garbage', t => {
	const cells = Int32Array.of(7);
	const bigger = withOwnRoom(cells, 100, -1);
	t.deepEqual([cells.length, bigger[0], bigger[1]], [0, 7, -1]);
	const before = process.memoryUsage().arrayBuffers;
	const table = createTextTable('x');
	for (let row = 0; row < 200_000; row++) {
		table.add(row, `a text of some length: ${row}`);
	}

	const kept = (process.memoryUsage().arrayBuffers - before) / 200_000;
	// 29 bytes of text, its length, where it begins, and slots, all with room to grow.
	t.true(kept < 47, `${kept} bytes for each text`);
});

test('a column knows the rows of each text, whatever changes between the questions', t => {
	const law = fc.property(fc.array(fc.tuple(rowNumber, fc.option(fc.constantFrom('a', 'b', 'c', 'd'), {nil: undefined}))), changes => {
		const column = createGroupedColumn('x');
		const model = new Map<number, string | undefined>();
		const rowsWith = (text: string) => Array.from({length: 31}, (_, row) => row).filter(row => model.get(row) === text);
		return changes.every(([row, text]) => {
			column.set(row, text);
			model.set(row, text);
			return ['a', 'b', 'c', 'd', 'e'].every(wanted => column.rowsOf(wanted, 31).join(' ') === rowsWith(wanted).join(' '));
		});
	});
	t.notThrows(() => {
		fc.assert(law);
	});
});

test('a change does not make the next question look through all rows', t => {
	const codes: Array<number | undefined> = Array.from({length: 1000}, (_, row) => row % 10);
	let reads = 0;
	const groups = createGroups(row => {
		reads++;
		return codes[row];
	});
	const rowsWith = (code: number) => codes.keys().filter(row => codes[row] === code).toArray();
	for (let code = 0; code < 10; code++) {
		t.deepEqual(groups.rowsOf(code, codes.length), rowsWith(code));
	}

	reads = 0;
	for (let row = 0; row < 100; row++) {
		codes[row] = undefined;
		groups.move(row);
		codes.push(3);
		groups.move(codes.length - 1);
		t.deepEqual(groups.rowsOf(3, codes.length), rowsWith(3));
	}

	t.is(reads, 200);
});

test('a table of many rows never moves many of them at once', t => {
	let hashes = 0;
	const hashOf = (row: number) => Math.imul(row, 0x9E_37_79_B1) >>> 0; // eslint-disable-line no-bitwise -- a hash
	const slots = createRowSlots(row => {
		hashes++;
		return hashOf(row);
	});
	let most = 0;
	const change = (run: () => void) => {
		hashes = 0;
		run();
		most = Math.max(most, hashes);
	};

	const find = (row: number) => slots.find(hashOf(row), held => held === row);
	for (let row = 0; row < 50_000; row++) {
		change(() => {
			slots.add(row);
		});
		// While rows move, all must be found.
		t.true(find(row) === row && find(row >> 1) === row >> 1, `${row}`); // eslint-disable-line no-bitwise -- the half of it
	}

	t.true(most < 50, `${most}`);

	// Most are removed, so that a table with room for many becomes a small one.
	for (let row = 0; row < 49_900; row++) {
		t.is(slots.remove(hashOf(row), held => held === row), row);
	}

	for (let row = 60_000; row < 110_000; row++) {
		change(() => {
			slots.add(row);
		});
	}

	t.is(slots.size(), 50_100);
	t.is(find(49_899), undefined);
	t.true(Array.from({length: 100}, (_, offset) => 49_900 + offset).every(row => find(row) === row));
	t.true(Array.from({length: 50_000}, (_, offset) => 60_000 + offset).every(row => find(row) === row));
	t.true(most < 200, `${most}`);
});

test('columns are saved a few thousand rows at a time', t => {
	const rows = Int32Array.from({length: 20_000}, (_, row) => row);
	for (const [create, valueOf] of [
		[createNumberColumn, (row: number) => row],
		[createTextPool, String],
		[createDictionaryColumn, String],
		[createGroupedColumn, String],
	] as Array<[(name: string) => Column<unknown>, (row: number) => unknown]>) {
		const column = create('x');
		for (const row of rows) {
			column.set(row, valueOf(row));
		}

		t.true([...column.save(rows, new Map())].length >= 9, create.name);
	}

	const table = createTextTable('x');
	for (const row of rows) {
		table.add(row, String(row));
	}

	t.true([...table.save(rows, new Map())].length >= 27);
});
