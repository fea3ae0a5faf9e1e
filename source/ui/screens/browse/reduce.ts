import type {ListQuery, SortField} from '../../../query/types.js';
import type {ActionId} from '../../keymap.js';
import {pressInFilter} from '../../parts/filter.js';
import {emptyList, moveTo, replaceIds} from '../../parts/list.js';
import type {MessageOf} from '../../messages.js';
import {
	browseScreen,
	push,
	topScreen,
	updateBrowse,
} from '../../stack.js';
import {insertText, textField} from '../../parts/text-field.js';
import type {BrowseScreen, UiState} from '../../ui-state.js';

export const defaultSort = (level: BrowseScreen['level']): SortField =>
	level === 'season' || level === 'episode' ? 'number' : 'title';

export const openBrowse = (state: UiState, screen: MessageOf<'browse-opened'>['screen']): UiState => push({...state, nextKey: state.nextKey + 1}, {
	name: 'browse',
	key: state.nextKey,
	...screen,
	query: {sort: defaultSort(screen.level), ...screen.query},
	filter: textField(),
	isFiltering: false,
	list: emptyList,
	answered: undefined,
	answeredText: '',
	total: 0,
	gaps: [],
	failure: undefined,
	paneScroll: 0,
});

/**
The query with its filter.
*/
export const queryOf = ({query, filter}: BrowseScreen): ListQuery =>
	filter.text.trim() === '' ? query : {...query, text: filter.text};

/**
What the rows must answer; the same for the same question about the same catalogue.
*/
export const questionOf = (screen: BrowseScreen, revision: number): string => JSON.stringify([revision, queryOf(screen)]);

export const reduceAnswer = (state: UiState, message: MessageOf<'list-loaded' | 'list-failed'>): UiState =>
	updateBrowse(state, message.key, screen => {
		if (message.type === 'list-failed') {
			return {...screen, answered: message.question, failure: message.failure};
		}

		const list = replaceIds(screen.list, message.ids);
		const isNewFilter = screen.answeredText !== screen.filter.text;
		return {
			...screen,
			answered: message.question,
			answeredText: screen.filter.text,
			failure: undefined,
			total: message.total,
			gaps: message.gaps,
			// What no longer matches gives way to the first match; a row that went from the server, to its neighbour.
			list: isNewFilter && list.selectedId !== screen.list.selectedId ? moveTo(list, 0) : list,
		};
	});

const changeTop = (state: UiState, update: (screen: BrowseScreen) => BrowseScreen): UiState => {
	const screen = browseScreen(state);
	return screen === undefined ? state : updateBrowse(state, screen.key, update);
};

/**
Keys while the filter is typed.
*/
export const reduceFilter = (state: UiState, id: ActionId): UiState => changeTop(state, screen => pressInFilter(screen, id));

export const typeInFilter = (state: UiState, text: string): UiState =>
	changeTop(state, screen => ({...screen, filter: insertText(screen.filter, text)}));

export const startFilter = (state: UiState): UiState => changeTop(state, screen => ({...screen, isFiltering: true}));

export const clearFilter = (state: UiState): UiState => changeTop(state, screen => ({...screen, filter: textField()}));

export const hasFilter = (state: UiState): boolean => {
	const screen = topScreen(state);
	return screen.name === 'browse' && screen.filter.text !== '';
};

export const sortBy = (state: UiState, sort: SortField): UiState => changeTop(state, screen => ({
	...screen,
	// Newest, longest and best first is what is meant by these.
	query: {...screen.query, sort, descending: ['added', 'rating', 'resolution'].includes(sort)},
}));

export const reverse = (state: UiState): UiState => changeTop(state, screen => ({
	...screen,
	query: {...screen.query, descending: screen.query.descending !== true},
}));
