import {isTyping, shownKeys} from './keymap.js';
import {message, type UiMessage} from './messages.js';
import type {KeyBinding} from './screen-module.js';
import {moduleOf, screens} from './screens/registry.js';
import {topScreen, type KeptKeys, type UiState} from './ui-state.js';

export const reduceUi = (state: UiState, {apply}: UiMessage): UiState => {
	let next = apply(state);
	if (next === state) {
		return state;
	}

	for (const {keepVisible} of screens) {
		next = keepVisible?.(next) ?? next;
	}

	return withoutStrayKeys(next);
};

/**
What was typed for one screen is not for another.
*/
const withoutStrayKeys = (state: UiState): UiState => {
	const {kept, stack} = state;
	return kept === undefined || (kept.screen === topScreen(state).name && kept.depth === stack.length) ? state : {...state, kept: undefined};
};

const atRest = (state: UiState): UiState => ({
	...state, count: '', prefix: '', isWaitShown: false, kept: undefined, message: undefined,
});

/**
Drops what was begun with 5 or g. What waits stays, for what has nothing to do with it.
*/
const withoutBegun = (state: UiState): UiState => state.kept === undefined ? atRest(state) : state;

export const keyPressed = message((state, {key, count}: {key: KeyBinding; count: number | undefined}) => {
	const next = key.isAlways === true && key.id !== 'interrupt' ? withoutBegun(state) : atRest(state);
	return key.update?.(next, count) ?? next;
});

export const typed = message((state, text: string) =>
	moduleOf(topScreen(state)).typing?.insert({...state, message: undefined}, text) ?? state);

/**
Keeps keys until `what` is there, behind what was begun or is kept already.
*/
export const keysKept = message((state, {keys: more, what}: Pick<KeptKeys, 'keys' | 'what'>) => {
	const begun = state.prefix === '' ? [] : state.prefix.split(' ');
	const keys = [...state.kept?.keys ?? [], ...state.count, ...begun, ...more];
	const kept = {
		keys, what, screen: topScreen(state).name, depth: state.stack.length,
	};
	// What is pasted may be secret.
	const shown = shownKeys(state, keys.map(key => typeof key === 'string' ? key : '(pasted text)'));
	return {...atRest(state), kept, message: {text: `Waiting for ${what}, then: ${shown}`, tone: 'plain'}};
});

/**
Something was typed that is not done yet.
*/
export const isBegun = ({kept, count, prefix}: UiState): boolean => kept !== undefined || `${count}${prefix}` !== '';

export const digitTyped = message((state, digit: string) => ({
	...state, count: `${state.count}${digit}`.slice(0, 7), prefix: '', message: undefined,
}));

export const prefixTyped = message((state, prefix: string) => ({...state, prefix, message: undefined}));

/**
The keys that were pressed have waited for another one.
*/
export const waitShown = message<void>(state => ({...state, isWaitShown: `${state.count}${state.prefix}` !== ''}));

export const rested = message<void>(atRest);

/**
Moves the cursor of the screen by some rows.
*/
export const cursorMoved = message((state, rows: number) => {
	const screen = topScreen(state);
	const {cursor} = moduleOf(screen);
	if (cursor === undefined) {
		return state;
	}

	const {at, across = 1} = cursor.position(state, screen);
	return cursor.moveTo(withoutBegun(state), screen, at + (rows * across));
});

/**
Digits before a key are a count, but not in text, and a count does not start with 0.
*/
export const isCount = (state: UiState, key: string): boolean =>
	!isTyping(state) && /^\d$/v.test(key) && !(key === '0' && state.count === '');
