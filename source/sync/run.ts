import type {Run} from '../catalog/types.js';
import type {AppError} from '../base/errors.js';
import type {
	Normalize,
	PlexClient,
	Section,
	ServerInfo,
} from '../plex/types.js';
import type {CatalogStore} from '../catalog/catalog-store.js';
import {isNews} from './conclude.js';
import {createEntities} from './entities.js';
import type {
	ImportResult,
	LibraryResult,
	Problem,
	Report,
} from './events.js';
import {readKnowledge, type Knowledge} from './knowledge.js';
import {libraryFromSection, serverRecord} from './library-record.js';
import type {LibraryOutcome} from './library-work.js';
import {defaultPace, type LibraryPlan, type SyncPace} from './plan.js';
import {isStoreFault, problemFrom, requireAppError} from './problems.js';
import {defaultHoldLimits, type HoldLimits} from './removals.js';
import {
	finishedRun,
	newRun,
	recordRun,
	startedRun,
	type RunPlan,
	type RunStart,
} from './run-record.js';
import {syncLibrary} from './sync-library.js';

export type PlannedLibrary = {section: Section; plan: LibraryPlan};

export type RunOptions = {
	plex: PlexClient;
	server: ServerInfo;
	store: CatalogStore;
	normalize: Normalize;
	command: Exclude<Run['command'], 'accept'>;
	targets: readonly PlannedLibrary[];
	report: Report;
	signal: AbortSignal;
	/**
	Whose marks the view states are, see `SyncState`.
	*/
	viewer?: string;
	pace?: SyncPace;
	limits?: HoldLimits;
	/**
	Kept from run to run, where there is a next one.
	*/
	knowledge?: Knowledge;
	isDryRun?: boolean;
	/**
	For a caller that needs its id before the run begins. The run begins here, when the caller holds the catalogue: a run from before that is one of a process that was killed.
	*/
	run?: RunStart;
	now?: () => Date;
	monotonicMs?: () => number;
};

/**
Import or sync libraries one after the other. Never throws for what the server or the disk does: that is in the result, and everything committed stays.
*/
export const runLibraries = async ({
	plex,
	server,
	store,
	normalize,
	command,
	targets,
	report,
	signal,
	viewer,
	pace = defaultPace,
	limits = defaultHoldLimits,
	knowledge = readKnowledge(store),
	isDryRun = false,
	now: clock = () => new Date(),
	monotonicMs = () => performance.now(),
	run: given = newRun(clock()),
}: RunOptions): Promise<ImportResult> => {
	const now = clock();
	const run = {...given, startedAt: now};
	const outline: RunPlan = {
		...run, command, targets: targets.map(({section: {id, title}, plan: {mode}}) => ({id, title, mode})),
	};
	const running = startedRun(outline);
	const startedMs = monotonicMs();
	const before = plex.usage();
	const entities = createEntities(store);
	const outcomes: LibraryOutcome[] = [];

	report({
		type: 'run-started',
		runId: run.id,
		startedAt: now.toISOString(),
		libraries: targets.map(({section}) => ({id: section.id, title: section.title, libraryType: section.type})),
	});

	for (const {section, plan} of targets) {
		const library = libraryFromSection(section, server.id, store.header().libraries.find(({id}) => id === section.id));
		if (command === 'sync') {
			report({
				type: 'library-planned', libraryId: library.id, mode: plan.mode, reason: plan.reason,
			});
		}

		const outcome = await syncLibrary({
			plex,
			store,
			knowledge,
			normalize,
			entities,
			library,
			server: serverRecord(server, plex.baseUrl),
			section,
			plan,
			pace,
			limits,
			viewer,
			runId: run.id,
			running,
			now,
			clock,
			isDryRun,
			report,
			signal,
			monotonicMs,
		});
		outcomes.push(outcome);
		// Where nothing can be kept, the other libraries would only fail one by one.
		if (signal.aborted || (outcome.fault !== undefined && isStoreFault(outcome.fault))) {
			break;
		}
	}

	const reached = new Set(outcomes.map(({result}) => result.id));
	const notReached = targets.map(({section}) => section).filter(({id}) => !reached.has(id));
	const errors: Problem[] = outcomes.flatMap(outcome => outcome.problems);
	const after = plex.usage();
	const result: ImportResult = {
		runId: run.id,
		ok: errors.length === 0 && !signal.aborted,
		cancelled: signal.aborted,
		libraries: [...outcomes.map(outcome => outcome.result), ...notReached.map(section => emptyResult(section))],
		errors,
		requests: after.requests - before.requests,
		bytes: after.bytes - before.bytes,
		durationMs: Math.round(monotonicMs() - startedMs),
	};
	if (!isDryRun && targets.length > 0 && !isIdleTouch(targets, outcomes)) {
		const fault = await faultOf(async () => recordRun(store, finishedRun(outline, result, clock())));
		// A disk that was full before is told already.
		if (fault !== undefined && errors.every(({stage}) => stage !== 'save')) {
			const {id, title} = targets.at(-1)!.section;
			errors.push({library: {id, title}, ...problemFrom(fault, 'save')});
			result.ok = false;
		}
	}

	report({type: 'run-finished', result});
	return result;
};

/**
Nothing came of it, so that nobody will ask for it.
*/
const isIdleTouch = (targets: readonly PlannedLibrary[], outcomes: readonly LibraryOutcome[]) =>
	targets.every(({plan}) => plan.mode === 'touch') && outcomes.every(({result: {sync}, problems}) => problems.length === 0 && (sync === undefined || !isNews(sync)));

const faultOf = async (work: () => Promise<void>): Promise<AppError | undefined> => {
	try {
		await work();
		return undefined;
	} catch (error) {
		return requireAppError(error);
	}
};

const emptyResult = ({id, title}: Section): LibraryResult => ({
	id,
	title,
	expected: 0,
	imported: 0,
	unchanged: 0,
	failed: 0,
	skipped: 0,
	durationMs: 0,
	complete: false,
});
