import type {Region} from '../../input/pointer.js';
import {message} from '../../messages.js';
import {moveTo} from '../../parts/list.js';
import type {UiState} from '../../ui-state.js';
import {panePlaces} from './layout.js';
import {focusOn, withWatchList} from './reduce.js';
import type {WatchPane} from './state.js';

const rowClicked = message((state, {pane, at}: {pane: WatchPane; at: number}) => withWatchList(focusOn(state, pane), list => moveTo(list, at)));

/**
A click on a row goes to it and its pane, and a second one opens it.
*/
export const watchRegions = (state: UiState): Region[] => panePlaces(state).map(({pane, row, rows}) => ({
	name: pane, column: 0, row, columns: state.size.columns, rows,
	click: ({row: offset}) => rowClicked({pane, at: state.watch.lists[pane].top + offset}),
	open: () => ({key: 'enter'}),
}));
