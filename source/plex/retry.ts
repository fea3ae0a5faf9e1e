import type {Failure, Outcome} from './failure.js';

export type RetryPolicy = {
	/**
	How many times a request is sent again; 0 for never.
	*/
	limit: number;
	/**
	The first wait is up to this long, each later one up to twice the one before.
	*/
	baseMs: number;
	maxMs: number;
};

export const defaultRetry: RetryPolicy = {limit: 4, baseMs: 500, maxMs: 15_000};

const briefLimit = 2;
const longestRetryAfterMs = 60_000;

export type RetryOptions<Value> = {
	attempt: () => Promise<Outcome<Value>>;
	policy: RetryPolicy;
	wait: (ms: number) => Promise<void>;
	/**
	From 0 up to 1.
	*/
	random: () => number;
	onRetry: (attempt: number, waitMs: number, failure: Failure) => void;
};

/**
Tries again while that may help. What the server asks for (`Retry-After`) is kept to, up to a minute; otherwise the wait is random below a doubling bound ("full jitter"), so that many requests that failed together do not come back together.
*/
export const withRetries = async <Value>({attempt, policy, wait, random, onRetry}: RetryOptions<Value>): Promise<Outcome<Value>> => {
	for (let retries = 0; ; retries++) {
		const outcome = await attempt();
		if (outcome.ok || retries >= retryLimit(outcome, policy)) {
			return outcome;
		}

		const waitMs = outcome.retryAfterMs === undefined
			? Math.round(random() * Math.min(policy.maxMs, policy.baseMs * (2 ** retries)))
			: Math.min(outcome.retryAfterMs, longestRetryAfterMs);
		onRetry(retries + 1, waitMs, outcome);
		await wait(waitMs);
	}
};

const retryLimit = ({retry}: Failure, {limit}: RetryPolicy) => {
	if (retry === 'never') {
		return 0;
	}

	return retry === 'briefly' ? Math.min(limit, briefLimit) : limit;
};

/**
Milliseconds from `now` (in milliseconds since 1970), for a number of seconds and for an HTTP date; nothing when it is neither.
*/
export const readRetryAfter = (header: string | undefined, now: number): number | undefined => {
	const text = header?.trim() ?? '';
	if (/^\d+(?:\.\d+)?$/v.test(text)) {
		return Number(text) * 1000;
	}

	const at = text === '' ? NaN : Date.parse(text);
	return Number.isNaN(at) ? undefined : Math.max(0, at - now);
};
