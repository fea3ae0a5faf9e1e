import type {NewHistoryEvent} from '../catalog/history.js';
import {instantOf} from '../catalog/instant.js';
import type {
	Library,
	Run,
	Server,
	SyncState,
} from '../catalog/types.js';
import type {AppError} from '../base/errors.js';
import type {
	Normalize,
	PlexClient,
	Section,
	ServerInfo,
} from '../plex/types.js';
import type {CatalogStore} from '../catalog/catalog-store.js';
import {createEntities} from './entities.js';
import type {
	ImportResult,
	LibraryResult,
	Problem,
	Report,
} from './events.js';
import {importLibrary, type LibraryOutcome} from './import-library.js';
import {libraryFromSection, serverRecord} from './library-record.js';
import {
	dayOf,
	defaultPace,
	stampsOf,
	type LibraryPlan,
	type SyncPace,
} from './plan.js';
import {isStoreFault, problemFrom, requireAppError} from './problems.js';
import {readKnowledge, type Knowledge} from './knowledge.js';
import {recordRun} from './record-run.js';
import {defaultHoldLimits, type HoldLimits} from './removals.js';
import {
	finishedRun,
	newRun,
	startedRun,
	type RunPlan,
	type RunStart,
} from './run-record.js';
import {isNews, syncLibrary} from './sync-library.js';

export type ImportTarget = {
	section: Section;
	/**
	Only these items of the section.
	*/
	ratingKeys?: readonly string[];
	/**
	To bring it in step instead of importing it anew.
	*/
	plan?: LibraryPlan;
};

export type ImportOptions = {
	plex: PlexClient;
	server: ServerInfo;
	store: CatalogStore;
	normalize: Normalize;
	targets: readonly ImportTarget[];
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
	Where the caller needs its id before it begins. It begins here, when the caller holds the catalogue: a run from before that is one of a process that was killed.
	*/
	run?: RunStart;
	now?: () => Date;
	monotonicMs?: () => number;
};

/**
Import libraries one after the other. Never throws for what the server or the disk does: that is in the result, and everything committed stays.
*/
export const importLibraries = async ({
	plex,
	server,
	store,
	normalize,
	targets,
	report,
	signal,
	viewer,
	pace = defaultPace,
	limits = defaultHoldLimits,
	knowledge = readKnowledge(store),
	isDryRun = false,
	now = () => new Date(),
	monotonicMs = () => performance.now(),
	run: given = newRun(now()),
}: ImportOptions): Promise<ImportResult> => {
	const run = {...given, startedAt: now()};
	const {id: runId, startedAt} = run;
	const runPlan = planOf(run, targets);
	const running = startedRun(runPlan);
	const startedMs = monotonicMs();
	const before = plex.usage();
	const entities = createEntities(store);
	const outcomes: LibraryOutcome[] = [];
	let saveFault: AppError | undefined;

	report({
		type: 'run-started',
		runId,
		startedAt: startedAt.toISOString(),
		libraries: targets.map(({section}) => ({id: section.id, title: section.title, libraryType: section.type})),
	});

	for (const {section, ratingKeys, plan} of targets) {
		const known = store.header().libraries.find(({id}) => id === section.id);
		const library = libraryFromSection(section, server.id, known);
		const toRecord = serverRecord(server, plex.baseUrl);
		const common = {
			plex, store, knowledge, normalize, entities, library, runId, now: startedAt, running, viewer, report, signal, monotonicMs,
		};
		if (plan !== undefined) {
			report({
				type: 'library-planned', libraryId: library.id, mode: plan.mode, reason: plan.reason,
			});
		}

		if (plan !== undefined && plan.mode !== 'import') {
			const outcome = await syncLibrary({
				...common, server: toRecord, section, plan, pace, limits, isDryRun,
			});
			outcomes.push(outcome);
			saveFault = outcome.fault !== undefined && isStoreFault(outcome.fault) ? outcome.fault : undefined;
			if (saveFault !== undefined || signal.aborted) {
				break;
			}

			continue;
		}

		const record = createRecorder(store, toRecord, running);
		try {
			// Before its items, so that a killed first import leaves no item without its library.
			await record(library);
		} catch (error) {
			saveFault = requireAppError(error);
			break;
		}

		const outcome = await importLibrary({...common, ...(ratingKeys !== undefined && {ratingKeys})});
		outcomes.push(outcome);
		saveFault = outcome.fault !== undefined && isStoreFault(outcome.fault) ? outcome.fault : undefined;
		if (saveFault !== undefined) {
			// Nothing can be kept: the other libraries would only fail one by one.
			break;
		}

		try {
			const isRetry = ratingKeys !== undefined;
			const imported = withImport(library, outcome.result, {runId, finishedAt: now(), isRetry});
			const baseline = isRetry || library.sync !== undefined || outcome.fault !== undefined
				? undefined
				: firstState(section, outcome, {now: startedAt, viewer});
			await (baseline === undefined
				? record(imported)
				: record({...imported, sync: baseline}, [{
					kind: 'baseline', at: instantOf(startedAt), runId, libraryId: library.id, items: outcome.result.imported + outcome.result.unchanged,
				}]));
		} catch (error) {
			saveFault = requireAppError(error);
			outcome.problems.push({library: {id: library.id, title: library.title}, ...problemFrom(saveFault, 'save')});
			break;
		}

		if (signal.aborted) {
			break;
		}
	}

	const reached = new Set(outcomes.map(({result}) => result.id));
	const notReached = targets.map(({section}) => section).filter(({id}) => !reached.has(id));
	const errors: Problem[] = outcomes.flatMap(outcome => outcome.problems);
	if (saveFault !== undefined && errors.every(({stage}) => stage !== 'save')) {
		const {id, title} = notReached[0]!;
		errors.push({library: {id, title}, ...problemFrom(saveFault, 'save')});
	}

	const after = plex.usage();
	const result: ImportResult = {
		runId,
		ok: errors.length === 0 && !signal.aborted,
		cancelled: signal.aborted,
		libraries: [...outcomes.map(outcome => outcome.result), ...notReached.map(section => emptyResult(section))],
		errors,
		requests: after.requests - before.requests,
		bytes: after.bytes - before.bytes,
		durationMs: Math.round(monotonicMs() - startedMs),
	};
	if (!isDryRun && targets.length > 0 && !isIdleTouch(targets, outcomes)) {
		const fault = await faultOf(async () => recordRun(store, finishedRun(runPlan, result, now())));
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
const isIdleTouch = (targets: readonly ImportTarget[], outcomes: readonly LibraryOutcome[]) =>
	targets.every(({plan}) => plan?.mode === 'touch') && outcomes.every(({result: {sync}, problems}) => problems.length === 0 && (sync === undefined || !isNews(sync)));

const planOf = (run: RunStart, targets: readonly ImportTarget[]): RunPlan => ({
	...run,
	command: targets.some(({plan}) => plan !== undefined) ? 'sync' : 'import',
	targets: targets.map(({section: {id, title}, plan, ratingKeys}) => ({id, title, mode: plan?.mode ?? (ratingKeys === undefined ? 'import' : 'retry')})),
});

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

const createRecorder = (store: CatalogStore, server: Server, running: Run) => async (library: Library, events: readonly NewHistoryEvent[] = []) => {
	const transaction = await store.begin();
	try {
		await transaction.upsert([running]);
		await transaction.putServer(server);
		await transaction.putLibrary(library);
		await transaction.record(events);
		await transaction.commit();
	} catch (error) {
		await transaction.abort();
		throw error;
	}
};

/**
Where the first sync after a first import goes on. Where items failed, the stamps are not trusted.
*/
const firstState = (section: Section, {result, serverSeconds}: LibraryOutcome, {now, viewer}: {now: Date; viewer: string | undefined}): SyncState => {
	const at = instantOf(now);
	return {
		stamps: result.failed === 0 ? stampsOf(section) : {},
		...(serverSeconds !== undefined && {cursorSeconds: serverSeconds}),
		lookedAt: at,
		sweptAt: at,
		fullAt: at,
		auditedDay: dayOf(now),
		...(viewer !== undefined && {viewer}),
	};
};

/**
A retry of single items corrects the totals of the import that they belong to.
*/
const withImport = (
	library: Library,
	{id: _id, title: _title, ...totals}: LibraryResult,
	{runId, finishedAt, isRetry}: {runId: string; finishedAt: Date; isRetry: boolean},
): Library => {
	const {lastImport} = library;
	if (isRetry && lastImport !== undefined) {
		const recovered = Math.min(totals.imported + totals.unchanged, lastImport.failed);
		return {...library, lastImport: {...lastImport, imported: lastImport.imported + recovered, failed: lastImport.failed - recovered}};
	}

	return {...library, lastImport: {runId, finishedAt: `${finishedAt.toISOString().slice(0, 19)}Z`, ...totals}};
};
