import {randomUUID} from 'node:crypto';
import {systemClock, type Clock} from '../base/clock.js';
import type {Hint} from '../plex/notifications/hints.js';
import {createLivingKnowledge} from '../sync/living-knowledge.js';
import {defaultAlertLimits} from './alerts/alert-facts.js';
import {createAlarm} from './alerts/alerts.js';
import type {DaemonCore, DaemonOptions} from './daemon-options.js';
import {
	activeLibraries,
	initialDaemonState,
	rememberRuns,
	timedLibraries,
	type DaemonAction,
} from './daemon-state.js';
import {createJobRunner} from './job-runner.js';
import {createProgressFold} from './job-progress.js';
import {createNews} from './news.js';
import {reduceDaemon} from './reduce-daemon.js';
import {createServerLink} from './server-link.js';
import {daemonStatus} from './status.js';
import {createTimekeeper} from './timekeeper.js';
import {createTouches} from './touches.js';
import type {WatchStatus} from './types.js';
import {createUpkeep} from './upkeep.js';
import {createWatcher, type Watcher} from './watcher.js';
import type {WatchSettings} from './watch-settings.js';

export type Daemon = Watcher & {
	/**
	Begins with what was left of the queue, and with a look at every library.
	*/
	start: () => Promise<void>;
	/**
	Uses other settings from now on.
	*/
	reload: (settings: WatchSettings) => void;
	/**
	The newest status, without waiting.
	*/
	statusNow: () => WatchStatus;
	/**
	Whether work goes on, or there is none. A watchdog asks this.
	*/
	isProgressing: () => boolean;
	/**
	Whether every library was looked at since the start, or at least tried.
	*/
	isReady: () => boolean;
	note: (text: string, level?: 'info' | 'warn' | 'error') => void;
	/**
	Somebody else than the server says what may have changed. That is only a reason to look.
	*/
	hint: (hints: readonly Hint[]) => void;
	/**
	The same for all libraries of a type, or for all libraries.
	*/
	hintType: (type: string | undefined) => void;
	/**
	Ends the job that is under way. Everything that was committed stays.
	*/
	close: () => Promise<void>;
};

/**
Every request ends within a minute or two, and is told. A job without any request for so long never ends.
*/
const hungMs = 15 * 60_000;

/**
Remembers when time was last looked at and when a job last made progress.
*/
const createPulse = (clock: Clock) => {
	let tickedAtMs = clock.monotonicMs();
	let movedAtMs = tickedAtMs;
	return {
		tick() {
			tickedAtMs = clock.monotonicMs();
		},
		move() {
			movedAtMs = clock.monotonicMs();
		},
		isBeating(isWorking: boolean) {
			const nowMs = clock.monotonicMs();
			return nowMs - tickedAtMs < hungMs && (!isWorking || nowMs - movedAtMs < hungMs);
		},
	};
};

/**
The parts of a daemon, joined: `reduceDaemon` decides what follows from an event, the parts bring events and do what was decided.
*/
const joinParts = (options: DaemonOptions) => {
	const {store, clock = systemClock, random = Math.random, newId = randomUUID, onEngineEvent, onNote} = options;
	const startedAt = clock.now();
	let state = initialDaemonState(options.settings, startedAt);
	const pulse = createPulse(clock);
	const news = createNews({clock, ...(onNote !== undefined && {onNote})});
	const knowledge = createLivingKnowledge(store);
	const alarm = options.alarm ?? createAlarm(clock, {...defaultAlertLimits, ...options.settings.limits});
	const progress = createProgressFold(clock, current => {
		news.tell({type: 'progress', progress: current});
	});

	const core: DaemonCore = {
		state: () => state,
		dispatch(event) {
			const change = reduceDaemon(state, event, {now: clock.now(), monotonicMs: clock.monotonicMs(), newId});
			({state} = change);
			for (const action of change.actions) {
				perform(action);
			}

			return change.jobs;
		},
		note: news.note,
	};

	const shared = {
		...options, core, clock, random,
	};
	const link = createServerLink({
		...shared,
		onRequest(event) {
			pulse.move();
			progress.onEvent(event);
			onEngineEvent?.(event);
		},
		onHints(hints) {
			touches.add(hints);
		},
	});
	const touches = createTouches({
		clock,
		libraries: () => store.header().libraries.filter(({id}) => activeLibraries(state).some(library => library.id === id)),
		onDirty(dirty) {
			core.dispatch({type: 'dirty', dirty});
		},
	});
	const facts = () => ({
		state, startedAt, reach: link.state(), server: link.server(), header: store.header(),
	});
	const statusNow = (): WatchStatus => daemonStatus({
		...facts(),
		version: options.version,
		pid: options.pid,
		now: clock.now(),
		next: timekeeper.next(),
		progress: progress.current(),
		pace: progress.pace(),
		notes: news.notes(),
		requests: link.requests(),
		quietUntil: timekeeper.quietUntil(),
		alerts: alarm.alerts(),
	});
	const upkeep = createUpkeep({
		...shared, alarm, facts, statusNow, tell: news.tell,
	});
	const worker = createJobRunner({
		...shared, link, knowledge, progress, keepQueue: upkeep.keepQueue, onBegin: pulse.move,
	});
	const timekeeper = createTimekeeper({
		clock,
		settings: () => state.settings,
		libraries: () => timedLibraries(state, store.header()),
		isPolling: () => state.push.state !== 'connected',
		async onTick() {
			pulse.tick();
			core.dispatch({type: 'disk', disk: await options.disk()});
			if (link.current() !== undefined) {
				return;
			}

			await link.isReady();
			worker.kick();
		},
		async onPoll() {
			if (worker.running() === undefined) {
				await link.poll();
			}
		},
		onDue(library, mode) {
			core.dispatch({type: 'due', library, mode});
		},
		onJump(jumpMs) {
			core.dispatch({type: 'clock-jumped', jumpMs});
		},
	});

	const performers: {[Type in DaemonAction['type']]: (action: Extract<DaemonAction, {type: Type}>) => void} = {
		tell({event}) {
			news.tell(event);
		},
		note({text, level}) {
			news.note(text, level);
		},
		'tell-status': upkeep.tellStatus,
		'tell-status-soon': upkeep.tellStatusSoon,
		'keep-queue': upkeep.keepQueue,
		kick() {
			worker.kick();
		},
		'cancel-running'({id}) {
			worker.cancel(id);
		},
		'lose-server'({error}) {
			link.lost(error);
		},
		'hurry-to-server': link.hurry,
		'look-at-time'() {
			timekeeper.soon();
		},
		judge: upkeep.judge,
		'back-up': upkeep.backUp,
		'after-job'({job, outcome}) {
			options.onOutcome?.(job, outcome);
		},
	};
	const perform = (action: DaemonAction) => {
		(performers[action.type] as (action: DaemonAction) => void)(action);
	};

	return {
		core, clock, store, pulse, news, knowledge, link, touches, upkeep, worker, timekeeper, statusNow,
	};
};

/**
Keeps a catalogue in step with a server for as long as it runs. It owns the one writer of the catalogue, the way to the server, the queue and the time. Whoever looks on or steers does that through `Watcher`.
*/
export const createDaemon = (options: DaemonOptions): Daemon => {
	const parts = joinParts(options);
	const {core, store, pulse, news, knowledge, link, touches, upkeep, worker, timekeeper, statusNow} = parts;
	const {dispatch} = core;
	const active = () => activeLibraries(core.state());
	return {
		...createWatcher({
			...parts,
			subscribe: (listener, {after} = {}) => news.subscribe(listener, {after, status: statusNow}),
			hurry: link.hurry,
		}),
		async start() {
			const queue = await options.queueFile.load();
			const {records} = await store.page({kind: 'run', limit: Infinity});
			dispatch({type: 'recovered', queue, memory: rememberRuns(records.filter(record => record.kind === 'run'))});
			link.readWatched();
			await link.isReady();
			timekeeper.start();
			worker.kick();
			// A first change should not have to wait for this. Whoever needs it is told of a failure.
			knowledge.warm().catch(() => {/* see above */});
		},
		reload(settings) {
			dispatch({type: 'settings-read', settings});
			link.readWatched();
			timekeeper.soon();
			link.hurry();
			news.note('The settings were read again.');
			upkeep.tellStatus();
		},
		note: news.note,
		hint: touches.add,
		hintType(type) {
			const libraries = active().filter(library => type === undefined || library.type === type);
			dispatch({
				type: 'wanted', libraries, mode: 'incremental', trigger: 'hook',
			});
		},
		statusNow,
		isReady() {
			const {hasConnected, looked} = core.state();
			const {libraries} = store.header();
			return hasConnected && active().every(({id}) => looked.has(id) || libraries.some(library => library.id === id && library.sync !== undefined));
		},
		isProgressing: () => pulse.isBeating(worker.running() !== undefined),
		async close() {
			dispatch({type: 'closing'});
			timekeeper.close();
			touches.close();
			link.closePush();
			await worker.close();
			link.close();
			knowledge.close();
			await upkeep.close();
			await options.queueFile.close();
		},
	};
};
