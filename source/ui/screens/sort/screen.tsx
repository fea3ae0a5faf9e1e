import {line} from '../../line.js';
import {chooseKey, menuTraits, type Menu} from '../../parts/menu.js';
import {screenModule} from '../../screen-module.js';
import {
	pop,
	push,
	topScreen,
	type Screen,
	type UiState,
} from '../../ui-state.js';
import {browseScreen, sortBy, sortFieldsOf} from '../browse/reduce.js';

type SortScreen = {name: 'sort'; isOverlay: true; cursor: number};

const isSort = (screen: Screen): screen is SortScreen => screen.name === 'sort';

export const openSort = (state: UiState): UiState => {
	const sort = browseScreen(state)?.query.sort;
	const cursor = sortFieldsOf(state).findIndex(({field}) => field === sort);
	return push<SortScreen>(state, {name: 'sort', isOverlay: true, cursor: Math.max(0, cursor)});
};

const menuOf = (state: UiState, {cursor}: SortScreen): Menu => ({
	title: 'Sort by',
	keys: 'Enter choose  S reverse',
	choices: sortFieldsOf(state).map(({label}) => line(label)),
	cursor,
});

export const sortModule = screenModule<SortScreen>({
	name: 'sort',
	title: 'Sort',
	helpTitle: 'Keys of the sort menu',
	spokenName: 'sort menu',
	place: 'in the sort menu',
	...menuTraits(menuOf, state => sortFieldsOf(state).length),
	keys: [{
		...chooseKey,
		update(state) {
			const top = topScreen(state);
			const choice = isSort(top) ? sortFieldsOf(state)[top.cursor] : undefined;
			return choice === undefined ? state : sortBy(pop(state), choice.field, choice.startsDescending);
		},
	}],
	spoken: (state, {cursor}) => [`Sort by ${sortFieldsOf(state)[cursor]!.label}, ${cursor + 1} of ${sortFieldsOf(state).length}.`],
});
