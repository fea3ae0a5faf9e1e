import {layoutOf} from '../layout.js';
import type {Line} from '../line.js';
import {spokenLines, type ScreenModule} from '../screen-module.js';
import {replaceTop, type Screen, type UiState} from '../ui-state.js';

export const scrolling = <Entry extends Screen & {scroll: number}>(linesOf: (state: UiState, screen: Entry) => Line[], rowsOf = (state: UiState): number => layoutOf(state).bodyRows): Required<Pick<ScreenModule<Entry>, 'positionText' | 'cursor' | 'view' | 'spoken'>> => ({
	positionText(state, screen) {
		const {length} = linesOf(state, screen);
		const rows = rowsOf(state);
		return length <= rows ? '' : `${screen.scroll + 1}-${Math.min(length, screen.scroll + rows)} of ${length} lines`;
	},
	cursor: {
		position: (state, screen) => ({at: screen.scroll, length: linesOf(state, screen).length, rows: rowsOf(state)}),
		moveTo(state, screen, at) {
			const last = Math.max(0, linesOf(state, screen).length - rowsOf(state));
			return replaceTop(state, {...screen, scroll: Math.max(0, Math.min(last, at))});
		},
	},
	view: ({state, screen}) => linesOf(state, screen).slice(screen.scroll, screen.scroll + rowsOf(state)),
	spoken: (state, screen) => spokenLines(linesOf(state, screen)),
});
