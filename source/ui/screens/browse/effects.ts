import {compileQuery} from '../../../query/language/compile.js';
import type {Plan} from '../../../query/language/plan.js';
import {bothPlans} from '../../../query/plan-within.js';
import {isQueryError} from '../../../query/language/query-error.js';
import {createSlices, shortSliceMs} from '../../../query/slices.js';
import type {IdList} from '../../../query/types.js';
import {playedBy, sumPlayed} from '../../../query/totals.js';
import {say} from '../../messages.js';
import {failureOf} from '../../parts/failure.js';
import {newTextField} from '../../parts/text-field.js';
import {perApp, type EffectContext} from '../../screen-module.js';
import {detailOpened} from '../detail/effects.js';
import {stopCells} from './cells.js';
import {
	browseScreen,
	childrenOpened,
	filterRefused,
	libraryOpened,
	listFailed,
	listLoaded,
	queryOf,
	questionOf,
	rowsSummed,
	scopeOf,
	type BrowseScreen,
	type ListOrder,
} from './reduce.js';
import {stopTotals} from './totals.js';

export const openLibrary = ({services, get, dispatch}: EffectContext, libraryId: string): void => {
	const row = get().libraries.rows.find(({id}) => id === libraryId) ?? services.header().libraries.find(({id}) => id === libraryId);
	dispatch(row === undefined ? say({text: 'This library is not in the catalogue any more.', tone: 'warn'}) : libraryOpened(row));
};

export const openItem = ({services, dispatch}: EffectContext, id: string): void => {
	const item = services.index.get(id);
	if (item !== undefined) {
		dispatch(childrenOpened(item) ?? detailOpened(item));
	}
};

type Listing = {
	current: {key: number; question: string; abort: AbortController} | undefined;
	endedAtMs: number;
	timer: NodeJS.Timeout | undefined;
};

const listings = perApp((): Listing => ({current: undefined, endedAtMs: -Infinity, timer: undefined}));

const gapsOf = async ({services}: EffectContext, {level, query}: BrowseScreen): Promise<readonly number[]> => {
	const parent = level === 'season' ? query.showId : query.seasonId;
	const detail = parent === undefined ? undefined : await services.detail(parent);
	return detail?.gaps ?? [];
};

/**
What a list asks for with this filter.

@throws {QueryError}
*/
export const planOf = async ({queryWorld}: EffectContext['services'], {asks, filter}: Pick<BrowseScreen, 'asks' | 'filter'>): Promise<Plan | undefined> => {
	const [own, typed] = await Promise.all([asks, filter.text].map(async text => text === undefined || text.trim() === '' ? undefined : compileQuery(text, queryWorld())));
	return own === undefined || typed === undefined ? typed ?? own : bothPlans(own, typed);
};

const totalOf = async (services: EffectContext['services'], screen: BrowseScreen, {ids, options}: {ids: IdList; options: ReturnType<typeof listOptions>}): Promise<number> => {
	if (screen.filter.text.trim() === '') {
		return ids.length;
	}

	const plan = await planOf(services, {...screen, filter: newTextField()});
	const all = plan && await services.index.glance({...scopeOf(screen), plan}, options);
	return all?.length ?? services.index.count(screen.query);
};

/**
What a person looks for among shows or seasons may be an episode.
*/
const episodesOf = async (services: EffectContext['services'], screen: BrowseScreen, {ids, plan, options}: {ids: IdList; plan: Plan | undefined; options: ReturnType<typeof listOptions>}): Promise<number> => {
	const {level, query: {libraryId, showId}, asks} = screen;
	if (plan === undefined || asks !== undefined || ids.length > 0 || (level !== 'show' && level !== 'season')) {
		return 0;
	}

	const own = showId === undefined ? undefined : await compileQuery(`show:${showId}`, services.queryWorld());
	const found = await services.index.glance({libraryId, type: 'episode', plan: own === undefined ? plan : bothPlans(own, plan)}, options);
	return found.length;
};

const orderOf = ({isSortChosen = false, filter}: BrowseScreen, plan: Plan | undefined): ListOrder => {
	if (filter.text.trim() === '') {
		return 'chosen';
	}

	if (plan !== undefined && plan.sort.length > 0) {
		return 'asked';
	}

	return plan === undefined || isSortChosen || plan.words.length === 0 ? 'chosen' : 'match';
};

const listOptions = ({readValues}: EffectContext['services'], signal: AbortSignal) => ({signal, ...readValues && {readValues}});

const list = async (context: EffectContext) => {
	const {services, get, dispatch, now} = context;
	const listing = listings(context);
	listing.timer = undefined;
	const state = get();
	const screen = browseScreen(state);
	if (screen === undefined || state.load.status !== 'ready') {
		return;
	}

	const {key} = screen;
	const question = questionOf(screen, state.revision);
	const abort = new AbortController();
	listing.current = {key, question, abort};
	const end = () => {
		listing.endedAtMs = now();
		if (listing.current?.abort === abort) {
			listing.current = undefined;
		}
	};

	try {
		const plan = await planOf(services, screen);
		const options = listOptions(services, abort.signal);
		const ids = await services.index.glance({...queryOf(screen), ...plan && {plan}}, options);
		const episodes = await episodesOf(services, screen, {ids, plan, options});
		const total = await totalOf(services, screen, {ids, options});
		const gaps = await gapsOf(context, screen);
		end();
		if (!abort.signal.aborted) {
			dispatch(listLoaded({
				key, question, ids, episodes, total, gaps, order: orderOf(screen, plan), isThere: id => services.index.view(id) !== undefined,
			}));
			const {index} = services;
			const totals = await sumPlayed(playedBy(ids, index), index, createSlices(abort.signal, shortSliceMs));
			dispatch(rowsSummed({key, question, totals}));
		}
	} catch (error) {
		end();
		if (isQueryError(error) && !abort.signal.aborted) {
			dispatch(filterRefused({
				key, question, span: error.span, text: error.message,
			}));
		} else if (!abort.signal.aborted) {
			dispatch(listFailed({key, question, failure: failureOf(error)}));
		}
	}

	followList(context);
};

/**
Asks for the rows of the open list. An old question is aborted, or its answer dropped.
*/
export const followList = (context: EffectContext): void => {
	const {get, guard, now, relistMs} = context;
	const state = get();
	const screen = browseScreen(state);
	if (screen === undefined || state.load.status !== 'ready') {
		return;
	}

	const listing = listings(context);
	const {current} = listing;
	const question = questionOf(screen, state.revision);
	if (screen.answered === question || (current?.key === screen.key && current.question === question)) {
		return;
	}

	// The user waits for an answer to another question; a changed catalogue only makes the rows a little old.
	const isAsked = screen.answered === undefined || questionOf(screen, 0) !== withoutRevision(screen.answered);
	if (isAsked) {
		current?.abort.abort();
		clearTimeout(listing.timer);
		void guard(async () => list(context));
	} else if (current === undefined) {
		listing.timer ??= setTimeout(() => {
			void guard(async () => list(context));
		}, Math.max(0, listing.endedAtMs + relistMs - now()));
	}
};

const withoutRevision = (question: string) => question.replace(/^\[\d+,/v, '[0,');

export const startListing = (context: EffectContext) => (): void => {
	const {current, timer} = listings(context);
	current?.abort.abort();
	clearTimeout(timer);
	stopCells(context);
	stopTotals(context);
};
