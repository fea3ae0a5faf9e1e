/**
How fast items were done lately. Items come in bursts, since a batch is committed at once, so a speed is measured from the end of one burst to the end of another: it is then right just after a burst as well as just before one.
*/
export type Speed = {
	readonly startedAtMs: number;
	readonly nowMs: number;
	readonly all: readonly Burst[];
	/**
	Items that were fetched. What was found unchanged costs next to nothing, and says little about what is left.
	*/
	readonly fetched: readonly Burst[];
	readonly comparedAtMs: number | undefined;
};

type Burst = {beganAtMs: number; endedAtMs: number; done: number};

type Measured = {
	/**
	0 when unknown.
	*/
	perSecond: number;
	/**
	Whether it is worth estimating from.
	*/
	isReliable: boolean;
};

const windowMs = 30_000;
const fewestBursts = 3;
const burstMs = 1000;
/**
After a comparison ends, what is left is fetched.
*/
const comparedForMs = 3000;

export const startSpeed = (nowMs: number): Speed => {
	const start = [{beganAtMs: -Infinity, endedAtMs: nowMs, done: 0}];
	return {
		startedAtMs: nowMs, nowMs, all: start, fetched: start, comparedAtMs: undefined,
	};
};

/**
Adds what was done since the last time; nothing lets time pass.
*/
export const addDone = (speed: Speed, {fetched, compared}: {fetched: number; compared: number}, atMs: number): Speed => {
	const nowMs = Math.max(atMs, speed.nowMs);
	return {
		...speed,
		nowMs,
		all: withBurst(speed.all, fetched + compared, nowMs),
		fetched: withBurst(speed.fetched, fetched, nowMs),
		comparedAtMs: compared > 0 ? nowMs : speed.comparedAtMs,
	};
};

export const paceOfSpeed = ({startedAtMs, nowMs, all, fetched, comparedAtMs}: Speed): Measured => {
	const isComparing = comparedAtMs !== undefined && nowMs - comparedAtMs <= comparedForMs;
	const bursts = isComparing ? all : fetched;
	const {perSecond, count} = measure(bursts, nowMs);
	const elapsedMs = nowMs - startedAtMs;
	return {perSecond, isReliable: perSecond > 0 && ((count >= 2 && elapsedMs >= 2000) || elapsedMs >= 5000)};
};

const withBurst = (bursts: readonly Burst[], count: number, nowMs: number): readonly Burst[] => {
	if (count <= 0) {
		return bursts;
	}

	const last = bursts.at(-1)!;
	const done = last.done + count;
	return nowMs - last.beganAtMs < burstMs
		? [...bursts.slice(0, -1), {...last, endedAtMs: nowMs, done}]
		: [...bursts.slice(windowStart(bursts, nowMs)), {beganAtMs: nowMs, endedAtMs: nowMs, done}];
};

const windowStart = (bursts: readonly Burst[], nowMs: number): number => Math.max(0, bursts.findLastIndex(({endedAtMs}, index) =>
	nowMs - endedAtMs >= windowMs && bursts.length - 1 - index >= fewestBursts));

/**
A silence counts only as far as it is longer than usual.
*/
const measure = (bursts: readonly Burst[], nowMs: number): {perSecond: number; count: number} => {
	const from = windowStart(bursts, nowMs);
	const start = bursts[from]!;
	const last = bursts.at(-1)!;
	const count = bursts.length - 1 - from;
	const spanMs = last.endedAtMs - start.endedAtMs;
	const usualGapMs = count === 0 ? 0 : spanMs / count;
	const elapsedMs = spanMs + Math.max(0, nowMs - last.endedAtMs - usualGapMs);
	return {perSecond: elapsedMs <= 0 ? 0 : (last.done - start.done) * 1000 / elapsedMs, count};
};

/**
Says a time that is left no more precisely than it can be known.

@example
```
remainingWords(74_000); //=> 'about 1 min left'
remainingWords(23_000); //=> 'about 30 s left'
```
*/
export const remainingWords = (etaMs: number): string => {
	const seconds = etaMs / 1000;
	if (seconds <= 50) {
		return `about ${Math.max(1, Math.ceil(seconds / 10)) * 10} s left`;
	}

	const minutes = Math.max(1, Math.round(seconds / 60));
	const coarse = minutes < 10 ? minutes : Math.round(minutes / 5) * 5;
	return coarse < 60 ? `about ${coarse} min left` : `about ${Math.round(minutes / 60)} h left`;
};
