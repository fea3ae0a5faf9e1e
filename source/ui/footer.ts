import {displayWidth} from '../base/text/width.js';
import {actionsOf, type Action} from './keymap.js';
import {shownKey} from './key-names.js';
import {messageLines} from './layout.js';
import {span, type Line, type Span} from './line.js';
import {isAtFirst, isTyping, topScreen} from './stack.js';
import {pauseAction} from './screens/watch/reasons.js';
import type {UiState} from './ui-state.js';
import type {Theme} from './theme.js';
import {fitLine} from './parts/cells.js';

const most = 7;

/**
The message if there is one, else the keys that work now.
*/
export const footerLines = (state: UiState, theme: Theme, columns: number): Line[] => {
	const {message, count, prefix} = state;
	if (message !== undefined) {
		const {glyphs} = theme;
		const mark = {
			plain: '', good: `${glyphs.good} `, warn: `${glyphs.warn} `, bad: `${glyphs.bad} `,
		}[message.tone];
		return messageLines(state).map((text, row) => fitLine([span(`${row === 0 ? mark : ' '.repeat(mark.length)}${text}`, message.tone)], columns));
	}

	const pending = count + prefix;
	const start = pending === '' ? [] : [span(`${pending} `, 'accent')];
	return [fitLine(hintSpans(state, columns, start), columns)];
};

const hintSpans = (state: UiState, columns: number, start: Span[]): Span[] => {
	const hints = hintsOf(state);
	// The way to all keys, or out of here, is kept where there is room for little.
	const kept = hints.find(({id}) => id === 'help') ?? hints.find(({id}) => id === 'back');
	const others = hints.filter(action => action !== kept).slice(0, columns < 60 ? 2 : most - 1);
	const spans = [...start];
	let left = columns - start.reduce((sum, {text}) => sum + text.length, 0) - (kept === undefined ? 0 : widthOf(kept, state));
	for (const action of others) {
		if (!(widthOf(action, state) <= left)) {
			continue;
		}

		left -= widthOf(action, state);
		spans.push(...hintOf(action, state));
	}

	return kept === undefined ? spans : [...spans, ...hintOf(kept, state)];
};

const hintOf = (action: Action, state: UiState): Span[] =>
	[span(shownKey(action.keys[0]!), 'strong'), span(` ${labelOf(action, state)}  `, 'dim')];

const labelOf = ({id, label}: Action, state: UiState) => {
	if (id === 'pause-job') {
		return pauseAction(state);
	}

	return id === 'close' && isAtFirst(state) ? 'quit' : label;
};

const widthOf = (action: Action, state: UiState) => displayWidth(shownKey(action.keys[0]!)) + labelOf(action, state).length + 3;

/**
The actions whose keys are shown: those of this screen that can be done now.
*/
export const hintsOf = (state: UiState): Action[] => {
	const {name} = topScreen(state);
	return actionsOf(name, isTyping(state)).filter(({hints, disabledReason}) =>
		hints?.includes(name) === true && disabledReason?.(state) === undefined);
};
