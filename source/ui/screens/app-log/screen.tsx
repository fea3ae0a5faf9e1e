import {clean} from '../../../base/text/clean.js';
import {layoutOf} from '../../layout.js';
import {line, type Line, type Tone} from '../../line.js';
import {message} from '../../messages.js';
import {boxLines, boxRoom} from '../../parts/box.js';
import {scrolling} from '../../parts/scrolling.js';
import {sentences, wrapText} from '../../parts/wrap.js';
import {screenModule, type EffectContext} from '../../screen-module.js';
import {
	changeScreens,
	pop,
	push,
	topScreen,
	type Screen,
	type UiState,
} from '../../ui-state.js';

type LogScreen = {name: 'app-log'; isOverlay: true; lines: readonly string[]; scroll: number};

const isLog = (screen: Screen): screen is LogScreen => screen.name === 'app-log';

const toneOf = (text: string): Tone => /^\S+ error /v.test(text) ? 'bad' : (/^\S+ warn /v.test(text) ? 'warn' : 'plain');

const roomOf = (state: UiState) => boxRoom(layoutOf(state), state.size.columns);

const linesOf = (state: UiState, {lines}: LogScreen): Line[] => {
	const {columns} = roomOf(state);
	return lines.length === 0
		? sentences(['Nothing was logged since this app has started.', 'H lists what ran before, and what a daemon did; L there opens its log.'], columns)
		: lines.flatMap(text => wrapText(clean(text), columns).map(part => line(part, toneOf(text))));
};

const lastScroll = (state: UiState, screen: LogScreen) => Math.max(0, linesOf(state, screen).length - roomOf(state).rows);

const logOpened = message((state, lines: readonly string[]) => {
	const screen: LogScreen = {
		name: 'app-log', isOverlay: true, lines, scroll: 0,
	};
	return push<LogScreen>(state, {...screen, scroll: lastScroll(state, screen)});
});

/**
A log that is scrolled to its end stays there.
*/
export const logGrew = message((state, lines: readonly string[]) => changeScreens(state, isLog, screen => {
	const isAtEnd = screen.scroll >= lastScroll(state, screen);
	const next = {...screen, lines};
	return isAtEnd ? {...next, scroll: lastScroll(state, next)} : next;
}), {isNews: true});

const scroll = scrolling<LogScreen>(linesOf, state => roomOf(state).rows);

const isOpen = (state: UiState) => state.stack.some(screen => isLog(screen));

export const appLogModule = screenModule<LogScreen>({
	name: 'app-log',
	title: 'Log of the app',
	helpTitle: 'Keys of the log',
	spokenName: 'log of the app',
	place: 'in the log',
	groups: ['list'],
	hints: ['down', 'up', 'bottom', 'back'],
	keysElsewhere: [{
		id: 'app-log', keys: ['@'], label: 'app log', help: 'What this app has logged since it started, over any screen',
		update: state => isLog(topScreen(state)) ? pop(state) : state,
		effect({services, dispatch}, before) {
			if (!isOpen(before)) {
				dispatch(logOpened(services.log?.lines() ?? []));
			}
		},
	}],
	...scroll,
	view({state, screen, theme: {glyphs}, layout}) {
		const lines = linesOf(state, screen);
		const {columns, rows} = roomOf(state);
		return boxLines({
			title: 'Log',
			position: layout.isFramed ? scroll.positionText(state, screen) : '',
			keys: 'G end  Esc back',
			lines: lines.slice(screen.scroll, screen.scroll + rows),
			scroll: {top: screen.scroll, length: lines.length},
			leastColumns: columns,
		}, {columns: state.size.columns, layout, glyphs});
	},
	// All of it would be read aloud.
	spoken: (_, {lines}) => lines.slice(-1).map(text => clean(text)),
	start: ({services, get, dispatch, safely}: EffectContext) => services.log?.onLine(() => {
		if (isOpen(get())) {
			safely(() => {
				dispatch(logGrew(services.log!.lines()));
			});
		}
	}),
});
