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
import {createNews, type News} from './news.js';
import {reduceDaemon} from './reduce-daemon.js';
import {createServerLink} from './server-link.js';
import {daemonStatus} from './status.js';
import {createTimekeeper} from './timekeeper.js';
import {createLocator} from './locate.js';
import {createTouches} from './touches.js';
import type {WatchStatus} from './types.js';
import {createUpkeep} from './upkeep.js';
import {createWatcher, type Watcher} from './watcher.js';
import type {WatchSettings} from './watch-settings.js';

export type Daemon = Watcher & {
	/**
	Begins with the saved queue and with a look at every library.
	*/
	start: () => Promise<void>;
	reload: (settings: WatchSettings) => void;
	statusNow: () => WatchStatus;
	/**
	False if a job or the timer hangs.
	*/
	isProgressing: () => boolean;
	/**
	Whether the daemon has compared every library, or has at least tried.
	*/
	isReady: () => boolean;
	note: News['note'];
	/**
	Tells all events from now on, like `subscribe`, but to nobody who looks at the catalogue.
	*/
	overhear: News['overhear'];
	/**
	Takes hints from a webhook. They are only a reason to look.
	*/
	hint: (hints: readonly Hint[]) => void;
	/**
	Takes a webhook of Sonarr or Radarr.
	*/
	hintType: (type: string) => void;
	/**
	Ends the running job. Everything that was committed stays.
	*/
	close: () => Promise<void>;
};

/**
Every request ends within a minute or two. A job without any request for so long hangs.
*/
const hungMs = 15 * 60_000;

/**
Sonarr and Radarr ask a server to scan only after they have called all webhooks, and the scan takes its time.
*/
const scanMs = 30_000;

/**
Remembers when the timer last ran and when a job last made progress.
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
Joins the parts of a daemon: they bring events, `reduceDaemon` decides what follows, and they perform its actions.
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
		clock,
		random,
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

	const link = createServerLink({
		...options,
		core,
		onRequest(event) {
			pulse.move();
			progress.onEvent(event);
			onEngineEvent?.(event);
		},
		onHints(hints) {
			touches.add(hints);
		},
	});
	const closing = new AbortController();
	const activeOnes = () => store.header().libraries.filter(({id}) => activeLibraries(state).some(library => library.id === id));
	const touches = createTouches({
		clock,
		libraries: activeOnes,
		locate: createLocator({
			knowledge, libraries: activeOnes, plex: () => link.current()?.plex, signal: closing.signal,
		}),
		isSeen: news.isSeen,
		onDirty(dirty) {
			core.dispatch({type: 'dirty', dirty});
		},
	});
	const facts = () => ({
		state, startedAt, reach: link.state(), server: link.server(), header: store.header(), storageFault: store.fault,
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
		...options, core, alarm, facts, statusNow, tell: news.tell,
	});
	const runner = createJobRunner({
		...options, core, link, knowledge, progress, keepQueue: upkeep.keepQueue, onBegin: pulse.move,
	});
	const timekeeper = createTimekeeper({
		clock,
		settings: () => state.settings,
		libraries: () => timedLibraries(state, store.header()),
		isPolling: () => state.push.state !== 'connected',
		async onTick() {
			pulse.tick();
			core.dispatch({type: 'disk', disk: await options.disk()});
			if (!runner.isRunning()) {
				upkeep.checkBackups();
			}

			if (link.current() !== undefined) {
				return;
			}

			await link.isReady();
			runner.kick();
		},
		async onPoll() {
			if (!runner.isRunning()) {
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
		kick: runner.kick,
		'stop-running'({id}) {
			runner.stop(id);
		},
		'lose-server'({error}) {
			link.lost(error);
		},
		'hurry-to-server': link.hurry,
		'look-at-time': timekeeper.soon,
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
		core, store, pulse, news, knowledge, link, touches, upkeep, runner, timekeeper, statusNow, closing,
	};
};

/**
Keeps a catalogue in step with a server for as long as it runs. It owns the one writer of the catalogue, the connection, the queue and the schedule. Screens, commands and the API use it through `Watcher`.
*/
export const createDaemon = (options: DaemonOptions): Daemon => {
	const parts = joinParts(options);
	const {core, store, pulse, news, knowledge, link, touches, upkeep, runner, timekeeper, statusNow, closing} = parts;
	const {dispatch} = core;
	const active = () => activeLibraries(core.state());
	const expectedScans = new Map<string, () => void>();
	return {
		...createWatcher({
			...parts,
			subscribe: (listener, {after} = {}) => news.subscribe(listener, {after, status: statusNow}),
			hurry: link.hurry,
		}),
		async start() {
			const {records} = await store.page({kind: 'run', limit: Infinity});
			// Right before it is taken over: jobs that are asked for in between would be lost.
			const queue = await options.queueFile.load();
			dispatch({type: 'recovered', queue, memory: rememberRuns(records.filter(record => record.kind === 'run'))});
			link.readWatched();
			await link.isReady();
			timekeeper.start();
			runner.kick();
			// Read the catalogue now, so that the first change need not wait. The job that needs it reports a failure.
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
		overhear: news.overhear,
		hint: touches.add,
		hintType(type) {
			expectedScans.get(type)?.();
			expectedScans.set(type, core.clock.after(scanMs, () => {
				dispatch({
					type: 'wanted', libraries: active().filter(library => library.type === type), mode: 'incremental', trigger: 'hook',
				});
			}));
		},
		statusNow,
		isReady() {
			const {hasConnected, memory} = core.state();
			const {libraries} = store.header();
			return hasConnected && active().every(({id}) => memory.get(id)?.lastTriedAt !== undefined || libraries.some(library => library.id === id && library.sync !== undefined));
		},
		isProgressing: () => pulse.isBeating(runner.isRunning()),
		async close() {
			dispatch({type: 'closing'});
			for (const cancel of expectedScans.values()) {
				cancel();
			}

			timekeeper.close();
			touches.close();
			closing.abort();
			link.closePush();
			await runner.close();
			link.close();
			knowledge.close();
			await upkeep.close();
			await options.queueFile.close();
		},
	};
};
