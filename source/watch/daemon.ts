import {randomUUID} from 'node:crypto';
import {systemClock} from '../base/clock.js';
import {AppError, isAppError} from '../base/errors.js';
import type {Hint} from '../plex/notifications/hints.js';
import type {Section} from '../plex/types.js';
import {changesLine} from '../history/changes-line.js';
import {acceptRemovals} from '../sync/accept.js';
import {createLivingKnowledge} from '../sync/living-knowledge.js';
import {defaultPace, planLibrary} from '../sync/plan.js';
import {isNamed} from '../sync/select.js';
import {clean} from '../base/text/clean.js';
import {createAlarm} from './alarm.js';
import type {AlertFacts, DiskFacts} from './alerts/alert-facts.js';
import {defaultAlertLimits} from './alerts/alert-limits.js';
import type {DaemonConnection, DaemonOptions} from './daemon-options.js';
import {addJob} from './jobs/add-job.js';
import {actionError} from './jobs/job-actions.js';
import {
	allJobs,
	findJob,
	nextDueAt,
	nextJob,
} from './jobs/next-job.js';
import {
	emptyQueue,
	reduceQueue,
	type Queue,
	type QueueMessage,
} from './jobs/queue.js';
import {longRunMs, worthKeeping} from './jobs/worth-keeping.js';
import {createProgressFold} from './job-progress.js';
import {rememberRuns, type LibraryMemory} from './library-board.js';
import {createNews} from './news.js';
import {createReach} from './reach.js';
import {runJob, type JobOutcome} from './run-job.js';
import {daemonStatus} from './status.js';
import {createTimekeeper} from './timekeeper.js';
import {createTouches} from './touches.js';
import type {
	Job,
	Alert,
	JobMode,
	JobTrigger,
	LibraryName,
	PushState,
	WatchStatus,
	Watcher,
} from './types.js';
import {watchedLibraries, type WatchedLibraries} from './watched.js';
import {createWorker} from './worker.js';
import type {WatchSettings} from './watch-settings.js';

export type Daemon = Watcher & {
	/**
	Begin: what was left of the queue, and a look at every library.
	*/
	start: () => Promise<void>;
	/**
	Other settings from now on.
	*/
	reload: (settings: WatchSettings) => void;
	/**
	The newest status, at once.
	*/
	statusNow: () => WatchStatus;
	/**
	Whether work goes on, or there is none: for a watchdog.
	*/
	isProgressing: () => boolean;
	/**
	Whether every library has been looked at, or tried, since the start.
	*/
	isReady: () => boolean;
	note: (text: string, level?: 'info' | 'warn' | 'error') => void;
	/**
	Something else than the server says what may have changed; what it says is no more than a reason to look.
	*/
	hint: (hints: readonly Hint[]) => void;
	/**
	The same of all libraries of a type, or of all.
	*/
	hintType: (type: string | undefined) => void;
	/**
	Ends what is under way; everything that was committed stays.
	*/
	close: () => Promise<void>;
};

/**
Parked for so long, a library is tried again: whatever it was may be over, and nobody looks for months.
*/
const parkedMs = 24 * 3_600_000;

/**
Every request ends within a minute or two, and is news; what is silent for so long never ends.
*/
const hungMs = 15 * 60_000;

/**
Items of one library that wait to be touched.
*/
const maxTouched = 1000;

/**
To look whether a backup is due reads a folder.
*/
const backupEveryMs = 10 * 60_000;

/**
A status is long; jobs tell their own news.
*/
const statusEveryMs = 1000;

/**
A fault that is the server's as a whole.
*/
const outages: ReadonlySet<string> = new Set(['unreachable', 'timeout', 'starting-up', 'unauthorized', 'tls', 'not-plex']);

/**
Keeps a catalogue in step with a server for as long as it runs. It owns the one writer, the way to the server, the queue and the time; whoever looks on or steers does it through `Watcher`.
*/
export const createDaemon = (options: DaemonOptions): Daemon => {
	const {store, clock = systemClock, random = Math.random, newId = randomUUID, onEngineEvent, onOutcome} = options;
	const startedAt = clock.now();
	const knowledge = createLivingKnowledge(store);
	const touched = new Map<string, Set<string>>();
	const looked = new Set<string>();
	const wantedAtMs = new Map<string, number>();
	let memory = new Map<string, LibraryMemory>();
	let {settings} = options;
	let queue: Queue = emptyQueue;
	let watched: WatchedLibraries = [];
	let listed: {sections: Section[]; atMs: number} | undefined;
	let push: {close: () => void} | undefined;
	let pushState: PushState = {state: 'off', since: startedAt.toISOString()};
	let requestsOfBefore = 0;
	let disk: DiskFacts | undefined;
	let isStarted = false;
	let tickedAtMs = clock.monotonicMs();
	let movedAtMs = tickedAtMs;
	let isClosing = false;
	let backedUpAtMs = -Infinity;
	let cancelStatus: (() => void) | undefined;

	const news = createNews({clock, ...(options.onNote !== undefined && {onNote: options.onNote})});
	const {note, tell} = news;
	const progress = createProgressFold(clock, current => {
		tell({type: 'progress', progress: current});
	});

	let keeping: Promise<unknown> = Promise.resolve();
	const unkept = new Set<string>();
	/**
	What cannot be written is told once, until it can be again.
	*/
	const keep = (complaint: string, write: () => Promise<unknown>) => {
		const kept = async () => {
			try {
				await write();
				unkept.delete(complaint);
			} catch (error) {
				if (!isAppError(error)) {
					throw error;
				}

				if (!unkept.has(complaint)) {
					unkept.add(complaint);
					note(`${complaint}: ${error.message}`, 'warn');
				}
			}
		};

		keeping = Promise.all([keeping, kept()]);
	};

	const setQueue = (next: Queue) => {
		if (next === queue) {
			return;
		}

		const before = new Map(allJobs(queue).map(job => [job.id, job]));
		queue = next;
		for (const job of allJobs(queue)) {
			if (before.get(job.id) !== job) {
				tell({type: 'job', job});
			}
		}

		keepQueue();
	};

	const keepQueue = () => {
		keep('The queue could not be written, so that a restart may forget jobs', async () => options.queueFile.save(worthKeeping(queue, clock.now())));
	};

	const advance = (message: QueueMessage) => {
		setQueue(reduceQueue(queue, message));
	};

	const enqueue = (library: LibraryName, mode: JobMode, trigger: JobTrigger): Job => {
		const added = addJob(queue, {
			id: newId(), library: {id: library.id, title: library.title}, mode, trigger, at: clock.now(),
		});
		setQueue(added.queue);
		wantedAtMs.set(library.id, clock.monotonicMs());
		worker.kick();
		return added.job;
	};

	const active = () => watched.filter(({isPaused}) => !isPaused);

	const enqueueAll = (mode: JobMode, trigger: JobTrigger) => {
		for (const library of active()) {
			enqueue(library, mode, trigger);
		}
	};

	const readWatched = () => {
		const server = reach.current()?.server;
		const chosen = server === undefined ? undefined : options.chosenLibraries(server.id);
		watched = watchedLibraries({
			sections: listed?.sections,
			header: store.header(),
			serverId: server?.id ?? store.header().servers[0]?.id,
			chosen,
			settings,
		});
		// Where all are meant because there are none yet, that holds when the first one is there.
		if (server !== undefined && chosen === undefined && watched.length > 0) {
			options.chooseLibraries(server.id, watched.map(({id}) => id));
		}
	};

	/**
	Asked for once for all jobs that were wanted before; what was heard before somebody wanted to know is too old.
	*/
	const sectionsSince = async ({plex}: DaemonConnection, sinceMs: number, signal: AbortSignal): Promise<Section[]> => {
		if (listed === undefined || listed.atMs <= sinceMs) {
			const atMs = clock.monotonicMs();
			listed = {sections: await plex.sections({signal}), atMs};
			readWatched();
		}

		return listed.sections;
	};

	const connect = async (signal: AbortSignal): Promise<DaemonConnection> => {
		const connection = await options.connect({
			signal,
			onRequest(event) {
				movedAtMs = clock.monotonicMs();
				progress.onEvent(event);
				onEngineEvent?.(event);
			},
		});
		try {
			const atMs = clock.monotonicMs();
			listed = {sections: await connection.plex.sections({signal}), atMs};
			return connection;
		} catch (error) {
			connection.close();
			throw error;
		}
	};

	const closePush = (state: PushState['state'], reason?: string) => {
		push?.close();
		push = undefined;
		setPush({state, ...(reason !== undefined && {reason})});
	};

	const setPush = (next: Pick<PushState, 'state' | 'via' | 'reason'>) => {
		const isSame = next.state === pushState.state && next.via === pushState.via;
		const at = clock.now().toISOString();
		const {lastEventAt} = pushState;
		pushState = {...next, since: isSame ? pushState.since : at, ...(lastEventAt !== undefined && {lastEventAt})};
		if (isSame) {
			return;
		}

		timekeeper.soon();
		tell({type: 'status', status: statusNow()});
	};

	const openPush = (connection: DaemonConnection) => {
		push?.close();
		push = connection.openPush({
			onHints(hints) {
				pushState = {...pushState, lastEventAt: clock.now().toISOString()};
				touches.add(hints);
			},
			onState(change) {
				const before = pushState.state;
				const {type, ...rest} = change;
				setPush({state: type, ...('via' in rest && {via: rest.via}), ...('reason' in rest && {reason: rest.reason})});
				if (change.type === 'connected') {
					note(`The server tells of its changes (${change.via === 'sse' ? 'event stream' : 'websocket'}).`);
					// What happened meanwhile, nobody tells.
					enqueueAll('incremental', 'catch-up');
				} else if (before !== 'polling' && change.type === 'polling') {
					note(`The server sends no notifications: ${change.reason} Its libraries are asked for changes instead.`, 'warn');
				} else if (before === 'connected' && change.type === 'connecting') {
					note(`The notifications of the server have stopped: ${change.reason}`, 'warn');
				}
			},
		});
	};

	const reach = createReach<DaemonConnection>({
		connect,
		disconnect(connection) {
			requestsOfBefore += connection.plex.usage().requests;
			connection.close();
		},
		clock,
		random,
		onChange(change) {
			if (!change.isReachable) {
				note(`The server cannot be used: ${change.error.message}`, 'error');
				closePush('connecting', change.error.message);
				timekeeper.soon();
				return;
			}

			const {server} = reach.current()!;
			note(`Connected to ${clean(server.name)}.`);
			readWatched();
			enqueueAll('incremental', isStarted ? 'catch-up' : 'start');
			openPush(reach.current()!);
			isStarted = true;
		},
	});

	const isReady = async (signal: AbortSignal): Promise<boolean> => {
		try {
			await reach.get(signal);
			return true;
		} catch (error) {
			if (isAppError(error)) {
				return false;
			}

			throw error;
		}
	};

	const touches = createTouches({
		clock,
		libraries: () => store.header().libraries.filter(({id}) => active().some(library => library.id === id)),
		onDirty({libraryId, ratingKeys, isWhole}) {
			const library = active().find(({id}) => id === libraryId);
			if (library === undefined) {
				return;
			}

			if (isWhole) {
				enqueue(library, 'incremental', 'notification');
				return;
			}

			const keys = touched.get(libraryId) ?? new Set();
			touched.set(libraryId, keys);
			for (const key of ratingKeys) {
				keys.add(key);
			}

			if (keys.size > maxTouched) {
				// As many as that a comparison finds for less, and they must not pile up behind a long import.
				touched.delete(libraryId);
				enqueue(library, 'incremental', 'notification');
				return;
			}

			enqueue(library, 'touch', 'notification');
		},
	});

	const work = async (job: Job, signal: AbortSignal): Promise<JobOutcome> => {
		const connection = await reach.get(signal);
		const ratingKeys = job.mode === 'touch' ? [...touched.get(job.library.id) ?? []] : [];
		if (job.mode === 'touch') {
			touched.delete(job.library.id);
		}

		return options.withLog(job, async ({run, onEvent}) => runJob(job, {
			...connection,
			store,
			normalize: options.normalize,
			knowledge,
			// Full comparisons have a schedule of their own.
			pace: {...defaultPace, fullEveryMs: Infinity},
			sections: async () => sectionsSince(connection, wantedAtMs.get(job.library.id) ?? Infinity, signal),
			ratingKeys,
			run,
			clock,
			signal,
			report(event) {
				onEvent(event);
				progress.onEvent(event);
				onEngineEvent?.(event);
			},
		}));
	};

	const remember = (libraryId: string, change: Partial<LibraryMemory>) => {
		memory.set(libraryId, {...memory.get(libraryId) ?? {failures: 0}, ...change});
	};

	const endDone = (job: Job, outcome: JobOutcome & {kind: 'done'}) => {
		const {library, mode} = job;
		const now = clock.now();
		const at = now.toISOString();
		const {changes = {}} = outcome;
		const hasChanged = Object.values(changes).some(count => count > 0);
		advance({
			type: 'succeed', id: job.id, at: now, runId: outcome.runId, changes: outcome.changes, note: outcome.note,
		});
		remember(library.id, {
			failures: 0,
			...(mode !== 'touch' && mode !== 'audit' && {lastRunAt: at, lastMode: mode}),
			...(mode === 'audit' && {differences: outcome.differences}),
			...(hasChanged && {lastChangedAt: at, lastChanges: changes}),
		});
		if (hasChanged) {
			note(`${clean(library.title).trim()}: ${changesLine(changes)}.`);
			tell({
				type: 'catalog', revision: store.header().revision, changes, libraryId: library.id,
			});
		}

		if (outcome.isUnfinished && outcome.note !== undefined) {
			note(`${clean(library.title).trim()}: ${clean(outcome.note)}`, 'warn');
		}

		if (mode === 'touch' && outcome.isUnfinished) {
			enqueue(library, 'incremental', 'notification');
		} else if (mode === 'audit' && outcome.isUnfinished) {
			enqueue(library, 'full', 'schedule');
		} else if (mode === 'full' && job.trigger === 'schedule' && settings.isAudited) {
			enqueue(library, 'audit', 'schedule');
		}
	};

	const endFailed = (job: Job, {fault}: JobOutcome & {kind: 'failed'}) => {
		const at = clock.now();
		if (outages.has(fault.code)) {
			reach.lost(new AppError(fault.code, fault.message, fault.hint === undefined ? {} : {hint: fault.hint}));
		}

		if (job.mode === 'touch') {
			// All of the library is compared instead: nobody speaks of these items again.
			advance({
				type: 'succeed', id: job.id, at, note: `${fault.message} The library is compared instead.`,
			});
			enqueue(job.library, 'incremental', 'catch-up');
			return;
		}

		remember(job.library.id, {failures: (memory.get(job.library.id)?.failures ?? 0) + 1});
		advance({
			type: 'fail', id: job.id, at, fault, random01: random(),
		});
		note(`${clean(job.library.title).trim()}: ${clean(fault.message)}`, 'error');
	};

	const end = (job: Job, outcome: JobOutcome) => {
		progress.end();
		if (job.mode === 'incremental' || job.mode === 'full') {
			const at = clock.now().toISOString();
			looked.add(job.library.id);
			remember(job.library.id, {lastTriedAt: at, ...(job.mode === 'full' && {lastFullTriedAt: at})});
		}

		if (outcome.kind === 'done') {
			endDone(job, outcome);
		} else if (outcome.kind === 'failed') {
			endFailed(job, outcome);
		} else if (isClosing) {
			advance({type: 'interrupted', id: job.id, at: clock.now()});
			return;
		} else {
			advance({type: 'cancelled', id: job.id, at: clock.now()});
		}

		onOutcome?.(job, outcome);
		judge();
		tellStatus();
		backUp();
	};

	const backUp = () => {
		if (clock.monotonicMs() - backedUpAtMs < backupEveryMs) {
			return;
		}

		backedUpAtMs = clock.monotonicMs();
		keep('The daily backup of the catalogue failed', async () => store.backupIfDue());
	};

	const tellStatus = () => {
		cancelStatus ??= clock.after(statusEveryMs, () => {
			cancelStatus = undefined;
			tell({type: 'status', status: statusNow()});
		});
	};

	const worker = createWorker({
		clock,
		next() {
			advance({type: 'wake', now: clock.now()});
			return nextJob(queue, clock.now());
		},
		nextAtMs() {
			const dueAt = nextDueAt(queue);
			const waits = [
				dueAt === undefined ? undefined : clock.monotonicMs() + Math.max(0, dueAt.getTime() - clock.now().getTime()),
				reach.current() === undefined ? reach.retryAtMs() : undefined,
			].filter(atMs => atMs !== undefined);
			return waits.length === 0 ? undefined : Math.min(...waits);
		},
		isReady,
		begin(job) {
			advance({type: 'begin', id: job.id, at: clock.now()});
			movedAtMs = clock.monotonicMs();
			clock.after(longRunMs, keepQueue);
			const begun = findJob(queue, job.id)!;
			progress.begin(begun);
			return begun;
		},
		work,
		end,
	});

	/**
	Where the server tells nothing, its stamps do: one request for all libraries.
	*/
	const poll = async () => {
		const connection = reach.current();
		if (connection === undefined || worker.running() !== undefined) {
			return;
		}

		try {
			const sections = await sectionsSince(connection, Infinity, new AbortController().signal);
			for (const library of active()) {
				const section = sections.find(({id}) => id === library.id);
				const stored = store.header().libraries.find(({id}) => id === library.id);
				const isMoved = section === undefined
					? stored?.sync?.goneSince === undefined
					: planLibrary(stored, section, {
						pace: {...defaultPace, fullEveryMs: Infinity}, now: clock.now(), isFull: false, viewer: connection.viewer,
					}).mode !== 'skip';
				if (isMoved) {
					enqueue(library, 'incremental', 'schedule');
				}
			}
		} catch (error) {
			if (!isAppError(error)) {
				throw error;
			}

			reach.lost(error);
		}
	};

	const alarm = options.alarm ?? createAlarm(clock, {...defaultAlertLimits, ...settings.limits});
	const tellAlert = (alert: Alert, isRecovered: boolean) => {
		note(alert.message, isRecovered ? 'info' : 'error');
		tell({type: 'alert', alert, isRecovered});
	};

	const facts = (): AlertFacts => {
		const {isReachable, hasBeenReached, error, failures} = reach.state();
		const isRefused = error !== undefined && ['unauthorized', 'forbidden'].includes(error.code) && failures > 1;
		return {
			startedAt: startedAt.toISOString(),
			libraries: watched.map(({id, title}) => ({
				id,
				title,
				failures: memory.get(id)?.failures ?? 0,
				fault: queue.jobs.find(job => job.library.id === id && job.fault !== undefined)?.fault?.message,
				lastRunAt: memory.get(id)?.lastRunAt,
				held: store.header().libraries.find(library => library.id === id)?.sync?.held?.items ?? 0,
				differences: memory.get(id)?.differences,
			})),
			server: {
				name: statusServer()?.name, isReachable, hasBeenReached, fault: error?.message,
			},
			...(isReachable && {token: 'works'}),
			...(isRefused && {token: 'refused'}),
			...(disk !== undefined && {disk}),
		};
	};

	const judge = () => {
		keep('What is wrong could not be judged', async () => {
			const {raised, recovered} = await alarm.judge(facts());
			for (const alert of raised) {
				tellAlert(alert, false);
			}

			for (const alert of recovered) {
				tellAlert(alert, true);
			}
		});
	};

	const statusServer = () => reach.current()?.server ?? store.header().servers.find(({id}) => id === store.header().libraries[0]?.serverId);

	const timekeeper = createTimekeeper({
		clock,
		settings: () => settings,
		libraries: () => active().map(library => {
			const stored = store.header().libraries.find(({id}) => id === library.id);
			const {lastTriedAt, lastFullTriedAt} = memory.get(library.id) ?? {};
			return {...library, lastIncrementalAt: lastTriedAt ?? stored?.sync?.lookedAt, lastFullAt: lastFullTriedAt ?? stored?.sync?.fullAt};
		}),
		isPolling: () => pushState.state !== 'connected',
		async onTick() {
			tickedAtMs = clock.monotonicMs();
			disk = await options.disk();
			judge();
			if (reach.current() !== undefined) {
				return;
			}

			await isReady(new AbortController().signal);
			worker.kick();
		},
		onPoll: poll,
		onDue(library, mode) {
			// What is under way, or waits, does the same; a parked one is tried again after a day.
			const planned = queue.jobs.find(job => job.library.id === library.id && job.mode !== 'touch' && job.mode !== 'audit');
			if (planned === undefined) {
				enqueue(library, mode, 'schedule');
			} else if (planned.state === 'parked' && clock.now().getTime() - Date.parse(planned.finishedAt ?? '') >= parkedMs) {
				enqueue(library, mode, 'catch-up');
			}
		},
		onJump(jumpMs) {
			note(`The clock jumped by ${Math.round(jumpMs / 1000)} seconds, or the machine slept: every library is compared.`, 'warn');
			reach.hurry();
			enqueueAll('incremental', 'catch-up');
		},
	});

	const statusNow = (): WatchStatus => daemonStatus({
		version: options.version,
		pid: options.pid,
		startedAt,
		now: clock.now(),
		reach: reach.state(),
		server: statusServer(),
		push: pushState,
		queue,
		watched,
		header: store.header(),
		memory,
		next: timekeeper.next(),
		progress: progress.current(),
		pace: progress.pace(),
		notes: news.notes(),
		requests: requestsOfBefore + (reach.current()?.plex.usage().requests ?? 0),
		quietUntil: timekeeper.quietUntil(),
		settings,
		alerts: alarm.alerts(),
	});

	/**
	Who asks twice is told of the one that does it, though it has begun.
	*/
	const runningRequest = (libraryId: string, mode: JobMode) => queue.jobs.find(job =>
		job.state === 'running' && job.trigger === 'request' && job.library.id === libraryId && (job.mode === mode || job.mode === 'full'));

	const named = (name: string | undefined, all: WatchedLibraries): WatchedLibraries => {
		const meant = name === undefined ? all : watched.filter(library => isNamed(library, name));
		if (meant.length === 0) {
			throw new AppError('usage', name === undefined ? 'No library is watched.' : `No library "${clean(name)}" is watched.`, {
				hint: watched.length === 0 ? 'The server may not have been reached yet.' : `There is: ${watched.map(({title}) => `"${clean(title).trim()}"`).join(', ')}.`,
			});
		}

		return meant;
	};

	const require = (id: string): Job => {
		const job = findJob(queue, id);
		if (job === undefined) {
			throw new AppError('not-found', `There is no job "${clean(id)}".`, {hint: '"reelcat jobs" lists them.'});
		}

		return job;
	};

	return {
		async start() {
			queue = reduceQueue(await options.queueFile.load(), {type: 'recover', at: clock.now()});
			keepQueue();
			const {records} = await store.page({kind: 'run', limit: Infinity});
			memory = rememberRuns(records.filter(record => record.kind === 'run'));
			readWatched();
			await isReady(new AbortController().signal);
			timekeeper.start();
			worker.kick();
			// A first change should not wait for it; who needs it is told of a failure.
			knowledge.warm().catch(() => {/* see above */});
		},
		reload(next) {
			settings = next;
			readWatched();
			timekeeper.soon();
			reach.hurry();
			note('The settings were read again.');
			tell({type: 'status', status: statusNow()});
		},
		note,
		hint: touches.add,
		hintType(type) {
			for (const library of active()) {
				if (type === undefined || library.type === type) {
					enqueue(library, 'incremental', 'hook');
				}
			}
		},
		statusNow,
		status: async () => statusNow(),
		isReady: () => isStarted && active().every(({id}) => looked.has(id) || store.header().libraries.some(library => library.id === id && library.sync !== undefined)),
		isProgressing() {
			const nowMs = clock.monotonicMs();
			return nowMs - tickedAtMs < hungMs && (worker.running() === undefined || nowMs - movedAtMs < hungMs);
		},
		async refresh({library: name, mode = 'incremental'}) {
			const meant = named(name, active());
			reach.hurry();
			return meant.map(library => runningRequest(library.id, mode) ?? enqueue(library, mode, 'request'));
		},
		async accept({library: name}) {
			const ids = new Set(named(name, watched).map(({id}) => id));
			const accepted = await worker.between(async () => acceptRemovals(store, store.header().libraries.filter(({id}) => ids.has(id)), {now: clock.now}));
			for (const {library, removed} of accepted) {
				note(`${clean(library.title).trim()}: ${removed} held removals were accepted.`);
				tell({
					type: 'catalog', revision: store.header().revision, changes: {removed}, libraryId: library.id,
				});
			}

			judge();
			tellStatus();
			return accepted.map(({library: {id, title}, removed}) => ({id, title, removed}));
		},
		jobs: async () => allJobs(queue),
		job: async id => require(id),
		async act(id, action) {
			const job = require(id);
			const refusal = actionError(job, action, allJobs(queue));
			if (refusal !== undefined) {
				throw new AppError('usage', refusal);
			}

			advance({
				type: 'act', id, action, at: clock.now(),
			});
			if (action === 'cancel') {
				worker.cancel(job.id);
			} else if (action === 'retry' || action === 'run-now') {
				reach.hurry();
			}

			worker.kick();
			return findJob(queue, id)!;
		},
		subscribe: (listener, {after} = {}) => news.subscribe(listener, {after, status: statusNow}),
		async close() {
			isClosing = true;
			cancelStatus?.();
			timekeeper.close();
			touches.close();
			push?.close();
			await worker.close();
			reach.close();
			knowledge.close();
			keepQueue();
			await keeping;
			await options.queueFile.close();
		},
	};
};
