import type {Library, Run, Server} from '../catalog/types.js';
import {AppError} from '../base/errors.js';
import type {Normalize, PlexClient, Section} from '../plex/types.js';
import type {CatalogStore, StoreTransaction} from '../catalog/catalog-store.js';
import {compareLibrary} from './comparison.js';
import type {Entities} from './entities.js';
import type {
	LibraryResult,
	Phase,
	Report,
	SyncedLibrary,
} from './events.js';
import type {LibraryOutcome} from './import-library.js';
import type {Knowledge} from './knowledge.js';
import type {LibraryPlan, SyncPace} from './plan.js';
import {requireAppError} from './problems.js';
import type {HoldLimits} from './removals.js';
import {createRowComparison} from './row-comparison.js';
import {stageLibrary} from './stage-library.js';
import {closeBooks, createTally} from './tally.js';
import {compareTouched} from './touched-rows.js';

export type LibrarySync = {
	plex: PlexClient;
	store: CatalogStore;
	knowledge: Knowledge;
	normalize: Normalize;
	entities: Entities;
	/**
	As it is to be stored, with the state of the last sync.
	*/
	library: Library;
	server: Server;
	/**
	As it was before anything else was asked.
	*/
	section: Section;
	plan: LibraryPlan;
	pace: SyncPace;
	limits: HoldLimits;
	viewer: string | undefined;
	runId: string;
	/**
	The record of the run, for its first commit.
	*/
	running: Run;
	now: Date;
	isDryRun: boolean;
	report: Report;
	signal: AbortSignal;
	monotonicMs: () => number;
};

/**
Servers speak of many items that are as they were; a run for each would bury the others.
*/
export const isNews = ({changes}: Pick<SyncedLibrary, 'changes'>): boolean => Object.values(changes).some(count => count > 0);

/**
Bring one library in step: compared, fetched, and committed in one transaction with its history and its state. Whatever ends it early leaves the library as it was.
*/
export const syncLibrary = async (options: LibrarySync): Promise<LibraryOutcome> => {
	const {store, library, plan, running, report, signal, monotonicMs} = options;
	const startedMs = monotonicMs();
	const tally = createTally({id: library.id, title: library.title}, report);
	const phase = (name: Phase) => {
		report({type: 'library-phase', libraryId: library.id, phase: name});
	};

	let fault: AppError | undefined;
	let transaction: StoreTransaction | undefined;
	let sync: SyncedLibrary = {
		mode: plan.mode, changes: {}, held: library.sync?.held?.items ?? 0, notes: [],
	};
	try {
		signal.throwIfAborted();
		phase('importing');
		const known = await options.knowledge.library(library.id);
		const comparison = plan.ratingKeys === undefined
			? await compareLibrary({...options, known, rows: createRowComparison({...options, known, tally})})
			: await compareTouched({
				...options, known, tally, ratingKeys: plan.ratingKeys,
			});
		transaction = await store.begin();
		const staged = await stageLibrary(options, {
			known, comparison, transaction, tally,
		});
		phase('finishing');
		signal.throwIfAborted();
		if (plan.mode !== 'touch' || isNews(staged.sync)) {
			await transaction.upsert([running]);
		}

		const {revision} = options.isDryRun ? store.header() : await transaction.commit();
		({sync} = staged);
		tally.commit({...staged, revision});
	} catch (error) {
		fault = signal.aborted ? new AppError('cancelled', 'The sync was cancelled.') : requireAppError(error);
		closeBooks(tally, fault, 'The sync was cancelled.');
	} finally {
		await transaction?.abort();
	}

	phase(fault === undefined ? 'done' : (fault.code === 'cancelled' ? 'cancelled' : 'failed'));
	const result: LibraryResult = {
		id: library.id,
		title: library.title,
		...tally.totals(),
		durationMs: Math.round(monotonicMs() - startedMs),
		complete: fault === undefined && tally.open() === 0,
		sync,
	};
	report({type: 'library-finished', result});
	return {result, problems: tally.problems(), fault};
};
