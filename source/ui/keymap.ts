import {helpOf, type HelpScreen} from './screens/help/screen.js';
import {moduleOf, screens} from './screens/registry.js';
import type {KeyBinding} from './screen-module.js';
import {
	appKeys,
	catalogKeys,
	editingKeys,
	leavingKeys,
	movementKeys,
} from './shared-keys.js';
import {
	isImporting,
	pop,
	push,
	topScreen,
	type UiState,
} from './ui-state.js';

const toggleHelp = (state: UiState): UiState => {
	const {name} = topScreen(state);
	if (name === 'help') {
		return pop(state);
	}

	const parts = helpParts(name, isTyping(state));
	return push<HelpScreen>(state, helpOf(parts));
};

const helpKey = {
	id: 'help', label: 'all', help: 'The keys of this screen', update: toggleHelp,
};

const helpKeys: readonly KeyBinding[] = [{...helpKey, keys: ['?', 'f1']}, {...helpKey, keys: ['f1'], isForTyping: true}];

const keysEverywhere: readonly KeyBinding[] = [...leavingKeys, ...helpKeys, ...appKeys];

/**
Keys that many screens share, in the order in which each screen shows them after its own keys.
*/
const keysOfOthers: readonly KeyBinding[] = [
	...catalogKeys,
	...screens.flatMap(({keysElsewhere = []}) => keysElsewhere),
	...editingKeys,
	...movementKeys,
	...keysEverywhere,
];

export const allKeys: readonly KeyBinding[] = [...screens.flatMap(({keys = []}) => keys), ...keysOfOthers];

export const keysOf = (name: string, isTypingNow: boolean): KeyBinding[] => {
	const {keys = [], groups = [], typing} = moduleOf({name});
	const isHere = ({on, isForTyping}: KeyBinding) => (isForTyping !== true || typing !== undefined)
		&& (on === undefined || on.includes(name) || groups.some(group => on.includes(group)));
	const isLive = ({isAlways, isForTyping}: KeyBinding) => isAlways === true || (isForTyping === true) === isTypingNow;
	const own = keys.filter(key => isLive(key));
	// What a screen does with a key of its own replaces what the key does elsewhere.
	const taken = new Set(own.flatMap(key => key.keys));
	const others = keysOfOthers.filter(key => isHere(key) && isLive(key)).map(key => ({...key, keys: key.keys.filter(pressed => !taken.has(pressed))}));
	return [...own, ...others.filter(key => key.keys.length > 0)];
};

export const hintsOf = (state: UiState): KeyBinding[] => {
	const screen = topScreen(state);
	const {hints = []} = moduleOf(screen);
	const keys = keysOf(screen.name, isTyping(state));
	return [
		...isImporting(state) ? keys.filter(({id}) => id === 'interrupt') : [],
		...keys.filter(({id, isHint, disabledReason}) =>
			(isHint === true || hints.includes(id) || (id === 'help' && screen.isOverlay !== true)) && disabledReason?.(state) === undefined),
	];
};

// A screen may have taken some of the keys of a binding.
const among = (bindings: readonly KeyBinding[]) => ({id, help}: KeyBinding) => bindings.some(binding => binding.id === id && binding.help === help);

export const helpParts = (name: string, isTypingNow: boolean): HelpScreen['parts'] => {
	const {helpTitle, typing, typingTitle = 'While filtering'} = moduleOf({name});
	const keys = keysOf(name, false);
	const isMovement = among(movementKeys);
	const isEverywhere = among(keysEverywhere);
	const parts = [
		{heading: helpTitle, keys: keys.filter(key => !isMovement(key) && !isEverywhere(key))},
		{heading: 'Moving', keys: keys.filter(key => isMovement(key))},
		{heading: 'Everywhere', keys: keys.filter(key => isEverywhere(key))},
		...typing === undefined ? [] : [{heading: typingTitle, keys: keysOf(name, true).filter(({isForTyping}) => isForTyping === true)}],
	];
	const shown = parts.filter(part => part.keys.length > 0);
	return isTypingNow ? [shown.at(-1)!, ...shown.slice(0, -1)] : shown;
};

export const isTyping = (state: UiState): boolean => {
	const screen = topScreen(state);
	return moduleOf(screen).typing?.isOpen(state, screen) === true;
};

export type Resolved =
	| {kind: 'key'; key: KeyBinding}
	| {kind: 'awaited'; what: string; keys: string}
	| {kind: 'refused'; reason: string}
	| {kind: 'prefix'; prefix: string}
	| {kind: 'none'};

export const resolveKey = (state: UiState, pressed: string): Resolved => {
	const isText = isTyping(state);
	const live = keysOf(topScreen(state).name, isText);
	const sequence = state.prefix === '' ? pressed : `${state.prefix} ${pressed}`;
	const key = live.find(({keys}) => keys.includes(sequence)) ?? live.find(({keys}) => keys.includes(pressed));
	if (key !== undefined) {
		const what = moduleOf(topScreen(state)).awaited?.(state, key);
		if (what !== undefined) {
			return {kind: 'awaited', what, keys: key.keys.includes(sequence) ? sequence : pressed};
		}

		const reason = key.disabledReason?.(state);
		return reason === undefined ? {kind: 'key', key} : {kind: 'refused', reason};
	}

	if (live.some(({keys}) => keys.some(known => known.startsWith(`${sequence} `)))) {
		return {kind: 'prefix', prefix: sequence};
	}

	const elsewhere = isText ? undefined : allKeys.find(({keys, isForTyping}) => isForTyping === undefined && keys.includes(pressed));
	return elsewhere === undefined ? {kind: 'none'} : {kind: 'refused', reason: notHere(elsewhere, state)};
};

const notHere = ({help, keys}: KeyBinding, state: UiState) => {
	const screen = topScreen(state);
	const {place} = moduleOf(screen);
	const words = typeof place === 'string' ? place : place(screen);
	return `${keys[0]!} (${help.charAt(0).toLowerCase()}${help.slice(1)}) is not available ${words}.`;
};
