import {failureOf} from '../../parts/failure.js';
import type {EffectContext} from '../../screen-module.js';
import {
	catalogChanged,
	librariesFailed,
	librariesLoaded,
	librariesStarted,
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
