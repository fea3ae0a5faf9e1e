import type {Clock} from '../base/clock.js';
import {createLoop} from '../base/loop.js';
import {quietUntil} from './schedule/quiet-hours.js';
import {dueRuns} from './schedule/plan-runs.js';
import type {LibraryName} from './types.js';
import {settingsOf, type WatchSettings} from './watch-settings.js';

/**
The times are ISO instants.
*/
export type TimedLibrary = LibraryName & {
	key: string;
	lastIncrementalAt: string | undefined;
	lastFullAt: string | undefined;
};

type TimekeeperOptions = {
	clock: Clock;
	settings: () => WatchSettings;
	libraries: () => TimedLibrary[];
	isPolling: () => boolean;
	/**
	Called at least once a minute.
	*/
	onTick: () => Promise<void>;
	onPoll: () => Promise<void>;
	onDue: (library: LibraryName, mode: 'incremental' | 'full') => void;
	/**
	Called when the wall clock went ahead of the monotonic clock by `jumpMs`, or fell behind.
	*/
	onJump: (jumpMs: number) => void;
};

/**
Timers stand still while a machine sleeps, so we look at the wall clock at least this often.
*/
const longestNapMs = 60_000;

/**
Smaller jumps are ordinary corrections of a clock.
*/
const shortestJumpMs = 60_000;

const dateOf = (instant: string | undefined) => instant === undefined ? undefined : new Date(instant);

export const createTimekeeper = ({clock, settings, libraries, isPolling, onTick, onPoll, onDue, onJump}: TimekeeperOptions) => {
	let cancelTimer: (() => void) | undefined;
	let seen = {wallMs: 0, monotonicMs: 0};
	let polledAtMs = -Infinity;
	let isRunning = false;

	const plan = () => {
		const {rhythm, fullRhythm, quietHours, timeZone, ...rest} = settings();
		return dueRuns({
			libraries: libraries().map(({lastIncrementalAt, lastFullAt, ...library}) => {
				const own = settingsOf(rest, library);
				return {
					...library,
					rhythm: own?.rhythm ?? rhythm,
					fullRhythm: own?.fullRhythm ?? fullRhythm,
					isPaused: false,
					lastIncrementalAt: dateOf(lastIncrementalAt),
					lastFullAt: dateOf(lastFullAt),
				};
			}),
			now: clock.now(),
			quiet: quietHours,
			timeZone,
		});
	};

	const readClocks = () => ({wallMs: clock.now().getTime(), monotonicMs: clock.monotonicMs()});

	const tick = async () => {
		const before = seen;
		seen = readClocks();
		const jumpMs = (seen.wallMs - before.wallMs) - (seen.monotonicMs - before.monotonicMs);
		if (Math.abs(jumpMs) >= shortestJumpMs) {
			onJump(jumpMs);
		}

		for (const {library, mode} of plan().due) {
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
		if (!isRunning) {
			return;
		}

		await tick();
		const untilMs = plan().wakeAt.getTime() - clock.now().getTime();
		arm(Math.min(longestNapMs, isPolling() ? settings().pollMs : longestNapMs, Math.max(1000, untilMs)));
	});

	return {
		start() {
			isRunning = true;
			seen = readClocks();
			polledAtMs = clock.monotonicMs();
			arm(0);
		},
		/**
		Looks at the time again because something has changed that the plan depends on.
		*/
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
