import {instantOf} from '../catalog/values.js';
import {AppError} from '../base/errors.js';
import {createListeners} from '../base/observable.js';
import type {RunLog} from '../log/run-log.js';
import type {PlexClient} from '../plex/types.js';
import type {ImportResult, SyncEvent} from '../sync/events.js';
import type {ImportTarget} from '../sync/sync.js';
import {paceOf} from '../sync/plan.js';
import {
	importableSections,
	retryTargets,
	selectById,
	syncableSections,
} from '../sync/select.js';
import type {UiServices} from '../ui/services.js';
import type {AppConnection} from './app-connection.js';
import type {CatalogFeed} from './catalog-feed.js';
import {
	performRun,
	requireWriter,
	type Engine,
	type RunLogging,
} from './run-engine.js';
import type {Session} from './session.js';

/**
Runs the imports and syncs that the screens start, one at a time.
*/
type AppRuns = Pick<UiServices, 'startImport' | 'startSync' | 'retry' | 'cancelImport' | 'onEvent'> & {
	// Tells the log and the listeners of an event, also one from elsewhere in this process.
	emit: (event: SyncEvent) => void;
	// When the present run began; undefined while there is none.
	runningSince: () => string | undefined;
	// Cancels the run and waits for its end.
	close: () => Promise<void>;
};

type AppRunsOptions = {feed: CatalogFeed; connection: () => AppConnection; logging: RunLogging};

export const createAppRuns = (session: Session, {feed, connection, logging}: AppRunsOptions): AppRuns => {
	const listeners = createListeners<SyncEvent>();
	let log: RunLog | undefined;
	let run: {controller: AbortController; since: string} | undefined;
	let running: Promise<unknown> = Promise.resolve();
	let ending: Promise<unknown> = Promise.resolve();

	const emit = (event: SyncEvent) => {
		log?.onEvent(event);
		listeners.tell(event);
	};

	// `isQuick` is for a sync: after a few changes, rewriting the document would be most of the work.
	const work = async (engine: Engine, isQuick: boolean, signal: AbortSignal): Promise<ImportResult> => {
		const {store, release} = await feed.hold();
		try {
			requireWriter(store, 'Import there, or end it and start reelcat again.');
			const result = await performRun(session, {
				logging,
				signal,
				async open(logged) {
					({log} = logged);
					await feed.whenLoaded();
					return {
						store, load: feed.whenLoaded, report: emit, connected: await connection().ensure(),
					};
				},
			}, engine);
			// A list that is opened now must show everything that was imported.
			await feed.flush();
			// Only quitting waits for it. The next run makes one if it fails, and a full disk was reported before.
			ending = store.backupIfDue().catch(() => undefined).finally(() => {
				release({isQuick});
			});
			return result;
		} catch (error) {
			release({isQuick: true});
			throw error;
		}
	};

	const start = async (engine: Engine, {isQuick}: {isQuick: boolean}): Promise<ImportResult> => {
		if (run !== undefined) {
			throw new AppError('usage', 'An import is already running.', {hint: 'Wait for its end, or cancel it with Ctrl-C.'});
		}

		const controller = new AbortController();
		run = {controller, since: instantOf(new Date())};
		const result = work(engine, isQuick, controller.signal);
		running = result.catch(() => {/* the caller of start gets the error */});
		try {
			return await result;
		} finally {
			run = undefined;
			log = undefined;
		}
	};

	const importTargets = async (pickTargets: (plex: PlexClient) => Promise<ImportTarget[]>) => start(async parts => {
		const {importLibraries} = await import('../sync/sync.js');
		return importLibraries({...parts, targets: await pickTargets(parts.plex)});
	}, {isQuick: false});

	return {
		emit,
		startImport: async libraryIds => importTargets(async plex => selectById(await plex.sections(), libraryIds)),
		retry: async problems => importTargets(async plex => retryTargets(await plex.sections(), problems)),
		startSync: async libraryIds => start(async parts => {
			const {syncLibraries} = await import('../sync/sync.js');
			const all = await parts.plex.sections();
			return syncLibraries({
				...parts,
				sections: libraryIds === undefined
					? syncableSections(all, parts.store.header().libraries, {serverId: parts.server.id, chosen: session.settings().chosenLibraries(parts.server.id)})
					: importableSections(all).filter(({id}) => libraryIds.includes(id)),
				isEverything: libraryIds === undefined,
				pace: paceOf(session.settings().fullSyncDays()),
			});
		}, {isQuick: true}),
		cancelImport() {
			run?.controller.abort();
		},
		onEvent: listeners.subscribe,
		runningSince: () => run?.since,
		async close() {
			run?.controller.abort();
			await running;
			await ending;
		},
	};
};
