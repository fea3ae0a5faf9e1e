import type {Region} from '../../input/pointer.js';
import {layoutOf} from '../../layout.js';
import {message} from '../../messages.js';
import type {UiState} from '../../ui-state.js';
import {browseScreen, moveBrowse, type BrowseScreen} from '../browse/reduce.js';
import {
	gap,
	gridOf,
	placeInGrid,
	rowsBelow,
	shownIds,
	wallRoom,
} from './grid.js';

/**
Moves the cursor to a poster. `at` may be above the first row or below the last.
*/
export const moveOnWall = (state: UiState, {level, list}: Pick<BrowseScreen, 'level' | 'list'>, at: number): UiState =>
	moveBrowse(state, placeInGrid(at, list.ids.length, gridOf(state, level)));

const posterClicked = message(moveBrowse);

const wheelTurned = message((state, rows: number) => {
	const screen = browseScreen(state);
	return screen === undefined ? state : moveOnWall(state, screen, screen.list.cursor + (Math.sign(rows) * gridOf(state, screen.level).across));
});

/**
Each poster with its title, and the wall around them. A notch of the wheel is one row of posters, because few fit on a screen.
*/
export const wallRegions = (state: UiState, {level, list}: BrowseScreen): Region[] => {
	const grid = gridOf(state, level);
	const border = layoutOf(state).isFramed ? 1 : 0;
	const {across, tileColumns, picture} = grid;
	const around: Region = {
		name: 'wall', column: border, row: border, ...wallRoom(state), wheel: wheelTurned,
	};
	return [around, ...shownIds(list, grid).map((_, offset): Region => ({
		name: `poster ${list.top + offset}`,
		column: border + ((offset % across) * (tileColumns + gap)),
		row: border + (Math.floor(offset / across) * (picture.rows + rowsBelow)),
		columns: tileColumns,
		rows: picture.rows + 1,
		click: () => posterClicked(list.top + offset),
		open: () => ({key: 'enter'}),
		wheel: wheelTurned,
	}))];
};
