import {isAppError} from '../base/errors.js';
import {createAnswers} from './screens/browse/effects.js';
import {createImports} from './screens/import/effects.js';
import {createActionEffects} from './effects/on-action.js';
import {createReports} from './screens/report/effects.js';
import {createServers} from './screens/connect/effects.js';
import {createWatching} from './screens/watch/effects.js';
import {shownKey, typedText} from './key-names.js';
import {resolveKey} from './keymap.js';
import {layoutOf} from './layout.js';
import type {UiServices} from './services.js';
import {isCount} from './reducer.js';
import type {UiMessage} from './messages.js';
import {isTyping} from './stack.js';
import {willEndWatch} from './screens/watch/reduce.js';
import type {Store} from './store.js';

export type ControllerOptions = {
	services: UiServices;
	store: Store;
	/**
	Leave the app with this exit code.
	*/
	quit: (exitCode: number) => void;
	suspend: () => Promise<void>;
	repaint: () => Promise<void>;
	/**
	What nobody expected: the app must end, with the terminal restored.
	*/
	fail: (error: unknown) => void;
	/**
	A monotonic clock, in milliseconds.
	*/
	now?: () => number;
	/**
	How long the cursor rests before the pane asks for a detail.
	*/
	restMs?: number;
	/**
	How often a list under a running import is read again, at most.
	*/
	relistMs?: number;
	/**
	How often `3 min ago` is told anew on the watch; never when left out.
	*/
	tickMs?: number;
};

/**
Joins keys and services to the state. The only part of the app that does anything.
*/
export type Controller = {
	start: () => void;
	press: (keys: readonly string[]) => void;
	paste: (text: string) => void;
	resize: (columns: number, rows: number) => void;
	stop: () => void;
};

/**
After these the services may have something new that must be known before all else.
*/
const mayNotice: ReadonlySet<UiMessage['type']> = new Set(['load-finished', 'load-failed', 'catalog-changed', 'connected', 'import-finished', 'import-failed']);

export const createController = (options: ControllerOptions): Controller => {
	const {
		services, store, quit, suspend, repaint, fail, now = () => performance.now(), restMs = 80, relistMs = 1000, tickMs,
	} = options;
	const {get} = store;

	/**
	Nobody waits for a task that a key or a timer began.
	*/
	const guard = async (task: () => void | Promise<void>) => {
		try {
			await task();
		} catch (error) {
			if (isAppError(error)) {
				store.dispatch({type: 'say', text: [error.message, error.hint ?? ''].join(' ').trim(), tone: 'bad'});
			} else {
				fail(error);
			}
		}
	};

	/**
	A bug of the screen must not end up in the engine that told the news.
	*/
	const safely = (task: () => void) => {
		try {
			task();
		} catch (error) {
			fail(error);
		}
	};

	const answers = createAnswers({
		services, store, guard, now, restMs, relistMs,
	});
	const dispatch = (message: UiMessage) => {
		store.dispatch(message);
		answers.follow();
		if (mayNotice.has(message.type)) {
			followNotice();
		}
	};

	let told = services.initial.notice;
	/**
	A notice is told once: the user may have hidden it since.
	*/
	const followNotice = () => {
		const notice = services.notice();
		if (notice === told) {
			return;
		}

		told = notice;
		dispatch({type: 'noticed', notice});
	};

	const servers = createServers({services, get, dispatch});
	const reports = createReports({services, get, dispatch});
	const imports = createImports({
		services,
		get,
		dispatch,
		async refresh() {
			await servers.loadLibraries();
			await reports.refresh();
		},
	});
	const watching = createWatching({
		services, get, dispatch, now, tickMs, safely,
	});
	const effects = createActionEffects({
		services, get, dispatch, servers, imports, reports, watching, quit, suspend, repaint, now, forgetDetail: answers.forgetDetail,
	});

	const pressOne = (key: string) => {
		const state = get();
		if (key === 'q' && layoutOf(state).isTooSmall) {
			void (willEndWatch(state) ? effects.interrupt : effects.quit)?.(state);
			return;
		}

		if (isCount(state, key)) {
			dispatch({type: 'digit', digit: key});
			return;
		}

		// As in vi, Esc takes back what was begun with 5 or g, and only then leaves anything.
		if (key === 'escape' && !isTyping(state) && `${state.count}${state.prefix}` !== '') {
			dispatch({type: 'rest'});
			return;
		}

		const resolved = resolveKey(state, key);
		if (resolved.kind === 'action') {
			const {id} = resolved.action;
			dispatch({type: 'action', id, count: state.count === '' ? undefined : Number(state.count)});
			void guard(async () => effects[id]?.(state));
		} else if (resolved.kind === 'prefix') {
			dispatch({type: 'prefix', prefix: resolved.prefix});
		} else if (isTyping(state)) {
			const text = typedText(key);
			if (text !== undefined) {
				dispatch({type: 'typed', text});
			}
		} else if (resolved.kind === 'refused') {
			dispatch({type: 'say', text: resolved.reason, tone: 'warn'});
		} else {
			dispatch({type: 'say', text: `${shownKey(key)} does nothing here; ? shows the keys.`, tone: 'warn'});
		}
	};

	let unsubscribes: Array<() => void> = [];
	return {
		start() {
			unsubscribes = [
				services.onEvent(event => {
					safely(() => {
						dispatch({type: 'sync-event', event, nowMs: now()});
					});
				}),
				services.onCatalogChange(() => {
					safely(() => {
						dispatch({type: 'catalog-changed', header: services.header()});
					});
				}),
			];
			watching.start();
			void guard(servers.load);
			void guard(servers.loadLibraries);
			if (get().stack.some(({name}) => name === 'connect')) {
				void guard(servers.look);
			}
		},
		press(keys) {
			safely(() => {
				for (const key of keys) {
					pressOne(key);
				}

				// What a finger does is seen at once; only news may wait for the next beat.
				store.flush();
			});
		},
		paste(text) {
			safely(() => {
				dispatch(isTyping(get())
					? {type: 'typed', text}
					: {type: 'say', text: 'Text can be pasted into a form or a filter only.', tone: 'warn'});
				store.flush();
			});
		},
		resize(columns, rows) {
			dispatch({type: 'resized', columns, rows});
			store.flush();
		},
		stop() {
			for (const unsubscribe of unsubscribes) {
				unsubscribe();
			}

			watching.stop();
			servers.cancel();
			answers.stop();
		},
	};
};
