import type {ChangeCounts} from '../sync/events.js';
import type {ErrorCode} from '../base/errors.js';

/**
What a job does with a library, from the quickest to the most thorough: `touch` re-reads single items that the server spoke of, `incremental` is what `reelcat sync` does, `full` compares everything, `audit` compares every stored field with the server and changes nothing.
*/
export const jobModes = ['touch', 'incremental', 'full', 'audit'] as const;
export type JobMode = typeof jobModes[number];

/**
`waiting` is between a failure and the next try, `parked` is given up until a person wants it again.
*/
export const jobStates = ['queued', 'running', 'paused', 'waiting', 'parked', 'done', 'cancelled'] as const;
export type JobState = typeof jobStates[number];

export const jobTriggers = ['start', 'schedule', 'notification', 'catch-up', 'request', 'hook'] as const;
export type JobTrigger = typeof jobTriggers[number];

export const jobActions = ['pause', 'resume', 'cancel', 'retry', 'run-now', 'move-up', 'move-down'] as const;
export type JobAction = typeof jobActions[number];

export type LibraryName = {
	/**
	As in the catalogue: uuid, or `serverId:key`.
	*/
	id: string;
	title: string;
};

/**
Why something failed, fit for every sink once it is cleaned.
*/
export type Fault = {
	code: ErrorCode;
	message: string;
	hint?: string;
};

/**
One piece of work on one library. Dates are ISO instants. The object is what the API, `--json` and the file of the queue hold.
*/
export type Job = {
	id: string;
	library: LibraryName;
	mode: JobMode;
	state: JobState;
	trigger: JobTrigger;
	createdAt: string;
	/**
	Not before; only while `waiting`.
	*/
	dueAt?: string;
	startedAt?: string;
	finishedAt?: string;
	/**
	Times that it was begun.
	*/
	attempts: number;
	/**
	Of the last attempt that failed; stays while it waits or is parked.
	*/
	fault?: Fault;
	/**
	A sentence: what came out of it, or why it is where it is.
	*/
	note?: string;
	/**
	Of the run that did it, see `reelcat runs`.
	*/
	runId?: string;
	/**
	What was found to have changed.
	*/
	changes?: ChangeCounts;
};

/**
How a running job stands.
*/
export type JobProgress = {
	jobId: string;
	phase: string;
	done: number;
	expected: number;
	ratePerSecond: number;
	etaMs?: number;
	lastTitle?: string;
};

export const libraryStates = ['idle', 'queued', 'running', 'paused', 'failing', 'parked', 'held', 'off'] as const;

/**
How a library of the catalogue is doing under watch.
*/
export type WatchedLibrary = LibraryName & {
	type: string;
	state: typeof libraryStates[number];
	items: number;
	/**
	Of the last job that looked at all of it; touches do not count.
	*/
	lastRunAt?: string;
	lastMode?: JobMode;
	/**
	The last time something changed, and what.
	*/
	lastChangedAt?: string;
	lastChanges?: ChangeCounts;
	nextRunAt?: string;
	nextMode?: JobMode;
	/**
	Failures one after the other.
	*/
	failures: number;
	/**
	Items whose removal waits for a person.
	*/
	held: number;
};

export const alertKinds = ['sync-failing', 'unreachable', 'token-dead', 'removals-held', 'disk-low', 'channel-broken', 'audit-differs'] as const;
export type AlertKind = typeof alertKinds[number];

/**
Something that is wrong now. `subject` is a library id, a channel name or a folder; kind and subject tell one alert from another.
*/
export type Alert = {
	kind: AlertKind;
	subject: string;
	since: string;
	/**
	Full sentences.
	*/
	message: string;
	hint?: string;
};

export type WatchNote = {
	/**
	Counts up for ever, also over restarts of the process.
	*/
	id: number;
	at: string;
	level: 'info' | 'warn' | 'error';
	text: string;
};

export type PushState = {
	/**
	`polling`: the server sends no notifications to this token, or none can be had; the schedule does all.
	*/
	state: 'connected' | 'connecting' | 'polling' | 'off';
	via?: 'websocket' | 'sse';
	since: string;
	lastEventAt?: string;
	/**
	Why it is not connected, a sentence.
	*/
	reason?: string;
};

/**
Everything there is to know of a daemon, at one moment.
*/
export type WatchStatus = {
	schema: 1;
	version: string;
	pid: number;
	startedAt: string;
	now: string;
	health: 'ok' | 'degraded' | 'failing';
	/**
	Why it is not `ok`, sentences.
	*/
	reasons: string[];
	server?: {id: string; name: string; version?: string; isReachable: boolean; since: string};
	push: PushState;
	libraries: WatchedLibrary[];
	/**
	Not ended ones first, in the order in which they will run; then the ended ones, newest first.
	*/
	jobs: Job[];
	progress?: JobProgress;
	alerts: Alert[];
	notes: WatchNote[];
	/**
	Requests that the server is given at a time, and why.
	*/
	load?: {limit: number; reason: string};
	/**
	Requests sent since the start of the daemon.
	*/
	requests: number;
	revision: number;
	/**
	Until when only notifications are worked on.
	*/
	quietUntil?: string;
	settings: {interval: string; fullEvery: string; isAudited: boolean; quietHours?: string};
};

/**
News of a daemon, to whoever looks on. `status` replaces all that was known.
*/
export type WatchEvent =
	| {type: 'status'; status: WatchStatus}
	| {type: 'job'; job: Job}
	| {type: 'progress'; progress: JobProgress}
	| {type: 'alert'; alert: Alert; isRecovered: boolean}
	| {type: 'note'; note: WatchNote}
	/**
	Something was committed.
	*/
	| {type: 'catalog'; revision: number; changes: ChangeCounts; libraryId: string};

export type NumberedEvent = {
	/**
	To go on after it with `Last-Event-ID`; counts up, also over restarts of the process.
	*/
	id: number;
	event: WatchEvent;
};

export type AcceptedRemovals = LibraryName & {removed: number};
