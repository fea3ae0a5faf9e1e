import {setImmediate} from 'node:timers/promises';
import {createObservable} from '../../source/base/observable.js';
import {App} from '../../source/ui/app.js';
import {createController} from '../../source/ui/controller.js';
import type {UiServices} from '../../source/ui/services.js';
import {reduceUi} from '../../source/ui/reducer.js';
import {initialState} from '../../source/ui/initial-state.js';
import type {UiMessage} from '../../source/ui/messages.js';
import type {UiState} from '../../source/ui/ui-state.js';
import type {ClipboardWay} from '../../source/ui/output/clipboard.js';
import {createTheme, type ThemeName} from '../../source/ui/theme.js';
import {renderScreen, type Size} from './render-screen.js';

type Options = Partial<Size> & {isAscii?: boolean; isScreenReader?: boolean; clipboard?: ClipboardWay; now?: () => number; restMs?: number; relistMs?: number; tabMs?: number};

/**
The app on fake services, drawn after every change; `exits` holds the exit codes that it requested.
*/
export const openApp = async (services: UiServices, {columns = 80, rows = 24, isAscii = false, isScreenReader = false, clipboard = 'direct', now, restMs = 0, relistMs = 0, tabMs}: Options = {}) => {
	const themeOf = (name: ThemeName) => createTheme({isColor: false, isAscii, name});
	const exits: number[] = [];
	const failures: unknown[] = [];
	const asked: string[] = [];
	const copied: string[] = [];
	const store = createObservable<UiState, UiMessage>(initialState(services, {columns, rows}), reduceUi);
	const controller = createController({
		services,
		store,
		quit(code) {
			exits.push(code);
		},
		fail(error) {
			failures.push(error);
		},
		async suspend() {
			asked.push('suspend');
		},
		async repaint() {
			asked.push('repaint');
		},
		copy(text) {
			copied.push(text);
			return clipboard;
		},
		restMs,
		relistMs,
		...now && {now},
		...tabMs !== undefined && {tabMs},
	});
	const screen = await renderScreen(
		<App
			store={store}
			index={services.index}
			themeOf={themeOf}
			isStill
			isScreenReader={isScreenReader}
			now={() => new Date('2026-01-15T12:00:00Z')}
			onKeys={keys => {
				controller.press(keys);
			}}
			onPaste={text => {
				controller.paste(text);
			}}
			takeMouse={() => () => undefined}
			onReady={() => undefined}
		/>,
		{columns, rows},
	);
	controller.start();
	await setImmediate();
	return {
		...screen,
		async resize(size: Size) {
			controller.resize(size.columns, size.rows);
			await screen.resize(size);
		},
		store,
		controller,
		exits,
		failures,
		asked,
		copied,
		close() {
			controller.stop();
			screen.unmount();
		},
	};
};
