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
An open connection to one server. `openPush` subscribes to its notifications.
*/
export type DaemonConnection = {
	plex: PlexClient;
	server: ServerInfo;
	viewer: string;
	openPush: (handlers: {onHints: (hints: readonly Hint[]) => void; onState: (news: PushNews) => void}) => {close: () => void};
	close: () => void;
};

export type BackupCare = {
	files: () => Promise<readonly string[]>;
	/**
	@returns problems, in sentences
	*/
	check: (file: string) => Promise<readonly string[]>;
};

export type DaemonOptions = {
	version: string;
	pid: number;
	/**
	Open and loaded; the daemon does not close it.
	*/
	store: OpenedCatalog;
	/**
	The id of its server in the catalogue, if that is known before the server answers.
	*/
	serverId?: string | undefined;
	/**
	@throws AppError
	*/
	connect: (options: {signal: AbortSignal; onRequest: (event: RequestEvent) => void}) => Promise<DaemonConnection>;
	normalize: Normalize;
	settings: WatchSettings;
	/**
	Ids of the libraries that were ticked in the app; undefined before the first choice.
	*/
	chosenLibraries: (serverId: string) => readonly string[] | undefined;
	chooseLibraries: (serverId: string, libraryIds: readonly string[]) => void;
	queueFile: {load: () => Promise<Queue>; save: (queue: Queue) => Promise<void>; close: () => Promise<void>};
	/**
	Does one job, with a log of its own if the job is worth one.
	*/
	withLog: <Value>(job: Job, work: (logged: {run: RunStart; onEvent: (event: SyncEvent) => void}) => Promise<Value>) => Promise<Value>;
	/**
	The disk where the data is; undefined if the file system does not tell.
	*/
	disk: () => Promise<DiskFacts | undefined>;
	/**
	The backups, newest first, and the check of one; absent where nobody checks them.
	*/
	backups?: BackupCare;
	/**
	Remembers alerts and notifies people; absent, alerts are kept in memory only.
	*/
	alarm?: Alarm;
	clock?: Clock;
	random?: () => number;
	newId?: () => string;
	onEngineEvent?: (event: SyncEvent) => void;
	onNote?: (note: WatchNote) => void;
	onOutcome?: (job: Job, outcome: JobOutcome) => void;
};

/**
What the parts of a daemon share: the state, the one way to change it, and time.
*/
export type DaemonCore = {
	clock: Clock;
	random: () => number;
	state: () => DaemonState;
	/**
	Changes the state by an event and performs the actions that follow.

	@returns The jobs that do the work that the event asked for
	*/
	dispatch: (event: DaemonEvent) => Job[];
	note: News['note'];
};
