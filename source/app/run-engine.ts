import process from 'node:process';
import {setTimeout as delay} from 'node:timers/promises';
import type {LockHolder} from '../catalog/catalog-store.js';
import {AppError, errorMessage, isAppError} from '../base/errors.js';
import {createRunLog, type RunLog} from '../log/run-log.js';
import type {OpenedCatalog} from '../store/catalog-context.js';
import {writesWords} from '../catalog/writer-words.js';
import {failureKind} from '../store/postgres/failure.js';
import type {ImportResult, SyncEvent} from '../sync/events.js';
import type {ImportOptions} from '../sync/sync.js';
import {newRun, type RunStart} from '../sync/run-record.js';
import {joinCatalog} from './join-catalog.js';
import {logFolder} from './log-folder.js';
import type {Connected} from './session-connections.js';
import type {Session} from './session.js';

/**
Says in a sentence who writes while this process only reads, or why it cannot write.
*/
export const readOnlyReason = ({holder, fault}: Pick<OpenedCatalog, 'holder' | 'fault'>): string => fault === undefined ? whoWrites(holder) : `Nothing can be changed: ${fault.message}`;

const whoWrites = (holder: LockHolder | undefined): string => holder === undefined
	? 'Another reelcat writes to this catalogue; this one only reads.'
	: [`${writesWords(holder)} to this catalogue; this one only reads.`, ...holder.wayOut === undefined ? [] : [holder.wayOut]].join(' ');

/**
@throws AppError 'locked' where another process holds the lock of the catalogue, and the fault that keeps this one from writing.
*/
export const requireWriter = ({mode, holder, fault}: Pick<OpenedCatalog, 'mode' | 'holder' | 'fault'>, hint = 'Wait until it has ended, or end it, and try again.'): void => {
	if (mode === 'reader') {
		throw fault ?? new AppError('locked', readOnlyReason({holder}), {hint});
	}
};

type WriterOptions = Parameters<Session['openStore']>[0] & {
	hint?: string;
	/**
	Where the catalogue lies in a database, waits until nobody else writes, instead of refusing.
	*/
	standBy?: {signal: AbortSignal; onWait: (reason: string) => void};
};

/**
Opens the catalogue for writing, does the work, and closes it quickly, without rewriting the document. `hint` says what to do if another process writes. Without `writesFor`, nobody else may write anything meanwhile.

@throws AppError 'locked', and what the work throws
*/
export const withWriter = async <Value>(session: Session, {hint, standBy, ...options}: WriterOptions, work: (store: OpenedCatalog) => Promise<Value>): Promise<Value> => {
	const store = standBy === undefined || session.storeAddress() === undefined ? await session.openStore(options) : await waitForWriter(session, options, standBy);
	try {
		requireWriter(store, hint);
		return await work(store);
	} finally {
		await store.close({isQuick: true});
	}
};

const standByMs = 2000;

/**
Opens the catalogue again and again until this process may write.

@throws AppError 'cancelled'
*/
const waitForWriter = async (session: Session, options: Parameters<Session['openStore']>[0], {signal, onWait}: NonNullable<WriterOptions['standBy']>): Promise<OpenedCatalog> => {
	let told = '';
	const tell = (reason: string) => {
		if (reason === told) {
			return;
		}

		told = reason;
		onWait(reason);
	};

	for (;;) {
		try {
			const store = await session.openStore({...options, readsIfRefused: true});
			if (store.mode === 'writer') {
				return store;
			}

			if (store.whenFree === undefined) {
				await store.close();
				throw store.fault!;
			}

			tell(`${readOnlyReason(store)} This one takes over ${store.fault === undefined ? 'when that one ends' : 'when that has changed'}.`);
			await store.whenFree(signal);
			await store.close();
		} catch (error) {
			// Who waits already goes on waiting while the database is away.
			if (told === '' || !(isAppError(error, 'unreachable') || failureKind(error) === 'lost')) {
				throw error;
			}

			tell(errorMessage(error));
			await delay(standByMs, undefined, {signal}).catch(() => undefined);
		}

		if (signal.aborted) {
			throw new AppError('cancelled', 'Ended while standing by.');
		}
	}
};

// The record, the history and the log of a run have the id in `run`.
type LoggedRun = {log: RunLog; run: RunStart};

export type RunLogging = {
	version: string;
	// Every page, commit and comparison is logged, too.
	isVerbose: boolean;
	// Also gets each line of the log, to show it to a person.
	mirror?: ((line: string) => void) | undefined;
	// Called once, when the log cannot be written.
	onFault: (sentence: string) => void;
};

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

// Does an import or a sync, with everything that it needs besides its libraries.
export type Engine = (parts: Omit<ImportOptions, 'targets' | 'store'> & Pick<OpenedRun, 'store' | 'load'>) => Promise<ImportResult>;

type OpenedRun = {
	store: OpenedCatalog;
	// Loads the records once, however often it is called.
	load: () => Promise<void>;
	connected: Connected;
	report: (event: SyncEvent) => void;
};

type RunOptions = {
	logging: RunLogging;
	signal: AbortSignal;
	isDryRun?: boolean;
	// What to do if another process writes for the server.
	hint?: string;
	// Opens what the run works with, once its log is there.
	open: (logged: LoggedRun) => Promise<OpenedRun>;
};

/**
Does one import or sync, on the command line or behind a screen.

@throws AppError before the engine starts; later failures are in the result
*/
export const performRun = async (session: Session, {logging, signal, isDryRun = false, hint, open}: RunOptions, engine: Engine): Promise<ImportResult> =>
	withRunLog(session, logging, async logged => {
		const {store, load, connected, report} = await open(logged);
		const {plex, server, viewer} = await joinCatalog(session, connected, {
			catalog: {header: store.header, writer: store, load},
			signal,
			isDryRun,
			say(text) {
				report({type: 'remark', text});
			},
		}).catch((error: unknown) => {
			throw hint !== undefined && isAppError(error, 'locked') ? new AppError('locked', error.message, {hint}) : error;
		});
		// The first screen appears sooner if this is loaded late.
		const {normalize} = await import('../plex/normalize/normalize.js');
		return engine({
			plex, server, viewer, store, load, normalize, run: logged.run, report, signal,
		});
	});
