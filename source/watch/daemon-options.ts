import type {Clock} from '../base/clock.js';
import type {Hint} from '../plex/notifications/hints.js';
import type {PushNews} from '../plex/notifications/course.js';
import type {
	Normalize,
	PlexClient,
	RequestEvent,
	ServerInfo,
} from '../plex/types.js';
import type {OpenedCatalog} from '../store/catalog-context.js';
import type {SyncEvent} from '../sync/events.js';
import type {RunStart} from '../sync/run-record.js';
import type {Queue} from './jobs/queue.js';
import type {JobOutcome} from './run-job.js';
import type {Alarm} from './alerts/alerts.js';
import type {DiskFacts} from './alerts/alert-facts.js';
import type {DaemonEvent, DaemonState} from './daemon-state.js';
import type {News} from './news.js';
import type {Job, WatchNote} from './types.js';
import type {WatchSettings} from './watch-settings.js';

/**
The way to one server, as it was found.
*/
export type DaemonConnection = {
	plex: PlexClient;
	server: ServerInfo;
	viewer: string;
	/**
	Listen to what the server says of its libraries.
	*/
	openPush: (handlers: PushHandlers) => {close: () => void};
	close: () => void;
};

type PushHandlers = {
	onHints: (hints: readonly Hint[]) => void;
	onState: (news: PushNews) => void;
};

export type DaemonOptions = {
	version: string;
	pid: number;
	/**
	Open and loaded; the daemon does not close it.
	*/
	store: Pick<OpenedCatalog, 'backupIfDue'> & OpenedCatalog;
	/**
	@throws AppError
	*/
	connect: (options: {signal: AbortSignal; onRequest: (event: RequestEvent) => void}) => Promise<DaemonConnection>;
	normalize: Normalize;
	settings: WatchSettings;
	/**
	Ids that were ticked in the app; undefined before the first choice.
	*/
	chosenLibraries: (serverId: string) => readonly string[] | undefined;
	chooseLibraries: (serverId: string, libraryIds: readonly string[]) => void;
	queueFile: {load: () => Promise<Queue>; save: (queue: Queue) => Promise<void>; close: () => Promise<void>};
	/**
	Does one job, with a log of its own where that is worth one.
	*/
	withLog: <Value>(job: Job, work: (logged: {run: RunStart; onEvent: (event: SyncEvent) => void}) => Promise<Value>) => Promise<Value>;
	/**
	Of the disk where the data is; undefined where that cannot be said.
	*/
	disk: () => Promise<DiskFacts | undefined>;
	/**
	Remembers what is wrong, and tells people of it; in memory only when absent.
	*/
	alarm?: Alarm;
	clock?: Clock;
	random?: () => number;
	newId?: () => string;
	/**
	Of the engine, as they come.
	*/
	onEngineEvent?: (event: SyncEvent) => void;
	onNote?: (note: WatchNote) => void;
	/**
	A job has ended.
	*/
	onOutcome?: (job: Job, outcome: JobOutcome) => void;
};

/**
What the parts of a daemon share: what it knows, and the one way to change that.
*/
export type DaemonCore = {
	state: () => DaemonState;
	/**
	Takes an event in and does what follows from it.

	@returns the jobs that do what was asked for
	*/
	dispatch: (event: DaemonEvent) => Job[];
	note: News['note'];
};
