import {formatCount, plural} from '../base/text/format.js';
import type {Library} from '../catalog/types.js';
import {span, type Line, type Span} from './line.js';
import {message} from './messages.js';
import {
	short,
	twoEnds,
	widthOf,
} from './parts/cells.js';
import {relative} from './parts/format.js';
import {browseScreen, libraryOpened} from './screens/browse/reduce.js';
import type {Glyphs} from './theme.js';
import type {UiState} from './ui-state.js';

/**
The libraries that 1 to 9 open.
*/
export const libraryTabs = ({header}: Pick<UiState, 'header'>): readonly Library[] => header.libraries.slice(0, 9);

/**
Opens a library from anywhere, on top of the first screen.
*/
export const tabOpened = message((state, library: Library) => libraryOpened(library).apply({...state, stack: state.stack.slice(0, 1)}));

/**
The second row of the header: a tab for each library, and what is known of the server. A row that has too little room loses facts first, then the last tabs.
*/
export const tabsLine = (state: UiState, glyphs: Glyphs, columns: number, now: Date): Line => {
	const facts = factsOf(state, glyphs, now);
	const wide = tabSpans(state, 20);
	const tabs = widthOf(wide) + widthOf(facts) + 1 > columns ? tabSpans(state, 12) : wide;
	let shown = facts;
	while (shown.length > 1 && widthOf(tabs) + widthOf(shown) + 1 > columns) {
		shown = shown.slice(0, -1);
	}

	return twoEnds(tabs, shown, columns);
};

const tabSpans = (state: UiState, titleWidth: number): Span[] => {
	const open = browseScreen(state)?.query.libraryId;
	return libraryTabs(state).flatMap(({id, title, type, counts}, index) => [
		span(`${index + 1} `, 'dim'),
		span(short(title, titleWidth), id === open ? 'tabActive' : 'tab'),
		span(` ${formatCount(type === 'show' ? counts.show : counts.movie)}  `, 'dim'),
	]);
};

const factsOf = (state: UiState, glyphs: Glyphs, now: Date): Span[] => {
	const {header: {libraries}} = state;
	const items = libraries.reduce((sum, {counts}) => sum + counts.movie + counts.show + counts.season + counts.episode, 0);
	const imports = libraries.flatMap(({lastImport}) => lastImport ?? []);
	const newest = imports.map(({finishedAt}) => finishedAt).toSorted().at(-1);
	const isPartial = imports.some(({complete}) => !complete);
	return [
		serverState(state, glyphs),
		...items === 0 ? [] : [span(`  ${plural(items, 'item')}`, 'dim')],
		...newest === undefined ? [] : [span(`  synced ${relative(newest, now)}`, 'dim'), ...isPartial ? [span(', incomplete', 'warn')] : []],
	];
};

const serverState = ({watch: {link, known, source}, connection}: UiState, {live, polling, away}: Glyphs): Span => {
	if (source === undefined) {
		return connection === undefined ? span(`${away} not connected`, 'dim') : span(`${live} connected`, 'good');
	}

	const status = known?.status;
	if (link?.isUp === false || status?.server?.isReachable === false) {
		return span(`${away} away`, 'warn');
	}

	return status?.push.state === 'connected' ? span(`${live} live`, 'good') : span(`${polling} polling`, 'dim');
};
