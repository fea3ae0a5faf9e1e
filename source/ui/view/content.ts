import {cleanLines} from '../../base/text/clean.js';
import {layoutOf} from '../layout.js';
import {line, type Line} from '../line.js';
import {isReport} from '../screens/report/reduce.js';
import {topScreen} from '../stack.js';
import type {UiState} from '../ui-state.js';
import {detailLines} from '../screens/detail/lines.js';
import {helpLines} from '../screens/help/lines.js';
import {problemLines} from '../screens/problem/lines.js';
import {wrapText} from '../parts/wrap.js';

/**
The text of what scrolls on this screen: the help, a problem, or the detail in its pane or on its own.
*/
export const contentLines = (state: UiState): Line[] => {
	const screen = topScreen(state);
	const {columns} = state.size;
	if (isReport(screen)) {
		return [];
	}

	switch (screen.name) {
		case 'help': {
			return helpLines(screen.of, columns, screen.isTyping);
		}

		case 'problem': {
			return problemLines(screen.problem, columns);
		}

		case 'detail': {
			return detailLines(state.detail, columns);
		}

		case 'text': {
			return wrapText(cleanLines(screen.text), columns - 1).map(text => line(text));
		}

		case 'browse': {
			// The detail that was loaded last stays until there is a newer one, but a list without rows will bring none.
			const isEmpty = screen.answered !== undefined && screen.list.ids.length === 0;
			return isEmpty ? [] : detailLines(state.detail, layoutOf(state).paneColumns);
		}

		case 'connect':
		case 'sign-in':
		case 'libraries':
		case 'import':
		case 'watch':
		case 'sort':
		case 'quit': {
			return [];
		}
	}
};

export const contentRows = (state: UiState): number => contentLines(state).length;
