import type {
	BrowseScreen,
	Screen,
	ScreenName,
	UiState,
} from './ui-state.js';

export const topScreen = (state: UiState): Screen => state.stack.at(-1)!;

/**
The screen that shows through an overlay: help, the sort menu and the question before quitting lie on top of it.
*/
export const baseScreen = (state: UiState): Screen =>
	state.stack.findLast(({name}) => !isOverlay(name)) ?? topScreen(state);

export const isOverlay = (name: ScreenName): boolean => ['help', 'sort', 'quit'].includes(name);

export const push = (state: UiState, screen: Screen): UiState => ({...state, stack: [...state.stack, screen]});

export const pop = (state: UiState): UiState => state.stack.length > 1 ? {...state, stack: state.stack.slice(0, -1)} : state;

export const replaceTop = (state: UiState, screen: Screen): UiState => ({...state, stack: [...state.stack.slice(0, -1), screen]});

/**
The deepest browse level: the one on the screen, or the one beneath what lies on it.
*/
export const browseScreen = (state: UiState): BrowseScreen | undefined =>
	state.stack.findLast(screen => screen.name === 'browse');

export const updateBrowse = (state: UiState, key: number, update: (screen: BrowseScreen) => BrowseScreen): UiState => ({
	...state,
	stack: state.stack.map(screen => screen.name === 'browse' && screen.key === key ? update(screen) : screen),
});

/**
Keys are text while a form field or the filter is open.
*/
export const isTyping = (state: UiState): boolean => {
	const top = topScreen(state);
	return (top.name === 'connect' && state.connect.field !== undefined && !state.connect.isConnecting)
		|| ('isFiltering' in top && top.isFiltering);
};

/**
The screen that the app was opened with: to close it is to quit.
*/
export const isAtFirst = (state: UiState): boolean => state.stack.length === 1 || (state.watch.isFirst && topScreen(state).name === 'watch');

export const isImporting = ({job}: UiState): boolean => job.status === 'running' || job.status === 'cancelling';
