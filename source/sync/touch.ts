import type {Library} from '../catalog/types.js';
import type {Section} from '../plex/types.js';
import type {ImportResult} from './events.js';
import {planTouch} from './plan.js';
import {runLibraries, type RunOptions} from './run.js';

export type Touched = {
	libraryId: string;
	ratingKeys: readonly string[];
};

/**
Re-read single items that the server spoke of, and what is above and below them; what is gone is removed only when it is little and confirmed. The state for the next sync stays as it is, so that it still compares everything that it would have compared.

A library that was never imported completely is left alone.
*/
export const touchLibraries = async ({touched, ...options}: Omit<RunOptions, 'command' | 'targets'> & {touched: readonly Touched[]}): Promise<ImportResult> => {
	const {libraries} = options.store.header();
	return runLibraries({
		...options,
		command: 'sync',
		targets: touched.flatMap(({libraryId, ratingKeys}) => {
			const library = libraries.find(({id, sync}) => id === libraryId && sync !== undefined && sync.goneSince === undefined);
			return library === undefined || ratingKeys.length === 0 ? [] : [{section: sectionOf(library), plan: planTouch(ratingKeys)}];
		}),
	});
};

/**
As it was last listed; a touch needs no more of it.
*/
const sectionOf = ({id, key, title, type, agent, language, locations}: Library): Section => ({
	id,
	key,
	title,
	type,
	agent,
	language,
	locations,
	isRefreshing: false,
	contentChangedAt: undefined,
	scannedAt: undefined,
	updatedAt: undefined,
});
