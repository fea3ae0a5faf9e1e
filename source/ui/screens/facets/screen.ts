import {formatCount} from '../../../base/text/format.js';
import {
	facetChoices,
	facets,
	withoutFacet,
	type Facet,
	type FacetChoice,
} from '../../../query/facets.js';
import {isQueryError} from '../../../query/language/query-error.js';
import type {ValueCount} from '../../../query/types.js';
import {span, type Line} from '../../line.js';
import {message} from '../../messages.js';
import {cell, short} from '../../parts/cells.js';
import {menuTraits, type Menu} from '../../parts/menu.js';
import {newTextField} from '../../parts/text-field.js';
import {perApp, screenModule, type EffectContext} from '../../screen-module.js';
import {
	push,
	replaceTop,
	topScreen,
	type Screen,
	type UiState,
} from '../../ui-state.js';
import {planOf} from '../browse/effects.js';
import {
	browseScreen,
	changeBrowse,
	scopeOf,
	type BrowseScreen,
} from '../browse/reduce.js';

type FacetsScreen = {
	name: 'facets';
	isOverlay: true;
	at: number;
	cursor: number;
	/**
	The values of the facet, and the question that they answer.
	*/
	counted: {question: string; counts: readonly ValueCount[]} | undefined;
};

const isFacets = (screen: Screen): screen is FacetsScreen => screen.name === 'facets';

const facetOf = ({at}: FacetsScreen): Facet => facets[at]!;

const questionOf = ({revision}: UiState, screen: FacetsScreen, browse: BrowseScreen): string =>
	JSON.stringify([revision, facetOf(screen).label, withoutFacet(browse.filter.text, facetOf(screen)), scopeOf(browse)]);

const choicesOf = (state: UiState, screen: FacetsScreen): FacetChoice[] => {
	const browse = browseScreen(state);
	return browse === undefined || screen.counted === undefined ? [] : facetChoices(facetOf(screen), screen.counted.counts, browse.filter.text);
};

const leastLabel = 12;
const widestLabel = 36;

const choiceLine = ({label, count, isPicked}: FacetChoice, labelWidth: number): Line => [
	span(`[${isPicked ? 'x' : ' '}] `, isPicked ? 'accent' : 'plain'),
	span(cell(short(label, labelWidth), labelWidth)),
	span(`  ${formatCount(count).padStart(7)}`, 'dim'),
];

const menuOf = (state: UiState, screen: FacetsScreen): Menu => {
	const choices = choicesOf(state, screen);
	const {label} = facetOf(screen);
	const widest = Math.max(leastLabel, ...choices.map(choice => choice.label.length));
	const labelWidth = Math.min(widestLabel, widest);
	const empty = screen.counted === undefined ? 'Counting …' : `Nothing here has a ${label.toLowerCase()}.`;
	return {
		title: `Facets  ${label}`,
		position: `${screen.at + 1}/${facets.length}`,
		keys: 'Space pick  Tab next facet  Esc back',
		choices: choices.length === 0 ? [[span(empty, 'dim')]] : choices.map(choice => choiceLine(choice, labelWidth)),
		cursor: screen.cursor,
	};
};

const menu = menuTraits<FacetsScreen>(menuOf, (state, screen) => choicesOf(state, screen).length);

const openFacets = (state: UiState): UiState => push<FacetsScreen>(state, {
	name: 'facets', isOverlay: true, at: 0, cursor: 0, counted: undefined,
});

const turn = (by: 1 | -1) => (state: UiState): UiState => {
	const top = topScreen(state);
	return isFacets(top)
		? replaceTop<FacetsScreen>(state, {
			...top, at: (top.at + by + facets.length) % facets.length, cursor: 0, counted: undefined,
		})
		: state;
};

/**
What is picked is written into the filter, so that the list beneath follows and the person sees how it is asked.
*/
const pick = (state: UiState): UiState => {
	const top = topScreen(state);
	const choice = isFacets(top) ? choicesOf(state, top)[top.cursor] : undefined;
	return choice === undefined ? state : changeBrowse(state, screen => ({...screen, filter: newTextField(choice.query)}));
};

const counted = message((state, told: NonNullable<FacetsScreen['counted']>) => {
	const top = topScreen(state);
	const browse = browseScreen(state);
	return browse !== undefined && isFacets(top) && questionOf(state, top, browse) === told.question
		? menu.cursor.moveTo(replaceTop<FacetsScreen>(state, {...top, counted: told}), {...top, counted: told}, top.cursor)
		: state;
});

const countings = perApp((): {question: string; abort: AbortController | undefined} => ({question: '', abort: undefined}));

const count = async (context: EffectContext, question: string, {screen, browse}: {screen: FacetsScreen; browse: BrowseScreen}) => {
	const {services, dispatch} = context;
	const counting = countings(context);
	counting.abort?.abort();
	const abort = new AbortController();
	Object.assign(counting, {question, abort});
	try {
		const others = withoutFacet(browse.filter.text, facetOf(screen));
		const plan = await planOf(services, {...browse, filter: newTextField(others)});
		const counts = await services.index.countValues(facetOf(screen).field.name, {...scopeOf(browse), ...plan && {plan}}, {signal: abort.signal, ...services.readValues && {readValues: services.readValues}});
		dispatch(counted({question, counts}));
	} catch (error) {
		// The list beneath says what is wrong with the filter.
		if (isQueryError(error)) {
			dispatch(counted({question, counts: []}));
		} else if (!abort.signal.aborted) {
			throw error;
		}
	}
};

const followFacets = (context: EffectContext): void => {
	const {get, guard} = context;
	const state = get();
	const screen = topScreen(state);
	const browse = browseScreen(state);
	if (browse === undefined || state.load.status !== 'ready' || !isFacets(screen)) {
		return;
	}

	const question = questionOf(state, screen, browse);
	if (screen.counted?.question !== question && countings(context).question !== question) {
		void guard(async () => count(context, question, {screen, browse}));
	}
};

/**
The values that the list has, by genre, decade, resolution and more, with how many items have each.
*/
export const facetsModule = screenModule<FacetsScreen>({
	name: 'facets',
	title: 'Facets',
	helpTitle: 'Keys of the facets',
	spokenName: 'facets',
	place: 'in the facets',
	...menu,
	keys: [
		{
			id: 'pick', keys: ['space', 'enter'], label: 'pick', help: 'Pick the value, or no longer; the filter says it', isHint: true,
			update: pick,
		},
		{
			id: 'next-facet', keys: ['tab', ']'], label: 'next facet', help: 'The next facet', isHint: true,
			update: turn(1),
		},
		{
			id: 'previous-facet', keys: ['shift-tab', '['], label: 'facet before', help: 'The facet before',
			update: turn(-1),
		},
	],
	keysElsewhere: [{
		id: 'facets', keys: ['f'], label: 'facets', help: 'What there is, by genre, decade, resolution and more, with counts; what is picked is written into the filter', on: ['browse', 'wall'], isHint: true,
		update: openFacets,
	}],
	spoken(state, screen) {
		const choices = choicesOf(state, screen);
		const choice = choices[screen.cursor];
		const {label} = facetOf(screen);
		const said = choice === undefined
			? [screen.counted === undefined ? 'counting' : 'no values']
			: [choice.label, formatCount(choice.count), choice.isPicked ? 'picked' : 'not picked', `${screen.cursor + 1} of ${choices.length}`];
		return [`${label}: ${said.join(', ')}.`];
	},
	follow: followFacets,
});
