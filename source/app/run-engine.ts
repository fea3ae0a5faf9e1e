import process from 'node:process';
import path from 'node:path';
import type {LockHolder} from '../catalog/catalog-store.js';
import {AppError, errorMessage, isAppError} from '../base/errors.js';
import {clean} from '../base/text/clean.js';
import {createRunLog, type RunLog} from '../log/run-log.js';
import type {OpenedCatalog} from '../store/catalog-context.js';
import {openIndexCache} from '../store/index-cache.js';
import type {ImportResult, SyncEvent} from '../sync/events.js';
import type {ImportOptions} from '../sync/sync.js';
import {newRun, type RunStart} from '../sync/run-record.js';
import {keepIndexOf} from './index-loader.js';
import type {Connected} from './session-connections.js';
import type {Session} from './session.js';

/**
Says as a sentence who writes while this process only reads.
*/
export const readOnlyReason = (holder: LockHolder | undefined): string => holder === undefined
	? 'Another reelcat writes to this catalogue; this one only reads.'
	: `Another reelcat (process ${holder.pid} on ${holder.host}, since ${holder.startedAt}) writes to this catalogue; this one only reads.`;

export const waitForWriter = 'Wait until it has ended, or end it, and try again.';

/**
@throws AppError 'locked' where another process holds the lock of the catalogue.
*/
export const requireWriter = ({mode, holder}: Pick<OpenedCatalog, 'mode' | 'holder'>, hint = waitForWriter): void => {
	if (mode === 'reader') {
		throw new AppError('locked', readOnlyReason(holder), {hint});
	}
};

type WriterOptions = Parameters<Session['openStore']>[0] & {
	/**
	What to do where another process writes.
	*/
	hint?: string;
};

/**
Opens the catalogue for writing, does the work, and closes it quickly: nothing is rewritten.

@throws AppError 'locked', and what the work throws
*/
export const withWriter = async <Value>(session: Session, {hint, ...options}: WriterOptions, work: (store: OpenedCatalog) => Promise<Value>): Promise<Value> => {
	const store = await session.openStore(options);
	try {
		requireWriter(store, hint);
		return await work(store);
	} finally {
		await store.close({isQuick: true});
	}
};

export type LoggedRun = {
	log: RunLog;
	/**
	For the engine, so that record, history and log have one id.
	*/
	run: RunStart;
};

export type RunLogging = {
	version: string;
	/**
	Log every page, commit and comparison, too.
	*/
	isVerbose: boolean;
	/**
	Takes each line that is logged, for a person who looks on.
	*/
	mirror?: ((line: string) => void) | undefined;
	/**
	Told once, when the log cannot be written.
	*/
	onFault: (sentence: string) => void;
};

export const logFolder = (session: Session): string => path.join(session.folders().state, 'logs');

/**
Does one import or sync with a log. A run that never began, or had nothing to do, leaves a log only when it is verbose.
*/
export const withRunLog = async <Value>(session: Session, {version, isVerbose, mirror, onFault}: RunLogging, work: (logged: LoggedRun) => Promise<Value>): Promise<Value> => {
	const run = newRun(new Date());
	const log = createRunLog({
		folder: logFolder(session),
		runId: run.id,
		startedAt: run.startedAt,
		level: isVerbose ? 'debug' : 'info',
		secrets: () => session.secrets(),
		mirror,
		onFault,
	});
	log.info(`reelcat ${version} on Node.js ${process.versions.node}, ${process.platform} ${process.arch}`, {runId: run.id, version});
	try {
		return await work({log, run: {...run, log: log.name}});
	} catch (error) {
		log.error(error, {isReason: false});
		throw error;
	} finally {
		await log.close({keep: isVerbose});
	}
};

/**
What an engine needs of a run: everything that an import or a sync asks for besides its libraries.
*/
export type RunParts = Omit<ImportOptions, 'targets' | 'store'> & {store: OpenedCatalog};

export type Engine = (parts: RunParts) => Promise<ImportResult>;

type RunOptions = {
	logging: RunLogging;
	signal: AbortSignal;
	/**
	Opens what the run works with, once its log is there.
	*/
	open: (logged: LoggedRun) => Promise<{store: OpenedCatalog; connected: Pick<Connected, 'plex' | 'server' | 'viewer'>; report: (event: SyncEvent) => void}>;
};

/**
One import or sync, wherever it runs: on the command line or behind a screen.

@throws AppError before the engine starts; after that everything is in the result.
*/
export const performRun = async (session: Session, {logging, signal, open}: RunOptions, engine: Engine): Promise<ImportResult> =>
	withRunLog(session, logging, async logged => {
		const {store, connected: {plex, server, viewer}, report} = await open(logged);
		// The first screen is up sooner without it.
		const {normalize} = await import('../plex/normalize/normalize.js');
		return engine({
			plex, server, viewer, store, normalize, run: logged.run, report, signal,
		});
	});

type HeadlessRunOptions = {
	logging: RunLogging;
	signal: AbortSignal;
	/**
	What to do where another process writes.
	*/
	hint: string;
	onEvent: (event: SyncEvent) => void;
	say: (line: string) => void;
	/**
	Read the records before the server is asked; otherwise the engine loads them where it needs them.
	*/
	isLoadedFirst: boolean;
	/**
	Whether so much has changed that the next start is quicker for an index that is kept now.
	*/
	isBig: (result: ImportResult) => boolean;
};

/**
One import or sync without a screen, from the lock to the backup of the day.

@throws AppError before the engine starts; after that everything is in the result.
*/
export const runHeadless = async (session: Session, {logging, signal, hint, onEvent, say, isLoadedFirst, isBig}: HeadlessRunOptions, engine: Engine): Promise<ImportResult> => {
	let store: OpenedCatalog | undefined;
	let isKeepsIndex = false;
	try {
		return await performRun(session, {
			logging,
			signal,
			async open({log}) {
				const report = (event: SyncEvent) => {
					log.onEvent(event);
					onEvent(event);
				};

				store = await session.openStore();
				requireWriter(store, hint);
				if (isLoadedFirst) {
					await store.load();
				}

				return {store, report, connected: await session.connect({onRequest: report, signal})};
			},
		}, async parts => {
			const result = await engine(parts);
			isKeepsIndex = isBig(result);
			await keepDailyBackup(parts.store, say);
			return result;
		});
	} finally {
		if (store !== undefined) {
			// Rewriting the document after a few changes would be most of the work.
			await store.close({isQuick: !isKeepsIndex});
			if (isKeepsIndex) {
				await keepIndexOf(openIndexCache(session.folders().data), store);
			}

			if (store.notice !== undefined) {
				say(store.notice);
			}
		}
	}
};

/**
The backup of the day, when something has changed. A disk that has no room for it must not undo what was done.
*/
const keepDailyBackup = async (store: OpenedCatalog, say: (line: string) => void): Promise<void> => {
	try {
		await store.backupIfDue();
	} catch (error) {
		if (!isAppError(error)) {
			throw error;
		}

		say(`No backup could be made: ${clean(errorMessage(error))}`);
	}
};
