import {message} from '../messages.js';
import type {MouseAct, Region} from '../input/pointer.js';
import {layoutOf, type Layout} from '../layout.js';
import {line, type Line} from '../line.js';
import {asciiGlyphs, type Glyphs} from '../theme.js';
import type {KeyBinding, ScreenModule} from '../screen-module.js';
import {
	replaceTop,
	topScreen,
	type Screen,
	type UiState,
} from '../ui-state.js';
import {boxLines, boxRoom, type Box} from './box.js';
import {rowLine, widthOf} from './cells.js';
import {placeOfBox} from './overlay.js';

/**
A box of choices, of which the one at `cursor` is selected.
*/
export type Menu = Omit<Box, 'lines' | 'scroll'> & {choices: readonly Line[]; cursor: number; notes?: readonly Line[]};

/**
The first choice that is shown where not all have room.
*/
const topOf = ({choices, cursor}: Menu, rows: number) => Math.max(0, Math.min(choices.length - rows, cursor - Math.floor(rows / 2)));

const roomFor = ({notes = []}: Menu, {bodyRows, isFramed}: Pick<Layout, 'bodyRows' | 'isFramed'>) =>
	Math.max(1, bodyRows - (isFramed ? 2 : 1) - notes.length);

export const menuLines = (menu: Menu, {state, glyphs}: {state: UiState; glyphs: Glyphs}): Line[] => {
	const {choices, cursor, notes = [], ...box} = menu;
	const layout = layoutOf(state);
	const rows = roomFor(menu, layout);
	const top = topOf(menu, rows);
	const width = Math.min(boxRoom(layout, state.size.columns).columns, Math.max(...choices.map(spans => widthOf(spans))) + 2);
	return boxLines({
		...box,
		lines: [
			...choices.slice(top, top + rows).map((spans, row) => {
				const isSelected = top + row === cursor;
				return rowLine([...line(`${isSelected ? glyphs.pointer : ' '} `), ...spans], width, isSelected);
			}),
			...notes,
		],
		...choices.length > rows && {scroll: {top, length: choices.length}},
	}, {columns: state.size.columns, layout, glyphs});
};

/**
The key that chooses in a menu.
*/
export const chooseKey = {
	id: 'open', keys: ['enter', 'l', 'right'], label: 'choose', help: 'Choose what is selected', isHint: true,
} as const satisfies KeyBinding;

type WithCursor = Screen & {cursor: number};

/**
The cursor of a screen that lists so many choices and keeps the number of the selected one as `cursor`.
*/
export const menuCursor = <Entry extends WithCursor>(lengthOf: (state: UiState, screen: Entry) => number): Required<Pick<ScreenModule<Entry>, 'cursor'>>['cursor'] => ({
	position(state, screen) {
		const length = lengthOf(state, screen);
		return {at: screen.cursor, length, rows: length};
	},
	moveTo(state, screen, at) {
		const last = lengthOf(state, screen) - 1;
		return replaceTop<Entry>(state, {...screen, cursor: Math.max(0, Math.min(last, at))});
	},
});

type BoxChoices = {
	/**
	The line of the box, below its title, that has the first choice, and how many lines have one.
	*/
	first: number;
	count: number;
	click: (row: number) => MouseAct;
};

/**
A click on a choice does what `click` says, and a second one does what Enter does. A click beside the box closes it.
*/
export const boxRegions = (box: readonly Line[], {size: {columns}}: Pick<UiState, 'size'>, layout: Pick<Layout, 'isFramed' | 'bodyRows'>, {first, count, click}: BoxChoices): Region[] => {
	const {isFramed, bodyRows} = layout;
	const border = isFramed ? 1 : 0;
	const place = isFramed ? placeOfBox(box, {columns, rows: bodyRows}) : {column: 0, row: 0};
	const shown: Region = {
		name: 'box', ...place, columns: widthOf(box[0]!), rows: box.length, click: () => undefined,
	};
	const choices: Region = {
		name: 'choices',
		column: place.column + border,
		row: place.row + 1 + first,
		columns: shown.columns - (2 * border),
		rows: count,
		click: ({row}) => click(row),
		open: () => ({key: 'enter'}),
	};
	return [
		...isFramed
			? [{
				name: 'beside', column: 0, row: 0, columns, rows: bodyRows, click: () => ({key: 'escape'}),
			}]
			: [],
		shown,
		choices,
	];
};

export const menuRegions = <Entry extends Screen>(
	menuOf: (state: UiState, screen: Entry) => Menu,
	moveTo: (state: UiState, screen: Entry, at: number) => UiState,
): (state: UiState, screen: Entry) => Region[] => {
	const chosen = message((state, at: number) => moveTo(state, topScreen(state) as Entry, at));
	return (state, screen) => {
		const menu = menuOf(state, screen);
		const layout = layoutOf(state);
		const rows = roomFor(menu, layout);
		const top = topOf(menu, rows);
		// The glyphs do not change how large it is.
		return boxRegions(menuLines(menu, {state, glyphs: asciiGlyphs}), state, layout, {
			first: 0, count: Math.min(rows, menu.choices.length), click: row => chosen(top + row),
		});
	};
};

/**
What all screens have in common that show one menu. `lengthOf` is the number of its choices.
*/
export const menuTraits = <Entry extends WithCursor>(
	menuOf: (state: UiState, screen: Entry) => Menu,
	lengthOf: (state: UiState, screen: Entry) => number,
) => {
	const cursor = menuCursor(lengthOf);
	return {
		groups: ['menu'],
		hints: ['down', 'up', 'back'],
		cursor,
		regions: menuRegions(menuOf, cursor.moveTo),
		view: ({state, screen, theme: {glyphs}}) => menuLines(menuOf(state, screen), {state, glyphs}),
	} satisfies Partial<ScreenModule<Entry>>;
};
