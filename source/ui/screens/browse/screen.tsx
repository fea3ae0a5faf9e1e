import {absenceText} from '../../../catalog/fields/item-library-fields.js';
import {formatCount, plural} from '../../../base/text/format.js';
import type {CatalogIndex} from '../../../query/types.js';
import {layoutOf} from '../../layout.js';
import {
	line,
	span,
	type Line,
	type Span,
	filled,
} from '../../line.js';
import {readAgain} from '../../messages.js';
import {fitLine, short, shortFilter} from '../../parts/cells.js';
import {filtering} from '../../parts/filter.js';
import {totalTexts} from '../../parts/format.js';
import {placeInWords} from '../../parts/list.js';
import {marksText, noMarks, withMarks} from '../../parts/marks.js';
import {beside, panelLines, type Panel} from '../../parts/panel.js';
import {
	awaitedRows,
	screenModule,
	spokenLines,
	type KeyBinding,
	type ScreenModule,
	type ScreenProps,
} from '../../screen-module.js';
import type {Glyphs} from '../../theme.js';
import {
	pop,
	topScreen,
	type Screen,
	type UiState,
} from '../../ui-state.js';
import {detailTabSpans} from '../detail/lines.js';
import {detailWithPoster, posterWish} from '../detail/poster.js';
import {detailScrollKeys} from '../detail/screen.js';
import {openSort} from '../sort/screen.js';
import {followCells} from './cells.js';
import {completionKeys} from './completion.js';
import {followList, openItem, startListing} from './effects.js';
import {
	browseLines,
	emptyBrowse,
	sortWords,
} from './lines.js';
import {
	browseScreen,
	changeBrowse,
	episodesOpened,
	isBrowse,
	moveBrowse,
	reverse,
	type BrowseScreen,
	sortChosen,
	sortFieldsOf,
} from './reduce.js';
import {browseRegions} from './regions.js';
import {saveFilterKeys} from './save-filter.js';
import {titleOf} from './table.js';
import {followTotals} from './totals.js';

const paneRoom = (state: UiState) => {
	const {paneColumns: columns, paneRows: rows} = layoutOf(state);
	return {columns, rows};
};

/**
The detail that was loaded last stays until there is a newer one, but an empty list brings none.
*/
const paneLines = (state: UiState, {answered, list}: BrowseScreen, glyphs?: Glyphs): Line[] =>
	answered !== undefined && list.ids.length === 0 ? [] : detailWithPoster(state, paneRoom(state), glyphs);

const scrollPane = (state: UiState, rows: number): UiState => changeBrowse(state, screen => {
	const last = Math.max(0, paneLines(state, screen).length - layoutOf(state).paneRows);
	return {...screen, paneScroll: Math.max(0, Math.min(last, screen.paneScroll + rows))};
});

const isList = (screen: Screen): screen is BrowseScreen => screen.name === 'browse';

const {filterKeys, ...filtered} = filtering(isList, changeBrowse);

const cannotPane = ({size}: UiState) => size.columns < 80 || (size.columns < 120 && size.rows < 16)
	? 'The terminal is too small for the pane; Enter opens the detail.'
	: undefined;

/**
The keys that the list and the wall of posters share.
*/
export const listKeys = (openKeys: readonly string[], keysOfFilter: readonly KeyBinding[]): readonly KeyBinding[] => [
	{
		id: 'open', keys: openKeys, label: 'open', help: 'Open what is selected', isHint: true, needsRows: 'first',
		disabledReason(state) {
			const screen = browseScreen(state);
			return screen?.list.ids.length === 0 && screen.episodes === 0 ? 'There is nothing to open here.' : undefined;
		},
		effect(context, before) {
			const screen = browseScreen(before);
			if (screen?.list.ids.length === 0) {
				context.dispatch(episodesOpened(screen));
			} else if (screen?.list.selectedId !== undefined) {
				openItem(context, screen.list.selectedId);
			}
		},
	},
	...keysOfFilter,
	...saveFilterKeys,
	{
		id: 'sort', keys: ['s'], label: 'sort', help: 'Choose what to sort by', isHint: true,
		update: openSort,
		argument: {
			asks: 'Sort by',
			choices: state => sortFieldsOf(state).map(({field, label}) => ({value: field, title: label})),
			run({dispatch}, field) {
				dispatch(sortChosen(field));
			},
		},
	},
	{
		id: 'reverse', keys: ['S'], label: 'reverse', help: 'Reverse the order',
		update: reverse,
	},
];

const keys: readonly KeyBinding[] = [
	...listKeys(['enter', 'l', 'right'], filterKeys(completionKeys)),
	{
		id: 'wall', keys: ['v'], label: 'posters', help: 'Show the posters instead of the list',
		update(state) {
			const wall = changeBrowse(state, screen => ({...screen, name: 'wall', hasPane: false}));
			const {reason} = state.pictures.mode;
			return reason === undefined ? wall : {...wall, message: {text: reason, tone: 'plain'}};
		},
	},
	{
		id: 'pane', keys: ['p'], label: 'pane', help: 'Show or hide the detail pane',
		disabledReason: cannotPane,
		update: state => ({...state, isPaneOn: layoutOf(state).pane === 'none'}),
	},
	...detailScrollKeys(scrollPane),
];

/**
The panel of the list, or of the posters. `headingColumns` is how wide its headings are, which tell what the rows are sorted by.
*/
export const listPanel = ({state, screen, theme: {glyphs}, layout: {isFramed}}: ScreenProps<BrowseScreen>, inside: Pick<Panel, 'lines' | 'columns' | 'rows' | 'scroll'>, headingColumns: number): Line[] => panelLines({
	...inside,
	title: listTitle(state, screen, {glyphs, columns: inside.columns, headingColumns}),
	position: positionText(state, screen),
	// A message would leave half a number of them.
	totals: state.message === undefined ? totalsOf(screen) : '',
	isFocused: true,
	isFramed,
	glyphs,
});

const allLines = (props: ScreenProps<BrowseScreen>): Line[] => {
	const {state, screen, index, theme: {glyphs}, layout} = props;
	const {pane, isFramed, listColumns, listRows, paneColumns, paneRows, bodyRows} = layout;
	const {list, paneScroll} = screen;
	const lines = browseLines(state, screen, {
		index, glyphs, columns: listColumns, rows: listRows,
	});
	const detail = pane === 'none' ? [] : paneLines(state, screen, glyphs);
	const shown = detail.slice(paneScroll, paneScroll + paneRows);
	if (isFramed) {
		// The heading is one of the rows.
		const listLines = listPanel(props, {
			lines, columns: listColumns + 2, rows: listRows + 3, scroll: {top: list.top, length: list.ids.length + 1},
		}, listColumns);
		const detailPanel = panelLines({
			title: detail.length === 0 ? 'Detail' : detailTabSpans(state.detail, paneColumns),
			keys: '[ ] tab  J K scroll',
			lines: shown,
			columns: paneColumns + 2,
			rows: paneRows + 2,
			isFramed,
			scroll: {top: paneScroll, length: detail.length},
			glyphs,
		});
		return pane === 'none' ? listLines : (pane === 'side' ? beside(listLines, detailPanel) : [...listLines, ...detailPanel]);
	}

	if (pane === 'none') {
		return lines;
	}

	return pane === 'below'
		? [...filled(lines, listRows + 1), line(glyphs.horizontal.repeat(paneColumns), 'dim'), ...shown]
		: filled(lines, bodyRows).map((spans, row): Line => [
			...fitLine(spans, listColumns),
			span(`${glyphs.vertical} `, 'dim'),
			...shown[row] ?? [],
		]);
};

const listTitle = (state: UiState, screen: BrowseScreen, {glyphs, columns, headingColumns}: {glyphs: Glyphs; columns: number; headingColumns: number}): Span[] => {
	const {crumb = '', filter, isFiltering, gaps} = screen;
	return [
		span(short(crumb, Math.floor((columns - 2) / 3)), 'accent'),
		span(sortWords(state, screen, glyphs, headingColumns), 'dim'),
		...isFiltering || filter.text === '' ? [] : [span(` /${shortFilter(filter, columns)}`, 'accent')],
		...gapSpans(gaps, glyphs),
	].filter(({text}) => text !== '');
};

const gapSpans = (gaps: readonly number[], {warn}: Glyphs): Span[] => gaps.length === 0 ? [] : [span(`  ${warn} missing ${short(gaps.join(', '), 20)}`, 'warn')];

const totalsOf = ({level, asks, list: {ids}, totals}: BrowseScreen): string => [plural(ids.length, asks === undefined ? level : 'item'), ...totalTexts(totals)].join(', ');

const positionText = (_: UiState, screen: BrowseScreen): string => {
	const {answered, list: {ids, cursor}, total} = screen;
	if (answered === undefined && ids.length === 0) {
		return '';
	}

	const at = ids.length === 0 ? '0' : formatCount(cursor + 1);
	const of = ids.length === total ? formatCount(total) : `${formatCount(ids.length)} (${formatCount(total)})`;
	return withMarks(screen, `${at}/${of}`);
};

const spokenMarks = (screen: BrowseScreen) => [marksText(screen)].filter(text => text !== '').map(text => `${text}.`);

const browseSentences = (state: UiState, screen: BrowseScreen, index: Pick<CatalogIndex, 'get'>): string[] => {
	const {ids, selectedId} = screen.list;
	if (state.load.status !== 'ready') {
		return [state.load.failure === undefined ? 'Loading the catalogue.' : `${state.load.failure.message} ${state.load.failure.hint ?? ''} Press r to try again.`];
	}

	if (screen.answered === undefined) {
		return [];
	}

	const item = selectedId === undefined ? undefined : index.get(selectedId);
	const filter = screen.filter.text === '' || screen.filter.text !== screen.answeredText ? [] : [`Filter: ${screen.filter.text}, ${plural(ids.length, 'row')}.`];
	return item === undefined || ids.length === 0
		? [...filter, ...spokenLines(emptyBrowse(state, screen, 1000))]
		: [...filter, `${[titleOf(item), item.year?.toString() ?? '', absenceText(item)].filter(part => part !== '').join(', ')}, ${placeInWords(screen.list)}.`, ...spokenMarks(screen)];
};

/**
What the list and the wall of posters have in common.
*/
export const browseTraits = {
	place: ({level, asks}) => asks === undefined ? `for ${level}s` : 'here',
	groups: ['place', 'view', 'catalog', 'list'],
	hints: ['sync', 'close'],
	awaited(state, key) {
		const screen = topScreen(state);
		if (!isBrowse(screen)) {
			return undefined;
		}

		const hasFailed = state.load.status === 'failed' || screen.failure !== undefined;
		return awaitedRows(key, !hasFailed && screen.answered === undefined && screen.list.ids.length === 0);
	},
	headerSpans: ({gaps}, glyphs) => gapSpans(gaps, glyphs),
	positionText,
	narrowing: {
		isNarrowed: ({filter}) => filter.text !== '',
		clear: state => changeBrowse(state, screen => ({...screen, filter: {text: '', caret: 0}, marks: noMarks})),
	},
	refresh: {
		update: state => changeBrowse(readAgain(state), screen => ({...screen, answered: undefined})),
	},
	spoken: browseSentences,
} satisfies Partial<ScreenModule<BrowseScreen>>;

export const browseModule = screenModule<BrowseScreen>({
	...browseTraits,
	name: 'browse',
	title: 'Browse',
	helpTitle: 'Keys of the list',
	spokenName: 'list',
	keys,
	keysElsewhere: [{
		id: 'reverse', keys: ['S'], label: 'reverse', help: 'Reverse the order', on: ['sort'],
		update: state => reverse(pop(state)),
	}],
	...filtered,
	cursor: {
		...filtered.cursor,
		moveTo: (state, _, at) => moveBrowse(state, at),
	},
	pictures: (state, {list}) => [layoutOf(state).pane === 'none' || list.ids.length === 0 ? undefined : posterWish(state, paneRoom(state))].filter(wish => wish !== undefined),
	regions: browseRegions(scrollPane, (state, screen) => paneLines(state, screen).length),
	view: allLines,
	start: startListing,
	follow(context) {
		followList(context);
		followCells(context);
		followTotals(context);
	},
});
