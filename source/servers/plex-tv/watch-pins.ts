import type {Sleep} from '../../base/abort.js';
import {isAppError, type AppError} from '../../base/errors.js';
import type {Pin} from './account.js';
import type {PlexTv} from './plex-tv.js';

type WatchOptions = {
	plexTv: Pick<PlexTv, 'checkPin'>;
	pins: readonly Pin[];
	leader: Pin;
	pace: PollPace;
	now: () => number;
	sleep: Sleep;
	signal: AbortSignal;
	onAnswer: () => void;
	onTrouble: (error: AppError) => void;
	onGone: (pin: Pin) => void;
};

/**
Polls PINs until one is approved, or the leader has expired. Each PIN is asked once more after its time, since approval may come in the last second.

@returns The token, or the PINs that may still be approved.

@throws The rejection of `sleep` when the signal aborts, and AppError `cancelled`.
*/
export const watchPins = async (options: WatchOptions): Promise<{token: string} | {token: undefined; left: readonly Pin[]}> => {
	const {leader, pace, now, sleep, signal, onGone} = options;
	const pins = [...options.pins];
	for (let isLeaderGone = false; ;) {
		await sleep(pace.waitMs(), signal);
		const pin = pins.shift()!;
		const isLastTime = now() >= pin.expiresAtMs;
		const state = await ask(pin, options);
		if (typeof state === 'object') {
			return state;
		}

		if (state === 'open' && !isLastTime) {
			pins.push(pin);
		} else if (pin === leader) {
			isLeaderGone = true;
		} else {
			onGone(pin);
		}

		if (isLeaderGone && pins.every(({expiresAtMs}) => expiresAtMs > now())) {
			return {token: undefined, left: pins};
		}
	}
};

const ask = async (pin: Pin, {plexTv, pace, signal, onAnswer, onTrouble}: WatchOptions): Promise<'open' | 'gone' | {token: string}> => {
	try {
		const check = await plexTv.checkPin(pin.id, {signal});
		if (check.state === 'throttled') {
			pace.throttled(check.retryAfterMs);
			return 'open';
		}

		pace.answered();
		if (check.state === 'approved') {
			return {token: check.token};
		}

		onAnswer();
		return check.state === 'waiting' ? 'open' : 'gone';
	} catch (error) {
		if (!isAppError(error) || error.code === 'cancelled') {
			throw error;
		}

		pace.failed();
		onTrouble(error);
		return 'open';
	}
};

const politeMs = 1000;
const slowestMs = 30_000;
const slowestInTroubleMs = 8000;
const longestRetryAfterMs = 60_000;

type PollPace = ReturnType<typeof createPollPace>;

/**
How long to wait before plex.tv is asked again. Clients keep to a second, since no limit is published. The wait doubles when plex.tv asks for patience or fails, and each good answer halves it.
*/
export const createPollPace = () => {
	let intervalMs = politeMs;
	let waitMs = politeMs;
	return {
		waitMs: () => waitMs,
		answered() {
			intervalMs = Math.max(politeMs, intervalMs / 2);
			waitMs = intervalMs;
		},
		failed() {
			intervalMs = Math.max(intervalMs, Math.min(intervalMs * 2, slowestInTroubleMs));
			waitMs = intervalMs;
		},
		throttled(retryAfterMs = 0) {
			intervalMs = Math.min(intervalMs * 2, slowestMs);
			waitMs = Math.max(intervalMs, Math.min(retryAfterMs, longestRetryAfterMs));
		},
	};
};
