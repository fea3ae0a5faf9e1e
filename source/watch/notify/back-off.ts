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
