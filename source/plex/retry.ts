import type {Failure, Outcome} from './failure.js';

export type RetryPolicy = {
	limit: number;
	/**
	Limit of the first wait. Each later limit is twice the one before.
	*/
	baseMs: number;
	maxMs: number;
	/**
	The caller will ask again for less. A fault that this may avoid is told at once; any other is retried as usual.
	*/
	isNarrowing?: boolean;
};

export const defaultRetry: RetryPolicy = {limit: 4, baseMs: 500, maxMs: 15_000};

const briefLimit = 2;
const longestRetryAfterMs = 60_000;

type RetryOptions<Value> = {
	attempt: () => Promise<Outcome<Value>>;
	policy: RetryPolicy;
	wait: (ms: number) => Promise<void>;
	random: () => number;
	onRetry: (attempt: number, waitMs: number, failure: Failure) => void;
};

/**
Retries while that may help. It respects `Retry-After` up to a minute; otherwise the wait is random below a doubling limit ("full jitter"), so that requests that failed together do not return together.
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

const retryLimit = ({retry, retryAfterMs, error: {code}}: Failure, {limit, isNarrowing = false}: RetryPolicy) => {
	// A server that says when to come back is not broken by what was asked.
	const isTooMuch = isNarrowing && retryAfterMs === undefined && (code === 'server-error' || code === 'timeout');
	return isTooMuch ? 0 : {never: 0, briefly: Math.min(limit, briefLimit), often: limit}[retry];
};
