import type {AppError} from '../base/errors.js';
import type {CatalogHeader, Run} from '../catalog/types.js';
import type {PushNews} from '../plex/notifications/course.js';
import type {ChangeCounts} from '../sync/events.js';
import type {DiskFacts} from './alerts/alert-facts.js';
import {emptyQueue, type Queue} from './jobs/queue.js';
import type {JobOutcome} from './run-job.js';
import type {TimedLibrary} from './timekeeper.js';
import type {DirtyLibrary} from './touches.js';
import type {JobAction, JobMode, JobTrigger} from './kinds.js';
import type {
	AcceptedRemovals,
	Job,
	LibraryName,
	PushState,
	WatchEvent,
	WatchNote,
} from './types.js';
import type {WatchSettings} from './watch-settings.js';
import type {WatchedLibraries} from './watched.js';

/**
What a daemon remembers of a library from one job to the next. Times are ISO instants.
*/
export type LibraryMemory = {
	lastRunAt?: string;
	lastMode?: JobMode;
	/**
	When this process last compared the whole library, whether or not that succeeded. The schedule goes on from there.
	*/
	lastTriedAt?: string;
	lastFullTriedAt?: string;
	lastChangedAt?: string;
	lastChanges?: ChangeCounts;
	failures: number;
	differences?: number;
	/**
	Folders of which everything is unavailable; absent until this process has looked.
	*/
	unavailableFolders?: readonly string[];
};

/**
What a daemon knows, apart from the catalogue itself. Only `reduceDaemon` makes a new state. The keys of all maps are library ids.
*/
export type DaemonState = {
	settings: WatchSettings;
	watched: WatchedLibraries;
	queue: Queue;
	memory: ReadonlyMap<string, LibraryMemory>;
	/**
	Rating keys of the items that wait for a touch.
	*/
	touched: ReadonlyMap<string, ReadonlySet<string>>;
	/**
	Monotonic time at which somebody last asked for work. That work needs a newer answer of the server.
	*/
	wantedAtMs: ReadonlyMap<string, number>;
	push: PushState;
	disk: DiskFacts | undefined;
	hasConnected: boolean;
	isClosing: boolean;
};

export type DaemonEvent =
	| {type: 'recovered'; queue: Queue; memory: ReadonlyMap<string, LibraryMemory>}
	| {type: 'settings-read'; settings: WatchSettings}
	| {type: 'watched'; watched: WatchedLibraries}
	| {type: 'connected'}
	| {type: 'unreachable'; error: AppError}
	| {type: 'push'; news: PushNews}
	| {type: 'push-heard'}
	| {type: 'dirty'; dirty: DirtyLibrary}
	| {type: 'wanted'; libraries: readonly LibraryName[]; mode: JobMode; trigger: JobTrigger}
	| {type: 'due'; library: LibraryName; mode: JobMode}
	| {type: 'clock-jumped'; jumpMs: number}
	| {type: 'woken'}
	| {type: 'begun'; id: string}
	| {type: 'touch-taken'; libraryId: string}
	| {type: 'ended'; job: Job; outcome: JobOutcome; revision: number; random01: number}
	| {type: 'act'; id: string; action: JobAction}
	| {type: 'accepted'; accepted: readonly AcceptedRemovals[]; revision: number}
	| {type: 'disk'; disk: DiskFacts | undefined}
	| {type: 'closing'};

/**
What the daemon has to do because of an event, in this order.
*/
export type DaemonAction =
	| {type: 'tell'; event: WatchEvent}
	| {type: 'note'; text: string; level: WatchNote['level']}
	| {type: 'tell-status'}
	| {type: 'tell-status-soon'}
	| {type: 'keep-queue'}
	| {type: 'kick'}
	| {type: 'stop-running'; id: string}
	| {type: 'lose-server'; error: AppError}
	| {type: 'hurry-to-server'}
	| {type: 'look-at-time'}
	| {type: 'judge'}
	| {type: 'back-up'}
	| {type: 'after-job'; job: Job; outcome: JobOutcome};

export type DaemonChange = {
	state: DaemonState;
	actions: DaemonAction[];
	/**
	The jobs that do the work that the event asked for.
	*/
	jobs: Job[];
};

export type DaemonMoment = {
	now: Date;
	monotonicMs: number;
	newId: () => string;
};

export const initialDaemonState = (settings: WatchSettings, startedAt: Date): DaemonState => ({
	settings,
	watched: [],
	queue: emptyQueue,
	memory: new Map(),
	touched: new Map(),
	wantedAtMs: new Map(),
	push: {state: 'off', since: startedAt.toISOString()},
	disk: undefined,
	hasConnected: false,
	isClosing: false,
});

export const activeLibraries = ({watched}: Pick<DaemonState, 'watched'>): WatchedLibraries => watched.filter(({isPaused}) => !isPaused);

/**
The active libraries with the times of their last comparisons.
*/
export const timedLibraries = (state: DaemonState, {libraries}: CatalogHeader): TimedLibrary[] => activeLibraries(state).map(library => {
	const stored = libraries.find(({id}) => id === library.id);
	const {lastTriedAt, lastFullTriedAt} = state.memory.get(library.id) ?? {};
	return {...library, lastIncrementalAt: lastTriedAt ?? stored?.sync?.lookedAt, lastFullAt: lastFullTriedAt ?? stored?.sync?.fullAt};
});

/**
Learns from the records of runs what earlier processes did.
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
