/**
A smoothed speed: what happened in the last seconds counts most.
*/
export type Rate = {
	startedAtMs: number;
	sampledAtMs: number;
	/**
	Still pulled towards 0 by the start, see `perSecond`.
	*/
	average: number;
};

const timeConstantMs = 5000;

const memory = (durationMs: number) => Math.exp(-Math.max(0, durationMs) / timeConstantMs);

export const startRate = (nowMs: number): Rate => ({startedAtMs: nowMs, sampledAtMs: nowMs, average: 0});

/**
`count` things are done since the last sample. A count of 0 lets the speed sink while nothing happens.
*/
export const sampleRate = (rate: Rate, count: number, nowMs: number): Rate => {
	const kept = memory(nowMs - rate.sampledAtMs);
	return {
		...rate,
		sampledAtMs: Math.max(nowMs, rate.sampledAtMs),
		average: (rate.average * kept) + (count * 1000 / timeConstantMs),
	};
};

/**
Without the correction a run would seem to start slowly, since the time before it counts as standing still.
*/
export const perSecond = ({startedAtMs, sampledAtMs, average}: Rate): number => {
	const elapsedMs = sampledAtMs - startedAtMs;
	return elapsedMs <= 0 ? 0 : average / (1 - memory(elapsedMs));
};
