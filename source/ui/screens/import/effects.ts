import {isAppError} from '../../../base/errors.js';
import type {ImportResult} from '../../../sync/events.js';
import {say} from '../../messages.js';
import {failureOf} from '../../parts/failure.js';
import type {EffectContext} from '../../screen-module.js';
import {loadLibraries} from '../libraries/effects.js';
import {refreshReports} from '../report/effects.js';
import {refreshWatched} from '../watch/effects.js';
import {
	importCancelling,
	importFailed,
	importFinished,
	importStarted,
	syncEvent,
} from './reduce.js';
import {wasCutShort, type ImportJob} from './state.js';

type Run = Partial<Pick<ImportJob, 'isRetry' | 'isSync'>> & {libraryIds: readonly string[]; task: () => Promise<ImportResult>};

const run = async (context: EffectContext, {libraryIds, isRetry = false, isSync = false, task}: Run) => {
	const {dispatch} = context;
	dispatch(importStarted({libraryIds, isRetry, isSync}));
	let isRefused = false;
	try {
		const result = await task();
		dispatch(importFinished(result));
		isRefused = result.errors.some(({code}) => code === 'unauthorized');
	} catch (error) {
		dispatch(importFailed(failureOf(error)));
		isRefused = isAppError(error, 'unauthorized');
	}

	if (isRefused) {
		dispatch(say({text: 'The server no longer accepts the token. Press c to sign in again, then w and r to continue where it stopped.', tone: 'warn'}));
	}

	await loadLibraries(context);
	await refreshReports(context);
};

const importHere = async (context: EffectContext, libraryIds: readonly string[]) =>
	run(context, {libraryIds, task: async () => context.services.startImport(libraryIds)});

const syncHere = async (context: EffectContext, libraryIds: readonly string[] = []) => run(context, {
	libraryIds, isSync: true, task: async () => context.services.startSync(libraryIds.length === 0 ? undefined : libraryIds),
});

/**
Imports libraries. A daemon compares each library in full instead, which finds the same.
*/
export const startImport = async (context: EffectContext, libraryIds: readonly string[]): Promise<void> =>
	context.get().watch.source === undefined ? importHere(context, libraryIds) : refreshWatched(context, libraryIds, 'full');

/**
Syncs libraries, or all of the catalogue when none is named.
*/
export const startSync = async (context: EffectContext, libraryIds?: readonly string[]): Promise<void> =>
	context.get().watch.source === undefined ? syncHere(context, libraryIds) : refreshWatched(context, libraryIds, 'incremental');

/**
Tries again what failed: the whole run when it was cut short, else only what had problems.
*/
export const retryImport = async (context: EffectContext): Promise<void> => {
	const {job} = context.get();
	if (wasCutShort(job)) {
		await (job.isSync ? syncHere(context, job.libraryIds) : importHere(context, job.libraryIds));
		return;
	}

	const {problems} = job.progress;
	const libraryIds = [...new Set(problems.map(({library}) => library.id))];
	await run(context, {libraryIds, isRetry: true, task: async () => context.services.retry(problems)});
};

export const cancelImport = ({services, dispatch}: EffectContext): void => {
	dispatch(importCancelling());
	services.cancelImport();
};

export const followSync = ({services, dispatch, now, safely}: EffectContext): (() => void) => services.onEvent(event => {
	safely(() => {
		dispatch(syncEvent({event, nowMs: now()}));
	});
});
