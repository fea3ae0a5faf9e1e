import {isAppError, type AppError} from '../../base/errors.js';
import type {Sleep} from '../../plex/requests.js';
import type {Pin} from './pin.js';
import type {PlexTv} from './plex-tv.js';
import type {Pace} from './poll-pace.js';

export type WatchOptions = {
	plexTv: Pick<PlexTv, 'checkPin'>;
	/**
	Asked in turn, so that all together are asked once in a while.
	*/
	pins: readonly Pin[];
	/**
	The watch ends with this one.
	*/
	leader: Pin;
	pace: Pace;
	now: () => number;
	sleep: Sleep;
	signal: AbortSignal;
	onAnswer: () => void;
	onTrouble: (error: AppError) => void;
	/**
	A PIN other than the leader has come to its end.
	*/
	onGone: (pin: Pin) => void;
};

/**
Asks for PINs until one is approved, or the leader has come to its end. A PIN is asked for once more after its time, since approval may come in the last second.

@returns The token, or the PINs that may still be approved.

@throws What `sleep` rejects with when the signal aborts, and AppError `cancelled`.
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
