import test from 'ava';
import fc from 'fast-check';
import {
	emptyList,
	moveTo,
	replaceIds,
	scrollTo,
} from '../../source/ui/state/list.js';

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

test('most steps down a long list do not scroll it', t => {
	let list = ids(...manyIds(1000));
	let scrolls = 0;
	for (let index = 1; index < 500; index++) {
		const next = scrollTo(moveTo(list, index), 20);
		scrolls += next.top === list.top ? 0 : 1;
		list = next;
	}

	t.true(scrolls <= 50, `${scrolls} of 499 steps scrolled`);
});
