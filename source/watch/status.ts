import type {CatalogHeader} from '../catalog/types.js';
import type {ImportProgress} from '../sync/progress.js';
import type {Queue} from './jobs/queue.js';
import type {ReachState} from './reach.js';
import {libraryBoard, type LibraryMemory, type Watched} from './library-board.js';
import type {
	Alert,
	JobMode,
	JobProgress,
	PushState,
	WatchNote,
	WatchStatus,
} from './types.js';
import type {WatchSettings} from './watch-settings.js';

export type StatusFacts = {
	version: string;
	pid: number;
	startedAt: Date;
	now: Date;
	reach: ReachState;
	server: {id: string; name: string; version?: string | undefined} | undefined;
	push: PushState;
	queue: Queue;
	watched: readonly Watched[];
	header: CatalogHeader;
	memory: ReadonlyMap<string, LibraryMemory>;
	next: ReadonlyMap<string, {at: Date; mode: JobMode}>;
	progress: JobProgress | undefined;
	pace: ImportProgress['pace'];
	notes: WatchNote[];
	alerts: Alert[];
	requests: number;
	quietUntil: Date | undefined;
	settings: Pick<WatchSettings, 'written' | 'isAudited'>;
};

/**
Everything that is known of a daemon, as one object.
*/
export const daemonStatus = (facts: StatusFacts): WatchStatus => {
	const {reach, server, queue, alerts, progress, pace, quietUntil, settings: {written, isAudited}} = facts;
	const reasons = [
		...reach.error === undefined ? [] : [reach.error.message],
		...alerts.map(({message}) => message),
	];
	return {
		schema: 1,
		version: facts.version,
		pid: facts.pid,
		startedAt: facts.startedAt.toISOString(),
		now: facts.now.toISOString(),
		health: reach.error === undefined ? (alerts.length === 0 ? 'ok' : 'degraded') : 'failing',
		reasons: [...new Set(reasons)],
		...(server !== undefined && {
			server: {
				id: server.id,
				name: server.name,
				...(server.version !== undefined && {version: server.version}),
				isReachable: reach.isReachable,
				since: reach.since.toISOString(),
			},
		}),
		push: facts.push,
		libraries: libraryBoard({...facts, jobs: queue.jobs}),
		jobs: [...queue.jobs, ...queue.history],
		...(progress !== undefined && {progress}),
		alerts,
		notes: facts.notes,
		...(pace !== undefined && {load: {limit: pace.limit, reason: pace.reason}}),
		requests: facts.requests,
		revision: facts.header.revision,
		...(quietUntil !== undefined && {quietUntil: quietUntil.toISOString()}),
		settings: {
			interval: written.interval,
			fullEvery: written.fullEvery,
			isAudited,
			...(written.quietHours !== undefined && {quietHours: written.quietHours}),
		},
	};
};
