import test from 'ava';
import fc from 'fast-check';
import type {MouseReport} from '../../../source/ui/input/mouse-report.js';
import {
	followPointer,
	idlePointer,
	indexOnBar,
	regionAt,
	type Region,
} from '../../../source/ui/input/pointer.js';

const list: Region = {
	name: 'list', column: 2, row: 3, columns: 20, rows: 5,
	click: ({row}) => ({key: `row ${row}`}),
	open: ({row}) => ({key: `open ${row}`}),
};
const bar: Region = {
	name: 'bar', column: 22, row: 3, columns: 1, rows: 5,
	click: ({row}) => ({key: `bar ${row}`}),
	drag: ({row}) => ({key: `drag ${row}`}),
};
const pane: Region = {
	name: 'pane', column: 30, row: 0, columns: 10, rows: 10,
	wheel: rows => ({key: `wheel ${rows}`}),
};
const regions = [list, bar, pane];

const report = (kind: MouseReport['kind'], column: number, row: number, button: MouseReport['button'] = 'left'): MouseReport => ({
	kind, button, column, row,
});

// What is done in the end, with 100 ms between two reports.
const follow = (reports: readonly MouseReport[], gapMs = 100) => {
	const acts: unknown[] = [];
	let pointer = idlePointer;
	for (const [index, one] of reports.entries()) {
		const followed = followPointer(pointer, one, regions, index * gapMs);
		pointer = followed.pointer;
		acts.push(...followed.acts.map(act => 'key' in act ? act.key : act), ...followed.cursorRows === 0 ? [] : [followed.cursorRows]);
	}

	return acts;
};

const click = (column: number, row: number) => [report('press', column, row), report('release', column, row)];

test('a place belongs to a region exactly if it is within its edges, and to the later of two', t => {
	fc.assert(fc.property(fc.nat(45), fc.nat(12), (column, row) => {
		const isWithin = column >= list.column && column < list.column + list.columns && row >= list.row && row < list.row + list.rows;
		t.is(regionAt([list], {column, row}) === list, isWithin);
		t.is(regionAt([list, {...list, name: 'above'}], {column, row})?.name === 'above', isWithin);
	}));
});

test('a click is told with the place in its region, and a second one in time opens the row', t => {
	t.deepEqual(follow(click(5, 4)), ['row 1']);
	t.deepEqual(follow([...click(5, 4), ...click(9, 4)]), ['row 1', 'row 1', 'open 1']);
	t.deepEqual(follow([...click(5, 4), ...click(5, 4)], 300), ['row 1', 'row 1']);
	t.deepEqual(follow([...click(5, 4), ...click(5, 5)]), ['row 1', 'row 2']);
	t.deepEqual(follow([...click(5, 4), ...click(5, 4), ...click(5, 4)]), ['row 1', 'row 1', 'open 1', 'row 1']);
	t.deepEqual(follow([...click(5, 4), ...click(50, 20), ...click(5, 4)]), ['row 1', 'row 1']);
});

test('only the left button does anything, and only within a region', t => {
	t.deepEqual(follow([report('press', 5, 4, 'right'), report('press', 5, 4, 'middle'), ...click(0, 0), report('drag', 5, 4)]), []);
});

test('the wheel moves what is beneath it, or else the cursor', t => {
	t.deepEqual(follow([report('wheel-down', 35, 2, undefined), report('wheel-up', 35, 2, undefined)]), ['wheel 3', 'wheel -3']);
	t.deepEqual(follow([report('wheel-down', 5, 4, undefined), report('wheel-up', 0, 0, undefined)]), [3, -3]);
});

test('a scroll bar that was taken follows the mouse anywhere until the button is released', t => {
	t.deepEqual(
		follow([report('press', 22, 3), report('drag', 22, 5), report('drag', 40, 90), report('drag', 0, 0), report('release', 0, 0), report('drag', 22, 5)]),
		['bar 0', 'drag 2', 'drag 4', 'drag 0'],
	);
	t.deepEqual(follow([report('press', 5, 4), report('drag', 22, 5)]), ['row 1']);
});

test('a scroll bar leads from the first row to the last, and never back', t => {
	fc.assert(fc.property(fc.integer({min: 2, max: 200}), fc.integer({min: 1, max: 300_000}), (rows, length) => {
		const indices = Array.from({length: rows}, (_, row) => indexOnBar(row, rows, length));
		t.is(indices[0], 0);
		t.is(indices.at(-1), length - 1);
		t.deepEqual(indices.toSorted((one, other) => one - other), indices);
	}));
});
