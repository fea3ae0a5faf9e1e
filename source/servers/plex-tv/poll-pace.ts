const politeMs = 1000;
const slowestMs = 30_000;
const slowestInTroubleMs = 8000;
const longestRetryAfterMs = 60_000;

/**
How long to wait before plex.tv is asked again: a second is what clients keep to, since no limit is published. Asked for patience, or in trouble, the wait doubles; each good answer halves it.
*/
export type Pace = {
	waitMs: () => number;
	answered: () => void;
	failed: () => void;
	throttled: (retryAfterMs: number | undefined) => void;
};

export const createPace = (): Pace => {
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
