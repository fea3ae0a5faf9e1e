import {layoutOf} from '../../layout.js';
import {panelLines, panelRoom} from '../../parts/panel.js';
import {scrolling} from '../../parts/scrolling.js';
import {screenModule, spokenLines, type KeyBinding} from '../../screen-module.js';
import {detailTabs, topScreen, type UiState} from '../../ui-state.js';
import {
	followDetail,
	isDetail,
	startDetail,
	type DetailScreen,
} from './effects.js';
import {detailTabSpans, wholeDetailLines} from './lines.js';
import {detailWithPoster, posterWish} from './poster.js';
import {detailRegions} from './regions.js';

const roomOf = (state: UiState) => {
	const {bodyRows, isFramed} = layoutOf(state);
	return panelRoom({columns: state.size.columns, rows: bodyRows, isFramed});
};

const scroll = scrolling<DetailScreen>((state, _screen) => detailWithPoster(state, roomOf(state)), state => roomOf(state).rows);

const scrollBy = (state: UiState, rows: number): UiState => {
	const top = topScreen(state);
	return isDetail(top) ? scroll.cursor.moveTo(state, top, top.scroll + rows) : state;
};

const regions = detailRegions(scrollBy);

const tabMoved = (state: UiState, by: number): UiState => {
	const at = detailTabs.indexOf(state.detail.tab) + by;
	return {...state, detail: {...state.detail, tab: detailTabs.at(at % detailTabs.length)!}};
};

export const detailScrollKeys = (scrollRows: (state: UiState, rows: number) => UiState, traits: Pick<KeyBinding, 'isHint'> = {}): readonly KeyBinding[] => [
	{
		...traits, id: 'detail-down', takesCount: true, keys: ['J'], label: 'scroll down', help: 'Scroll the detail down',
		update: (state, count) => scrollRows(state, count ?? 3),
	},
	{
		...traits, id: 'detail-up', takesCount: true, keys: ['K'], label: 'scroll up', help: 'Scroll the detail up',
		update: (state, count) => scrollRows(state, -(count ?? 3)),
	},
	{
		...traits, id: 'next-tab', keys: [']'], label: 'next tab', help: 'The next tab of the detail: overview, files and streams, history, ids',
		update: state => scrollRows(tabMoved(state, 1), -Infinity),
	},
	{
		id: 'previous-tab', keys: ['['], label: 'previous tab', help: 'The previous tab of the detail',
		update: state => scrollRows(tabMoved(state, -1), -Infinity),
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
	...scroll,
	regions(state, screen) {
		const room = roomOf(state);
		return regions(state, {
			place: {column: 0, row: 0}, ...room, isFramed: layoutOf(state).isFramed, scroll: {top: screen.scroll, length: detailWithPoster(state, room).length},
		});
	},
	pictures: state => [posterWish(state, roomOf(state))].filter(wish => wish !== undefined),
	view({state, screen, theme: {glyphs}, layout: {bodyRows: rows, isFramed}}) {
		const {columns} = state.size;
		const room = roomOf(state);
		const lines = detailWithPoster(state, room, glyphs);
		return panelLines({
			title: detailTabSpans(state.detail, room.columns),
			position: isFramed ? scroll.positionText(state, screen) : '',
			lines: lines.slice(screen.scroll, screen.scroll + room.rows),
			columns,
			rows,
			isFocused: true,
			isFramed,
			scroll: {top: screen.scroll, length: lines.length},
			glyphs,
		});
	},
	spoken: state => spokenLines(wholeDetailLines(state.detail, 1000)),
	start: startDetail,
	follow: followDetail,
});
