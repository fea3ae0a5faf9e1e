import {requireAppError} from '../base/errors.js';
import {pushAll} from '../base/push-all.js';
import type {Run} from '../catalog/types.js';
import {withServerTime} from '../plex/normalize/plausible.js';
import type {ServerInfo} from '../plex/types.js';
import {isNews} from './conclude.js';
import {createEntities} from './entities.js';
import {
	noTotals,
	type ImportResult,
	type LibraryResult,
	type Problem,
} from './events.js';
import {homeOfPlaylists} from './lists.js';
import {readKnowledge} from './knowledge.js';
import {isMadeAnew, uuidOf} from './identification.js';
import {libraryFromSection, serverRecord} from './library-record.js';
import type {LibraryWork} from './library-work.js';
import {defaultPace} from './plan.js';
import {createTally, isEndOfRun, problemFrom} from './tally.js';
import {defaultHoldLimits} from './removals.js';
import {
	finishedRun,
	newRun,
	recordRun,
	startedRun,
	type RunPlan,
	type RunStart,
} from './run-record.js';
import {withRunBudget, type RunBudget} from './run-budget.js';
import {syncLibrary} from './sync-library.js';

type Given = Pick<LibraryWork, 'plex' | 'store' | 'normalize' | 'report' | 'signal'>;
type Defaulted = Pick<LibraryWork, 'viewer' | 'pace' | 'limits' | 'knowledge' | 'isDryRun' | 'monotonicMs'>;

export type CommonOptions = Given & Partial<Defaulted> & {
	server: ServerInfo;
	/**
	For a caller that needs its id before the run begins. The run begins here, when the caller holds the catalogue: an unfinished run that began before belongs to a process that was killed.
	*/
	run?: RunStart;
	budget?: RunBudget;
	now?: () => Date;
};

type RunOptions = CommonOptions & {
	command: Exclude<Run['command'], 'accept'>;
	targets: ReadonlyArray<Pick<LibraryWork, 'section' | 'plan' | 'listings'>>;
	/**
	What the client had used when the run began, if that was earlier.
	*/
	usageBefore?: ReturnType<LibraryWork['plex']['usage']>;
};

/**
Imports or syncs libraries one after the other. Never throws for what the server or the disk does: the result tells it, and everything committed stays.
*/
export const runLibraries = async ({
	server, command, targets, isDryRun = false, now: clock = () => new Date(), monotonicMs = () => performance.now(), run: given = newRun(clock()), budget, usageBefore, ...rest
}: RunOptions): Promise<ImportResult> => {
	const {store, report, signal} = rest;
	const plex = withRunBudget(rest.plex, {budget, monotonicMs});
	const now = clock();
	const run = {...given, startedAt: now};
	const outline: RunPlan = {
		...run, command, targets: targets.map(({section: {id, title}, plan: {mode}}) => ({id, title, mode})),
	};
	const common = {
		pace: defaultPace,
		limits: defaultHoldLimits,
		unclear: new Set<string>(),
		knowledge: readKnowledge(store),
		viewer: undefined,
		...rest,
		plex,
		normalize: withServerTime(rest.normalize, plex),
		entities: createEntities(store),
		server: serverRecord(server, plex.baseUrl),
		runId: run.id,
		running: startedRun(outline),
		now,
		clock,
		isDryRun,
		monotonicMs,
	};
	const beganMs = monotonicMs();
	const before = usageBefore ?? plex.usage();
	const results: LibraryResult[] = [];
	const errors: Problem[] = [];

	report({
		type: 'run-started',
		runId: run.id,
		startedAt: now.toISOString(),
		libraries: targets.map(({section}) => ({id: section.id, title: section.title, libraryType: section.type})),
	});

	const playlists = playlistsOf(targets, homeOfPlaylists(store.header(), server.id) ?? targets[0]?.section.id);
	for (const [index, {section, plan, listings}] of targets.entries()) {
		const known = store.header().libraries.find(({id}) => id === section.id);
		const library = libraryFromSection(section, server.id, known);
		if (command === 'sync') {
			report({
				type: 'library-planned', libraryId: library.id, mode: plan.mode, reason: plan.reason,
			});
		}

		const tally = createTally({id: library.id, title: library.title}, report);
		const {result, fault} = await syncLibrary({
			...common, library, section, plan, listings, playlists: index === targets.length - 1 ? playlists : undefined, tally, formerUuid: known !== undefined && isMadeAnew(known, section) ? uuidOf(known) : undefined, startedMs: monotonicMs(),
		});
		results.push(result);
		pushAll(errors, tally.problems());
		if (signal.aborted || (fault !== undefined && isEndOfRun(fault))) {
			break;
		}
	}

	const notReached = targets.slice(results.length).map(({section: {id, title}}): LibraryResult => ({
		id, title, ...noTotals, durationMs: 0, complete: false,
	}));
	const after = plex.usage();
	const result: ImportResult = {
		runId: run.id,
		ok: errors.length === 0 && !signal.aborted,
		cancelled: signal.aborted,
		libraries: [...results, ...notReached],
		errors,
		requests: after.requests - before.requests,
		bytes: after.bytes - before.bytes,
		durationMs: Math.round(monotonicMs() - beganMs),
	};
	// A touch that finds nothing is not recorded: nobody will ask for it.
	const isIdleTouch = errors.length === 0
		&& targets.every(({plan}) => plan.mode === 'touch')
		&& results.every(({sync}) => sync === undefined || !isNews(sync));
	if (!isDryRun && !isIdleTouch && targets.length > 0) {
		try {
			await recordRun(store, finishedRun(outline, result, clock()));
		} catch (error) {
			requireAppError(error);
			const problem = problemFrom(error, 'save');
			// A disk that was full before has been told already.
			if (errors.every(({stage}) => stage !== 'save')) {
				const {id, title} = targets.at(-1)!.section;
				errors.push({library: {id, title}, ...problem});
				result.ok = false;
			}
		}
	}

	report({type: 'run-finished', result});
	return result;
};

const playlistsOf = (targets: RunOptions['targets'], homeId: string | undefined): LibraryWork['playlists'] => {
	const home = targets.find(({section}) => section.id === homeId);
	const modes = targets.map(({plan}) => plan.mode);
	// An import may bring members that playlists lack.
	if (homeId === undefined || (home === undefined && !modes.includes('import'))) {
		return undefined;
	}

	return {
		homeId,
		mode: modes.find(mode => mode === 'full' || mode === 'import') ?? modes.find(mode => mode !== 'lists') ?? 'lists',
		read: home?.listings,
	};
};
