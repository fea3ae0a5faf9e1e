import {formatCount, plural} from '../base/text/format.js';
import {libraryNamesOf} from '../catalog/library-names.js';
import type {Library} from '../catalog/types.js';
import type {Region} from './input/pointer.js';
import {headerRows} from './layout.js';
import {span, type Line, type Span} from './line.js';
import {message} from './messages.js';
import {
	countFitting,
	short,
	twoEnds,
	widthOf,
} from './parts/cells.js';
import {relative, totalTexts} from './parts/format.js';
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
The second row of the header: a tab for each library, and what is known of the server. Where there is too little room, facts go to the first row, and then the last tabs are lost.
*/
export const tabsLine = (state: UiState, glyphs: Glyphs, columns: number, now: Date): Line => {
	const {tabs, beside} = withFacts(state, glyphs, columns, now);
	return twoEnds(tabs, beside.flat(), columns);
};

/**
The facts of the server that have no room beside the tabs.
*/
export const otherFacts = (state: UiState, glyphs: Glyphs, columns: number, now: Date): Span[][] => withFacts(state, glyphs, columns, now).others;

const withFacts = (state: UiState, glyphs: Glyphs, columns: number, now: Date) => {
	const tabs = tabSpans(state, columns).flatMap(({spans}) => spans);
	const facts = factsOf(state, glyphs, now);
	// The first one is the state of the server.
	const count = Math.max(1, countFitting(facts, columns - widthOf(tabs) - 1));
	return {tabs, beside: facts.slice(0, count), others: facts.slice(count)};
};

/**
A click on a tab opens its library, where a digit does so.
*/
export const tabRegions = (state: UiState): Region[] => {
	const {size: {columns}} = state;
	if (headerRows(state) === 1) {
		return [];
	}

	let column = 0;
	return tabSpans(state, columns).flatMap(({library, spans}) => {
		const width = widthOf(spans);
		column += width;
		const region = {
			column: column - width, row: 1, columns: width, rows: 1,
		};
		return library === undefined ? [] : [{...region, name: `tab ${library.id}`, click: () => tabOpened(library)}];
	});
};

// Cells that remain for facts beside all tabs, and beside some of them for the state of the server.
const leastFacts = 24;
const leastState = 16;

// A tab that has room in part would lose its count, so a number stands for the libraries that have none. The open one is always there.
const tabSpans = (state: UiState, columns: number): Array<{library?: Library; spans: Span[]}> => {
	const open = browseScreen(state)?.query.libraryId;
	const {hasSeveralServers, printed} = libraryNamesOf(state.header);
	const tabs = (titleWidth: number) => libraryTabs(state).map((library, index) => {
		const {id, title, type, counts} = library;
		return {
			library,
			spans: [
				span(`${index + 1} `, 'dim'),
				span(short(hasSeveralServers ? printed(id)! : title, titleWidth), id === open ? 'tabActive' : 'tab'),
				span(` ${formatCount(type === 'show' ? counts.show : counts.movie)}  `, 'dim'),
			],
		};
	});
	const [wide, narrow] = [tabs(20), tabs(12)];
	const total = state.header.libraries.length;
	const rest = (shown: number): Array<{spans: Span[]}> => shown === total ? [] : [{spans: [span(`+${total - shown} `, 'dim')]}];
	const widthOfAll = (all: typeof wide) => widthOf([...all, ...rest(all.length)].flatMap(({spans}) => spans));
	if (widthOfAll(wide) <= columns - leastFacts) {
		return [...wide, ...rest(wide.length)];
	}

	const room = columns - leastState;
	let shown = narrow;
	while (widthOfAll(shown) > room && shown.length > 1) {
		shown = shown.at(-1)!.library.id === open ? shown.slice(1) : shown.slice(0, -1);
	}

	return [...shown, ...rest(shown.length)];
};

const factsOf = (state: UiState, glyphs: Glyphs, now: Date): Span[][] => {
	const {header: {libraries}, totals} = state;
	const items = libraries.reduce((sum, {counts}) => sum + counts.movie + counts.show + counts.season + counts.episode, 0);
	const imports = libraries.flatMap(({lastImport}) => lastImport ?? []);
	const newest = imports.map(({finishedAt}) => finishedAt).toSorted().at(-1);
	const isPartial = imports.some(({complete}) => !complete);
	return [
		[serverState(state, glyphs)],
		...items === 0 ? [] : [[span(`  ${plural(items, 'item')}`, 'dim')]],
		...newest === undefined ? [] : [[span(`  synced ${sinceSync(newest, now)}`, 'dim'), ...isPartial ? [span(', incomplete', 'warn')] : []]],
		...items === 0 ? [] : totalTexts(totals).map(text => [span(`  ${text}`, 'dim')]),
	];
};

const momentMs = 60_000;

// A number of seconds would be another one in each frame.
const sinceSync = (instant: string, now: Date): string => {
	const ageMs = now.getTime() - Date.parse(instant);
	return ageMs >= 0 && ageMs < momentMs ? 'just now' : relative(instant, now);
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
