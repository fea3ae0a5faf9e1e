import {type ActionId, sortFieldsOf} from '../keymap.js';
import {layoutOf} from '../layout.js';
import {contentRows} from '../view/content.js';
import {problemRows} from '../screens/import/layout.js';
import {watchLayout} from '../screens/watch/layout.js';
import {chooseAt, connectChoices} from '../screens/connect/reduce.js';
import {moveTo, type ListState} from '../parts/list.js';
import {replaceTop, topScreen, updateBrowse} from '../stack.js';
import type {TextScreen, UiState} from '../ui-state.js';
import {withWatchList} from '../screens/watch/reduce.js';

type Position = {at: number; length: number; rows: number};

const half = (rows: number) => Math.max(1, Math.floor(rows / 2));
const page = (rows: number) => Math.max(1, rows - 1);

const targets = {
	down: ({at}: Position, count = 1) => at + count,
	up: ({at}: Position, count = 1) => at - count,
	'half-down': ({at, rows}: Position, count = 1) => at + (count * half(rows)),
	'half-up': ({at, rows}: Position, count = 1) => at - (count * half(rows)),
	'page-down': ({at, rows}: Position, count = 1) => at + (count * page(rows)),
	'page-up': ({at, rows}: Position, count = 1) => at - (count * page(rows)),
	top: (_: Position, count = 1) => count - 1,
	bottom: ({length}: Position, count = length) => count - 1,
} satisfies Partial<Record<ActionId, (position: Position, count?: number) => number>>;

export type Movement = keyof typeof targets;

/**
Where a movement leads, perhaps out of range. `count` is what was typed before the key, as in `5j` or `17G`.
*/
export const target = (movement: Movement, count: number | undefined, position: Position): number => targets[movement](position, count);

/**
Move in what is on the screen: the cursor of a list, or the text of a screen that scrolls.
*/
export const move = (state: UiState, id: Movement, count: number | undefined): UiState => {
	const screen = topScreen(state);
	const moveList = (list: ListState, rows: number) => moveTo(list, target(id, count, {at: list.cursor, length: list.ids.length, rows}));
	switch (screen.name) {
		case 'browse': {
			return updateBrowse(state, screen.key, browse => {
				const list = moveList(browse.list, layoutOf(state).listRows);
				return {...browse, list, paneScroll: list.selectedId === browse.list.selectedId ? browse.paneScroll : 0};
			});
		}

		case 'libraries': {
			return {...state, libraries: {...state.libraries, list: moveList(state.libraries.list, layoutOf(state).listRows)}};
		}

		case 'import': {
			return {...state, job: {...state.job, problems: moveList(state.job.problems, problemRows(state))}};
		}

		case 'watch': {
			const rows = watchLayout(state).rows[state.watch.focus];
			return withWatchList(state, list => moveList(list, rows));
		}

		case 'connect': {
			if (state.connect.isConnecting) {
				return state;
			}

			const choices = connectChoices(state);
			const {length} = choices;
			const at = Math.max(0, choices.indexOf(state.connect.choice));
			return chooseAt(state, target(id, count, {at, length, rows: length}));
		}

		case 'sort': {
			const {length} = sortFieldsOf(state);
			const cursor = target(id, count, {at: screen.cursor, length, rows: length});
			return replaceTop(state, {...screen, cursor: Math.max(0, Math.min(length - 1, cursor))});
		}

		case 'changes':
		case 'timeline':
		case 'runs':
		case 'run':
		case 'log':
		case 'held': {
			return replaceTop(state, {...screen, list: moveList(screen.list, layoutOf(state).listRows)});
		}

		case 'detail':
		case 'text':
		case 'problem':
		case 'help': {
			return replaceTop(state, scrolled(state, screen, id, count));
		}

		case 'sign-in':
		case 'quit': {
			return state;
		}
	}
};

const scrolled = (state: UiState, screen: TextScreen, id: Movement, count: number | undefined): TextScreen => {
	const rows = layoutOf(state).bodyRows;
	const length = contentRows(state);
	const last = Math.max(0, length - rows);
	const wanted = id === 'bottom' && count === undefined ? last : target(id, count, {at: screen.scroll, length, rows});
	return {...screen, scroll: Math.max(0, Math.min(last, wanted))};
};

/**
`J` and `K`: the detail beside or below the list, or the detail screen itself.
*/
export const scrollDetail = (state: UiState, rows: number): UiState => {
	const screen = topScreen(state);
	if (screen.name === 'detail') {
		return move(state, rows < 0 ? 'up' : 'down', Math.abs(rows));
	}

	if (screen.name !== 'browse') {
		return state;
	}

	const last = Math.max(0, contentRows(state) - layoutOf(state).paneRows);
	return updateBrowse(state, screen.key, browse => ({
		...browse,
		paneScroll: Math.max(0, Math.min(last, browse.paneScroll + rows)),
	}));
};
