import {AppError} from '../base/errors.js';
import {loadRuns, matchRuns, type ListedRun} from '../history/runs.js';
import type {CatalogStore} from '../catalog/catalog-store.js';
import {clean} from '../base/text/clean.js';

/**
A run by the beginning of its id, or the `latest` one.

@throws AppError 'usage' when there is none, or more than one
*/
export const pickRun = async (store: CatalogStore, name: string): Promise<ListedRun> => {
	const matches = matchRuns(await loadRuns(store), name);
	const [run] = matches;
	if (run === undefined) {
		throw new AppError('usage', name === 'latest' ? 'No run has been recorded yet.' : `"${clean(name)}" is neither a moment nor the beginning of the id of a run.`, {
			hint: 'A moment is a duration such as 7d or a date such as 2026-05-01.',
		});
	}

	if (matches.length > 1) {
		throw new AppError('usage', `${matches.length} runs have an id that begins with "${clean(name)}".`, {hint: `Say more of it: ${matches.slice(0, 5).map(({id}) => id).join(', ')}.`});
	}

	return run;
};
