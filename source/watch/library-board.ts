import type {CatalogHeader, Library, Run} from '../catalog/types.js';
import type {ChangeCounts} from '../sync/events.js';
import type {
	Job,
	JobMode,
	LibraryName,
	WatchedLibrary,
} from './types.js';

/**
What a daemon remembers of a library from job to job.
*/
export type LibraryMemory = {
	lastRunAt?: string;
	lastMode?: JobMode;
	/**
	When a look at all of it was last tried, however it ended: the schedule goes on from there.
	*/
	lastTriedAt?: string;
	lastFullTriedAt?: string;
	lastChangedAt?: string;
	lastChanges?: ChangeCounts;
	failures: number;
	/**
	Found by the last audit.
	*/
	differences?: number;
};

export type Watched = LibraryName & {
	type: string;
	isPaused: boolean;
};

export type BoardOptions = {
	watched: readonly Watched[];
	header: CatalogHeader;
	jobs: readonly Job[];
	memory: ReadonlyMap<string, LibraryMemory>;
	next: ReadonlyMap<string, {at: Date; mode: JobMode}>;
};

/**
How each watched library is doing, in the order of the watch.
*/
export const libraryBoard = ({watched, header, jobs, memory, next}: BoardOptions): WatchedLibrary[] => watched.map(({id, title, type, isPaused}) => {
	const library = header.libraries.find(entry => entry.id === id);
	const remembered = memory.get(id);
	const own = jobs.filter(job => job.library.id === id);
	const held = library?.sync?.held?.items ?? 0;
	const lastRunAt = remembered?.lastRunAt ?? library?.sync?.lookedAt;
	const coming = next.get(id);
	return {
		id,
		title,
		type,
		state: isPaused ? 'off' : stateOf(own, {held, failures: remembered?.failures ?? 0}),
		items: itemsOf(library),
		...(lastRunAt !== undefined && {lastRunAt}),
		...(remembered?.lastMode !== undefined && {lastMode: remembered.lastMode}),
		...(remembered?.lastChangedAt !== undefined && {lastChangedAt: remembered.lastChangedAt}),
		...(remembered?.lastChanges !== undefined && {lastChanges: remembered.lastChanges}),
		...(coming !== undefined && {nextRunAt: coming.at.toISOString(), nextMode: coming.mode}),
		failures: remembered?.failures ?? 0,
		held,
	};
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

/**
What earlier processes did, from the records of their runs.
*/
export const rememberRuns = (runs: readonly Run[]): Map<string, LibraryMemory> => {
	const memory = new Map<string, LibraryMemory>();
	for (const run of runs.toSorted((left, right) => Date.parse(left.startedAt) - Date.parse(right.startedAt))) {
		for (const library of run.libraries) {
			const before = memory.get(library.id) ?? {failures: 0};
			const at = run.finishedAt ?? run.startedAt;
			const isWhole = library.mode !== 'touch' && library.complete;
			const hasChanged = Object.values(library.changes).some(count => (count ?? 0) > 0);
			memory.set(library.id, {
				...before,
				...(isWhole && {lastRunAt: at, lastMode: library.mode === 'full' ? 'full' as const : 'incremental' as const}),
				...(hasChanged && {lastChangedAt: at, lastChanges: library.changes}),
			});
		}
	}

	return memory;
};
