import {plural} from '../base/text/format.js';
import type {Section} from '../plex/types.js';
import {compareWithServer} from '../sync/compare-server.js';
import type {ChangeCounts, ImportResult} from '../sync/events.js';
import type {Knowledge} from '../sync/knowledge.js';
import {outcomeOfRun} from '../sync/outcome.js';
import {findUnavailableFolders} from '../sync/unavailable-folders.js';
import {syncLibraries, touchLibraries, type SyncOptions} from '../sync/sync.js';
import type {Fault, Job} from './types.js';

type JobWork = Omit<SyncOptions, 'knowledge' | 'sections' | 'isEverything' | 'gone' | 'isFull' | 'load' | 'now' | 'signal'> & {
	/**
	All sections of the server as they are now.
	*/
	sections: () => Promise<Section[]>;
	/**
	The items that a touch reads.
	*/
	ratingKeys: readonly string[];
	knowledge: Knowledge;
	now: () => Date;
	signal: AbortSignal;
};

export type JobOutcome =
	| {kind: 'done'; runId?: string; changes?: ChangeCounts; note?: string; isUnfinished: boolean; differences?: number; differing?: readonly string[]; unavailableFolders?: readonly string[]}
	| {kind: 'failed'; fault: Fault; runId?: string}
	| {kind: 'cancelled'};

/**
@throws AppError if the server cannot be asked at all; any other failure is an outcome
*/
export const runJob = async (job: Job, work: JobWork & {isKnown: boolean}): Promise<JobOutcome> => {
	const outcome = await performJob(job, work);
	// It takes reading items, so we look after a change only, or for the first time.
	if (outcome.kind !== 'done' || (work.isKnown && Object.keys(outcome.changes ?? {}).length === 0)) {
		return outcome;
	}

	const library = work.store.header().libraries.find(({id}) => id === job.library.id);
	return library === undefined ? outcome : {...outcome, unavailableFolders: await findUnavailableFolders(work.store, work.knowledge, library)};
};

const performJob = async (job: Job, work: JobWork): Promise<JobOutcome> => {
	const {sections, ratingKeys, ...engine} = work;
	const {id} = job.library;
	switch (job.mode) {
		case 'touch': {
			return outcomeOf(await touchLibraries({...engine, touched: [{libraryId: id, ratingKeys}]}), job);
		}

		case 'incremental':
		case 'full': {
			const listed = await sections();
			const own = listed.filter(section => section.id === id);
			return outcomeOf(await syncLibraries({
				...engine,
				sections: own,
				isEverything: false,
				gone: own.length === 0 ? [id] : [],
				isFull: job.mode === 'full',
				async load() {/* a daemon has read everything at its start */},
			}), job);
		}

		case 'audit': {
			return auditOne(job, work);
		}
	}
};

const auditOne = async ({library}: Job, {plex, store, normalize, server, signal, now}: JobWork): Promise<JobOutcome> => {
	const since = now();
	const differences = await compareWithServer({
		plex, store, normalize, server, signal, now, libraryIds: [library.id],
	});
	if (signal.aborted) {
		return {kind: 'cancelled'};
	}

	const isChecked = store.header().libraries.some(({id, lastImport}) => id === library.id && lastImport !== undefined);
	const seconds = Math.round((now().getTime() - since.getTime()) / 1000);
	const [first] = differences;
	return {
		kind: 'done',
		isUnfinished: differences.length > 0,
		differences: differences.length,
		differing: differences.map(({ratingKey}) => ratingKey).filter(key => key !== undefined),
		note: isChecked
			? (first === undefined
				? `Everything matches the server; compared in ${plural(seconds, 'second')}.`
				: `${plural(differences.length, 'item differs', 'items differ')} from the server, for instance ${first.title ?? first.ratingKey ?? 'one without a title'} (${first.kind}).`)
			: 'It has not been imported yet, so there was nothing to compare.',
	};
};

const outcomeOf = (result: ImportResult, job: Job): JobOutcome => {
	const {runId, libraries, errors} = result;
	const outcome = outcomeOfRun(result);
	if (outcome === 'cancelled') {
		return {kind: 'cancelled'};
	}

	const library = libraries.find(({id}) => id === job.library.id);
	const fault = errors.find(({ratingKey, stage}) => ratingKey === undefined && (stage === 'save' || library?.complete !== true));
	if (fault !== undefined) {
		const {code, message, hint} = fault;
		return {kind: 'failed', fault: {code, message, hint}, runId};
	}

	const [first] = errors;
	const isShort = outcome === 'partly' || outcome === 'failed';
	const notes = [
		...library?.sync?.notes ?? [],
		...isShort ? [first === undefined ? 'Not everything could be read.' : `${plural(errors.length, 'item')} could not be read: ${first.message}`] : [],
	];
	return {
		kind: 'done',
		runId,
		isUnfinished: notes.length > 0,
		...(library !== undefined && {changes: library.sync?.changes ?? {added: library.imported}}),
		...(notes.length > 0 && {note: notes.join(' ')}),
	};
};
