import test from 'ava';
import fc from 'fast-check';
import {allSteps, type CellsByName} from '../../source/base/columns/cells.js';
import {createInstantColumn} from '../../source/base/columns/instant-column.js';
import {createListColumn} from '../../source/base/columns/list-column.js';

const instants = fc.option(fc.oneof(
	fc.date({noInvalidDate: true, min: new Date(0), max: new Date('9999-12-31')}).map(date => `${date.toISOString().slice(0, 19)}Z`),
	fc.constantFrom('2024-05-01T10:00:00.5Z', '2024-05-01T10:00Z', '2024-05-01T10:00:00+02:00', 'never'),
), {nil: undefined});

test('a column of instants gives back what was put in, also after it was saved', t => {
	fc.assert(fc.property(fc.array(fc.tuple(fc.nat(20), instants)), writes => {
		const column = createInstantColumn('at');
		const expected = new Map<number, string | undefined>();
		for (const [row, text] of writes) {
			column.set(row, text);
			expected.set(row, text);
		}

		const saved: CellsByName = new Map();
		const rows = Int32Array.from(expected.keys());
		allSteps(column.save(rows, saved));
		const restored = createInstantColumn('at', name => saved.get(name)!);
		for (const [index, row] of rows.entries()) {
			const text = expected.get(row);
			t.is(column.get(row), text);
			t.is(restored.get(index), text);
			t.is(restored.secondsAt(index), text === undefined || text === 'never' ? undefined : Date.parse(text) / 1000);
		}
	}));
});

test('a column of lists gives back what was put in, also after it was saved', t => {
	const numbers = fc.array(fc.oneof(fc.nat(130), fc.nat(2 ** 31)), {maxLength: 4});
	const lists = fc.option(fc.tuple(numbers, numbers, numbers), {nil: undefined});
	fc.assert(fc.property(fc.array(fc.tuple(fc.nat(20), lists)), writes => {
		const column = createListColumn('lists', 3);
		const expected = new Map<number, readonly number[][] | undefined>();
		for (const [row, value] of writes) {
			column.set(row, value);
			expected.set(row, value);
		}

		const saved: CellsByName = new Map();
		const rows = Int32Array.from(expected.keys());
		allSteps(column.save(rows, saved));
		const restored = createListColumn('lists', 3, name => saved.get(name)!);
		const more: CellsByName = new Map();
		allSteps(column.saveRenumbered(rows, more, value => value + 1));
		const renumbered = createListColumn('lists', 3, name => more.get(name)!);
		const visited: number[] = [];
		allSteps(column.visit(rows, value => {
			visited.push(value);
		}));
		t.deepEqual(visited, rows.values().flatMap(row => expected.get(row)?.flat() ?? []).toArray());
		for (const [index, row] of rows.entries()) {
			for (const list of [0, 1, 2]) {
				const wanted = expected.get(row)?.[list] ?? [];
				t.deepEqual(column.get(row, list), wanted);
				t.deepEqual(restored.get(index, list), wanted);
				t.deepEqual(renumbered.get(index, list), wanted.map(value => value + 1));
				const marked = new Uint8Array(131);
				marked[5] = 1;
				t.is(column.hasMarked(row, Uint8Array.from([0, 1, 2], other => other === list ? 1 : 0), marked), wanted.includes(5));
			}
		}
	}));
});

test('what was saved tells quickly which rows may have some numbers, until something is changed', t => {
	const number = fc.oneof(fc.integer({min: 128, max: 140}), fc.integer({min: 2 ** 14, max: (2 ** 14) + 300}), fc.nat(127));
	const lists = fc.option(fc.tuple(fc.array(number, {maxLength: 4}), fc.array(number, {maxLength: 4})), {nil: undefined});
	fc.assert(fc.property(fc.array(lists, {minLength: 1, maxLength: 30}), fc.array(number, {minLength: 1, maxLength: 3}), (written, wanted) => {
		const column = createListColumn('lists', 2);
		for (const [row, value] of written.entries()) {
			column.set(row, value);
		}

		const rows = Int32Array.from(written.keys());
		const saved: CellsByName = new Map();
		allSteps(column.save(rows, saved));
		const restored = createListColumn('lists', 2, name => saved.get(name)!);
		const near = restored.rowsNear(wanted, Infinity);
		t.is(near === undefined, wanted.some(value => value < 128));
		const having = [...rows].filter(row => written[row]?.flat().some(value => wanted.includes(value)));
		t.deepEqual(having.filter(row => !(near ?? having).includes(row)), []);
		t.deepEqual(near, near?.toSorted());
		t.deepEqual(restored.rowsNear(wanted, -1), near?.length === 0 ? near : undefined);
		restored.set(0, undefined);
		t.is(restored.rowsNear(wanted, Infinity), undefined);
	}));
});

test('lists that take the place of others leave no room behind', t => {
	const column = createListColumn('lists', 1);
	for (let round = 0; round < 200; round++) {
		for (let row = 0; row < 50; row++) {
			column.set(row, [Array.from({length: 20}, (_, index) => round + index + row)]);
		}
	}

	t.deepEqual(column.get(49, 0), Array.from({length: 20}, (_, index) => 199 + index + 49));
	const saved: CellsByName = new Map();
	allSteps(column.save(Int32Array.from({length: 50}, (_, row) => row), saved));
	t.true(saved.get('lists.lists')!.byteLength < 50 * 50);
});
