import {fuzzyRanker, type FuzzyMatch} from '../../../query/fuzzy.js';
import type {ActionChoice, KeyBinding} from '../../screen-module.js';
import {newTextField, type TextField} from '../../parts/text-field.js';
import {
	baseScreen,
	pop,
	replaceTop,
	topScreen,
	type Screen,
	type UiState,
} from '../../ui-state.js';

/**
An action as the palette offers it. `reason` is why it cannot be done now.
*/
export type PaletteAction = {
	key: KeyBinding;
	label: string;
	reason: string | undefined;
	/**
	It does not need the screen that is open, so what lies over its base is closed first.
	*/
	isElsewhere: boolean;
};

export type PaletteScreen = {
	name: 'palette';
	isOverlay: true;
	actions: readonly PaletteAction[];
	field: TextField;
	cursor: number;
	top: number;
	/**
	The action whose argument is asked for, and what may be chosen; any text where there are no choices.
	*/
	asked: {action: PaletteAction; choices: readonly ActionChoice[] | undefined} | undefined;
};

export type PaletteRow = {match: FuzzyMatch} & ({kind: 'action'; action: PaletteAction} | {kind: 'choice'; choice: ActionChoice});

export const isPalette = (screen: Screen): screen is PaletteScreen => screen.name === 'palette';

export const paletteOf = (actions: readonly PaletteAction[]): PaletteScreen => ({
	name: 'palette', isOverlay: true, actions, field: newTextField(), cursor: 0, top: 0, asked: undefined,
});

/**
A palette that asks for the argument of one action only.
*/
export const paletteAsking = (key: KeyBinding, label: string): PaletteScreen => ({
	...paletteOf([]),
	asked: {
		action: {
			key, label, reason: undefined, isElsewhere: false,
		},
		choices: undefined,
	},
});

export const rowsShown = 12;

// What other programs call these actions.
const otherNames: ReadonlyMap<string, string> = new Map([
	['quit', 'exit leave'],
	['filter', 'search find'],
	['sync', 'update scan'],
	['refresh', 'reload'],
	['import-library', 'download'],
	['wall', 'grid thumbnails'],
	['theme', 'dark light appearance'],
	['copy', 'yank clipboard'],
	['mark', 'select'],
	['changes', 'history diff'],
	['held', 'deleted removed'],
	['open-web', 'browser'],
	['change-server', 'login account'],
	['help', 'shortcuts'],
]);

/**
What is searched for is in the name of an action, in its sentence, or what others call it.
*/
export const actionText = ({label, key}: PaletteAction): string => `${label}  ${key.help}  ${otherNames.get(key.id) ?? ''}`.trimEnd();

/**
What matches, best first. Every key and every frame asks for it.
*/
export const paletteRows = ({asked, actions, field: {text}}: PaletteScreen): readonly PaletteRow[] => asked === undefined
	? actionRows(actions, text)
	: choiceRows(asked.choices ?? noChoices, text);

const noChoices: readonly ActionChoice[] = [];

// Letters side by side, the first one at the beginning of a word, have more than this each.
const closeLetter = 8;

/**
While a text is typed the list stays the same, so its letters and the rows of the latest text are kept.
*/
const keptRows = <Value>(textOf: (value: Value) => string, rowOf: (value: Value, match: FuzzyMatch) => PaletteRow, isUsable: (value: Value) => boolean = () => true) => {
	const kept = new WeakMap<readonly Value[], {rank: ReturnType<typeof fuzzyRanker<Value>>; text: string; rows: readonly PaletteRow[]}>();
	return (values: readonly Value[], text: string): readonly PaletteRow[] => {
		const known = kept.get(values);
		if (known?.text === text) {
			return known.rows;
		}

		const rank = known?.rank ?? fuzzyRanker(values, textOf);
		// Whole parts of words come before letters that happen to be there, and among them what can be done now.
		const closeScore = closeLetter * text.replaceAll(/\s/gv, '').length;
		const places = ({value, score}: FuzzyMatch & {value: Value}) => (score < closeScore ? 2 : 0) + (isUsable(value) ? 0 : 1);
		const rows = rank(text).toSorted((left, right) => places(left) - places(right)).map(({value, ...match}) => rowOf(value, match));
		kept.set(values, {rank, text, rows});
		return rows;
	};
};

const actionRows = keptRows(actionText, (action, match) => ({kind: 'action', action, match}), ({reason}) => reason === undefined);
const choiceRows = keptRows(({title}: ActionChoice) => title, (choice, match) => ({kind: 'choice', choice, match}));

export const selectedPaletteRow = (screen: PaletteScreen): PaletteRow | undefined => paletteRows(screen)[screen.cursor];

export const changePalette = (state: UiState, change: (screen: PaletteScreen) => Partial<PaletteScreen>): UiState => {
	const top = topScreen(state);
	if (!isPalette(top)) {
		return state;
	}

	const changed = change(top);
	const isSearched = changed.field !== undefined && changed.field.text !== top.field.text;
	const next = {...top, ...changed, ...isSearched && {cursor: 0, top: 0}};
	const cursor = Math.max(0, Math.min(paletteRows(next).length - 1, next.cursor));
	return replaceTop<PaletteScreen>(state, {...next, cursor, top: Math.max(cursor - rowsShown + 1, Math.min(cursor, next.top))});
};

const mostRecent = 20;

/**
The state in which the action is done: without the palette, and with the action as the newest one.
*/
const closed = (state: UiState, {key: {id}, isElsewhere}: PaletteAction): UiState => {
	const beneath = pop(state);
	const base = beneath.stack.indexOf(baseScreen(beneath));
	return {
		...beneath,
		stack: isElsewhere ? beneath.stack.slice(0, base + 1) : beneath.stack,
		recentActions: [id, ...state.recentActions.filter(recent => recent !== id)].slice(0, mostRecent),
	};
};

/**
Enter: asks for the argument of the action, says why it cannot be done, or closes the palette. `toRun` then does it.
*/
export const accept = (state: UiState): UiState => {
	const screen = topScreen(state);
	if (!isPalette(screen)) {
		return state;
	}

	if (toRun(screen) !== undefined) {
		return closed(state, screen.asked?.action ?? actionAt(screen)!);
	}

	const action = actionAt(screen);
	if (action === undefined) {
		return state;
	}

	return action.reason === undefined
		? changePalette(state, () => ({
			asked: {action, choices: action.key.argument?.choices?.(state)}, field: newTextField(), cursor: 0, top: 0,
		}))
		: {...state, message: {text: action.reason, tone: 'warn'}};
};

const actionAt = (screen: PaletteScreen) => {
	const row = selectedPaletteRow(screen);
	return row?.kind === 'action' ? row.action : undefined;
};

/**
What Enter does now: an action, with the argument that was asked for; undefined when something is missing.
*/
export const toRun = (screen: PaletteScreen): {key: KeyBinding; argument: string | undefined} | undefined => {
	const {asked, field} = screen;
	if (asked === undefined) {
		const action = actionAt(screen);
		return action === undefined || action.reason !== undefined || action.key.argument !== undefined ? undefined : {key: action.key, argument: undefined};
	}

	const row = selectedPaletteRow(screen);
	const argument = asked.choices === undefined ? field.text : (row?.kind === 'choice' ? row.choice.value : undefined);
	return argument === undefined ? undefined : {key: asked.action.key, argument};
};

/**
Esc: back to the actions from an argument, if there are any, else closed.
*/
export const leave = (state: UiState): UiState => {
	const screen = topScreen(state);
	return isPalette(screen) && screen.asked !== undefined && screen.actions.length > 0
		? changePalette(state, () => ({
			asked: undefined, field: newTextField(), cursor: 0, top: 0,
		}))
		: pop(state);
};
