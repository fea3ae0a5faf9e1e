import {stat, statfs} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import {systemClock, type Clock} from './clock.js';
import {normalize} from './plex/normalize/normalize.js';
import {withRunLog} from './open-run-log.js';
import type {Session} from './session.js';
import type {OpenedCatalog} from './store/catalog-context.js';
import type {SyncEvent} from './sync/events.js';
import {createDaemon, type Daemon} from './watch/daemon.js';
import {openQueueFile} from './watch/jobs/queue-file.js';
import type {WatchNote} from './watch/types.js';
import {readWatchSettings, type WatchFlags} from './watch/watch-settings.js';

export type OpenDaemonOptions = {
	version: string;
	/**
	Loaded already; closed by the caller after the daemon.
	*/
	store: OpenedCatalog;
	flags: WatchFlags;
	isVerbose: boolean;
	/**
	A line of the log of a run, for a person who looks on.
	*/
	mirror?: (line: string) => void;
	onEngineEvent?: (event: SyncEvent) => void;
	onNote?: (note: WatchNote) => void;
	clock?: Clock;
};

export type OpenedDaemon = {
	daemon: Daemon;
	/**
	The settings from the disk once more.

	@throws AppError 'usage'; the ones before hold on
	*/
	reload: () => void;
	close: () => Promise<void>;
};

/**
A daemon joined to the session of one user: its settings, folders and servers. It has not begun yet.

@throws AppError
*/
export const openDaemon = async (session: Session, {version, store, flags, isVerbose, mirror, onEngineEvent, onNote, clock = systemClock}: OpenDaemonOptions): Promise<OpenedDaemon> => {
	const {data: folder} = session.folders();
	const readSettings = () => readWatchSettings(session.settings().watch(), flags);
	const queueFile = openQueueFile({folder});
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
		settings: readSettings(),
		chosenLibraries: serverId => session.settings().chosenLibraries(serverId),
		chooseLibraries(serverId, libraryIds) {
			session.settings().setChosenLibraries(serverId, libraryIds);
		},
		queueFile,
		withLog: async work => withRunLog(session, {
			version,
			isVerbose,
			mirror,
			onFault(sentence) {
				daemon.note(sentence, 'warn');
			},
		}, async ({log, run}) => work({run, onEvent: log.onEvent})),
		disk: async () => diskOf(folder),
		...(onEngineEvent !== undefined && {onEngineEvent}),
		...(onNote !== undefined && {onNote}),
	});

	return {
		daemon,
		reload() {
			daemon.reload(readSettings());
		},
		close: daemon.close,
	};
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
