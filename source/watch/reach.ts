import type {Clock} from '../base/clock.js';
import {AppError, isAppError} from '../base/errors.js';

type ReachOptions<Connection> = {
	connect: (signal: AbortSignal) => Promise<Connection>;
	disconnect: (connection: Connection) => void;
	clock: Clock;
	random: () => number;
	/**
	Told when the server is reached after it was not, and when it is not after it was.
	*/
	onChange: (news: ReachNews) => void;
};

export type ReachNews = {isReachable: true} | {isReachable: false; error: AppError};

export type ReachState = {
	isReachable: boolean;
	since: Date;
	error?: AppError;
	/**
	Attempts that failed one after the other.
	*/
	failures: number;
	hasBeenReached: boolean;
};

/**
The one way to the server. While it cannot be reached nothing is begun: all work waits for one attempt, whose distance grows, instead of failing piece by piece.
*/
export type Reach<Connection> = {
	/**
	@throws AppError of the last attempt, without another one before its time has come
	*/
	get: (signal: AbortSignal) => Promise<Connection>;
	current: () => Connection | undefined;
	/**
	The connection failed in use.
	*/
	lost: (error: AppError) => void;
	/**
	Monotonic time of the next attempt; undefined where one may be made now.
	*/
	retryAtMs: () => number | undefined;
	/**
	Somebody believes that it works now.
	*/
	hurry: () => void;
	/**
	Since when it has been as it is, and why.
	*/
	state: () => ReachState;
	close: () => void;
};

const ladderMs = [2000, 5000, 15_000, 30_000, 60_000];

/**
What no attempt mends is tried once more, since a strained server refuses good tokens, too ([PKC]), and then rarely: a token is renewed by a person, who may have done it elsewhere.
*/
const deadLadderMs = [30_000, 15 * 60_000];

const isDead = (error: AppError) => ['unauthorized', 'forbidden', 'usage'].includes(error.code);

export const createReach = <Connection>({connect, disconnect, clock, random, onChange}: ReachOptions<Connection>): Reach<Connection> => {
	let connection: Connection | undefined;
	let connecting: Promise<Connection> | undefined;
	let failures = 0;
	let hasBeenReached = false;
	let retryAtMs: number | undefined;
	let error: AppError | undefined;
	let isReachable: boolean | undefined;
	let since = clock.now();

	const become = (news: ReachNews) => {
		error = news.isReachable ? undefined : news.error;
		if (isReachable === news.isReachable) {
			return;
		}

		isReachable = news.isReachable;
		since = clock.now();
		onChange(news);
	};

	const fail = (reason: AppError) => {
		failures++;
		const ladder = isDead(reason) ? deadLadderMs : ladderMs;
		const ms = ladder[Math.min(failures, ladder.length) - 1]!;
		retryAtMs = clock.monotonicMs() + (ms * (0.8 + (0.4 * random())));
		become({isReachable: false, error: reason});
	};

	const drop = () => {
		if (connection === undefined) {
			return;
		}

		disconnect(connection);
		connection = undefined;
	};

	const attempt = async (signal: AbortSignal): Promise<Connection> => {
		try {
			connection = await connect(signal);
			failures = 0;
			hasBeenReached = true;
			retryAtMs = undefined;
			become({isReachable: true});
			return connection;
		} catch (error_) {
			if (isAppError(error_) && error_.code !== 'cancelled') {
				fail(error_);
			}

			throw error_;
		}
	};

	return {
		async get(signal) {
			if (connection !== undefined) {
				return connection;
			}

			if (retryAtMs !== undefined && clock.monotonicMs() < retryAtMs) {
				throw error ?? new AppError('unreachable', 'The server could not be reached.');
			}

			connecting ??= attempt(signal).finally(() => {
				connecting = undefined;
			});
			return connecting;
		},
		current: () => connection,
		lost(reason) {
			drop();
			fail(reason);
		},
		retryAtMs: () => retryAtMs,
		hurry() {
			retryAtMs = undefined;
		},
		state: () => ({
			isReachable: isReachable === true, since, failures, hasBeenReached, ...(error !== undefined && {error}),
		}),
		close: drop,
	};
};
