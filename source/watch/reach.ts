import type {Clock} from '../base/clock.js';
import {AppError, isAppError} from '../base/errors.js';

type ReachOptions<Connection> = {
	connect: (signal: AbortSignal) => Promise<Connection>;
	disconnect: (connection: Connection) => void;
	clock: Clock;
	random: () => number;
	/**
	Called when the server becomes reachable or unreachable.
	*/
	onChange: (news: ReachNews) => void;
};

export type ReachNews = {isReachable: true} | {isReachable: false; error: AppError};

export type ReachState = {
	isReachable: boolean;
	since: Date;
	error?: AppError;
	/**
	Failed attempts in a row.
	*/
	failures: number;
	hasBeenReached: boolean;
};

const ladderMs = [2000, 5000, 15_000, 30_000, 60_000];

/**
A refused token is tried once more soon, since a strained server refuses good tokens, too ([PKC]), and then rarely: a person has to renew it, perhaps elsewhere.
*/
const deadLadderMs = [30_000, 15 * 60_000];

const isDead = (error: AppError) => ['unauthorized', 'forbidden', 'usage'].includes(error.code);

/**
Keeps the one connection to the server. While the server cannot be reached, all work waits for one attempt, and the attempts become rarer.
*/
export const createReach = <Connection>({connect, disconnect, clock, random, onChange}: ReachOptions<Connection>) => {
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
		/**
		@throws AppError of the last attempt, if it is too early for another one
		*/
		async get(signal: AbortSignal): Promise<Connection> {
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
		/**
		The connection failed in use.
		*/
		lost(reason: AppError) {
			drop();
			fail(reason);
		},
		/**
		Monotonic time of the next attempt; undefined if one may be made now.
		*/
		retryAtMs: () => retryAtMs,
		/**
		Allows the next attempt at once.
		*/
		hurry() {
			retryAtMs = undefined;
		},
		state: (): ReachState => ({
			isReachable: isReachable === true, since, failures, hasBeenReached, ...(error !== undefined && {error}),
		}),
		close: drop,
	};
};
