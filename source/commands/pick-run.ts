import type {Run} from '../catalog/types.js';
import {AppError} from '../errors.js';
import type {CatalogStore} from '../store/store.js';
import {clean} from '../text/clean.js';

/**
A run by the beginning of its id, or the `latest` one.

@throws AppError 'usage' when there is none, or more than one
*/
export const pickRun = async (store: CatalogStore, name: string): Promise<Run> => {
	const runs = await storedRuns(store);
	const matches = name === 'latest'
		? runs.toSorted((left, right) => Date.parse(right.startedAt) - Date.parse(left.startedAt)).slice(0, 1)
		: runs.filter(({id}) => name !== '' && id.startsWith(name));
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

const storedRuns = async (store: CatalogStore): Promise<Run[]> => {
	const runs: Run[] = [];
	let after: string | undefined;
	do {
		const page = await store.page({kind: 'run', limit: 500, ...(after !== undefined && {after})});
		runs.push(...page.records.filter(record => record.kind === 'run'));
		after = page.cursor;
	} while (after !== undefined);

	return runs;
};
