import type {ExecutionContext} from 'ava';
import {systemClock, type Clock} from '../../source/base/clock.js';
import {startDemoServer, type DemoServer, type DemoServerOptions} from '../../source/demo/server.js';
import type {PlexRow} from '../../source/demo/library/row.js';
import {createPlexClient} from '../../source/plex/client.js';
import {requestHeaders} from '../../source/plex/identity-headers.js';
import {normalize} from '../../source/plex/normalize/normalize.js';
import {openNotifications} from '../../source/plex/notifications/connection.js';
import {createMemoryStore} from '../../source/store/memory-store.js';
import {storedItems, type CatalogStore} from '../../source/catalog/catalog-store.js';
import {newRun} from '../../source/sync/run-record.js';
import {createDaemon, type Daemon} from '../../source/watch/daemon.js';
import type {DaemonOptions} from '../../source/watch/daemon-options.js';
import {emptyQueue, type Queue} from '../../source/watch/jobs/queue.js';
import type {JobOutcome} from '../../source/watch/run-job.js';
import type {Alert, Job, WatchEvent} from '../../source/watch/types.js';
import {readWatchSettings} from '../../source/watch/watch-settings.js';

export type DaemonWorld = {
	server: DemoServer;
	store: CatalogStore;
	daemon: Daemon;
	events: WatchEvent[];
	outcomes: Array<{job: Job; outcome: JobOutcome}>;
	alerts: Array<{alert: Alert; isRecovered: boolean}>;
	/**
	The content of the queue file.
	*/
	saved: () => Queue;
	/**
	Waits for a condition, and checks it again after each event.
	*/
	until: (what: string, isTrue: () => boolean | Promise<boolean>) => Promise<void>;
	/**
	How often the server was asked for something. Who streams is asked every half minute, so on a busy machine at any time.
	*/
	asked: () => number;
	find: (ratingKey: string) => Promise<string | undefined>;
	firstFilms: (count: number) => string[];
	addFilm: (ratingKey: string, title: string) => void;
};

export type DaemonWorldOptions = {
	server?: DemoServerOptions;
	stored?: unknown;
	only?: readonly string[];
	clock?: Clock;
	queue?: Queue;
	/**
	Nobody looks at the catalogue.
	*/
	isUnseen?: boolean;
	/**
	Runs before the daemon starts.
	*/
	prepare?: (server: DemoServer) => void;
	daemon?: Partial<DaemonOptions>;
};

/**
A demo server over real HTTP, a store in memory, and a daemon that has compared every library once.
*/
export const withDaemon = async (t: ExecutionContext, options: DaemonWorldOptions, body: (world: DaemonWorld) => Promise<void>): Promise<void> => {
	// All daemons of a file are in one process, which a busy machine leaves little time.
	t.timeout(200_000);
	const server = await startDemoServer({movies: 40, shows: 1, ...options.server});
	options.prepare?.(server);
	const store = createMemoryStore();
	await store.load();
	const {clock = systemClock} = options;
	let saved = options.queue ?? emptyQueue;
	let chosen: readonly string[] | undefined;
	const alerts: DaemonWorld['alerts'] = [];
	const events: WatchEvent[] = [];
	const outcomes: DaemonWorld['outcomes'] = [];
	const daemon = createDaemon({
		version: '1.0.0',
		pid: 1,
		store: {
			...store,
			backupIfDue: async () => undefined,
			kept: () => undefined,
			async prove() {/* there are no files */},
			async backup() {
				throw new Error('No backups here.');
			},
		},
		async connect({signal, onRequest}) {
			const plex = createPlexClient({
				url: server.url, token: server.token, clientIdentifier: 'watch', version: '1.0.0', retry: {limit: 0}, onRequest, timeouts: {responseMs: 3000},
			});
			try {
				const info = await plex.server({signal});
				return {
					plex,
					server: info,
					viewer: 'viewer',
					openPush: ({onHints, onState}) => openNotifications({
						baseUrl: server.url,
						token: server.token,
						headers: requestHeaders({clientIdentifier: 'watch', version: '1.0.0'}),
						onHints,
						onState,
						times: {firstRetryMs: 50, longestRetryMs: 400},
					}),
					close: plex.close,
				};
			} catch (error) {
				plex.close();
				throw error;
			}
		},
		normalize,
		settings: readWatchSettings(options.stored, {only: options.only ?? ['Films', 'Series']}),
		chosenLibraries: () => chosen,
		chooseLibraries(_serverId, libraryIds) {
			chosen = libraryIds;
		},
		queueFile: {
			load: async () => saved,
			async save(queue) {
				saved = queue;
			},
			async close() {/* nothing is open */},
		},
		withLog: async (_job, work) => work({run: newRun(clock.now()), onEvent() {/* nobody reads it */}}),
		disk: async () => ({folder: '/data', freeBytes: 50 * (2 ** 30), catalogueBytes: 1000}),
		clock,
		onOutcome(job, outcome) {
			outcomes.push({job, outcome});
		},
		...options.daemon,
	});
	const wakers = new Set<() => void>();
	daemon[options.isUnseen === true ? 'overhear' : 'subscribe'](({event}) => {
		events.push(event);
		if (event.type === 'alert') {
			alerts.push({alert: event.alert, isRecovered: event.isRecovered});
		}

		for (const wake of wakers) {
			wake();
		}
	});

	const until = async (what: string, isTrue: () => boolean | Promise<boolean>) => {
		// A busy machine may take long; only what never happens has to end.
		const endMs = performance.now() + 150_000;
		while (!await isTrue()) {
			if (performance.now() > endMs) {
				throw new Error(`Never happened: ${what}. ${JSON.stringify(daemon.statusNow().notes.map(({text}) => text), undefined, 1)}`);
			}

			await new Promise<void>(resolve => {
				const wake = () => {
					clearTimeout(timer);
					wakers.delete(wake);
					resolve();
				};

				const timer = setTimeout(wake, 50);
				wakers.add(wake);
			});
		}
	};

	const firstFilms = (count: number) => (server.library.page('1', 1, {start: 0, size: count}) as PlexRow[]).map(({ratingKey}) => ratingKey);
	try {
		await daemon.start();
		await body({
			server,
			store,
			daemon,
			events,
			outcomes,
			alerts,
			saved: () => saved,
			until,
			asked: () => server.requests.latest().filter(request => !request.startsWith('/status/sessions')).length,
			async find(ratingKey) {
				for await (const items of storedItems(store)) {
					const found = items.find(item => item.ratingKey === ratingKey);
					if (found !== undefined) {
						return found.title;
					}
				}

				return undefined;
			},
			firstFilms,
			addFilm(ratingKey, title) {
				server.library.addItem('1', 1, {
					...structuredClone(server.library.row(firstFilms(1)[0]!)!),
					ratingKey,
					key: `/library/metadata/${ratingKey}`,
					title,
					guid: `plex://movie/${ratingKey}`,
					Guid: [{id: `imdb://tt${ratingKey}`}],
					Media: [],
				});
			},
		});
	} finally {
		await daemon.close();
		await server.close();
	}

	t.deepEqual((await store.check()).problems, []);
};

/**
Every library has been compared, and no job is left to do.
*/
export const isIdle = ({daemon}: Pick<DaemonWorld, 'daemon'>): boolean => {
	const {jobs, libraries} = daemon.statusNow();
	return libraries.length > 0
		&& libraries.every(({lastRunAt}) => lastRunAt !== undefined)
		&& jobs.every(({state}) => !['queued', 'running'].includes(state));
};
