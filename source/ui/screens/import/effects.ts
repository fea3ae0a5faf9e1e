import {isAppError} from '../../../base/errors.js';
import type {ImportResult} from '../../../sync/events.js';
import {failureOf} from '../../effects/failure.js';
import type {ServerOptions} from '../connect/effects.js';
import {wasCutShort} from './reduce.js';

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
	const run = async (libraryIds: readonly string[], {isRetry = false, isSync = false}: {isRetry?: boolean; isSync?: boolean}, task: () => Promise<ImportResult>) => {
		dispatch({
			type: 'import-started', libraryIds, isRetry, isSync,
		});
		let isRefused = false;
		try {
			const result = await task();
			dispatch({type: 'import-finished', result});
			isRefused = result.errors.some(({code}) => code === 'unauthorized');
		} catch (error) {
			dispatch({type: 'import-failed', failure: failureOf(error)});
			isRefused = isAppError(error, 'unauthorized');
		}

		if (isRefused) {
			dispatch({type: 'say', text: 'The server does not take the token any more. Press c to sign in again, then w and r to go on where it stopped.', tone: 'warn'});
		}

		await refresh();
	};

	return {
		start: async (libraryIds: readonly string[]) =>
			run(libraryIds, {}, async () => services.startImport(libraryIds)),
		/**
		All libraries of the catalogue when none is named.
		*/
		sync: async (libraryIds?: readonly string[]) =>
			run(libraryIds ?? [], {isSync: true}, async () => services.startSync(libraryIds)),
		async retry() {
			const {job} = get();
			if (wasCutShort(job)) {
				await (job.isSync
					? run(job.libraryIds, {isSync: true}, async () => services.startSync(job.libraryIds.length === 0 ? undefined : job.libraryIds))
					: run(job.libraryIds, {}, async () => services.startImport(job.libraryIds)));
				return;
			}

			const {problems} = job.progress;
			const libraryIds = [...new Set(problems.map(({library}) => library.id))];
			await run(libraryIds, {isRetry: true}, async () => services.retry(problems));
		},
		cancel() {
			dispatch({type: 'import-cancelling'});
			services.cancelImport();
		},
	};
};
