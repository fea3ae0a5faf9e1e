import type {AppError} from '../base/errors.js';
import {createLibraryNames} from '../catalog/library-names.js';
import {defined} from '../catalog/values.js';
import type {CatalogHeader, Library} from '../catalog/types.js';
import type {ImportProgress} from '../sync/progress.js';
import type {AlertFacts} from './alerts/alert-facts.js';
import type {DaemonState} from './daemon-state.js';
import type {ReachState} from './reach.js';
import type {JobMode} from './kinds.js';
import type {
	Alert,
	Job,
	JobProgress,
	WatchedLibrary,
	WatchNote,
	WatchStatus,
} from './types.js';
import {libraryNameOf} from './watched.js';

/**
The facts from which status and alerts are made.
*/
export type DaemonFacts = {
	state: DaemonState;
	startedAt: Date;
	reach: ReachState;
	server: {id: string; name: string; version?: string | undefined} | undefined;
	header: CatalogHeader;
	/**
	Why the store cannot save anything.
	*/
	storageFault: AppError | undefined;
};

export type StatusFacts = DaemonFacts & {
	version: string;
	pid: number;
	now: Date;
	next: ReadonlyMap<string, {at: Date; mode: JobMode}>;
	progress: JobProgress | undefined;
	pace: ImportProgress['pace'];
	notes: WatchNote[];
	alerts: Alert[];
	requests: number;
	quietUntil: Date | undefined;
};

export const alertFacts = ({state: {watched, memory, queue, disk}, startedAt, reach, server, header, storageFault}: DaemonFacts): AlertFacts => {
	const {isReachable, hasBeenReached, error, failures} = reach;
	const {placed} = createLibraryNames(header);
	const isRefused = error !== undefined && ['unauthorized', 'forbidden'].includes(error.code) && failures > 1;
	return {
		startedAt: startedAt.toISOString(),
		libraries: watched.map(({id, title}) => {
			const library = header.libraries.find(entry => entry.id === id);
			const held = library?.sync?.held;
			const remembered = memory.get(id);
			return {
				id,
				title: placed(id) ?? title,
				failures: remembered?.failures ?? 0,
				fault: queue.jobs.find(job => job.library.id === id && job.fault !== undefined)?.fault?.message,
				lastRunAt: remembered?.lastRunAt,
				held: held?.items ?? 0,
				heldReason: held?.reason,
				differences: remembered?.differences,
				folders: (library?.locations ?? []).map(path => ({path, isUnavailable: remembered?.unavailableFolders?.includes(path)})),
			};
		}),
		server: {
			name: server?.name, isReachable, hasBeenReached, fault: error?.message,
		},
		token: isReachable ? 'works' : (isRefused ? 'refused' : undefined),
		disk,
		storage: {fault: storageFault},
	};
};

export const daemonStatus = (facts: StatusFacts): WatchStatus => {
	const {state: {queue, push, settings}, reach, server, alerts, progress, pace, quietUntil} = facts;
	const {written, isAudited} = settings;
	const reasons = [
		...reach.error === undefined ? [] : [reach.error.message],
		...alerts.map(({message}) => message),
	];
	return defined<WatchStatus>({
		schema: 1,
		version: facts.version,
		pid: facts.pid,
		startedAt: facts.startedAt.toISOString(),
		now: facts.now.toISOString(),
		health: reach.error === undefined ? (alerts.length === 0 ? 'ok' : 'degraded') : 'failing',
		reasons: [...new Set(reasons)],
		server: server && defined({
			id: server.id,
			name: server.name,
			version: server.version,
			isReachable: reach.isReachable,
			since: reach.since.toISOString(),
		}),
		push,
		libraries: libraryBoard(facts),
		jobs: [...queue.jobs, ...queue.history],
		progress,
		alerts,
		notes: facts.notes,
		load: pace && {limit: pace.limit, reason: pace.reason},
		requests: facts.requests,
		revision: facts.header.revision,
		quietUntil: quietUntil?.toISOString(),
		settings: defined({
			interval: written.interval, fullEvery: written.fullEvery, isAudited, quietHours: written.quietHours,
		}),
	});
};

const libraryBoard = ({state: {watched, queue, memory}, header, next}: StatusFacts): WatchedLibrary[] => watched.map(watchedLibrary => {
	const {id, type, isPaused} = watchedLibrary;
	const library = header.libraries.find(entry => entry.id === id);
	const remembered = memory.get(id) ?? {failures: 0};
	const own = queue.jobs.filter(job => job.library.id === id);
	const held = library?.sync?.held?.items ?? 0;
	const coming = next.get(id);
	return defined({
		...libraryNameOf(watchedLibrary),
		type,
		state: isPaused ? 'off' : stateOf(own, {held, failures: remembered.failures}),
		items: itemsOf(library),
		lastRunAt: remembered.lastRunAt ?? library?.sync?.lookedAt,
		lastMode: remembered.lastMode,
		lastChangedAt: remembered.lastChangedAt,
		lastChanges: remembered.lastChanges,
		nextRunAt: coming?.at.toISOString(),
		nextMode: coming?.mode,
		failures: remembered.failures,
		held,
	});
});

const stateOf = (jobs: readonly Job[], {held, failures}: {held: number; failures: number}): WatchedLibrary['state'] => {
	const hasAny = (...states: Array<Job['state']>) => jobs.some(({state}) => states.includes(state));
	if (hasAny('running')) {
		return 'running';
	}

	if (hasAny('queued')) {
		return 'queued';
	}

	if (hasAny('parked')) {
		return 'parked';
	}

	if (failures > 0 || hasAny('waiting')) {
		return 'failing';
	}

	if (hasAny('paused')) {
		return 'paused';
	}

	return held > 0 ? 'held' : 'idle';
};

const itemsOf = (library: Library | undefined): number => {
	if (library === undefined) {
		return 0;
	}

	const {movie, show, season, episode} = library.counts;
	return movie + show + season + episode;
};
