import {helpOf, type HelpScreen} from './screens/help/screen.js';
import {
	noKeyChanges,
	withKeyChanges,
	type Clash,
	type KeyChanges,
} from './key-changes.js';
import {shownKey} from './key-names.js';
import {moduleOf, screens} from './screens/registry.js';
import {paletteOf, type PaletteAction, type PaletteScreen} from './screens/palette/reduce.js';
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

	const parts = helpParts(name, isTyping(state), state.keyChanges);
	return push<HelpScreen>(state, helpOf(parts));
};

const helpKey = {
	id: 'help', label: 'all', help: 'The keys of this screen', update: toggleHelp,
};

const helpKeys: readonly KeyBinding[] = [{...helpKey, keys: ['?', 'f1']}, {...helpKey, keys: ['f1'], isForTyping: true}];

const paletteKey = {
	id: 'palette', label: 'actions', help: 'Find any action by some letters of its name, and do it',
	update: (state: UiState): UiState => topScreen(state).name === 'palette' ? pop(state) : push<PaletteScreen>(state, paletteOf(paletteActions(state))),
};

const paletteKeys: readonly KeyBinding[] = [{...paletteKey, keys: [':', 'ctrl-p']}, {...paletteKey, keys: ['ctrl-p'], isForTyping: true}];

const keysEverywhere: readonly KeyBinding[] = [...leavingKeys, ...helpKeys, ...paletteKeys, ...appKeys];

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

const defaultKeysOf = (name: string, isTypingNow: boolean): KeyBinding[] => {
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

type Held = ReturnType<typeof withKeyChanges>;

// Every key and every frame asks for them.
const held = new WeakMap<KeyChanges, Map<string, Held>>();

const heldKeys = (name: string, isTypingNow: boolean, changes: KeyChanges): Held => {
	const known = held.get(changes) ?? new Map<string, Held>();
	held.set(changes, known);
	const id = `${name} ${isTypingNow}`;
	const keys = known.get(id) ?? withKeyChanges(defaultKeysOf(name, isTypingNow), changes, isTypingNow);
	known.set(id, keys);
	return keys;
};

/**
The actions of a screen with the keys that hold; some may have none.
*/
export const keysOf = (name: string, isTypingNow: boolean, changes: KeyChanges = noKeyChanges): readonly KeyBinding[] => heldKeys(name, isTypingNow, changes).keys;

export const clashesOf = (name: string, changes: KeyChanges): Clash[] => [false, true].flatMap(isTypingNow => heldKeys(name, isTypingNow, changes).clashes);

export const hintsOf = (state: UiState): KeyBinding[] => {
	const screen = topScreen(state);
	const {hints = []} = moduleOf(screen);
	const keys = keysOf(screen.name, isTyping(state), state.keyChanges).filter(key => key.keys.length > 0);
	return [
		...isImporting(state) ? keys.filter(({id}) => id === 'interrupt') : [],
		...keys.filter(({id, isHint, disabledReason}) =>
			(isHint === true || hints.includes(id) || (id === 'help' && screen.isOverlay !== true)) && disabledReason?.(state) === undefined),
	];
};

// A screen may have taken some of the keys of a binding, so it is found by what it does.
const among = (bindings: readonly KeyBinding[]) => ({id, help}: KeyBinding) => bindings.some(binding => binding.id === id && binding.help === help);
const isMovement = among(movementKeys);
const isEverywhere = among(keysEverywhere);

export const helpParts = (name: string, isTypingNow: boolean, changes: KeyChanges = noKeyChanges): HelpScreen['parts'] => {
	const {helpTitle, typing, typingTitle = 'While filtering'} = moduleOf({name});
	const keysNow = (isForTyping: boolean) => keysOf(name, isForTyping, changes).filter(key => key.keys.length > 0);
	const keys = keysNow(false);
	const parts = [
		{heading: helpTitle, keys: keys.filter(key => !isMovement(key) && !isEverywhere(key))},
		{heading: 'Moving', keys: keys.filter(key => isMovement(key))},
		{heading: 'Everywhere', keys: keys.filter(key => isEverywhere(key))},
		...typing === undefined ? [] : [{heading: typingTitle, keys: keysNow(true).filter(({isForTyping}) => isForTyping === true)}],
	];
	const shown = parts.filter(part => part.keys.length > 0);
	return isTypingNow ? [shown.at(-1)!, ...shown.slice(0, -1)] : shown;
};

// Screens of these groups show the catalogue, which is there whatever is on the screen.
const groupsOfEverywhere: ReadonlySet<string> = new Set(['place', 'view', 'catalog']);

/**
Every action: first those of the screen, the last used ones before all others, then those that need no screen, then those of other screens with the reason.
*/
export const paletteActions = (state: UiState): PaletteAction[] => {
	const {name} = topScreen(state);
	const {keyChanges, recentActions} = state;
	const labelled = (key: KeyBinding) => ({key, label: typeof key.label === 'string' ? key.label : key.label(state)});
	const here = keysOf(name, false, keyChanges).filter(({id}) => id !== 'palette');
	const ids = new Set(here.map(({id}) => id));
	const others = new Map(allKeys
		.filter(({id, isForTyping}) => isForTyping !== true && id !== 'palette' && !ids.has(id))
		.map(key => [key.id, {...key, keys: keyChanges.get(key.id) ?? key.keys}]));
	const elsewhere = others.values().map((key): PaletteAction => {
		const isElsewhere = key.on?.some(group => groupsOfEverywhere.has(group)) === true;
		return {...labelled(key), isElsewhere, reason: isElsewhere ? key.disabledReason?.(state) : onlyOn(key)};
	}).toArray();
	const all = [
		...here.map((key): PaletteAction => ({...labelled(key), isElsewhere: false, reason: key.disabledReason?.(state)})),
		...elsewhere,
	];
	const rank = ({key: {id}, reason}: PaletteAction) => {
		const recent = recentActions.indexOf(id);
		return reason === undefined ? (recent === -1 ? recentActions.length : recent) : recentActions.length + 1;
	};

	return all.toSorted((left, right) => rank(left) - rank(right));
};

const onlyOn = ({id}: KeyBinding) => {
	const titles = screens.filter(({name}) => keysOf(name, false).some(key => key.id === id)).map(({title}) => title);
	return `Only on ${titles.slice(0, 2).join(', ')}${titles.length > 2 ? ` and ${titles.length - 2} more` : ''}.`;
};

export const isTyping = (state: UiState): boolean => {
	const screen = topScreen(state);
	return moduleOf(screen).typing?.isOpen(state, screen) === true;
};

/**
What may be pressed after a prefix or a count, in words. Keys of a sequence are told without what was pressed.
*/
export const followUps = (state: UiState): Array<{keys: string; help: string}> => {
	const {prefix, count, keyChanges} = state;
	const live = keysOf(topScreen(state).name, isTyping(state), keyChanges);
	const start = `${prefix} `;
	return prefix === ''
		? live.filter(({takesCount, keys}) => count !== '' && takesCount === true && keys.length > 0).map(({keys, help}) => ({keys: keys.map(key => shownKey(key)).join(' '), help}))
		: live.flatMap(({keys, help}) => keys.filter(key => key.startsWith(start)).map(key => ({keys: shownKey(key.slice(start.length)), help})));
};

export type Resolved =
	| {kind: 'key'; key: KeyBinding}
	| {kind: 'awaited'; what: string}
	| {kind: 'refused'; reason: string}
	| {kind: 'prefix'; prefix: string}
	| {kind: 'none'};

const isStartOfSequence = (live: readonly KeyBinding[], typed: string) => live.some(({keys}) => keys.some(known => known.startsWith(`${typed} `)));

/**
Keys one after the other as the footer shows them: those of a sequence together, as in `gg`.
*/
export const shownKeys = (state: UiState, pressed: readonly string[]): string => {
	const live = keysOf(topScreen(state).name, isTyping(state), state.keyChanges);
	const shown: string[] = [];
	for (const key of pressed) {
		const last = shown.at(-1);
		if (last !== undefined && isStartOfSequence(live, last)) {
			shown[shown.length - 1] = `${last} ${key}`;
		} else {
			shown.push(key);
		}
	}

	return shown.map(keys => shownKey(keys)).join(' ');
};

export const resolveKey = (state: UiState, pressed: string): Resolved => {
	const isText = isTyping(state);
	const live = keysOf(topScreen(state).name, isText, state.keyChanges);
	const sequence = state.prefix === '' ? pressed : `${state.prefix} ${pressed}`;
	const whole = live.find(({keys}) => keys.includes(sequence));
	const prefix = [sequence, pressed].find(typed => isStartOfSequence(live, typed));
	if (whole === undefined && prefix !== undefined) {
		return {kind: 'prefix', prefix};
	}

	const key = whole ?? live.find(({keys}) => keys.includes(pressed));
	if (key !== undefined) {
		const what = moduleOf(topScreen(state)).awaited?.(state, key);
		if (what !== undefined) {
			return {kind: 'awaited', what};
		}

		const reason = key.disabledReason?.(state);
		return reason === undefined ? {kind: 'key', key} : {kind: 'refused', reason};
	}

	// What many screens share is meant sooner than a letter of one menu.
	const elsewhere = isText ? undefined : [...keysOfOthers, ...allKeys].find(({id, keys, isForTyping}) => isForTyping === undefined && (state.keyChanges.get(id) ?? keys).includes(pressed));
	return elsewhere === undefined ? {kind: 'none'} : {kind: 'refused', reason: notHere(elsewhere, pressed, state)};
};

const notHere = ({help}: KeyBinding, pressed: string, state: UiState) => {
	const screen = topScreen(state);
	const {place} = moduleOf(screen);
	const words = typeof place === 'string' ? place : place(screen);
	return `${pressed} (${help.charAt(0).toLowerCase()}${help.slice(1)}) is not available ${words}.`;
};
