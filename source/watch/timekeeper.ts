import type {Clock} from '../base/clock.js';
import {createLoop} from '../base/loop.js';
import {quietUntil} from './schedule/quiet-hours.js';
import {dueRuns} from './schedule/plan-runs.js';
import type {JobMode} from './kinds.js';
import type {LibraryName} from './types.js';
import {settingsOf, type WatchSettings} from './watch-settings.js';

export type TimedLibrary = LibraryName & {
	key: string;
	/**
	Instants.
	*/
	lastIncrementalAt: string | undefined;
	lastFullAt: string | undefined;
};

type TimekeeperOptions = {
	clock: Clock;
	settings: () => WatchSettings;
	libraries: () => TimedLibrary[];
	isPolling: () => boolean;
	/**
	Once a minute at least.
	*/
	onTick: () => Promise<void>;
	onPoll: () => Promise<void>;
	onDue: (library: LibraryName, mode: 'incremental' | 'full') => void;
	/**
	The wall clock did not run as this process did.
	*/
	onJump: (jumpMs: number) => void;
};

type Timekeeper = {
	start: () => void;
	/**
	Something has changed that time depends on.
	*/
	soon: () => void;
	next: () => Map<string, {at: Date; mode: JobMode}>;
	quietUntil: () => Date | undefined;
	close: () => void;
};

/**
Timers of a machine that slept do not know how late it is; a look at the wall clock each minute does.
*/
const longestNapMs = 60_000;

/**
Smaller ones are the daily correction of any clock.
*/
const jumpMs = 60_000;

export const createTimekeeper = ({clock, settings, libraries, isPolling, onTick, onPoll, onDue, onJump}: TimekeeperOptions): Timekeeper => {
	let cancelTimer: (() => void) | undefined;
	let seen = {wallMs: 0, monotonicMs: 0};
	let polledAtMs = -Infinity;
	let isRunning = false;

	const plan = () => {
		const {rhythm, fullRhythm, quietHours, timeZone, ...rest} = settings();
		return dueRuns({
			libraries: libraries().map(({id, title, key, lastIncrementalAt, lastFullAt}) => {
				const own = settingsOf(rest, {id, title, key});
				return {
					id,
					title,
					rhythm: own?.rhythm ?? rhythm,
					fullRhythm: own?.fullRhythm ?? fullRhythm,
					isPaused: false,
					...(lastIncrementalAt !== undefined && {lastIncrementalAt: new Date(lastIncrementalAt)}),
					...(lastFullAt !== undefined && {lastFullAt: new Date(lastFullAt)}),
				};
			}),
			now: clock.now(),
			quiet: quietHours,
			timeZone,
		});
	};

	const look = () => {
		const now = {wallMs: clock.now().getTime(), monotonicMs: clock.monotonicMs()};
		const difference = (now.wallMs - seen.wallMs) - (now.monotonicMs - seen.monotonicMs);
		seen = now;
		if (Math.abs(difference) >= jumpMs) {
			onJump(difference);
		}
	};

	const tick = async () => {
		look();
		const {due} = plan();
		for (const {library, mode} of due) {
			onDue(library, mode);
		}

		const nowMs = clock.monotonicMs();
		if (isPolling() && nowMs - polledAtMs >= settings().pollMs) {
			polledAtMs = nowMs;
			await onPoll();
		}

		await onTick();
	};

	const arm = (inMs: number) => {
		cancelTimer?.();
		cancelTimer = isRunning ? clock.after(inMs, loop.kick) : undefined;
	};

	const loop = createLoop(async () => {
		await tick();
		const untilMs = plan().wakeAt.getTime() - clock.now().getTime();
		arm(Math.min(longestNapMs, isPolling() ? settings().pollMs : longestNapMs, Math.max(1000, untilMs)));
	});

	return {
		start() {
			isRunning = true;
			seen = {wallMs: clock.now().getTime(), monotonicMs: clock.monotonicMs()};
			polledAtMs = clock.monotonicMs();
			arm(0);
		},
		soon() {
			arm(0);
		},
		next: () => plan().next,
		quietUntil() {
			const {quietHours, timeZone} = settings();
			return quietHours === undefined ? undefined : quietUntil(quietHours, clock.now(), timeZone);
		},
		close() {
			isRunning = false;
			cancelTimer?.();
		},
	};
};
