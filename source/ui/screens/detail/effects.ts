import {glanceAt, type Glance} from '../../../query/detail-glance.js';
import {detailSections, type DetailSection} from '../../../query/detail-sections.js';
import {layoutOf} from '../../layout.js';
import {posterShape, stillShape} from '../../graphics/picture.js';
import {message} from '../../messages.js';
import {failureOf, type ShownFailure} from '../../parts/failure.js';
import {perApp, type EffectContext} from '../../screen-module.js';
import {
	crumbFor,
	push,
	topScreen,
	type Screen,
	type UiState,
	type DetailState,
} from '../../ui-state.js';
import {browseScreen} from '../browse/reduce.js';

export type DetailScreen = {name: 'detail'; isInPanels: true; id: string; scroll: number; crumb: string};

export const isDetail = (screen: Screen): screen is DetailScreen => screen.name === 'detail';

export const detailOpened = message((state, {id, title}: {id: string; title: string}) => push<DetailScreen>(state, {
	name: 'detail', isInPanels: true, id, scroll: 0, crumb: crumbFor(state, title, 'Detail'),
}));

const changeDetail = (state: UiState, id: string, change: Partial<DetailState>): UiState =>
	id === state.detail.id ? {...state, detail: {...state.detail, ...change}} : state;

/**
The old detail stays on the screen until the new one is there, so nothing is blanked to show that something loads.
*/
const detailStarted = message((state, id: string): UiState => state.detail.id === id && state.detail.status === 'ready'
	? state
	: {
		...state,
		detail: {
			...state.detail, id, status: 'loading', failure: undefined,
		},
	});

export const detailLoaded = message((state, {id, sections, glance, shape = posterShape}: {id: string; sections: readonly DetailSection[] | undefined; glance?: Glance | undefined; shape?: number}) =>
	changeDetail(state, id, {
		status: sections === undefined ? 'missing' : 'ready', sections, glance, shape, failure: undefined,
	}));

const detailFailed = message((state, {id, failure}: {id: string; failure: ShownFailure}) =>
	changeDetail(state, id, {status: 'failed', failure}));

type Asked = {id: string | undefined; revision: number; timer: NodeJS.Timeout | undefined};

const asked = perApp((): Asked => ({id: undefined, revision: -1, timer: undefined}));

const load = async ({services, dispatch}: EffectContext, id: string) => {
	dispatch(detailStarted(id));
	try {
		const detail = await services.detail(id);
		const sections = detail && detailSections(detail, {titleOf: other => services.index.value(other, 'title')});
		dispatch(detailLoaded({
			id, sections, glance: detail && glanceAt(detail, services.index), shape: detail?.item.type === 'episode' ? stillShape : posterShape,
		}));
	} catch (error) {
		dispatch(detailFailed({id, failure: failureOf(error)}));
	}
};

const wantedDetail = (state: UiState): string | undefined => {
	const top = topScreen(state);
	if (isDetail(top)) {
		return top.id;
	}

	return top.name === 'browse' && layoutOf(state).pane !== 'none' ? browseScreen(state)?.list.selectedId : undefined;
};

/**
Loads the detail that should be on the screen. In the pane of a list, it waits until the cursor rests.
*/
export const followDetail = (context: EffectContext): void => {
	const {get, guard, relistMs, restMs} = context;
	const state = get();
	const {load: {status}, revision} = state;
	const id = wantedDetail(state);
	const last = asked(context);
	if (status !== 'ready' || (id === last.id && revision === last.revision)) {
		return;
	}

	if (id !== last.id) {
		clearTimeout(last.timer);
		last.timer = undefined;
	}

	const waitMs = id === last.id ? relistMs : (isDetail(topScreen(state)) ? 0 : restMs);
	last.id = id;
	last.revision = revision;
	if (id !== undefined) {
		// Commits may follow one another more quickly than a detail is read, so they must not put it off for ever.
		last.timer ??= setTimeout(() => {
			last.timer = undefined;
			void guard(async () => load(context, id));
		}, waitMs);
	}
};

/**
Makes `followDetail` ask again for the detail on the screen.
*/
export const forgetDetail = (context: EffectContext): void => {
	asked(context).revision = -1;
};

export const startDetail = (context: EffectContext) => (): void => {
	clearTimeout(asked(context).timer);
};
