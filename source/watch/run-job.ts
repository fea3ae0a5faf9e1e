import type {Clock} from '../base/clock.js';
import type {
	Normalize,
	PlexClient,
	Section,
	ServerInfo,
} from '../plex/types.js';
import type {CatalogStore} from '../catalog/catalog-store.js';
import {compareWithServer} from '../sync/compare-server.js';
import type {
	ChangeCounts,
	ImportResult,
	Problem,
	Report,
} from '../sync/events.js';
import type {Knowledge} from '../sync/knowledge.js';
import type {SyncPace} from '../sync/plan.js';
import type {RunStart} from '../sync/run-record.js';
import {syncLibraries, touchLibraries} from '../sync/sync.js';
import {plural} from '../base/text/format.js';
import type {Fault, Job} from './types.js';

type JobWork = {
	plex: PlexClient;
	server: ServerInfo;
	viewer: string;
	store: CatalogStore;
	normalize: Normalize;
	knowledge: Knowledge;
	pace: SyncPace;
	/**
	All sections of the server as they are now.
	*/
	sections: (signal: AbortSignal) => Promise<Section[]>;
	/**
	Of a touch.
	*/
	ratingKeys: readonly string[];
	run: RunStart;
	clock: Clock;
	report: Report;
	signal: AbortSignal;
};

export type JobOutcome =
	| {kind: 'done'; runId?: string; changes?: ChangeCounts; note?: string; isUnfinished: boolean; differences?: number}
	| {kind: 'failed'; fault: Fault; runId?: string}
	| {kind: 'cancelled'};

/**
Do what a job says, whatever comes of it.

@throws AppError when the server cannot be asked at all
*/
export const runJob = async (job: Job, work: JobWork): Promise<JobOutcome> => {
	switch (job.mode) {
		case 'touch': {
			return outcomeOf(await touchLibraries({...engineOptions(work), touched: [{libraryId: job.library.id, ratingKeys: work.ratingKeys}]}), job);
		}

		case 'incremental':
		case 'full': {
			return syncOne(job, work);
		}

		case 'audit': {
			return auditOne(job, work);
		}
	}
};

const engineOptions = ({plex, server, viewer, store, normalize, knowledge, pace, run, clock, report, signal}: JobWork) => ({
	plex,
	server,
	viewer,
	store,
	normalize,
	knowledge,
	pace,
	run,
	report,
	signal,
	now: clock.now,
	monotonicMs: clock.monotonicMs,
});

const syncOne = async (job: Job, work: JobWork): Promise<JobOutcome> => {
	const sections = await work.sections(work.signal);
	const section = sections.find(({id}) => id === job.library.id);
	const result = await syncLibraries({
		...engineOptions(work),
		sections: section === undefined ? [] : [section],
		isEverything: false,
		gone: section === undefined ? [job.library.id] : [],
		isFull: job.mode === 'full',
		async load() {/* a daemon has read everything at its start */},
	});
	return outcomeOf(result, job);
};

const auditOne = async (job: Job, {plex, store, normalize, server, signal, clock}: JobWork): Promise<JobOutcome> => {
	const since = clock.now();
	const differences = await compareWithServer({
		plex, store, normalize, server, signal, libraryIds: [job.library.id],
	});
	if (signal.aborted) {
		return {kind: 'cancelled'};
	}

	const isChecked = store.header().libraries.some(({id, lastImport}) => id === job.library.id && lastImport !== undefined);
	const seconds = Math.round((clock.now().getTime() - since.getTime()) / 1000);
	const [first] = differences;
	return {
		kind: 'done',
		isUnfinished: differences.length > 0,
		differences: differences.length,
		note: isChecked
			? (first === undefined
				? `Everything is as on the server, compared in ${plural(seconds, 'second')}.`
				: `${plural(differences.length, 'item')} not as on the server, for instance ${first.title ?? first.ratingKey ?? 'one without a title'} (${first.kind}).`)
			: 'It has not been imported yet, so there was nothing to compare.',
	};
};

const outcomeOf = ({runId, cancelled, libraries, errors}: ImportResult, job: Job): JobOutcome => {
	if (cancelled) {
		return {kind: 'cancelled'};
	}

	const library = libraries.find(({id}) => id === job.library.id);
	const fault = errors.find(({ratingKey, stage}) => ratingKey === undefined && (stage === 'save' || library?.complete !== true));
	if (fault !== undefined) {
		return {kind: 'failed', fault: faultOf(fault), runId};
	}

	const notes = [...library?.sync?.notes ?? [], ...errors.length === 0 ? [] : [`${plural(errors.length, 'item')} could not be read: ${errors[0]!.message}`]];
	return {
		kind: 'done',
		runId,
		isUnfinished: notes.length > 0,
		...(library?.sync !== undefined && {changes: library.sync.changes}),
		...(library?.sync === undefined && library !== undefined && {changes: {added: library.imported}}),
		...(notes.length > 0 && {note: notes.join(' ')}),
	};
};

const faultOf = ({code, message, hint}: Problem): Fault => ({code, message, hint});
