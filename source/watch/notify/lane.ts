import type {Clock} from '../../base/clock.js';
import {AppError, isAppError} from '../../base/errors.js';
import {backOffMs} from './back-off.js';
import type {Channel} from './channel.js';
import type {ChannelSettings} from './config.js';
import {heldUntil} from './delivery-rules.js';
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

const sendMs = 30_000;
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
	let working: Promise<void> | undefined;
	let isClosed = false;
	let isKicked = false;
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
		const failure = await attempt(notice);
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

	const attempt = async (notice: Notice): Promise<AppError | undefined> => {
		const controller = new AbortController();
		const {promise: over, reject} = Promise.withResolvers<never>();
		const end = (error: AppError) => {
			reject(error);
			controller.abort();
		};

		const cancelDeadline = clock.after(channel.deadlineMs ?? sendMs, () => {
			end(new AppError('timeout', `The notification channel ${name} did not take the notice in time.`, {hint: 'It is tried again later.'}));
		});
		const stop = () => {
			end(new AppError('cancelled', 'The process ended.'));
		};

		stopping.signal.addEventListener('abort', stop, {once: true});
		try {
			// Whoever does not heed the signal is left behind.
			await Promise.race([channel.send(notice, controller.signal), over]);
			return undefined;
		} catch (error) {
			return isAppError(error) ? error : new AppError('server-error', `The notification channel ${name} failed in a way that nobody expected.`, {cause: error});
		} finally {
			cancelDeadline();
			stopping.signal.removeEventListener('abort', stop);
		}
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
			if (!isFinal && !isHopeless(failed, notice.id, {code: failure.code, now})) {
				return failed;
			}

			onNote('warn', `The notification channel ${name} never took "${notice.title}", which is given up.`);
			return settle(failed, notice.id, name);
		});
	};

	const isHopeless = ({waiting: all}: OutboxState, id: string, {code, now}: {code: AppError['code']; now: Date}) => {
		const {attempts = 0, firstTriedAt} = all.find(entry => entry.notice.id === id)?.to.find(destination => destination.channel === name) ?? {};
		const isTooOld = firstTriedAt !== undefined && now.getTime() - Date.parse(firstTriedAt) >= giveUpMs;
		return isTooOld || (attempts >= mostRefusals && ['malformed', 'too-large'].includes(code));
	};

	const work = async () => {
		for (;;) {
			isKicked = false;
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
	};

	const arm = (ms: number | undefined) => {
		cancelTimer?.();
		cancelTimer = ms === undefined || isClosed ? undefined : clock.after(ms, kick);
	};

	function kick() {
		isKicked = true;
		if (isClosed || working !== undefined) {
			return;
		}

		working = work().finally(() => {
			working = undefined;
			// Something came while the last look was on its way out.
			if (isKicked) {
				kick();
			}
		});
	}

	return {
		kick,
		async flush() {
			await working;
			retryAtMs = clock.monotonicMs();
			kick();
			await working;
		},
		async close(graceMs) {
			isClosed = true;
			cancelTimer?.();
			const cancelGrace = clock.after(graceMs, () => {
				stopping.abort();
			});
			await working;
			cancelGrace();
		},
	};
};
