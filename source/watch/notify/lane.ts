import type {Clock} from '../../base/clock.js';
import type {AppError} from '../../base/errors.js';
import {createLoop} from '../../base/loop.js';
import {quietUntil} from '../schedule/quiet-hours.js';
import {adviceOf, attemptSend, type Channel} from './channel.js';
import type {ChannelSettings} from './config.js';
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
	change: (update: (state: OutboxState) => OutboxState) => Promise<void>;
	clock: Clock;
	random: () => number;
	onNote: (level: 'info' | 'warn', text: string) => void;
};

/**
Sends notices to one channel, one after the other and independent of other lanes.
*/
export type Lane = {
	kick: () => void;
	/**
	Tries now, without waiting for the next try. Resolves when nothing is left that may be sent now, or when an attempt has failed.
	*/
	flush: () => Promise<void>;
	/**
	Waits this long for the attempt that is under way, then cancels it.
	*/
	close: (graceMs: number) => Promise<void>;
};

/**
Quiet hours are checked again at least this often, because timers stand still while a machine sleeps, and clocks may be set.
*/
const longestNapMs = 60_000;

/**
The longest wait for a broken channel, unless the service itself asks for more. It also bounds the wait after a restart.
*/
const longestMs = 3_600_000;

export const createLane = ({channel, settings, state, change, clock, random, onNote}: LaneOptions): Lane => {
	const {name} = channel;
	let cancelTimer: (() => void) | undefined;
	let isClosed = false;
	let retryAtMs = clock.monotonicMs() + restartWaitMs();
	const stopping = new AbortController();

	function restartWaitMs() {
		const {retryAt} = channelState(state(), name);
		return retryAt === undefined ? 0 : Math.min(longestMs, Math.max(0, Date.parse(retryAt) - clock.now().getTime()));
	}

	const next = (): {notice?: Notice; napMs?: number} => {
		const now = clock.now();
		let napMs: number | undefined;
		const waiting = state().waiting.filter(({to}) => to.some(destination => destination.channel === name));
		for (const {notice} of waiting) {
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
			cancelledMessage: 'The process ended.',
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

		// The next process sends what was cancelled at the end.
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

			onNote('warn', `The notification channel ${name} did not accept "${notice.title}"; it is given up.`);
			return settle(failed, notice.id, name);
		});
	};

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
Whether a channel gives up a notice: it has tried for a day, or the service has refused the notice three times.
*/
const isHopeless = ({waiting}: OutboxState, {id, channel, code, now}: {id: string; channel: string; code: AppError['code']; now: Date}) => {
	const {attempts = 0, firstTriedAt} = waiting.find(({notice}) => notice.id === id)?.to.find(destination => destination.channel === channel) ?? {};
	const isTooOld = firstTriedAt !== undefined && now.getTime() - Date.parse(firstTriedAt) >= 86_400_000;
	return isTooOld || (attempts >= 3 && ['malformed', 'too-large'].includes(code));
};

/**
Returns the end of the quiet hours that a notice waits for, or `undefined` if it may be sent now.
*/
const heldUntil = ({topic, level}: Notice, {quiet: {quietHours = [], quietErrors, timeZone}}: Pick<ChannelSettings, 'quiet'>, now: Date): Date | undefined => {
	const isUrgent = topic === 'test' || (topic === 'alerts' && level === 'error' && !quietErrors);
	return isUrgent ? undefined : quietUntil(quietHours, now, timeZone);
};

/**
Returns how long to wait after some failures in a row: a minute, doubled with each failure, at most an hour. It is up to a fifth shorter or longer, so that channels that failed together do not return together. If the service asked for a time, that time counts, up to a day.

`random` is from 0 up to 1.
*/
export const backOffMs = (failures: number, random: number, retryAfterMs?: number): number => {
	if (retryAfterMs !== undefined) {
		return Math.min(86_400_000, Math.max(1000, retryAfterMs));
	}

	const ms = Math.min(longestMs, 60_000 * (2 ** Math.min(20, Math.max(0, failures - 1))));
	return Math.round(ms * (0.8 + (0.4 * random)));
};
