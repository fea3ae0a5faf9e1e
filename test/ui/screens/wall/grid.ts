import test from 'ava';
import fc from 'fast-check';
import {mostCells} from '../../../../source/ui/graphics/placeholders.js';
import {moveTo, type ListState} from '../../../../source/ui/parts/list.js';
import {
	gridOf,
	placeInGrid,
	scrollGrid,
	shownIds,
	wallWishes,
} from '../../../../source/ui/screens/wall/grid.js';
import {initialState} from '../../../../source/ui/initial-state.js';
import {fakeServices} from '../../../helpers/fake-services.js';

const across = fc.integer({min: 1, max: 12});
const rows = fc.integer({min: 1, max: 4});

const listOf = (length: number, cursor = 0): ListState =>
	moveTo({
		ids: Array.from({length}, (_, index) => `i${index}`), selectedId: undefined, cursor: 0, top: 0,
	}, cursor);

test('law: up and down stay in the column as long as there is one, and never leave the wall', t => {
	t.notThrows(() => {
		fc.assert(fc.property(fc.integer({min: 1, max: 200}), across, fc.nat(199), fc.integer({min: -20, max: 20}), (length, columns, start, steps) => {
			const from = Math.min(start, length - 1);
			const {cursor} = moveTo(listOf(length, from), placeInGrid(from + (steps * columns), length, {across: columns}));
			const lastRow = Math.floor((length - 1) / columns);
			const row = Math.max(0, Math.min(lastRow, Math.floor(from / columns) + steps));
			return cursor === Math.min(length - 1, (row * columns) + (from % columns));
		}));
	});
});

test('law: the cursor is on the screen, rows are whole, and none is left empty', t => {
	t.notThrows(() => {
		fc.assert(fc.property(fc.integer({min: 1, max: 200}), across, rows, fc.array(fc.nat(199), {minLength: 1, maxLength: 10}), (length, columns, height, places) => {
			const grid = {across: columns, rows: height};
			let list = listOf(length);
			for (const place of places) {
				list = scrollGrid(moveTo(list, place), grid);
				const shown = shownIds(list, grid);
				const isFull = list.top === 0 || shown.length > columns * (height - 1);
				if (!isFull || list.top % columns !== 0 || !shown.includes(list.selectedId!)) {
					return false;
				}
			}

			return true;
		}));
	});
});

const stateAt = (columns: number, height: number) => initialState(fakeServices().services, {columns, rows: height});

test('law: the tiles fit into every terminal from 40x10 up', t => {
	t.notThrows(() => {
		fc.assert(fc.property(fc.integer({min: 40, max: 600}), fc.integer({min: 10, max: 500}), fc.constantFrom('movie' as const, 'episode' as const), (columns, height, level) => {
			const grid = gridOf(stateAt(columns, height), level);
			const {tileColumns, picture} = grid;
			const borders = columns >= 60 && height >= 14 ? 2 : 0;
			return grid.across * (tileColumns + 2) <= columns - borders + 2
				// The header and the footer have a row each.
				&& grid.rows * (picture.rows + 2) <= height - 2 - borders + 1
				&& picture.columns <= tileColumns
				&& picture.rows >= 1
				&& Math.max(picture.columns, picture.rows) <= mostCells;
		}));
	});
});

test('the sizes that people have', t => {
	const shown = (columns: number, height: number) => {
		const {across: side, rows: down, picture} = gridOf(stateAt(columns, height), 'movie');
		return `${side}x${down} of ${picture.columns}x${picture.rows}`;
	};

	t.is(shown(120, 40), '8x3 of 13x10');
	t.is(shown(80, 24), '5x2 of 11x8');
	t.is(shown(40, 10), '3x1 of 9x7');
});

test('the picture under the cursor is wanted first, then its neighbours', t => {
	const state = stateAt(80, 24);
	const list = listOf(50, 4);
	const {across: side, rows: down} = gridOf(state, 'movie');
	const wishes = wallWishes(state, {level: 'movie', list});
	t.is(wishes.length, side * down);
	t.deepEqual(wishes.slice(0, 3).map(({itemId}) => itemId), ['i4', 'i3', 'i5']);
});
