import type {Run} from '../catalog/types.js';
import type {AppError} from '../base/errors.js';
import type {Section, ServerInfo} from '../plex/types.js';
import {isNews} from './conclude.js';
import {createEntities} from './entities.js';
import {
	noTotals,
	type ImportResult,
	type LibraryResult,
	type Problem,
} from './events.js';
import {readKnowledge} from './knowledge.js';
import {libraryFromSection, serverRecord} from './library-record.js';
import type {LibraryOutcome, LibraryWork} from './library-work.js';
import {defaultPace} from './plan.js';
import {isStoreFault, problemFrom, requireAppError} from './tally.js';
import {defaultHoldLimits} from './removals.js';
import {
	finishedRun,
	newRun,
	recordRun,
	startedRun,
	type RunPlan,
	type RunStart,
} from './run-record.js';
import {syncLibrary} from './sync-library.js';

type PlannedLibrary = Pick<LibraryWork, 'section' | 'plan'>;

type Given = Pick<LibraryWork, 'plex' | 'store' | 'normalize' | 'report' | 'signal'>;
type Defaulted = Pick<LibraryWork, 'viewer' | 'pace' | 'limits' | 'knowledge' | 'isDryRun' | 'monotonicMs'>;

export type RunOptions = Given & Partial<Defaulted> & {
	server: ServerInfo;
	command: Exclude<Run['command'], 'accept'>;
	targets: readonly PlannedLibrary[];
	/**
	For a caller that needs its id before the run begins. The run begins here, when the caller holds the catalogue: a run from before that is one of a process that was killed.
	*/
	run?: RunStart;
	now?: () => Date;
};

/**
Import or sync libraries one after the other. Never throws for what the server or the disk does: that is in the result, and everything committed stays.
*/
export const runLibraries = async ({
	server, command, targets, isDryRun = false, now: clock = () => new Date(), monotonicMs = () => performance.now(), run: given = newRun(clock()), ...rest
}: RunOptions): Promise<ImportResult> => {
	const {plex, store, report, signal} = rest;
	const now = clock();
	const run = {...given, startedAt: now};
	const outline: RunPlan = {
		...run, command, targets: targets.map(({section: {id, title}, plan: {mode}}) => ({id, title, mode})),
	};
	const common = {
		pace: defaultPace,
		limits: defaultHoldLimits,
		knowledge: readKnowledge(store),
		viewer: undefined,
		...rest,
		entities: createEntities(store),
		server: serverRecord(server, plex.baseUrl),
		runId: run.id,
		running: startedRun(outline),
		now,
		clock,
		isDryRun,
		monotonicMs,
	};
	const startedMs = monotonicMs();
	const before = plex.usage();
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
			...common, library, section, plan,
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
		libraries: [...outcomes.map(outcome => outcome.result), ...notReached.map(({id, title}) => emptyResult({id, title}))],
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

const emptyResult = (section: Pick<Section, 'id' | 'title'>): LibraryResult => ({
	...section, ...noTotals, durationMs: 0, complete: false,
});
