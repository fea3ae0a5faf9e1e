import {instantOf} from '../catalog/instant.js';
import {defined} from '../catalog/defined.js';
import type {CatalogHeader} from '../catalog/types.js';
import {createChangeBundle} from '../query/change-bundle.js';
import {AppError, isAppError} from '../base/errors.js';
import type {FoundServer} from '../servers/find-servers.js';
import {loadDetail} from '../query/load-detail.js';
import {loadReport} from '../reports/load-report.js';
import type {PlexClient} from '../plex/types.js';
import {createCatalogIndex} from '../query/catalog-index.js';
import type {RunLog} from '../log/run-log.js';
import {shownServerUrl} from '../plex/url.js';
import {openIndexCache} from '../store/index-cache.js';
import type {ImportResult, SyncEvent} from '../sync/events.js';
import type {ImportOptions, ImportTarget} from '../sync/import.js';
import {libraryRows} from '../sync/library-record.js';
import {paceOf} from '../sync/plan.js';
import {
	importableSections,
	retryTargets,
	selectById,
	syncableSections,
} from '../sync/select.js';
import {clean} from '../base/text/clean.js';
import {plural} from '../base/text/format.js';
import {nextTurn} from '../base/turns.js';
import type {Connection, ServerChoice, UiServices} from '../ui/services.js';
import {readOnlyReason} from './read-only-reason.js';
import type {Connected, Session} from './session.js';
import {logFolder, withRunLog} from './open-run-log.js';
import {createIndexLoader} from './index-loader.js';
import type {OpenDaemonOptions, OpenedDaemon} from './open-daemon.js';
import {findDaemon, type DaemonLink} from './daemon-link.js';

export type AppServices = UiServices & {close: () => Promise<void>};

export type AppServicesOptions = {
	isVerbose?: boolean;
	env?: NodeJS.ProcessEnv;
	/**
	This process is to watch, too.
	*/
	watch?: Pick<OpenDaemonOptions, 'flags' | 'api' | 'terminal'>;
};

/**
The share of loading that is reading the document; the rest is building the index.
*/
const readShare = 0.6;

/**
Indexing so many takes a few milliseconds.
*/
const recordsPerTurn = 200;

/**
What the screens may ask for, joined to a session. The catalogue is opened, not loaded: that is `load`.

@throws AppError when the catalogue cannot be opened.
*/
export const openAppServices = async (session: Session, version: string, {isVerbose = false, env = {}, watch}: AppServicesOptions = {}): Promise<AppServices> => {
	const index = createCatalogIndex();
	const eventListeners = new Set<(event: SyncEvent) => void>();
	const changeListeners = new Set<() => void>();
	let connected: Connected | undefined;
	let run: AbortController | undefined;
	let running: Promise<unknown> = Promise.resolve();
	let runningSince: string | undefined;
	let log: RunLog | undefined;
	let logNotice: string | undefined;
	const emit = (event: SyncEvent) => {
		log?.onEvent(event);
		for (const listener of eventListeners) {
			listener(event);
		}
	};

	let store = await session.openStore({onDamaged: 'move-aside'});
	let begin = async () => {/* nobody watches */};
	let own: OpenedDaemon | undefined;
	let link: DaemonLink | undefined;
	try {
		link = store.mode === 'reader' ? await findDaemon(session, env) : undefined;
		own = watch === undefined ? undefined : await openOwnDaemon(watch);
	} catch (error) {
		await store.close();
		throw error;
	}

	async function openOwnDaemon(options: Pick<OpenDaemonOptions, 'flags' | 'api' | 'terminal'>): Promise<OpenedDaemon> {
		if (store.mode === 'reader') {
			throw new AppError('locked', readOnlyReason(store.holder), {hint: 'If that is a daemon, "reelcat" without --watch shows what it does.'});
		}

		const {openDaemon} = await import('./open-daemon.js');
		const {promise: loaded, resolve: release} = Promise.withResolvers<void>();
		const opened = await openDaemon(session, {
			version,
			store,
			loaded,
			isVerbose,
			onEngineEvent: emit,
			...options,
		});
		begin = async () => {
			release();
			await opened.daemon.start();
		};

		return opened;
	}

	const tellChange = () => {
		for (const listener of changeListeners) {
			listener();
		}
	};

	const notice = () => {
		const notices = [store.notice, logNotice, heldNotice(store.header())].filter(text => text !== undefined);
		return notices.length === 0 ? undefined : notices.join(' ');
	};

	const createLoader = () => createIndexLoader(openIndexCache(session.folders().data), store, index);

	const watchPart = (): UiServices['watch'] => {
		if (own !== undefined) {
			return {watcher: own.daemon, isOwn: true, who: 'this reelcat'};
		}

		return link?.client === undefined
			? undefined
			: {
				watcher: link.client, isOwn: false, who: `the daemon (process ${link.file.pid})`, onLink: link.client.onLink,
			};
	};

	const isCorrectedByLoad = async (onProgress: (share: number) => void) => {
		await store.load(({readBytes, totalBytes}) => {
			onProgress(totalBytes === 0 ? readShare : readShare * readBytes / totalBytes);
		});
		const hasChanged = await loader.confirm(share => {
			onProgress(readShare + ((1 - readShare) * share));
		});
		follow();
		onProgress(1);
		return hasChanged;
	};

	let loader = createLoader();
	let loading: Promise<unknown> = Promise.resolve();
	const load = async (onProgress: (share: number) => void) => {
		const isBrowsable = await loader.fillFromCache(onProgress);
		if (!isBrowsable) {
			loading = isCorrectedByLoad(onProgress);
			await loading;
			await begin();
			return;
		}

		// Lists work from now on; details and imports wait for the records.
		const before = store.notice;
		loading = isCorrectedByLoad(() => {/* the bar has gone */}).then(async hasChanged => {
			if (hasChanged || store.notice !== before) {
				tellChange();
			}

			await begin();
		});
		// Whoever needs the records is told of a failure.
		loading.catch(() => {/* see above */});
		onProgress(1);
	};

	let flushChanges = async () => {/* nothing is followed before the first load */};
	let unfollow = () => {/* nothing is followed before the first load */};
	const follow = () => {
		const bundle = createChangeBundle(async change => {
			if (change.isReload === true) {
				await loader.confirm(() => {/* the old rows are gone, the new ones show as they come */});
			} else {
				index.remove(change.removed);
				for (let start = 0; start < change.upserted.length; start += recordsPerTurn) {
					await nextTurn();
					const records = await store.getMany(change.upserted.slice(start, start + recordsPerTurn), {kind: 'item'});
					index.put(records.filter(record => record.kind === 'item'));
				}
			}

			tellChange();
		});
		const unsubscribe = store.subscribe(bundle.add);
		flushChanges = bundle.flush;
		unfollow = () => {
			unsubscribe();
			bundle.stop();
		};
	};

	let connecting: Promise<Connected> | undefined;
	const ensureConnected = async (): Promise<Connected> => {
		if (connected !== undefined) {
			return connected;
		}

		connecting ??= session.connect({onRequest: emit});
		try {
			connected = await connecting;
			return connected;
		} finally {
			connecting = undefined;
		}
	};

	const startRun = async (doRun: RunWork) => {
		if (store.mode === 'reader') {
			throw new AppError('locked', readOnlyReason(store.holder), {hint: 'Import there, or end it and start reelcat again.'});
		}

		if (run !== undefined) {
			throw new AppError('usage', 'An import is already running.', {hint: 'Wait for its end, or cancel it with Ctrl-C.'});
		}

		const controller = new AbortController();
		run = controller;
		runningSince = instantOf(new Date());
		const work = withRunLog(session, {
			version,
			isVerbose,
			onFault(sentence) {
				logNotice = sentence;
				tellChange();
			},
		}, async logged => {
			({log} = logged);
			await loading;
			const {plex, server, viewer} = await ensureConnected();
			const {normalize} = await import('../plex/normalize/normalize.js');
			return doRun({
				plex, server, store, normalize, viewer, run: logged.run, report: emit, signal: controller.signal,
			});
		});
		running = work.catch(() => {/* told to the caller of startRun */});
		try {
			const result = await work;
			// Who opens a list now must find all that was imported in it.
			await flushChanges();
			// Nobody waits for it; quitting does.
			running = store.backupIfDue().catch(() => {/* the next run makes one, and a full disk has been told of */});
			return result;
		} finally {
			run = undefined;
			runningSince = undefined;
			log = undefined;
		}
	};

	const importTargets = async (pickTargets: (plex: PlexClient) => Promise<ImportTarget[]>) => startRun(async options => {
		const {importLibraries} = await import('../sync/import.js');
		return importLibraries({...options, targets: await pickTargets(options.plex)});
	});

	const syncSections = async (libraryIds: readonly string[] | undefined) => startRun(async options => {
		const {syncLibraries} = await import('../sync/sync.js');
		const all = await options.plex.sections();
		return syncLibraries({
			...options,
			sections: libraryIds === undefined
				? syncableSections(all, store.header().libraries, session.settings().chosenLibraries(options.server.id))
				: importableSections(all).filter(({id}) => libraryIds.includes(id)),
			isEverything: libraryIds === undefined,
			pace: paceOf(session.settings().fullSyncDays()),
			async load() {
				await loading;
			},
		});
	});

	const switchToDemo = async () => {
		if (session.isDemo()) {
			return;
		}

		// The catalogue may still be loading while the person has already chosen.
		await loading;
		unfollow();
		await store.close();
		session.useDemo();
		store = await session.openStore({onDamaged: 'move-aside'});
		loader = createLoader();
		index.clear();
		await load(() => {/* small enough not to need a bar */});
		tellChange();
	};

	return {
		initial: {
			version,
			connection: await initialConnection(session, ensureConnected),
			formUrl: shownUrl(session) ?? session.settings().server()?.url ?? '',
			hasToken: session.hasGivenToken(),
			catalog: store.header(),
			readOnlyReason: store.mode === 'reader' ? readOnlyReason(store.holder) : undefined,
			notice: notice(),
			opensWatch: own !== undefined,
		},
		...defined({watch: watchPart()}),
		load,
		async connect(target, {signal} = {}) {
			if (target.kind === 'demo') {
				await switchToDemo();
			}

			connected = await session.connect({
				...(target.kind === 'known' && {server: target.id}),
				...(target.kind === 'server' && {target: {url: target.url, token: target.token}, remember: true}),
				...(signal !== undefined && {signal}),
				onRequest: emit,
			});
			if (target.kind === 'known') {
				const {plex, server} = connected;
				session.settings().setServer({id: server.id, name: server.name, url: plex.baseUrl});
			}

			return connectionOf(connected);
		},
		async servers() {
			const [known, credentials] = await Promise.all([session.servers(), session.credentials()]);
			return {
				account: credentials.account()?.title,
				servers: known.map(({id, name, url, isCurrent}) => ({
					id, name, detail: `${new URL(url).host}${isCurrent ? ', connected last' : ''}`, isWorking: true,
				})),
			};
		},
		async nearby({signal}) {
			try {
				const found = await session.nearby(signal);
				return new Map(found.map(({id, name, uri}) => [id, {id, name, url: uri}])).values().toArray();
			} catch (error) {
				if (isAppError(error, 'cancelled')) {
					return [];
				}

				throw error;
			}
		},
		async signIn({signal, report, renew}) {
			const {signInAccount} = await import('./sign-in-account.js');
			const {user, servers} = await signInAccount(session, {
				signal,
				renew,
				report(event) {
					report(event.type === 'trouble' ? {type: 'trouble', message: event.error.message} : event);
				},
			});
			return {account: user.title, servers: servers.map(server => choiceOf(server))};
		},
		async libraries() {
			const {plex, server} = await ensureConnected();
			return libraryRows(plex, store.header(), session.settings().chosenLibraries(server.id));
		},
		async chooseLibraries(libraryIds) {
			const {server} = await ensureConnected();
			session.settings().setChosenLibraries(server.id, libraryIds);
		},
		startImport: async libraryIds => importTargets(async plex => selectById(await plex.sections(), libraryIds)),
		startSync: syncSections,
		async report(question) {
			await loading;
			return loadReport(question, {
				store, logFolder: logFolder(session), runningSince, now: () => new Date(),
			});
		},
		async acceptRemovals() {
			await loading;
			const watcher = watchPart()?.watcher;
			if (watcher !== undefined) {
				const accepted = await watcher.accept({});
				await flushChanges();
				tellChange();
				return accepted.reduce((sum, {removed}) => sum + removed, 0);
			}

			const {acceptRemovals} = await import('../sync/accept.js');
			const accepted = await acceptRemovals(store, store.header().libraries);
			await flushChanges();
			let removed = 0;
			for (const library of accepted) {
				removed += library.removed;
			}

			tellChange();
			return removed;
		},
		retry: async problems => importTargets(async plex => retryTargets(await plex.sections(), problems)),
		cancelImport() {
			run?.abort();
		},
		index,
		header: () => store.header(),
		notice,
		async detail(id) {
			await loading;
			return loadDetail(store, index, id);
		},
		onEvent(listener) {
			eventListeners.add(listener);
			return () => {
				eventListeners.delete(listener);
			};
		},
		onCatalogChange(listener) {
			changeListeners.add(listener);
			return () => {
				changeListeners.delete(listener);
			};
		},
		async close() {
			run?.abort();
			await Promise.allSettled([running, loading]);
			try {
				// An index without the last changes must not be kept for the next start.
				await flushChanges();
			} finally {
				unfollow();
				await own?.close();
				link?.client?.close();
				await store.close();
			}

			await loader.keep();
		},
	};
};

type RunWork = (options: Omit<ImportOptions, 'targets'>) => Promise<ImportResult>;

const choiceOf = ({id, name, version, isOwned, ownerName, isPresent, reached, failure}: FoundServer): ServerChoice => {
	const whose = isOwned ? 'yours' : `shared by ${ownerName ?? 'somebody'}`;
	const where = reached === undefined
		? (isPresent ? failure?.message ?? 'not reached' : 'offline, says plex.tv')
		: `${reached.winner.class}, ${reached.winner.latencyMs} ms`;
	return {
		id, name, detail: [whose, version, where].filter(part => part !== undefined).join('; '), isWorking: reached !== undefined,
	};
};

/**
The one alert about removals that wait for a person.
*/
const heldNotice = ({libraries}: CatalogHeader): string | undefined => {
	const held = libraries.flatMap(({title, sync}) => sync?.held === undefined ? [] : [`${plural(sync.held.items, 'item')} of ${clean(title).trim()}`]);
	return held.length === 0 ? undefined : `${held.join(', ')} gone from the server and held. M lists them, and A there removes them; otherwise they wait to come back.`;
};

const connectionOf = ({plex, server, isDemo}: Connected): Connection => ({
	serverId: server.id,
	serverName: server.name,
	serverVersion: server.version,
	url: plex.baseUrl,
	isDemo,
});

const shownUrl = (session: Session) => {
	const url = session.givenUrl();
	return url === undefined ? undefined : shownServerUrl(url);
};

/**
A known server is not asked before the first screen is up: browsing works without it.
*/
const initialConnection = async (session: Session, ensureConnected: () => Promise<Connected>): Promise<Connection | undefined> => {
	if (session.isDemo()) {
		return connectionOf(await ensureConnected());
	}

	const isGiven = session.givenUrl() !== undefined;
	const url = shownUrl(session) ?? 'an unknown server';
	const known = await session.servers();
	const stored = session.serverName() === undefined ? known.find(({isCurrent}) => isCurrent) : await session.pickServer();
	const isNamed = session.serverName() !== undefined;
	if (isGiven && !isNamed && (session.hasGivenToken() || stored?.url === url)) {
		return {
			serverId: stored?.url === url ? stored.id : '',
			serverName: stored?.url === url ? stored.name : url,
			serverVersion: undefined,
			url,
			isDemo: false,
		};
	}

	return stored === undefined || (isGiven && !isNamed)
		? undefined
		: {
			serverId: stored.id,
			serverName: stored.name,
			serverVersion: undefined,
			url: stored.url,
			isDemo: false,
		};
};
