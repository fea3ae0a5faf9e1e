import {layoutOf} from '../../layout.js';
import {scrolling} from '../../parts/scrolling.js';
import {screenModule, type KeyBinding} from '../../screen-module.js';
import {topScreen, type UiState} from '../../ui-state.js';
import {
	followDetail,
	isDetail,
	startDetail,
	type DetailScreen,
} from './effects.js';
import {detailWithPoster, posterWish} from './poster.js';

const roomOf = (state: UiState) => ({columns: state.size.columns, rows: layoutOf(state).bodyRows});

const scroll = scrolling<DetailScreen>((state, _screen) => detailWithPoster(state, roomOf(state)));

const scrollBy = (state: UiState, rows: number): UiState => {
	const top = topScreen(state);
	return isDetail(top) ? scroll.cursor.moveTo(state, top, top.scroll + rows) : state;
};

export const detailScrollKeys = (scrollRows: (state: UiState, rows: number) => UiState, traits: Pick<KeyBinding, 'isHint'> = {}): readonly KeyBinding[] => [
	{
		...traits, id: 'detail-down', keys: ['J'], label: 'scroll down', help: 'Scroll the detail down',
		update: (state, count) => scrollRows(state, count ?? 3),
	},
	{
		...traits, id: 'detail-up', keys: ['K'], label: 'scroll up', help: 'Scroll the detail up',
		update: (state, count) => scrollRows(state, -(count ?? 3)),
	},
];

export const detailModule = screenModule<DetailScreen>({
	name: 'detail',
	title: 'Detail',
	helpTitle: 'Keys of the detail',
	spokenName: 'detail',
	place: 'in the detail',
	groups: ['place', 'view', 'catalog', 'list'],
	hints: ['timeline', 'jobs', 'back'],
	keys: detailScrollKeys(scrollBy, {isHint: true}),
	crumb: () => 'Detail',
	...scroll,
	pictures: state => [posterWish(state, roomOf(state))].filter(wish => wish !== undefined),
	start: startDetail,
	follow: followDetail,
});
