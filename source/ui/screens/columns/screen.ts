import {layoutOf} from '../../layout.js';
import {span} from '../../line.js';
import {menuTraits, type Menu} from '../../parts/menu.js';
import {screenModule} from '../../screen-module.js';
import type {UiState} from '../../ui-state.js';
import {keepChoices} from './effects.js';
import {openPresets} from './presets.js';
import {
	cannotChange,
	cannotFree,
	cannotMove,
	cannotWiden,
	freeColumn,
	moveColumn,
	openColumns,
	toggleColumn,
	widenColumn,
	widthsNow,
	type ColumnLine,
	type ColumnsScreen,
} from './reduce.js';

const stateWords = ({column: {name}, isShown, isAlways, width}: ColumnLine, now: ReadonlyMap<string, number>): string => {
	if (!isShown && !isAlways) {
		return '';
	}

	const shown = now.get(name);
	return shown === undefined ? 'no room now' : (width === undefined ? `auto ${shown}` : String(width));
};

const spokenState = ({column: {name}, isShown, isAlways, width}: ColumnLine, now: ReadonlyMap<string, number>): string => {
	if (!isShown && !isAlways) {
		return 'hidden';
	}

	const words = width === undefined ? 'automatic width' : `${width} cells wide`;
	return now.has(name) ? `shown, ${words}` : 'shown where there is room';
};

const menuOf = (state: UiState, {cursor, lines}: ColumnsScreen): Menu => {
	const now = widthsNow(state);
	const widest = Math.max(...lines.map(({column}) => column.heading.length));
	const widestName = Math.max(...lines.map(({column}) => column.typed.length));
	const hasNames = layoutOf(state).isFramed;
	return {
		title: 'Columns',
		position: `${cursor + 1}/${lines.length}`,
		keys: 'Space show  J K move  < > width  = auto  p presets',
		choices: lines.map(line => [
			span(`[${line.isShown || line.isAlways ? 'x' : ' '}] ${line.column.heading.padEnd(widest)}`),
			span(hasNames ? `  ${line.column.typed.padEnd(widestName)}` : '', 'dim'),
			span(`  ${stateWords(line, now).padEnd(11)}`, 'dim'),
		]),
		cursor,
	};
};

/**
Which columns the lists show, where there is room for them, in which order and how wide.
*/
export const columnsModule = screenModule<ColumnsScreen>({
	name: 'columns',
	title: 'Columns',
	helpTitle: 'Keys of the columns',
	spokenName: 'columns',
	place: 'in the columns',
	...menuTraits(menuOf, (_, {lines}) => lines.length),
	keys: [
		{
			id: 'open', keys: ['space', 'enter'], label: 'show or hide', help: 'Show the column, or hide it; all that is chosen here is kept', isHint: true,
			disabledReason: cannotChange,
			update: toggleColumn,
			effect: keepChoices,
		},
		{
			id: 'column-down', keys: ['J'], label: 'move down', help: 'Move the column down, which is to the right in the list', takesCount: true,
			disabledReason: cannotMove(1),
			update: moveColumn(1),
			effect: keepChoices,
		},
		{
			id: 'column-up', keys: ['K'], label: 'move up', help: 'Move the column up, which is to the left in the list', takesCount: true,
			disabledReason: cannotMove(-1),
			update: moveColumn(-1),
			effect: keepChoices,
		},
		{
			id: 'column-wider', keys: ['>', '+'], label: 'wider', help: 'Make the column wider', takesCount: true,
			disabledReason: cannotWiden(1),
			update: widenColumn(1),
			effect: keepChoices,
		},
		{
			id: 'column-narrower', keys: ['<', '-'], label: 'narrower', help: 'Make the column narrower', takesCount: true,
			disabledReason: cannotWiden(-1),
			update: widenColumn(-1),
			effect: keepChoices,
		},
		{
			id: 'column-auto', keys: ['='], label: 'automatic width', help: 'Let the column be as wide as its content',
			disabledReason: cannotFree,
			update: freeColumn,
			effect: keepChoices,
		},
		{
			id: 'presets', keys: ['p'], label: 'presets', help: 'Choose columns, and an order, for a purpose', isHint: true,
			update: openPresets,
		},
	],
	keysElsewhere: [{
		id: 'columns', keys: ['c'], label: 'columns', help: 'Choose which columns are shown, in which order and how wide', on: ['browse'],
		update: openColumns,
	}],
	spoken(state, {cursor, lines}) {
		const line = lines[cursor];
		return line === undefined ? [] : [`Column ${line.column.heading}, ${spokenState(line, widthsNow(state))}, ${cursor + 1} of ${lines.length}.`];
	},
});
