import type {Completion} from '../../query/language/completion.js';
import {layoutOf} from '../layout.js';
import {message} from '../messages.js';
import type {KeyBinding, ScreenModule} from '../screen-module.js';
import {
	changeScreens,
	topScreen,
	type Screen,
	type UiState,
} from '../ui-state.js';
import type {ShownFailure} from './failure.js';
import {
	emptyList,
	moveTo,
	scrollTo,
	type ListState,
} from './list.js';
import {
	dropMarks,
	hasMarks,
	invertMarks,
	noMarks,
	toggleMark,
	toggleRange,
	type Marks,
} from './marks.js';
import {
	editText,
	insertText,
	newTextField,
	type TextField,
} from './text-field.js';

/**
The ways to go on with a filter, and the one that stands in it now. `field` is the filter with it; when the filter is another one, a person has typed on.
*/
export type Completing = {choices: ReadonlyArray<Completion & {field: TextField}>; at: number};

export type Filtered = Screen & {
	/**
	Tells answers for this screen from answers for a closed one.
	*/
	key: number;
	list: ListState;
	marks: Marks;
	isFiltering: boolean;
	filter: TextField;
	/**
	What was typed before older filters were looked at.
	*/
	draft?: TextField;
	completing?: Completing | undefined;
	failure: ShownFailure | undefined;
};

export const emptyFiltered = ({nextKey}: UiState): Pick<Filtered, 'key' | 'list' | 'marks' | 'failure'> & {isFiltering: boolean; filter: TextField} => ({
	key: nextKey, list: emptyList, marks: noMarks, isFiltering: false, filter: newTextField(), failure: undefined,
});

const mostKept = 50;

/**
Keeps the text of a filter, newest first, for Ctrl-R.
*/
const remember = (state: UiState): UiState => {
	const text = topScreen(state).filter?.text.trim() ?? '';
	return text === '' ? state : {...state, filterHistory: [text, ...state.filterHistory.filter(kept => kept !== text)].slice(0, mostKept)};
};

/**
The filter before this one; behind the oldest, the newest again.
*/
const olderFilter = <Entry extends Filtered>(screen: Entry, history: readonly string[]): Entry => {
	const at = history.indexOf(screen.filter.text.trim());
	return {...screen, ...at === -1 && {draft: screen.filter}, filter: newTextField(history[(at + 1) % history.length])};
};

/**
The filter after this one; behind the newest, what was typed before.
*/
const newerFilter = <Entry extends Filtered>(screen: Entry, history: readonly string[]): Entry => {
	const at = history.indexOf(screen.filter.text.trim());
	return at === -1 ? screen : {...screen, filter: at === 0 ? screen.draft ?? newTextField() : newTextField(history[at - 1])};
};

const noHistory = ({filterHistory}: UiState) => filterHistory.length === 0 ? 'No filter was kept yet; Enter keeps one.' : undefined;

type FilteringOptions<Entry> = {
	rowsOf?: (state: UiState, screen: Entry) => number;
	markableIn?: (screen: Entry) => (id: string) => boolean;
};

/**
The keys, the typing, the cursor and the marks of a screen with a list and a filter. `change` changes the topmost screen of that kind, `rowsOf` is how many rows it shows, and `markableIn` tells which of them can be marked.
*/
export const filtering = <Entry extends Filtered>(
	isOne: (screen: Screen) => screen is Entry,
	change: (state: UiState, update: (screen: Entry) => Entry) => UiState,
	{rowsOf = state => layoutOf(state).listRows, markableIn = () => () => true}: FilteringOptions<Entry> = {},
): {
	/**
	`tabKeys` is what Tab does while a filter is typed, in place of going down in the list.
	*/
	filterKeys: (tabKeys?: readonly KeyBinding[]) => readonly KeyBinding[];
} & Required<Pick<ScreenModule<Entry>, 'typing' | 'cursor' | 'keepVisible' | 'back'>> => {
	const filterChosen = message((state, text: string) => remember(change(state, screen => ({...screen, isFiltering: false, filter: newTextField(text)}))));
	const step = (by: 1 | -1) => (state: UiState) => change(state, screen => ({...screen, list: moveTo(screen.list, screen.list.cursor + by)}));
	const noMatches = (state: UiState) => {
		const top = topScreen(state);
		return isOne(top) && top.filter.text.trim() !== '' && top.list.ids.length > 0 ? undefined : 'There are no matches to go to; / types a filter.';
	};

	const noRows = (state: UiState) => {
		const top = topScreen(state);
		return isOne(top) && top.list.ids.length > 0 ? undefined : 'There is no row to mark here.';
	};

	const match = (direction: 1 | -1) => (state: UiState, count = 1) => change(state, screen => {
		const {ids, cursor} = screen.list;
		return {...screen, list: moveTo(screen.list, (((cursor + (direction * count)) % ids.length) + ids.length) % ids.length)};
	});
	const listTabKeys: readonly KeyBinding[] = [
		{
			id: 'next-field', keys: ['tab'], label: 'down', help: 'Down, while filtering', isHint: true, isForTyping: true,
			update: step(1),
		},
		{
			id: 'previous-field', keys: ['shift-tab'], label: 'up', help: 'Up, while filtering', isForTyping: true,
			update: step(-1),
		},
	];
	return {
		filterKeys: (tabKeys = listTabKeys) => [
			{
				id: 'filter', keys: ['/'], label: 'filter', help: 'Filter as you type', isHint: true,
				update: state => change(state, screen => ({...screen, isFiltering: true})),
				argument: {
					asks: 'Filter',
					run({dispatch}, text) {
						dispatch(filterChosen(text));
					},
				},
			},
			{
				id: 'accept', keys: ['enter'], label: 'keep', help: 'Keep the filter and go to the list', isHint: true, isForTyping: true,
				update: state => change(remember(state), screen => ({...screen, isFiltering: false})),
			},
			{
				id: 'cancel', keys: ['escape'], label: 'clear', help: 'Clear the filter and go to the list', isHint: true, isForTyping: true,
				update: state => change(state, screen => ({...screen, isFiltering: false, filter: newTextField()})),
			},
			...tabKeys,
			{
				id: 'older-filter', keys: ['up', 'ctrl-r'], label: 'history', help: 'The filter that was kept before; again for an older one', isHint: true, isForTyping: true,
				disabledReason: noHistory,
				update: state => change(state, screen => olderFilter(screen, state.filterHistory)),
			},
			{
				id: 'newer-filter', keys: ['down'], label: 'newer', help: 'The filter that was kept after it; behind the newest, what was typed', isForTyping: true,
				disabledReason: noHistory,
				update: state => change(state, screen => newerFilter(screen, state.filterHistory)),
			},
			{
				id: 'next-match', takesCount: true, needsRows: 'first', keys: ['n'], label: 'next', help: 'Next match of the filter; after the last, the first again',
				disabledReason: noMatches,
				update: match(1),
			},
			{
				id: 'previous-match', takesCount: true, needsRows: 'first', keys: ['N'], label: 'previous', help: 'Previous match of the filter',
				disabledReason: noMatches,
				update: match(-1),
			},
			{
				id: 'mark', needsRows: 'first', keys: ['space'], label: 'mark', help: 'Mark the row, or take its mark away, and go down; 5 Space does five rows',
				disabledReason: noRows,
				update: (state, count) => change(state, screen => toggleMark(screen, count, markableIn(screen))),
			},
			{
				id: 'mark-range', needsRows: 'first', keys: ['V'], label: 'range', help: 'Begin a range of marks that follows the cursor; again to keep it, Esc to drop it',
				disabledReason: noRows,
				update: state => change(state, screen => toggleRange(screen, markableIn(screen))),
			},
			{
				id: 'mark-others', needsRows: 'first', keys: ['*'], label: 'mark all', help: 'Mark all rows that are shown, and take away the marks that they have',
				disabledReason: noRows,
				update: state => change(state, screen => invertMarks(screen, markableIn(screen))),
			},
		],
		back: (state, screen) => hasMarks(screen) ? change(state, entry => dropMarks(entry)) : undefined,
		cursor: {
			position: (state, screen) => ({at: screen.list.cursor, length: screen.list.ids.length, rows: rowsOf(state, screen)}),
			moveTo: (state, _, at) => change(state, screen => ({...screen, list: moveTo(screen.list, at)})),
		},
		keepVisible(state) {
			return changeScreens(state, isOne, screen => {
				const list = scrollTo(screen.list, rowsOf(state, screen));
				return list === screen.list ? screen : {...screen, list};
			});
		},
		typing: {
			isOpen: (_, screen) => screen.isFiltering,
			insert: (state, text) => change(state, screen => ({...screen, filter: insertText(screen.filter, text)})),
			edit: (state, edit) => change(state, screen => ({...screen, filter: editText(screen.filter, edit)})),
		},
	};
};
