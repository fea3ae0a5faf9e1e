import {plural} from '../../../base/text/format.js';
import {clean} from '../../../base/text/clean.js';
import {shownKey} from '../../key-names.js';
import {
	blank,
	span,
	type Line,
	type Span,
	type Tone,
	filled,
} from '../../line.js';
import type {Region} from '../../input/pointer.js';
import {layoutOf, type Layout} from '../../layout.js';
import {message} from '../../messages.js';
import {boxLines, boxRoom} from '../../parts/box.js';
import {
	ending,
	rowLine,
	twoEnds,
} from '../../parts/cells.js';
import {boxRegions} from '../../parts/menu.js';
import {
	aroundCaret,
	editText,
	graphemes,
	insertText,
} from '../../parts/text-field.js';
import {screenModule, type ScreenProps} from '../../screen-module.js';
import {asciiGlyphs, type Glyphs} from '../../theme.js';
import {topScreen, type UiState} from '../../ui-state.js';
import {
	accept,
	changePalette,
	isPalette,
	leave,
	paletteRows,
	rowsShown,
	selectedPaletteRow,
	toRun,
	type PaletteRow,
	type PaletteScreen,
} from './reduce.js';

/**
The letters that were found stand out from the others.
*/
const litSpans = (text: string, lit: readonly number[], from: number, tone: Tone): Span[] => {
	const places = new Set(lit);
	const spans: Span[] = [];
	for (const [index, letter] of graphemes(text).entries()) {
		const letterTone = places.has(from + index) ? 'accent' : tone;
		const last = spans.at(-1);
		if (last?.tone === letterTone) {
			last.text += letter;
		} else {
			spans.push(span(letter, letterTone));
		}
	}

	return spans;
};

const rowSpans = (row: PaletteRow): {left: Span[]; right: Span[]} => {
	const {at} = row.match;
	if (row.kind === 'choice') {
		const {title, note = ''} = row.choice;
		return {left: litSpans(clean(title), at, 0, 'plain'), right: note === '' ? [] : [span(clean(note), 'dim')]};
	}

	const {label, key, reason} = row.action;
	const behind = graphemes(label).length + 2;
	return {
		left: reason === undefined
			? [...litSpans(label, at, 0, 'plain'), span('  '), ...litSpans(key.help, at, behind, 'dim')]
			: [...litSpans(label, at, 0, 'dim'), span('  '), span(reason, 'warn')],
		right: [span(key.keys.slice(0, 2).map(name => shownKey(name)).join(' '), 'key')],
	};
};

const rowText = (row: PaletteRow, isSelected: boolean, columns: number, {pointer}: Glyphs): Line => {
	const {left, right} = rowSpans(row);
	const start = span(isSelected ? `${pointer} ` : '  ');
	return rowLine(twoEnds([start, ...left], right.filter(({text}) => text !== ''), columns), columns, isSelected);
};

const inputLine = ({asked, field}: PaletteScreen, columns: number): Line => {
	const prompt = asked === undefined ? ':' : `${asked.action.key.argument!.asks}: `;
	const [before, under, after] = aroundCaret(field);
	return [
		span(prompt, 'accent'),
		span(ending(before, Math.max(4, columns - prompt.length - 2))),
		span(under === '' ? ' ' : clean(under), 'caret'),
		span(clean(after)),
	];
};

const widest = 84;

// Its line of input and a blank one.
const rowsAbove = 2;

const shape = (screen: PaletteScreen, {size}: Pick<UiState, 'size'>, layout: Layout) => {
	const room = boxRoom(layout, size.columns);
	const height = Math.max(1, Math.min(room.rows - rowsAbove, rowsShown));
	// Where there is less room than usual, the cursor stays in sight.
	return {columns: Math.min(room.columns, widest), height, top: Math.max(screen.top, screen.cursor - height + 1)};
};

const paletteLines = ({state, screen, layout, glyphs}: Pick<ScreenProps<PaletteScreen>, 'state' | 'screen' | 'layout'> & {glyphs: Glyphs}): Line[] => {
	const {columns, height, top} = shape(screen, state, layout);
	const rows = paletteRows(screen);
	const listed = rows.slice(top, top + height).map((row, index) => rowText(row, top + index === screen.cursor, columns, glyphs));
	const isText = screen.asked !== undefined && screen.asked.choices === undefined;
	const none = isText ? 'Enter takes what was typed.' : 'Nothing has these letters.';
	return boxLines({
		title: screen.asked === undefined ? 'Actions' : screen.asked.action.label,
		position: isText ? '' : plural(rows.length, screen.asked === undefined ? 'action' : 'choice'),
		keys: screen.asked === undefined ? 'Enter do it  Esc close' : 'Enter do it  Esc back',
		lines: [inputLine(screen, columns), blank, ...filled(rows.length === 0 ? [[span(`  ${none}`, 'dim')]] : listed, height)],
		leastColumns: columns,
	}, {columns: state.size.columns, layout, glyphs});
};

const rowClicked = message((state, at: number) => changePalette(state, () => ({cursor: at})));

const paletteRegions = (state: UiState, screen: PaletteScreen): Region[] => {
	const layout = layoutOf(state);
	const {height, top} = shape(screen, state, layout);
	return boxRegions(paletteLines({
		state, screen, layout, glyphs: asciiGlyphs,
	}), state, layout, {
		first: rowsAbove, count: Math.min(height, paletteRows(screen).length - top), click: row => rowClicked(top + row),
	});
};

const spokenRow = (screen: PaletteScreen): string => {
	const row = selectedPaletteRow(screen);
	const place = `${screen.cursor + 1} of ${paletteRows(screen).length}.`;
	if (row === undefined) {
		return screen.asked?.choices === undefined && screen.asked !== undefined ? 'Type a text, then Enter.' : 'Nothing has these letters.';
	}

	if (row.kind === 'choice') {
		return `${row.choice.title}, ${place}`;
	}

	const {label, key, reason} = row.action;
	const first = key.keys[0];
	return `${label}: ${reason ?? key.help}${first === undefined ? '' : ` Key ${shownKey(first)}`}, ${place}`;
};

export const paletteModule = screenModule<PaletteScreen>({
	name: 'palette',
	title: 'Command palette',
	helpTitle: 'Keys of the palette',
	typingTitle: 'In the palette',
	spokenName: 'command palette',
	place: 'in the palette',
	keys: [
		{
			id: 'accept', keys: ['enter'], label: 'do it', help: 'Do what is selected; what it needs is asked for', isHint: true, isForTyping: true,
			update: accept,
			async effect(context, before) {
				const screen = topScreen(before);
				const chosen = isPalette(screen) ? toRun(screen) : undefined;
				if (chosen === undefined) {
					return;
				}

				const {key, argument} = chosen;
				if (argument === undefined) {
					context.pressKey(key);
				} else {
					await key.argument!.run(context, argument);
				}
			},
		},
		{
			id: 'cancel', keys: ['escape'], label: 'close', help: 'Close the palette', isHint: true, isForTyping: true,
			update: leave,
		},
		{
			id: 'next-field', keys: ['down', 'tab', 'ctrl-n'], label: 'down', help: 'Next action', isHint: true, isForTyping: true,
			update: state => changePalette(state, ({cursor}) => ({cursor: cursor + 1})),
		},
		{
			id: 'previous-field', keys: ['up', 'shift-tab'], label: 'up', help: 'Previous action', isHint: true, isForTyping: true,
			update: state => changePalette(state, ({cursor}) => ({cursor: cursor - 1})),
		},
	],
	typing: {
		isOpen: () => true,
		insert: (state, text) => changePalette(state, ({field}) => ({field: insertText(field, text)})),
		edit: (state, edit) => changePalette(state, ({field}) => ({field: editText(field, edit)})),
	},
	regions: paletteRegions,
	view: ({theme: {glyphs}, ...props}) => paletteLines({...props, glyphs}),
	spoken: (_, screen) => [spokenRow(screen)],
});
