import {shownKey} from './key-names.js';
import {followUps} from './keymap.js';
import type {Layout} from './layout.js';
import {filled, span, type Line} from './line.js';
import {
	cell,
	short,
	sliceLine,
	widthOf,
} from './parts/cells.js';
import {panelLines} from './parts/panel.js';
import type {Glyphs} from './theme.js';
import type {UiState} from './ui-state.js';

const widest = 60;

/**
What may follow the keys that were pressed, over the lower right corner of a screen.
*/
export const withWhichKey = (body: readonly Line[], state: UiState, {isFramed, bodyRows}: Layout, glyphs: Glyphs): Line[] => {
	const {columns} = state.size;
	const followers = state.isWaitShown ? followUps(state) : [];
	const lines = filled(body, bodyRows);
	if (followers.length === 0) {
		return lines;
	}

	const keysWidth = Math.max(...followers.map(({keys}) => keys.length));
	const width = Math.min(columns, widest, Math.max(...followers.map(({keys, help}) => keys.length + help.length)) + 6);
	const box = panelLines({
		title: `${shownKey(state.prefix)}${state.count} …`,
		lines: followers.map(({keys, help}) => [span(` ${cell(keys, keysWidth)}  `, 'key'), span(short(help, width - keysWidth - 6))]),
		columns: width,
		rows: Math.min(bodyRows, followers.length + (isFramed ? 2 : 1)),
		isFramed,
		isFocused: true,
		glyphs,
	});
	const top = bodyRows - box.length;
	return lines.map((beneath, row) => row < top ? beneath : [...sliceLine(beneath, 0, columns - widthOf(box[row - top]!)), ...box[row - top]!]);
};

/**
The same for a screen reader.
*/
export const whichKeySentences = (state: UiState): string[] => {
	const followers = state.isWaitShown ? followUps(state) : [];
	return followers.length === 0 ? [] : [`Next: ${followers.map(({keys, help}) => `${keys} ${help}`).join('; ')}.`];
};
