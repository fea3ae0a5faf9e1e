import {sumLibraries} from '../../../query/library-sums.js';
import {createSlices, shortSliceMs} from '../../../query/slices.js';
import {failureOf} from '../../parts/failure.js';
import {perApp, type EffectContext} from '../../screen-module.js';
import {baseScreen, isImporting} from '../../ui-state.js';
import {cardPlaces} from './layout.js';
import {
	catalogChanged,
	librariesFailed,
	librariesLoaded,
	librariesStarted,
	librariesSummed,
	loadFailed,
	loadFinished,
	loadProgress,
	loadStarted,
} from './reduce.js';

export const loadCatalog = async ({services, dispatch}: EffectContext): Promise<void> => {
	dispatch(loadStarted());
	try {
		await services.load(share => {
			dispatch(loadProgress(share));
		});
		dispatch(loadFinished(services.header()));
	} catch (error) {
		dispatch(loadFailed(failureOf(error)));
	}
};

export const loadLibraries = async ({services, get, dispatch}: EffectContext): Promise<void> => {
	if (get().connection === undefined) {
		return;
	}

	const generation = get().libraries.generation + 1;
	dispatch(librariesStarted(generation));
	try {
		dispatch(librariesLoaded({generation, rows: await services.libraries()}));
	} catch (error) {
		dispatch(librariesFailed({generation, failure: failureOf(error)}));
	}
};

export const followCatalogChanges = ({services, dispatch, safely}: EffectContext): (() => void) => services.onCatalogChange(() => {
	safely(() => {
		dispatch(catalogChanged(services.header()));
	});
});

const summed = perApp((): {revision: number | undefined} => ({revision: undefined}));

/**
Sums up the catalogue for the cards, once for each of its revisions. An import makes many revisions, so its end is awaited.
*/
export const followSums = (context: EffectContext): void => {
	const {services, get, dispatch, guard} = context;
	const state = get();
	const {load, revision} = state;
	const kept = summed(context);
	if (kept.revision === revision || load.status !== 'ready' || isImporting(state) || baseScreen(state).name !== 'libraries' || cardPlaces(state) === undefined) {
		return;
	}

	kept.revision = revision;
	void guard(async () => {
		const sums = await sumLibraries(services.index.views(), createSlices(undefined, shortSliceMs));
		if (kept.revision === revision) {
			dispatch(librariesSummed(sums));
		}
	});
};
