import type {Clock} from '../../base/clock.js';
import type {AppError} from '../../base/errors.js';
import {createLoop} from '../../base/loop.js';
import {quietUntil} from '../schedule/quiet-hours.js';
import {attemptSend, type Channel} from './channel.js';
import type {ChannelSettings} from './config.js';
import {adviceOf} from './delivery-failure.js';
import type {Notice} from './notice.js';
import {
	channelState,
	noteAttempt,
	setChannel,
	settle,
	type OutboxState,
} from './outbox-state.js';

export type LaneOptions = {
	channel: Channel;
	settings: Pick<ChannelSettings, 'quiet'>;
	state: () => OutboxState;
	/**
	Resolves when it is saved.
	*/
	change: (update: (state: OutboxState) => OutboxState) => Promise<void>;
	clock: Clock;
	/**
	From 0 up to 1.
	*/
	random: () => number;
	onNote: (level: 'info' | 'warn', text: string) => void;
};

/**
Takes notices to one channel, one after the other, and knows nothing of the other lanes.
*/
export type Lane = {
	/**
	There may be something to do.
	*/
	kick: () => void;
	/**
	Try now, whatever was waited for; resolves when nothing is left that could go, or an attempt failed.
	*/
	flush: () => Promise<void>;
	/**
	An attempt that is under way may end within the time, and is broken off then.
	*/
	close: (graceMs: number) => Promise<void>;
};

const giveUpMs = 86_400_000;

/**
What a service calls malformed that often will not become better.
*/
const mostRefusals = 3;

/**
Timers stand still while a machine sleeps, and clocks are set: what waits for a time of the day looks again so often.
*/
const longestNapMs = 60_000;

/**
After a restart nobody waits longer for a channel than it would have been waited for without.
*/
const longestRestartWaitMs = 3_600_000;

export const createLane = ({channel, settings, state, change, clock, random, onNote}: LaneOptions): Lane => {
	const {name} = channel;
	let cancelTimer: (() => void) | undefined;
	let isClosed = false;
	let retryAtMs = clock.monotonicMs() + restartWaitMs();
	const stopping = new AbortController();

	function restartWaitMs() {
		const {retryAt} = channelState(state(), name);
		return retryAt === undefined ? 0 : Math.min(longestRestartWaitMs, Math.max(0, Date.parse(retryAt) - clock.now().getTime()));
	}

	const waiting = () => state().waiting.filter(({to}) => to.some(destination => destination.channel === name)).map(({notice}) => notice);

	const next = (): {notice?: Notice; napMs?: number} => {
		const now = clock.now();
		let napMs: number | undefined;
		for (const notice of waiting()) {
			const until = heldUntil(notice, settings, now);
			if (until === undefined) {
				return {notice};
			}

			napMs = Math.min(longestNapMs, Math.max(1000, until.getTime() - now.getTime()), napMs ?? longestNapMs);
		}

		return napMs === undefined ? {} : {napMs};
	};

	const deliver = async (notice: Notice): Promise<'delivered' | 'failed'> => {
		const failure = await attemptSend(channel, notice, {
			clock,
			signal: stopping.signal,
			label: `The notification channel ${name}`,
			timeoutHint: 'It is tried again later.',
			cancelled: 'The process ended.',
		});
		if (failure === undefined) {
			retryAtMs = clock.monotonicMs();
			const wasBroken = channelState(state(), name).failures > 0;
			await change(current => setChannel(settle(current, notice.id, name), {name, failures: 0}));
			if (wasBroken) {
				onNote('info', `The notification channel ${name} works again.`);
			}

			return 'delivered';
		}

		// What was broken off at the end is tried by the next process.
		if (!isClosed) {
			await fail(notice, failure);
		}

		return 'failed';
	};

	const fail = async (notice: Notice, failure: AppError) => {
		const now = clock.now();
		const {retryAfterMs, isFinal = false} = adviceOf(failure);
		const failures = channelState(state(), name).failures + 1;
		const waitMs = backOffMs(failures, random(), retryAfterMs);
		retryAtMs = clock.monotonicMs() + waitMs;
		if (failures === 1) {
			onNote('warn', `The notification channel ${name} failed: ${failure.message}`);
		}

		await change(current => {
			const tried = noteAttempt(current, notice.id, {channel: name, at: now});
			const failed = setChannel(tried, {
				name, failures, fault: failure.message, retryAt: new Date(now.getTime() + waitMs).toISOString(),
			});
			if (!isFinal && !isHopeless(failed, {
				id: notice.id, channel: name, code: failure.code, now,
			})) {
				return failed;
			}

			onNote('warn', `The notification channel ${name} never took "${notice.title}", which is given up.`);
			return settle(failed, notice.id, name);
		});
	};

	/**
	One notice after the other, until nothing is left that may go now.
	*/
	const loop = createLoop(async () => {
		for (;;) {
			if (isClosed) {
				return;
			}

			const waitMs = retryAtMs - clock.monotonicMs();
			const {notice, napMs} = next();
			if (notice === undefined || waitMs > 0) {
				arm(notice === undefined ? napMs : waitMs);
				return;
			}

			if (await deliver(notice) === 'failed') {
				arm(retryAtMs - clock.monotonicMs());
				return;
			}
		}
	});

	const arm = (ms: number | undefined) => {
		cancelTimer?.();
		cancelTimer = ms === undefined || isClosed ? undefined : clock.after(ms, loop.kick);
	};

	return {
		kick: loop.kick,
		async flush() {
			await loop.idle();
			retryAtMs = clock.monotonicMs();
			loop.kick();
			await loop.idle();
		},
		async close(graceMs) {
			isClosed = true;
			cancelTimer?.();
			const cancelGrace = clock.after(graceMs, () => {
				stopping.abort();
			});
			await loop.stop();
			cancelGrace();
		},
	};
};

/**
Whether a notice is given up for a channel: it was tried for a day, or the service has refused it too often.
*/
const isHopeless = ({waiting}: OutboxState, {id, channel, code, now}: {id: string; channel: string; code: AppError['code']; now: Date}) => {
	const {attempts = 0, firstTriedAt} = waiting.find(({notice}) => notice.id === id)?.to.find(destination => destination.channel === channel) ?? {};
	const isTooOld = firstTriedAt !== undefined && now.getTime() - Date.parse(firstTriedAt) >= giveUpMs;
	return isTooOld || (attempts >= mostRefusals && ['malformed', 'too-large'].includes(code));
};

/**
Until when a notice waits for the end of the quiet hours; `undefined` when it may go now.
*/
const heldUntil = ({topic, level}: Notice, {quiet: {quietHours = [], quietErrors, timeZone}}: Pick<ChannelSettings, 'quiet'>, now: Date): Date | undefined => {
	const isUrgent = topic === 'test' || (topic === 'alerts' && level === 'error' && !quietErrors);
	return isUrgent ? undefined : quietUntil(quietHours, now, timeZone);
};

const firstMs = 60_000;
const longestMs = 3_600_000;

/**
A channel that asked to be left alone for longer is asked once a day.
*/
const longestAskedMs = 86_400_000;

/**
How long to wait after so many failures one after the other: a minute, twice as long each time, an hour at most, and a fifth more or less, so that channels that failed together do not come back together. What the other side asked for is kept to.

`random` is from 0 up to 1.
*/
export const backOffMs = (failures: number, random: number, retryAfterMs?: number): number => {
	if (retryAfterMs !== undefined) {
		return Math.min(longestAskedMs, Math.max(1000, retryAfterMs));
	}

	const ms = Math.min(longestMs, firstMs * (2 ** Math.min(20, Math.max(0, failures - 1))));
	return Math.round(ms * (0.8 + (0.4 * random)));
};
