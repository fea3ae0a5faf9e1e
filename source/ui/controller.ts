import {isAppError} from '../base/errors.js';
import type {Observable} from '../base/observable.js';
import {followPictures, stopPictures} from './graphics/follow-pictures.js';
import {shownKey, splitAlt, typedText} from './key-names.js';
import type {MouseReport} from './input/mouse-report.js';
import {followPointer, idlePointer, type Region} from './input/pointer.js';
import {isTyping, resolveKey} from './keymap.js';
import {layoutOf} from './layout.js';
import {
	noticed,
	resized,
	say,
	type UiMessage,
} from './messages.js';
import {
	cursorMoved,
	digitTyped,
	isCount,
	keyKept,
	keyPressed,
	pendingKeys,
	prefixTyped,
	rested,
	typed,
	waitShown,
} from './reducer.js';
import type {EffectContext, KeyBinding} from './screen-module.js';
import {moduleOf, screens} from './screens/registry.js';
import {willEndWatch} from './screens/watch/reduce.js';
import {appKeys} from './shared-keys.js';
import {tabRegions} from './tabs.js';
import {topScreen, type UiState} from './ui-state.js';

export type Store = Observable<UiState, UiMessage>;

export type ControllerOptions = Pick<EffectContext, 'services' | 'quit' | 'suspend' | 'repaint' | 'copy'> & Partial<Pick<EffectContext, 'now' | 'restMs' | 'relistMs' | 'tabMs' | 'tickMs'>> & {
	store: Store;
	/**
	Called with an error that nobody expected. The app must end and restore the terminal.
	*/
	fail: (error: unknown) => void;
};

export type Controller = {
	start: () => void;
	press: (keys: readonly string[]) => void;
	tell: (message: UiMessage) => void;
	paste: (text: string) => void;
	point: (report: MouseReport) => void;
	resize: (columns: number, rows: number) => void;
	stop: () => void;
};

/**
A digit alone opens a library; before another key it is a count, as in 5j. For what else is begun, it is shown what may follow.
*/
const createTabWait = ({get, dispatch, tabMs}: Pick<EffectContext, 'get' | 'dispatch' | 'tabMs'>, open: (key: KeyBinding, state: UiState) => void) => {
	let timer: NodeJS.Timeout | undefined;
	return {
		begin() {
			const {count, prefix, kept} = get();
			timer = tabMs === undefined || kept !== undefined || `${count}${prefix}` === ''
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

const regionsOf = (state: UiState): Region[] => {
	const screen = topScreen(state);
	const {bodyTop, isTooSmall} = layoutOf(state);
	if (isTooSmall) {
		return [];
	}

	const {regions, groups} = moduleOf(screen);
	return [
		...groups?.includes('place') ? tabRegions(state) : [],
		...(regions?.(state, screen) ?? []).map(region => ({...region, row: region.row + bodyTop})),
	];
};

export const createController = ({store, fail, ...options}: ControllerOptions): Controller => {
	const {services} = options;
	const {get} = store;
	let dispatchDepth = 0;
	const context: EffectContext = {
		now: () => performance.now(),
		restMs: 80,
		relistMs: 1000,
		tabMs: undefined,
		tickMs: undefined,
		...options,
		get,
		dispatch(message) {
			dispatchDepth++;
			try {
				store.dispatch(message);
				for (const {follow} of screens) {
					follow?.(context);
				}

				followPictures(context);
				if (message.mayBringNotice === true) {
					followNotice();
				}
			} finally {
				dispatchDepth--;
			}

			// A key may close the screen that is being followed.
			if (dispatchDepth === 0) {
				pressKept(context, pressOne);
			}
		},
		async guard(task) {
			try {
				await task();
			} catch (error) {
				if (isAppError(error)) {
					store.dispatch(say({text: [error.message, error.hint ?? ''].join(' ').trim(), tone: 'bad'}));
				} else {
					fail(error);
				}
			}
		},
		pressKey(key) {
			doAction(context, key, runEffect);
		},
		safely(task) {
			try {
				task();
			} catch (error) {
				fail(error);
			}
		},
	};
	const {dispatch, guard, safely} = context;

	const followNotice = createNoticeTeller(services, dispatch);

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

		if (isCount(state, pressed)) {
			dispatch(digitTyped(pressed));
			tabWait.begin();
			return;
		}

		// As in vi, Esc takes back what was begun with 5 or g, or waits, and only then leaves anything.
		if (pressed === 'escape' && !isTyping(state) && pendingKeys(state).length > 0) {
			dispatch(rested());
			return;
		}

		doKey(context, pressed, {runEffect, pressOne});
		tabWait.begin();
	};

	let pointer = idlePointer;
	let stops: Array<(() => void) | void> = [];
	return {
		start() {
			stops = screens.map(({start}) => start?.(context));
		},
		tell: dispatch,
		press(keys) {
			safely(() => {
				for (const key of keys) {
					pressOne(key);
				}

				// A key is drawn at once; only news may wait for the next frame.
				store.flush();
			});
		},
		paste(text) {
			safely(() => {
				dispatch(isTyping(get())
					? typed(text)
					: say({text: 'Text can be pasted into a form or a filter only.', tone: 'warn'}));
				store.flush();
			});
		},
		point(report) {
			safely(() => {
				const {pointer: next, acts, cursorRows} = followPointer(pointer, report, regionsOf(get()), context.now());
				pointer = next;
				if (cursorRows !== 0) {
					dispatch(cursorMoved(cursorRows));
				}

				for (const act of acts) {
					if ('key' in act) {
						pressOne(act.key);
					} else {
						dispatch(act);
					}
				}

				store.flush();
			});
		},
		resize(columns, rows) {
			dispatch(resized({columns, rows}));
			store.flush();
		},
		stop() {
			stopPictures(context);
			tabWait.end();
			for (const stop of stops) {
				stop?.();
			}
		},
	};
};

/**
Tells each notice once, because the user may have hidden it since.
*/
const createNoticeTeller = ({initial, notice}: EffectContext['services'], dispatch: EffectContext['dispatch']) => {
	let told = initial.notice;
	return () => {
		const now = notice();
		if (now === told) {
			return;
		}

		told = now;
		dispatch(noticed(now));
	};
};

type Pressing = {runEffect: (key: KeyBinding, before: UiState) => void; pressOne: (pressed: string) => void};

/**
Does an action without its key, on the screen that is now on top.
*/
const doAction = ({get, dispatch}: EffectContext, key: KeyBinding, runEffect: Pressing['runEffect']) => {
	const state = get();
	const [first] = key.keys;
	const what = moduleOf(topScreen(state)).awaited?.(state, key);
	const reason = key.disabledReason?.(state);
	if (what !== undefined && first !== undefined) {
		dispatch(keyKept({pressed: first, what}));
	} else if (reason === undefined) {
		dispatch(keyPressed({key, count: undefined}));
		runEffect(key, state);
	} else {
		dispatch(say({text: reason, tone: 'warn'}));
	}
};

/**
Does what a key means on this screen, or says why it means nothing.
*/
const doKey = ({get, dispatch}: EffectContext, pressed: string, {runEffect, pressOne}: Pressing) => {
	const state = get();
	const {kept, prefix} = state;
	const resolved = resolveKey(state, pressed);
	const sequence = prefix === '' ? pressed : `${prefix} ${pressed}`;
	const isAlways = resolved.kind === 'key' && resolved.key.isAlways === true;
	if (!isAlways && kept !== undefined && resolved.kind !== 'prefix') {
		// It may depend on what the keys before it do.
		dispatch(keyKept({pressed: sequence, what: kept.what}));
		return;
	}

	switch (resolved.kind) {
		case 'key': {
			dispatch(keyPressed({key: resolved.key, count: state.count === '' ? undefined : Number(state.count)}));
			runEffect(resolved.key, state);
			break;
		}

		case 'awaited': {
			dispatch(keyKept({pressed: sequence, what: resolved.what}));
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

/**
Presses the keys that were kept once what they need is there.
*/
const pressKept = ({get, dispatch}: EffectContext, pressOne: Pressing['pressOne']) => {
	const state = get();
	const {kept} = state;
	if (kept === undefined || kept.keys.some(key => resolveKey({...state, prefix: ''}, key).kind === 'awaited')) {
		return;
	}

	dispatch(rested());
	for (const key of pendingKeys(state)) {
		pressOne(key);
	}
};
