import type {ImportResult} from '../../sync/events.js';
import {wasCutShort} from '../state/job.js';
import {failureOf} from './failure.js';
import type {ServerOptions} from './servers.js';

export type ImportOptions = ServerOptions & {
	/**
	Ask the server for its libraries again.
	*/
	refresh: () => Promise<void>;
};

/**
Imports and retries: one at a time, which runs on whatever screen is shown.
*/
export const createImports = ({services, dispatch, get, refresh}: ImportOptions) => {
	const run = async (libraryIds: readonly string[], isRetry: boolean, task: () => Promise<ImportResult>) => {
		dispatch({type: 'import-started', libraryIds, isRetry});
		try {
			dispatch({type: 'import-finished', result: await task()});
		} catch (error) {
			dispatch({type: 'import-failed', failure: failureOf(error)});
		}

		await refresh();
	};

	return {
		start: async (libraryIds: readonly string[]) =>
			run(libraryIds, false, async () => services.startImport(libraryIds)),
		async retry() {
			const {job} = get();
			if (wasCutShort(job)) {
				await run(job.libraryIds, false, async () => services.startImport(job.libraryIds));
				return;
			}

			const {problems} = job.progress;
			const libraryIds = [...new Set(problems.map(({library}) => library.id))];
			await run(libraryIds, true, async () => services.retry(problems));
		},
		cancel() {
			dispatch({type: 'import-cancelling'});
			services.cancelImport();
		},
	};
};
