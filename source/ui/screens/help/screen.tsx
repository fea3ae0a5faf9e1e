import {displayWidth} from '../../../base/text/width.js';
import {fold} from '../../../query/fold.js';
import {layoutOf} from '../../layout.js';
import {
	blank,
	line,
	span,
	type Line,
} from '../../line.js';
import {shownKey} from '../../key-names.js';
import {boxLines, boxRoom} from '../../parts/box.js';
import {fitLine} from '../../parts/cells.js';
import {beside} from '../../parts/panel.js';
import {scrolling} from '../../parts/scrolling.js';
import {
	editText,
	insertText,
	newTextField,
	type TextField,
} from '../../parts/text-field.js';
import {sentences, wrapText} from '../../parts/wrap.js';
import {screenModule, type KeyBinding} from '../../screen-module.js';
import {
	replaceTop,
	topScreen,
	type Screen,
	type UiState,
} from '../../ui-state.js';

export type HelpPart = {heading: string; keys: ReadonlyArray<Pick<KeyBinding, 'keys' | 'help'>>};

export type HelpScreen = {
	name: 'help';
	isOverlay: true;
	parts: readonly HelpPart[];
	scroll: number;
	search: TextField;
	isSearching: boolean;
};

export const helpOf = (parts: readonly HelpPart[]): HelpScreen => ({
	name: 'help', isOverlay: true, parts, scroll: 0, search: newTextField(), isSearching: false,
});

const isHelp = (screen: Screen): screen is HelpScreen => screen.name === 'help';

const changeHelp = (state: UiState, change: (screen: HelpScreen) => Partial<HelpScreen>): UiState => {
	const top = topScreen(state);
	return isHelp(top) ? replaceTop<HelpScreen>(state, {...top, ...change(top)}) : state;
};

const leastForTwo = 100;
const columnGap = 2;

/**
The keys under their headings, in two columns where there is room for them: those of the screen at the left.
*/
export const helpLines = (parts: readonly HelpPart[], columns: number): Line[] => {
	const [first, ...others] = parts;
	if (first === undefined || others.length === 0 || columns < leastForTwo) {
		return oneColumn(parts, columns);
	}

	const width = Math.floor((columns - columnGap) / 2);
	const left = oneColumn([first], width);
	const right = oneColumn(others, width);
	const rows = Math.max(left.length, right.length);
	return beside(Array.from({length: rows}, (_, row) => fitLine(left[row] ?? blank, width + columnGap)), right);
};

const oneColumn = (parts: readonly HelpPart[], columns: number): Line[] => parts.flatMap(({heading, keys}, index) => [
	...index === 0 ? [] : [blank],
	line(heading, 'strong'),
	...rowsOf(keys, columns),
]);

const rowsOf = (bindings: HelpPart['keys'], columns: number): Line[] => {
	const shown = bindings.map(({keys, help}) => ({keys: keysText({keys}), help}));
	const width = Math.min(Math.floor(columns / 2), Math.max(...shown.map(({keys}) => displayWidth(keys))));
	return shown.flatMap(({keys, help}) => wrapText(help, columns - width - 4).map((text, index) => [
		span(`  ${(index === 0 ? keys : '').padEnd(width)}  `, 'key'),
		span(text),
	]));
};

const keysText = ({keys}: Pick<KeyBinding, 'keys'>) => keys.map(key => shownKey(key)).join(' ');

const found = ({parts, search}: HelpScreen): HelpPart[] => {
	const words = fold(search.text.trim()).split(' ');
	return parts
		.map(({heading, keys}) => ({heading, keys: keys.filter(({keys: names, help}) => words.every(word => fold(`${keysText({keys: names})} ${help}`).includes(word)))}))
		.filter(({keys}) => keys.length > 0);
};

const roomOf = (state: UiState) => boxRoom(layoutOf(state), state.size.columns);

const linesOf = (state: UiState, screen: HelpScreen): Line[] => {
	const {columns} = roomOf(state);
	const parts = found(screen);
	return parts.length === 0 ? sentences(['No key does that here.'], columns) : helpLines(parts, columns);
};

const scroll = scrolling<HelpScreen>(linesOf, state => roomOf(state).rows);

export const helpModule = screenModule<HelpScreen>({
	name: 'help',
	title: 'Help',
	helpTitle: 'Keys of the help',
	typingTitle: 'While searching',
	spokenName: 'help',
	place: 'in the help',
	groups: ['list'],
	hints: ['down', 'up', 'back'],
	keys: [
		{
			id: 'search', keys: ['/'], label: 'search', help: 'Search the keys as you type', isHint: true,
			update: state => changeHelp(state, () => ({isSearching: true, scroll: 0})),
		},
		{
			id: 'accept', keys: ['enter'], label: 'keep', help: 'Keep what was found', isHint: true, isForTyping: true,
			update: state => changeHelp(state, () => ({isSearching: false})),
		},
		{
			id: 'cancel', keys: ['escape'], label: 'clear', help: 'Clear the search', isHint: true, isForTyping: true,
			update: state => changeHelp(state, () => ({isSearching: false, search: newTextField()})),
		},
	],
	...scroll,
	typing: {
		isOpen: (_, {isSearching}) => isSearching,
		insert: (state, text) => changeHelp(state, ({search}) => ({search: insertText(search, text), scroll: 0})),
		edit: (state, edit) => changeHelp(state, ({search}) => ({search: editText(search, edit), scroll: 0})),
	},
	view({state, screen, theme: {glyphs}, layout}) {
		const lines = linesOf(state, screen);
		const {columns, rows} = roomOf(state);
		return boxLines({
			title: 'Keys',
			...(screen.isSearching || screen.search.text !== '') && {searched: screen.search.text},
			position: layout.isFramed ? scroll.positionText(state, screen) : '',
			keys: '/ search  Esc back',
			lines: lines.slice(screen.scroll, screen.scroll + rows),
			scroll: {top: screen.scroll, length: lines.length},
			leastColumns: Math.min(columns, leastForTwo),
		}, {columns: state.size.columns, layout, glyphs});
	},
});
