import {listColumns, type ListColumn} from '../../../query/list-fields.js';
import {layoutOf} from '../../layout.js';
import {span} from '../../line.js';
import {
	menuCursor,
	menuLines,
	menuRegions,
	type Menu,
} from '../../parts/menu.js';
import {screenModule} from '../../screen-module.js';
import {
	push,
	topScreen,
	type Screen,
	type UiState,
} from '../../ui-state.js';
import {shownColumns} from '../browse/lines.js';
import {browseScreen} from '../browse/reduce.js';

type ColumnsScreen = {name: 'columns'; isOverlay: true; cursor: number};

const isColumns = (screen: Screen): screen is ColumnsScreen => screen.name === 'columns';

const openColumns = (state: UiState): UiState => push<ColumnsScreen>(state, {name: 'columns', isOverlay: true, cursor: 0});

// The state is a mark before the title, which is always shown.
const choicesOf = (state: UiState): ListColumn[] => {
	const screen = browseScreen(state);
	return screen === undefined ? [] : listColumns(screen.level).filter(({name}) => name !== 'state');
};

const wordsOf = (state: UiState, {name}: ListColumn): string => {
	if (state.hiddenColumns.includes(name)) {
		return 'hidden';
	}

	const {level} = browseScreen(state)!;
	return shownColumns(level, layoutOf(state).listColumns, state.hiddenColumns).includes(name) ? 'shown' : 'no room now';
};

const menuOf = (state: UiState, {cursor}: ColumnsScreen): Menu => {
	const choices = choicesOf(state);
	const widest = Math.max(...choices.map(({heading}) => heading.length));
	return {
		title: 'Columns',
		keys: 'Space show or hide  Esc back',
		choices: choices.map(column => {
			const words = wordsOf(state, column);
			return [
				span(`[${words === 'hidden' ? ' ' : 'x'}] ${column.heading.padEnd(widest)}`),
				span(words === 'no room now' ? `  ${words}` : '', 'dim'),
			];
		}),
		cursor,
	};
};

const choiceCursor = menuCursor<ColumnsScreen>(state => choicesOf(state).length);

const toggle = (state: UiState): UiState => {
	const top = topScreen(state);
	const column = isColumns(top) ? choicesOf(state)[top.cursor] : undefined;
	if (column === undefined) {
		return state;
	}

	const {hiddenColumns} = state;
	const others = hiddenColumns.filter(name => name !== column.name);
	return {...state, hiddenColumns: others.length === hiddenColumns.length ? [...hiddenColumns, column.name] : others};
};

/**
Which columns the lists show, where there is room for them.
*/
export const columnsModule = screenModule<ColumnsScreen>({
	name: 'columns',
	title: 'Columns',
	helpTitle: 'Keys of the columns',
	spokenName: 'columns',
	place: 'in the columns',
	groups: ['menu'],
	hints: ['down', 'up', 'back'],
	keys: [{
		id: 'open', keys: ['space', 'enter'], label: 'show or hide', help: 'Show the column, or hide it; this is kept', isHint: true,
		update: toggle,
		async effect({services, get}) {
			services.keepColumns?.(get().hiddenColumns);
		},
	}],
	keysElsewhere: [{
		id: 'columns', keys: ['c'], label: 'columns', help: 'Choose which columns are shown', on: ['browse'],
		update: openColumns,
	}],
	cursor: choiceCursor,
	regions: menuRegions(menuOf, choiceCursor.moveTo),
	view: ({state, screen, theme: {glyphs}}) => menuLines(menuOf(state, screen), {state, glyphs}),
	spoken(state, {cursor}) {
		const choices = choicesOf(state);
		const column = choices[cursor];
		return column === undefined ? [] : [`Column ${column.heading}, ${wordsOf(state, column)}, ${cursor + 1} of ${choices.length}.`];
	},
});
