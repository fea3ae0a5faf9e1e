import test from 'ava';
import fc from 'fast-check';
import {
	emptyList,
	moveTo,
	replaceIds,
	scrollTo,
} from '../../../source/ui/parts/list.js';

const ids = (...names: string[]) => replaceIds(emptyList, names);

test('the first row is selected when rows come', t => {
	t.is(ids('a', 'b').selectedId, 'a');
});

test('what is selected stays selected, on the same line of the screen, when rows come in above it', t => {
	const list = replaceIds({...moveTo(ids('c', 'd', 'e'), 1), top: 1}, ['a', 'b', 'c', 'd', 'e']);
	t.is(list.selectedId, 'd');
	t.is(list.cursor - list.top, 0);
});

test('when the selected row goes, its neighbour takes its place', t => {
	const list = replaceIds(moveTo(ids('a', 'b', 'c'), 1), ['a', 'c']);
	t.is(list.selectedId, 'c');
});

test('rows that vanish for a moment give the selection back', t => {
	const selected = moveTo(ids('a', 'b', 'c'), 2);
	t.is(replaceIds(replaceIds(selected, []), ['a', 'b', 'c']).selectedId, 'c');
});

const manyIds = (length: number) => Array.from({length}, (_, index) => `i${index}`);

const isFullyOnScreen = (length: number, rows: number, moves: number[]) => {
	let list = ids(...manyIds(length));
	for (const index of moves) {
		list = scrollTo(moveTo(list, index), rows);
		const isVisible = list.cursor >= list.top && list.cursor < list.top + rows;
		const isFull = list.top === 0 || list.top + rows <= length;
		if (!isVisible || !isFull) {
			return false;
		}
	}

	return true;
};

test('the cursor is always on the screen and no row is left empty, however it moves', t => {
	const size = (max: number) => fc.integer({min: 1, max});
	const moves = fc.array(fc.integer({min: -5, max: 70}));
	t.notThrows(() => {
		fc.assert(fc.property(size(60), size(30), moves, isFullyOnScreen));
	});
});

test('a step beyond the edge scrolls by one row, down and up, and the cursor stays at that edge', t => {
	let list = ids(...manyIds(1000));
	for (let index = 1; index < 500; index++) {
		list = scrollTo(moveTo(list, index), 20);
		t.is(list.top, Math.max(0, index - 19));
	}

	for (let index = 498; index >= 0; index--) {
		list = scrollTo(moveTo(list, index), 20);
		t.is(list.top, Math.min(480, index));
	}
});

test('a leap puts the cursor into the middle, a page keeps the row that was at the edge', t => {
	const list = scrollTo(moveTo(ids(...manyIds(1000)), 500), 20);
	t.is(list.top, 490);
	const edge = scrollTo(moveTo(list, 509), 20);
	t.is(edge.top, 490);
	t.is(scrollTo(moveTo(edge, 528), 20).top, 509);
});
