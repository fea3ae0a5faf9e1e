import {stat, statfs} from 'node:fs/promises';
import {hostname} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import type {ApiQueries} from '../api/port.js';
import type {Api} from '../api/server.js';
import {systemClock, type Clock} from '../base/clock.js';
import {errorMessage} from '../base/errors.js';
import {normalize} from '../plex/normalize/normalize.js';
import type {OpenedCatalog} from '../store/catalog-context.js';
import type {SyncEvent} from '../sync/events.js';
import {newRun} from '../sync/run-record.js';
import {createDaemon, type Daemon} from '../watch/daemon.js';
import {removeDaemonFile, writeDaemonFile} from '../watch/daemon-file.js';
import {openQueueFile} from '../watch/jobs/queue-file.js';
import {clean} from '../base/text/clean.js';
import type {NotifyTerminal} from '../watch/notify/channel-module.js';
import type {WatchNote} from '../watch/types.js';
import {readWatchSettings, type WatchFlags, type WatchSettings} from '../watch/watch-settings.js';
import type {Session} from './session.js';
import {openSessionNotifier, readSessionConfig} from './open-notifier.js';
import {withRunLog} from './run-engine.js';
import {createDaemonQueries} from './daemon-queries.js';

export type OpenDaemonOptions = {
	version: string;
	/**
	Loaded before the daemon begins; closed by the caller after it.
	*/
	store: OpenedCatalog;
	/**
	Where its records are read only now: when they are there.
	*/
	loaded?: Promise<void>;
	flags: WatchFlags;
	isVerbose: boolean;
	/**
	A line of the log of a run, for a person who looks on.
	*/
	mirror?: (line: string) => void;
	onEngineEvent?: (event: SyncEvent) => void;
	onNote?: (note: WatchNote) => void;
	api: ApiFlags;
	terminal?: NotifyTerminal | undefined;
	clock?: Clock;
};

export type ApiFlags = {
	isWanted: boolean;
	/**
	As it stands on the command line.
	*/
	address: string | undefined;
	/**
	Further names under which it may be called.
	*/
	hosts: readonly string[];
	env: NodeJS.ProcessEnv;
};

export type OpenedDaemon = {
	daemon: Daemon;
	/**
	Of the API, where there is one.
	*/
	address: Api['address'] | undefined;
	/**
	The settings from the disk once more.

	@throws AppError 'usage'; the ones before hold on
	*/
	reload: () => Promise<void>;
	close: () => Promise<void>;
};

/**
A daemon joined to the session of one user: its settings, folders and servers. It has not begun yet.

@throws AppError
*/
export const openDaemon = async (session: Session, {version, store, loaded = Promise.resolve(), flags, isVerbose, mirror, onEngineEvent, onNote, api: apiOptions, terminal, clock = systemClock}: OpenDaemonOptions): Promise<OpenedDaemon> => {
	const {data: folder} = session.folders();
	const readSettings = () => readWatchSettings(session.settings().watch(), flags);
	const notes: Array<{level: 'info' | 'warn'; text: string}> = [];
	let note = (level: 'info' | 'warn', text: string) => {
		notes.push({level, text});
	};

	const settings = readSettings();
	const openWays = async ({limits}: Pick<WatchSettings, 'limits'>) => openSessionNotifier(session, {
		store,
		env: apiOptions.env,
		limits,
		clock,
		terminal,
		onNote(level, text) {
			note(level, text);
		},
	});
	let notifier = await openWays(settings);
	// Whoever asks while the ways to people are opened anew waits for the new ones.
	let reopening: Promise<unknown> = Promise.resolve();
	const queueFile = openQueueFile({
		folder,
		note(text) {
			note('warn', text);
		},
	});
	const daemon = createDaemon({
		version,
		pid: process.pid,
		store,
		clock,
		async connect({signal, onRequest}) {
			const {plex, server, viewer, openPush, close} = await session.connect({signal, onRequest});
			return {
				plex, server, viewer, openPush, close,
			};
		},
		normalize,
		settings,
		alarm: {
			async judge(facts) {
				await reopening;
				return notifier.judge(facts);
			},
			alerts: () => notifier.alerts(),
		},
		chosenLibraries: serverId => session.settings().chosenLibraries(serverId),
		chooseLibraries(serverId, libraryIds) {
			session.settings().setChosenLibraries(serverId, libraryIds);
		},
		queueFile,
		async withLog(job, work) {
			// The log of each few items would soon push out those of whole comparisons.
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
		disk: async () => diskOf(folder),
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

	note = (level, text) => {
		daemon.note(clean(text), level);
	};

	for (const {level, text} of notes) {
		note(level, text);
	}

	const closeParts = async () => {
		await daemon.close();
		await reopening;
		await notifier.close();
	};

	let api: Api | undefined;
	try {
		api = await openApi(session, {daemon, queries: createDaemonQueries(store, loaded), api: apiOptions});
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
			// A file that cannot be used leaves everything as it is.
			await readSessionConfig(session, apiOptions.env);
			const reopen = async () => {
				await notifier.close();
				notifier = await openWays(next);
			};

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
@throws AppError 'usage' for an address that cannot be used
*/
const openApi = async (session: Session, {daemon, queries, api}: {daemon: Daemon; queries: ApiQueries; api: ApiFlags}): Promise<Api | undefined> => {
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
		port: {
			watcher: daemon,
			statusNow: daemon.statusNow,
			queries,
			onPlexHook({event, serverId, sectionKey, ratingKey}) {
				const isOther = serverId !== undefined && daemon.statusNow().server?.id !== serverId;
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

const diskOf = async (folder: string) => {
	try {
		const [{bavail, bsize}, {size}] = await Promise.all([statfs(folder), stat(path.join(folder, 'catalog.json'))]);
		return {folder, freeBytes: bavail * bsize, catalogueBytes: size};
	} catch {
		// Some file systems do not say, and a catalogue may not be written yet.
		return undefined;
	}
};
