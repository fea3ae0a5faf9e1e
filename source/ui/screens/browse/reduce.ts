import type {
	IdList,
	ItemSummary,
	ListQuery,
	SortField,
} from '../../../query/types.js';
import type {QuerySpan} from '../../../query/language/syntax.js';
import type {Totals} from '../../../query/totals.js';
import type {LibraryRow} from '../../../sync/library-record.js';
import {message, type UiMessage} from '../../messages.js';
import type {ShownFailure} from '../../parts/failure.js';
import {emptyFiltered, type Filtered} from '../../parts/filter.js';
import type {TextField} from '../../parts/text-field.js';
import {moveTo, replaceIds} from '../../parts/list.js';
import {presentMarks} from '../../parts/marks.js';
import {
	changeScreens,
	push,
	type Screen,
	type UiState,
} from '../../ui-state.js';
import {sortChoices, type SortChoice} from '../../../query/list-fields.js';

/**
`chosen`: the order of the list. `asked`: the query has an order of its own. `match`: the best matches come first.
*/
export type ListOrder = 'chosen' | 'asked' | 'match';

/**
What columns show of an item whose records were read, at this revision of the catalogue.
*/
export type ReadCells = {revision: number; texts: ReadonlyMap<string, string>};

export type BrowseScreen = Filtered & {
	/**
	As a list, or as a wall of posters.
	*/
	name: 'browse' | 'wall';
	hasPane: boolean;
	isInPanels: true;
	level: 'movie' | 'show' | 'season' | 'episode';
	query: ListQuery;
	/**
	A query that all rows answer, whatever the filter is, as on the page of a person.
	*/
	asks?: string;
	/**
	Whether its rows need not tell their show.
	*/
	isOfOneShow?: boolean;
	/**
	A person has chosen the order, so it holds for what a filter finds, too.
	*/
	isSortChosen?: boolean;
	/**
	What decided on the order of the rows.
	*/
	order: ListOrder;
	/**
	The question that the rows answer, as `questionOf` gives it; undefined before the first answer.
	*/
	answered: string | undefined;
	answeredText: string;
	/**
	Rows without the filter.
	*/
	total: number;
	/**
	Numbers missing between the rows of a season or a show.
	*/
	gaps: readonly number[];
	/**
	Of all rows; undefined until it is known.
	*/
	totals: Totals | undefined;
	/**
	How many episodes match a filter that no show or season matches.
	*/
	episodes: number;
	paneScroll: number;
	/**
	The widest cell that was seen in each column, by the name of its field.
	*/
	widths?: ReadonlyMap<string, number>;
	/**
	Cells that the index does not hold, by the id of the item.
	*/
	cells?: ReadonlyMap<string, ReadCells>;
};

export const isBrowse = (screen: Screen): screen is BrowseScreen => screen.name === 'browse' || screen.name === 'wall';

/**
The deepest browse level: the screen on top, or the one beneath it.
*/
export const browseScreen = (state: UiState): BrowseScreen | undefined => state.stack.findLast(screen => isBrowse(screen));

/**
Changes the list with this key, however many lie on top of it.
*/
export const changeBrowseOf = (state: UiState, key: number, update: (screen: BrowseScreen) => BrowseScreen): UiState =>
	changeScreens(state, isBrowse, screen => screen.key === key ? update(screen) : screen);

export const changeBrowse = (state: UiState, update: (screen: BrowseScreen) => BrowseScreen): UiState => {
	const screen = browseScreen(state);
	return screen === undefined ? state : changeBrowseOf(state, screen.key, update);
};

/**
Moves the cursor to a row. The detail of another row is read from its beginning.
*/
export const moveBrowse = (state: UiState, at: number): UiState => changeBrowse(state, screen => {
	const list = moveTo(screen.list, at);
	return {...screen, list, paneScroll: list.selectedId === screen.list.selectedId ? screen.paneScroll : 0};
});

const defaultSort = (level: BrowseScreen['level']): SortField =>
	level === 'season' || level === 'episode' ? 'number' : 'title';

export const browseOpened = message((state, screen: Pick<BrowseScreen, 'level' | 'query' | 'asks' | 'isOfOneShow'> & {crumb: string; filter?: TextField}) => push<BrowseScreen>({...state, nextKey: state.nextKey + 1}, {
	// Who looks at posters goes on with posters.
	...browseScreen(state)?.name === 'wall' ? {name: 'wall', hasPane: false} : {name: 'browse', hasPane: true},
	isInPanels: true,
	...emptyFiltered(state),
	...screen,
	query: {sort: defaultSort(screen.level), ...screen.query},
	order: 'chosen',
	answered: undefined,
	answeredText: '',
	episodes: 0,
	total: 0,
	gaps: [],
	totals: undefined,
	paneScroll: 0,
}));

export const libraryOpened = ({id, title, type}: Pick<LibraryRow, 'id' | 'title' | 'type'>): UiMessage => {
	const level = type === 'show' ? 'show' : 'movie';
	return browseOpened({level, crumb: title, query: {libraryId: id, type: level}});
};

export const childrenOpened = ({id, type, title, libraryId}: ItemSummary): UiMessage | undefined => {
	if (type === 'show') {
		return browseOpened({level: 'season', crumb: title, query: {libraryId, type: 'season', showId: id}});
	}

	return type === 'season'
		? browseOpened({level: 'episode', crumb: title, query: {libraryId, type: 'episode', seasonId: id}})
		: undefined;
};

/**
The episodes below the rows of a list, with its filter, for which no row is there.
*/
export const episodesOpened = ({query: {libraryId, showId}, filter}: BrowseScreen): UiMessage => browseOpened({
	level: 'episode', crumb: 'Episodes', isOfOneShow: showId !== undefined, query: {libraryId, type: 'episode', sort: showId === undefined ? 'title' : 'number'}, asks: showId === undefined ? 'type:episode' : `show:${showId}`, filter,
});

/**
What the list asks for besides its filter. Unless a person has chosen an order, the filter has the say.
*/
export const queryOf = (screen: BrowseScreen): ListQuery => {
	const {query, filter, isSortChosen = false} = screen;
	return isSortChosen || filter.text.trim() === '' ? query : scopeOf(screen);
};

/**
All that the list could show.
*/
export const scopeOf = ({query: {sort: _, descending: __, ...scope}}: Pick<BrowseScreen, 'query'>): ListQuery => scope;

/**
The question that the rows must answer. It changes with the query, the filter and the catalogue.
*/
export const questionOf = (screen: BrowseScreen, revision: number): string => JSON.stringify([revision, queryOf(screen), screen.filter.text.trim()]);

type Listed = {key: number; question: string; ids: IdList; episodes: number; total: number; gaps: readonly number[]; order: ListOrder; isThere?: (id: string) => boolean};

export const listLoaded = message((state, {key, question, ids, episodes, total, gaps, order, isThere = () => true}: Listed) => changeBrowseOf(state, key, screen => {
	const list = replaceIds(screen.list, ids);
	const isNewFilter = screen.answeredText !== screen.filter.text;
	return {
		...screen,
		answered: question,
		answeredText: screen.filter.text,
		failure: undefined,
		filterFault: undefined,
		episodes,
		total,
		gaps,
		order,
		marks: presentMarks(screen.marks, isThere),
		// Where the filter hides the selected row, the first match is selected; where the row went from the server, its neighbour is.
		list: isNewFilter && list.selectedId !== screen.list.selectedId ? moveTo(list, 0) : list,
	};
}));

export const rowsSummed = message((state, {key, question, totals}: {key: number; question: string; totals: Totals}) =>
	changeBrowseOf(state, key, screen => screen.answered === question ? {...screen, totals} : screen));

export const listFailed = message((state, {key, question, failure}: {key: number; question: string; failure: ShownFailure}) =>
	changeBrowseOf(state, key, screen => ({...screen, answered: question, failure})));

/**
The filter cannot be understood: the rows stay, and its wrong part is shown.
*/
export const filterRefused = message((state, {key, question, span, text}: {key: number; question: string; span: QuerySpan; text: string}) => changeBrowseOf(
	{...state, message: {text, tone: 'warn'}},
	key,
	screen => ({...screen, answered: question, filterFault: span}),
));

export const sortBy = (state: UiState, sort: SortField, isDescending: boolean): UiState =>
	changeBrowse(state, screen => ({...screen, isSortChosen: true, query: {...screen.query, sort, descending: isDescending}}));

/**
Sorts by a field that the rows have, in the direction in which it starts.
*/
export const sortChosen = message((state, name: string) => {
	const choice = sortFieldsOf(state).find(({field}) => field === name);
	return choice === undefined ? state : sortBy(state, choice.field, choice.startsDescending);
});

export const reverse = (state: UiState): UiState => changeBrowse(state, screen => ({
	...screen,
	isSortChosen: true,
	query: {...screen.query, descending: screen.query.descending !== true},
}));

export const sortFieldsOf = (state: UiState): SortChoice[] => {
	const level = browseScreen(state)?.level;
	return sortChoices.filter(({levels}) => level !== undefined && levels.includes(level));
};
