import {displayWidth} from '../base/text/width.js';
import {shownKey} from './key-names.js';
import {hintsOf} from './keymap.js';
import {messageLines} from './layout.js';
import {span, type Line, type Span} from './line.js';
import {fitLine, sliceLine} from './parts/cells.js';
import type {KeyBinding} from './screen-module.js';
import type {Theme} from './theme.js';
import type {UiState} from './ui-state.js';

const most = 7;

/**
The keys that matter now. A message takes their place, unless it is shown as a toast.
*/
export const footerLines = (state: UiState, theme: Theme, columns: number, isToasted = false): Line[] => {
	const {message, count, prefix} = state;
	if (message !== undefined && !isToasted) {
		return messageSpans(state, theme).map(part => fitLine([part], columns));
	}

	const pending = count + prefix;
	const start = pending === '' ? [] : [span(`${pending} `, 'accent')];
	return [fitLine(hintSpans(state, columns, start), columns)];
};

const messageSpans = (state: UiState, {glyphs}: Theme): Span[] => {
	const {message} = state;
	if (message === undefined) {
		return [];
	}

	const mark = {
		plain: '', good: `${glyphs.good} `, warn: `${glyphs.warn} `, bad: `${glyphs.bad} `,
	}[message.tone];
	return messageLines(state).map((text, row) => span(`${row === 0 ? mark : ' '.repeat(mark.length)}${text}`, message.tone));
};

/**
The message over the lowest rows of a screen, at the right within its border.
*/
export const withToast = (body: readonly Line[], state: UiState, theme: Theme, columns: number): Line[] => {
	const spans = messageSpans(state, theme);
	const width = Math.min(columns - 4, Math.max(0, ...spans.map(part => displayWidth(part.text))));
	const from = columns - width - 4;
	return body.map((beneath, row) => {
		const part = spans[row - body.length + spans.length];
		return part === undefined
			? beneath
			: [...sliceLine(beneath, 0, from), ...fitLine([span(' '), part], width + 2, part.tone), ...sliceLine(beneath, columns - 2, columns)];
	});
};

const hintSpans = (state: UiState, columns: number, start: Span[]): Span[] => {
	const hints = hintsOf(state);
	// Where there is little room, the key for help, or else for back, is kept.
	const kept = hints.find(({id}) => id === 'help') ?? hints.find(({id}) => id === 'back');
	const others = hints.filter(key => key !== kept).slice(0, columns < 60 ? 2 : most - 1);
	const spans = [...start];
	let left = columns - start.reduce((sum, {text}) => sum + text.length, 0) - (kept === undefined ? 0 : widthOf(kept, state));
	for (const key of others) {
		if (!(widthOf(key, state) <= left)) {
			continue;
		}

		left -= widthOf(key, state);
		spans.push(...hintOf(key, state));
	}

	return kept === undefined ? spans : [...spans, ...hintOf(kept, state)];
};

const hintOf = (key: KeyBinding, state: UiState): Span[] =>
	[span(shownKey(key.keys[0]!), 'key'), span(` ${labelOf(key, state)}  `, 'dim')];

const labelOf = ({label}: KeyBinding, state: UiState) => typeof label === 'string' ? label : label(state);

const widthOf = (key: KeyBinding, state: UiState) => displayWidth(shownKey(key.keys[0]!)) + labelOf(key, state).length + 3;
