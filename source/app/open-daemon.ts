import {stat} from 'node:fs/promises';
import {hostname} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import type {ApiPage, ApiQueries} from '../api/port.js';
import type {Api} from '../api/server.js';
import {systemClock, type Clock} from '../base/clock.js';
import {errorMessage} from '../base/errors.js';
import {freeBytesOf} from '../base/file-system.js';
import {normalize} from '../plex/normalize/normalize.js';
import type {CatalogIndex} from '../query/types.js';
import type {OpenedCatalog} from '../store/catalog-context.js';
import {checkBackup, storedBackups} from '../store/check-backup.js';
import type {SyncEvent} from '../sync/events.js';
import {serverIdIn} from '../sync/identification.js';
import {newRun} from '../sync/run-record.js';
import {createDaemon, type Daemon} from '../watch/daemon.js';
import {removeDaemonFile, writeDaemonFile} from '../watch/daemon-file.js';
import {clean} from '../base/text/clean.js';
import type {NotifyTerminal} from '../watch/notify/channel-module.js';
import type {NotifyConfig} from '../watch/notify/config.js';
import type {WatchNote} from '../watch/types.js';
import {readWatchSettings, type WatchFlags, type WatchSettings} from '../watch/watch-settings.js';
import {connectingServerIds} from './current-server.js';
import {holdDaemonFolder, openSessionQueue} from './daemon-folder.js';
import {joinOrClose, type Joined} from './join-catalog.js';
import type {Session} from './session.js';
import {openSessionPage} from './page-service.js';
import {openSessionExports, type OwnProgram} from './scheduled-exports.js';
import {withRunLog, type RunLogging} from './run-engine.js';
import {openSessionQueries} from './daemon-queries.js';
import {
	openSessionNotifier,
	openSessionStanding,
	readDaemonConfig,
	type OnNote,
} from './session-notifier.js';

export type OpenDaemonOptions = {
	version: string;
	// The caller loads it before the daemon starts, and closes it after the daemon.
	store: OpenedCatalog;
	// Resolves when the records are there, if they are still being read.
	loaded?: Promise<void>;
	// An index that follows the commits, if this process has one.
	index?: () => Promise<CatalogIndex>;
	flags: WatchFlags;
	isVerbose: boolean;
	mirror?: RunLogging['mirror'];
	onEngineEvent?: (event: SyncEvent) => void;
	onNote?: (note: WatchNote) => void;
	api: ApiFlags;
	own: OwnProgram;
	terminal?: NotifyTerminal | undefined;
	clock?: Clock;
};

export type ApiFlags = {
	isWanted: boolean;
	// As it is on the command line.
	address: string | undefined;
	// Further names under which the API may be called.
	hosts: readonly string[];
	/**
	Whether the page of the catalogue is shown without the token.
	*/
	isPagePublic: boolean;
	env: NodeJS.ProcessEnv;
};

export type OpenedDaemon = {
	daemon: Daemon;
	// Address of the API, where there is one.
	address: Api['address'] | undefined;
	/**
	Reads the settings from the disk again.

	@throws AppError 'usage'; then the settings from before stay in use
	*/
	reload: () => Promise<void>;
	close: () => Promise<void>;
};

/**
Joins a daemon to the settings, folders and servers of a session. It does not start it.

@throws AppError
*/
export const openDaemon = async (session: Session, options: OpenDaemonOptions): Promise<OpenedDaemon> => {
	const held = await holdDaemonFolder(session);
	try {
		const opened = await openHere(session, options);
		return {
			...opened,
			async close() {
				await opened.close();
				await held.release();
			},
		};
	} catch (error) {
		await held.release();
		throw error;
	}
};

const openHere = async (session: Session, {version, store, loaded = Promise.resolve(), index, flags, isVerbose, mirror, onEngineEvent, onNote, api: apiOptions, own, terminal, clock = systemClock}: OpenDaemonOptions): Promise<OpenedDaemon> => {
	const {data: folder} = session.folders();
	const [ownServerId] = await connectingServerIds(session, {ask: undefined})(store.header());
	const readSettings = () => readWatchSettings(session.settings().watch(), flags);
	const {note, passTo, stop: stopNotes} = createEarlyNotes(store);
	const {queries, index: readIndex, answers, close: closeQueries} = openSessionQueries(session, {store, loaded, index});
	const {page, close: closePage} = openSessionPage(session, {
		store, loaded, index: readIndex, answers,
	});
	const settings = readSettings();
	const {setChosenLibraries} = await session.settings().writer();
	const readConfig = async () => readDaemonConfig(session, {store, env: apiOptions.env, onNote: note});
	const openChannels = async (config: NotifyConfig, {limits}: Pick<WatchSettings, 'limits'>) => openSessionNotifier(session, config, {
		store, index: answers === undefined ? readIndex : async () => answers, env: apiOptions.env, limits, clock, terminal, onNote: note,
	});
	let notifier = await openChannels(await readConfig(), settings);
	// Callers that come while the channels are opened again wait for the new ones.
	let reopening: Promise<unknown> = Promise.resolve();
	const standing = openSessionStanding(session, {
		store,
		index: readIndex,
		answers,
		clock,
		onNote: note,
		async notifier() {
			await reopening;
			return notifier;
		},
	});
	const exports = openSessionExports(session, {...own, clock, onNote: note});
	const queueFile = await openSessionQueue(session, store, text => {
		note('warn', text);
	});
	const daemon = createDaemon({
		version,
		pid: process.pid,
		store,
		serverId: ownServerId,
		clock,
		connect: async ({signal, onRequest}) => withPush(await joinOrClose(session, await session.connect({signal, onRequest}), {
			catalog: {header: store.header, writer: store, load: async () => loaded},
			signal,
			say(text) {
				note('info', text);
			},
		})),
		normalize,
		settings,
		alarm: {
			async judge(facts) {
				await reopening;
				// Alerts are judged once a minute and after each job.
				standing.look();
				exports.look();
				return notifier.judge(facts);
			},
			alerts: () => notifier.alerts(),
		},
		chosenLibraries: serverId => session.settings().chosenLibraries(serverId),
		chooseLibraries: setChosenLibraries,
		queueFile,
		async withLog(job, work) {
			// The logs of touches would soon push out the logs of whole comparisons.
			if (!isVerbose && job.mode === 'touch') {
				return work({run: newRun(clock.now()), onEvent() {/* what changed is noted */}});
			}

			return withRunLog(session, {
				version,
				isVerbose,
				mirror,
				onFault(sentence) {
					daemon.note(sentence, 'warn');
				},
			}, async ({log, run}) => work({run, onEvent: log.onEvent}));
		},
		disk: async () => diskOf(folder, store),
		backups: {
			files: async () => storedBackups(folder),
			async check(file) {
				const {problems} = await checkBackup(folder, file);
				return problems;
			},
		},
		onEngineEvent(event) {
			onEngineEvent?.(event);
			if (event.type === 'run-finished') {
				// What fails is told as a note.
				void notifier.onRunFinished(event.result);
			}
		},
		onOutcome() {
			notifier.onChanges();
		},
		...(onNote !== undefined && {onNote}),
	});

	passTo((level, text) => {
		daemon.note(clean(text), level);
	});
	const closeParts = async () => {
		stopNotes();
		await daemon.close();
		await Promise.all([standing.close(), exports.close()]);
		closeQueries();
		closePage();
		await reopening;
		await notifier.close();
	};

	let api: Api | undefined;
	try {
		api = await openApi(session, {
			daemon, queries, page, api: apiOptions, header: store.header,
		});
		await writeDaemonFile(folder, {
			schema: 1, pid: process.pid, host: hostname(), startedAt: clock.now().toISOString(), version, ...(api !== undefined && {api: api.address}),
		});
	} catch (error) {
		await api?.close();
		await closeParts();
		throw error;
	}

	return {
		daemon,
		address: api?.address,
		async reload() {
			const next = readSettings();
			// If the file cannot be used, everything stays as it is.
			const config = await readConfig();
			const reopen = async () => {
				await notifier.close();
				notifier = await openChannels(config, next);
			};

			// What it has just found is told by the channels from before.
			await standing.idle();
			reopening = reopen();
			await reopening;
			daemon.reload(next);
		},
		async close() {
			await removeDaemonFile(folder);
			await api?.close();
			await closeParts();
		},
	};
};

/**
Notes that come before the daemon is there wait for it. What a person must know of a change of the catalogue becomes one.
*/
const createEarlyNotes = ({subscribe}: Pick<OpenedCatalog, 'subscribe'>) => {
	const waiting: Array<Parameters<OnNote>> = [];
	let pass: OnNote = (...note) => {
		waiting.push(note);
	};

	const stop = subscribe(({notice}) => {
		if (notice !== undefined) {
			pass('warn', notice);
		}
	});
	return {
		stop,
		note(...note: Parameters<OnNote>) {
			pass(...note);
		},
		passTo(next: OnNote) {
			pass = next;
			for (const note of waiting) {
				next(...note);
			}
		},
	};
};

/**
@throws AppError 'usage' for an address that cannot be used
*/
const openApi = async (session: Session, {daemon, queries, page, api, header}: {daemon: Daemon; queries: ApiQueries; page: ApiPage; api: ApiFlags; header: OpenedCatalog['header']}): Promise<Api | undefined> => {
	if (!api.isWanted) {
		return undefined;
	}

	const [{startApi}, {defaultPort, parseApiAddress}, {apiToken}] = await Promise.all([import('../api/server.js'), import('../api/listen.js'), import('../api/token.js')]);
	const token = await apiToken({env: api.env, folder: session.folders().data});
	session.hide(token);
	return startApi({
		address: api.address === undefined ? {host: '127.0.0.1', port: defaultPort} : parseApiAddress(api.address),
		token,
		hosts: api.hosts,
		isPagePublic: api.isPagePublic,
		port: {
			watcher: daemon,
			statusNow: daemon.statusNow,
			queries,
			page,
			onPlexHook({event, serverId, sectionKey, ratingKey}) {
				const isOther = serverId !== undefined && daemon.statusNow().server?.id !== serverIdIn(header(), serverId);
				if (isOther || !event.startsWith('library.')) {
					return;
				}

				daemon.hint([ratingKey === undefined
					? {kind: 'section', sectionKey}
					: {
						kind: 'items', sectionKey, ratingKeys: [ratingKey], isGone: false,
					}]);
			},
			onImportHook({eventType, kind}) {
				if (eventType !== 'Test' && kind !== 'other') {
					daemon.hintType(kind === 'movie' ? 'movie' : 'show');
				}
			},
			isHealthy: daemon.isProgressing,
			isReady: daemon.isReady,
		},
		onFault(error) {
			daemon.note(`The API has a bug: ${errorMessage(error)}`, 'error');
		},
	});
};

const diskOf = async (folder: string, store: OpenedCatalog) => {
	await store.examine?.();
	try {
		const [freeBytes, {size}] = await Promise.all([freeBytesOf(folder), stat(path.join(folder, 'catalog.json'))]);
		return freeBytes === undefined ? undefined : {folder, freeBytes, catalogueBytes: size};
	} catch {
		// Some file systems do not tell, and the catalogue may not have been written yet.
		return undefined;
	}
};

const withPush = async (joined: Joined) => ({...joined, openPush: await joined.loadPush()});
