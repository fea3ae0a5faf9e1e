import {shownKey, splitAlt, typedText} from './key-names.js';
import {isTyping, resolveKey} from './keymap.js';
import {layoutOf} from './layout.js';
import {say} from './messages.js';
import {
	digitTyped,
	isBegun,
	isCount,
	keyPressed,
	keysKept,
	prefixTyped,
	rested,
	typed,
	waitShown,
} from './reducer.js';
import type {EffectContext, KeyBinding} from './screen-module.js';
import {moduleOf} from './screens/registry.js';
import {willEndWatch} from './screens/watch/reduce.js';
import {appKeys} from './shared-keys.js';
import {topScreen, type UiState} from './ui-state.js';

/**
A digit alone opens a library; before another key it is a count, as in 5j. For what else is begun, it is shown what may follow.
*/
const createTabWait = ({get, dispatch, tabMs}: Pick<EffectContext, 'get' | 'dispatch' | 'tabMs'>, open: (key: KeyBinding, state: UiState) => void) => {
	let timer: NodeJS.Timeout | undefined;
	return {
		begin() {
			clearTimeout(timer);
			const {count, prefix} = get();
			timer = tabMs === undefined || `${count}${prefix}` === ''
				? undefined
				: setTimeout(() => {
					const state = get();
					const resolved = state.prefix === '' ? resolveKey(state, state.count) : undefined;
					if (resolved?.kind === 'key') {
						open(resolved.key, state);
					} else {
						dispatch(waitShown());
					}
				}, tabMs);
		},
		end() {
			clearTimeout(timer);
		},
	};
};

type Pressing = {runEffect: (key: KeyBinding, before: UiState) => void; pressOne: (pressed: string) => void};

/**
Does what is pressed and pasted, or keeps it while what it needs is still on its way.
*/
export const createPressing = (context: EffectContext) => {
	const {get, dispatch, guard} = context;
	const runEffect = ({effect}: KeyBinding, before: UiState) => {
		void guard(async () => effect?.(context, before));
	};

	const tabWait = createTabWait(context, (key, state) => {
		dispatch(rested());
		runEffect(key, state);
	});

	const pressOne = (pressed: string) => {
		tabWait.end();
		const state = get();
		if (pressed === 'q' && layoutOf(state).isTooSmall) {
			const id = willEndWatch(state) ? 'interrupt' : 'quit';
			runEffect(appKeys.find(key => key.id === id)!, state);
			return;
		}

		// As in vi, Esc takes back what was begun with 5 or g, or waits, and only then leaves anything.
		if (pressed === 'escape' && !isTyping(state) && isBegun(state)) {
			dispatch(rested());
			return;
		}

		if (state.kept !== undefined && !isForAnyTime(state, pressed)) {
			// What it means may depend on what the keys before it do.
			dispatch(keysKept({keys: [pressed], what: state.kept.what}));
			return;
		}

		if (isCount(state, pressed)) {
			dispatch(digitTyped(pressed));
		} else {
			doKey(context, pressed, {runEffect, pressOne});
		}

		tabWait.begin();
	};

	const pasteOne = (text: string) => {
		const state = get();
		if (state.kept !== undefined) {
			dispatch(keysKept({keys: [{pasted: text}], what: state.kept.what}));
		} else if (isTyping(state)) {
			dispatch(typed(text));
		} else {
			dispatch(say({text: 'Text can be pasted into a form or a filter only.', tone: 'warn'}));
		}
	};

	/**
	Presses the keys that were kept once what they need is there.
	*/
	const pressKept = () => {
		const state = get();
		const {kept} = state;
		if (kept === undefined || moduleOf(topScreen(state)).awaited?.(state, {needsRows: 'all'}) !== undefined) {
			return;
		}

		dispatch(rested());
		for (const key of kept.keys) {
			if (typeof key === 'string') {
				pressOne(key);
			} else {
				pasteOne(key.pasted);
			}
		}
	};

	return {
		pressOne,
		pasteOne,
		pressKept,
		/**
		Does an action without its key, on the screen that is now on top.
		*/
		doAction(key: KeyBinding) {
			const state = get();
			const [first] = key.keys;
			const what = moduleOf(topScreen(state)).awaited?.(state, key);
			const reason = key.disabledReason?.(state);
			if (what !== undefined && first !== undefined) {
				dispatch(keysKept({keys: first.split(' '), what}));
			} else if (reason === undefined) {
				dispatch(keyPressed({key, count: undefined}));
				runEffect(key, state);
			} else {
				dispatch(say({text: reason, tone: 'warn'}));
			}
		},
		stop() {
			tabWait.end();
		},
	};
};

const isForAnyTime = (state: UiState, pressed: string) => {
	const resolved = resolveKey(state, pressed);
	return resolved.kind === 'key' && resolved.key.isAlways === true;
};

/**
Does what a key means on this screen, or says why it means nothing.
*/
const doKey = ({get, dispatch}: EffectContext, pressed: string, {runEffect, pressOne}: Pressing) => {
	const state = get();
	const resolved = resolveKey(state, pressed);
	switch (resolved.kind) {
		case 'key': {
			dispatch(keyPressed({key: resolved.key, count: state.count === '' ? undefined : Number(state.count)}));
			runEffect(resolved.key, state);
			break;
		}

		case 'awaited': {
			dispatch(keysKept({keys: [pressed], what: resolved.what}));
			break;
		}

		case 'prefix': {
			dispatch(prefixTyped(resolved.prefix));
			break;
		}

		case 'refused': {
			dispatch(say({text: resolved.reason, tone: 'warn'}));
			break;
		}

		case 'none': {
			const parts = splitAlt(pressed);
			const text = isTyping(state) ? typedText(pressed) : undefined;
			if (parts !== undefined) {
				for (const part of parts) {
					pressOne(part);
				}
			} else if (text !== undefined) {
				dispatch(typed(text));
			} else if (!isTyping(state)) {
				dispatch(say({text: `${shownKey(pressed)} does nothing here; ? shows the keys.`, tone: 'warn'}));
			}
		}
	}
};
