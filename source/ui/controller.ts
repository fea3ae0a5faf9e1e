import {isAppError} from '../base/errors.js';
import type {Observable} from '../base/observable.js';
import {followPictures, stopPictures} from './graphics/follow-pictures.js';
import type {MouseReport} from './input/mouse-report.js';
import {followPointer, idlePointer, type Region} from './input/pointer.js';
import {layoutOf} from './layout.js';
import {
	noticed,
	resized,
	say,
	turned,
	type UiMessage,
} from './messages.js';
import {createPressing} from './pressing.js';
import {cursorMoved} from './reducer.js';
import type {EffectContext} from './screen-module.js';
import {moduleOf, screens} from './screens/registry.js';
import {tabRegions} from './tabs.js';
import {watchTurned} from './screens/watch/reduce.js';
import {readOnlyReasonOf} from './screens/watch/words.js';
import {topScreen, type UiState} from './ui-state.js';

export type Store = Observable<UiState, UiMessage>;

export type ControllerOptions = Pick<EffectContext, 'services' | 'quit' | 'suspend' | 'repaint' | 'copy'> & Partial<Pick<EffectContext, 'now' | 'restMs' | 'relistMs' | 'tabMs'>> & {
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
				pressing.pressKept();
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
			pressing.doAction(key);
		},
		safely(task) {
			try {
				task();
			} catch (error) {
				fail(error);
			}
		},
	};
	const {dispatch, safely} = context;
	const pressing = createPressing(context);
	const {pressOne, pasteOne} = pressing;

	const followNotice = createNoticeTeller(services, dispatch);

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
				pasteOne(text);
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
			pressing.stop();
			for (const stop of stops) {
				stop?.();
			}
		},
	};
};

/**
Tells each notice once, because the user may have hidden it since.
*/
const createNoticeTeller = ({initial, watch, notice, watching = () => watch?.who, readOnlyReason = () => initial.readOnlyReason}: EffectContext['services'], dispatch: EffectContext['dispatch']) => {
	const reasonFor = (who: string | undefined, reason: string | undefined) => readOnlyReasonOf(watch && who !== undefined ? {...watch, who} : undefined, reason);
	const tellers = [
		{read: notice, told: initial.notice, tell: noticed},
		{read: watching, told: watch?.who, tell: watchTurned},
		{read: () => reasonFor(watching(), readOnlyReason()), told: reasonFor(watch?.who, initial.readOnlyReason), tell: turned},
	];
	return () => {
		for (const teller of tellers) {
			const now = teller.read();
			if (now === teller.told) {
				continue;
			}

			teller.told = now;
			dispatch(teller.tell(now));
		}
	};
};
