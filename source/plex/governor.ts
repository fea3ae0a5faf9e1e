/**
Why no more requests are under way than there are. `free`: nothing speaks against as many as are ever sent.
*/
export type PaceReason = 'fixed' | 'free' | 'slow' | 'refused' | 'scanning' | 'streaming';

export type Pace = {
	/**
	Requests at a time.
	*/
	limit: number;
	/**
	To be left between one request and the next.
	*/
	pauseMs: number;
	reason: PaceReason;
};

/**
What became of one request.
*/
export type Observation = {
	/**
	Requests of one kind cost the server alike, row by row.
	*/
	kind: string;
	/**
	In the answer. What has none is not judged by its latency.
	*/
	rows: number;
	latencyMs: number;
	/**
	When it ended, on any monotonic clock.
	*/
	atMs: number;
	/**
	Absent when no answer came.
	*/
	status?: number | undefined;
	didTimeout?: boolean;
	/**
	No other request of ours was under way at the same time.
	*/
	isAlone: boolean;
};

export type LoadFacts = {
	isStreaming: boolean;
	isScanning: boolean;
};

/**
How many requests a server is asked for at a time. No clock, no timers, no I/O: the same observations give the same pace.
*/
export type Governor = {
	observe: (observation: Observation) => void;
	learn: (facts: LoadFacts) => void;
	pace: () => Pace;
};

/**
What one request takes alone is what all else is compared with, so that is learned first.
*/
export const startLimit = 1;

/**
More slow a server down: it reads its database through one lock.
*/
export const maxLimit = 4;

const streamingLimit = 1;
const scanningLimit = 2;

/**
Answers from one change to the next judgement, those that are enough to see that it was far too much, and those that tell what is usual of a kind.
*/
const windowSize = 6;
const quickWindowSize = 3;
const introductionSize = 3;

/**
Whoever else uses the server waits about as much longer as we do. A fifth more is borne, and what no person notices.
*/
const bearableRatio = 1.2;
const bearableMs = 50;
const farTooSlowRatio = 1.15;

/**
Alone, and still so slow: the server has other work to do, so it is left alone as long as it is asked ([MNT] and others pause, too).
*/
const restRatio = 3;
const longestPauseMs = 5000;

/**
Before more is tried again; twice as long each time that it was too much.
*/
const firstHoldMs = 30_000;
const longestHoldMs = 240_000;

/**
Per answer, so that some tens of them teach another usual.
*/
const driftPerAnswer = 1.02;

type Judged = {
	latencyMs: number;
	/**
	To what is usual, and to what is borne.
	*/
	ratio: number;
	excess: number;
	usual: Usual;
};

type Usual = {first: number[]; costMs: number | undefined};

/**
Additive increase, multiplicative decrease. Latency is judged per row against what is usual of the same kind and about the same number of rows. What is usual rises only by requests that were alone: those that hinder each other must not become usual.

@param fixedLimit never moves
*/
export const createGovernor = (fixedLimit?: number): Governor => {
	const usuals = new Map<string, Usual>();
	let limit = startLimit;
	let cap = maxLimit;
	let load: LoadFacts = {isStreaming: false, isScanning: false};
	let cause: 'free' | 'slow' | 'refused' = 'free';
	let pauseMs = 0;
	let changedAtMs = -Infinity;
	let holdMs = firstHoldMs;
	let holdUntilMs = -Infinity;
	let judged: Judged[] = [];

	const change = (next: number, atMs: number) => {
		limit = next;
		changedAtMs = atMs;
		judged = [];
	};

	const decrease = (reason: 'slow' | 'refused', atMs: number, share = 0.5) => {
		cause = reason;
		holdUntilMs = atMs + holdMs;
		holdMs = Math.min(longestHoldMs, 2 * holdMs);
		const next = Math.min(limit - 1, Math.floor(limit * share));
		change(Math.max(1, next), atMs);
	};

	const increase = (atMs: number) => {
		change(limit + 1, atMs);
		if (limit === maxLimit) {
			cause = 'free';
		}
	};

	const judge = (atMs: number) => {
		const ratio = median(judged.map(one => one.ratio));
		const excess = median(judged.map(one => one.excess));
		const latencyMs = median(judged.map(one => one.latencyMs));
		const isSlow = excess > 1;
		pauseMs = isSlow && limit === 1 && ratio >= restRatio ? Math.min(longestPauseMs, Math.round(latencyMs)) : 0;
		if (ratio < 1) {
			for (const usual of new Set(judged.map(one => one.usual))) {
				usual.costMs! *= ratio;
			}
		}

		if (isSlow && limit > 1) {
			decrease('slow', atMs, 1 / excess);
			return;
		}

		judged = [];
		if (isSlow) {
			cause = 'slow';
			return;
		}

		if (limit > 1) {
			holdMs = firstHoldMs;
		}

		if (limit < cap && atMs >= holdUntilMs) {
			increase(atMs);
		}
	};

	const judgeLatency = ({kind, rows, latencyMs, atMs, isAlone}: Observation) => {
		const costMs = latencyMs / rows;
		const usual = usualOf(usuals, kind, rows);
		if (usual.costMs === undefined) {
			usual.first.push(costMs);
			usual.costMs = usual.first.length === introductionSize ? median(usual.first) : undefined;
			return;
		}

		// One from before the last change says nothing of what came after.
		if (atMs - latencyMs >= changedAtMs) {
			const usualMs = usual.costMs * rows;
			judged.push({
				latencyMs, ratio: latencyMs / usualMs, excess: latencyMs / Math.max(bearableRatio * usualMs, usualMs + bearableMs), usual,
			});
		}

		if (isAlone) {
			usual.costMs *= costMs > usual.costMs ? driftPerAnswer : 1 / driftPerAnswer;
		}

		const isQuick = limit > 1 && judged.length >= quickWindowSize && median(judged.map(one => one.excess)) > farTooSlowRatio;
		if (isQuick || judged.length >= windowSize) {
			judge(atMs);
		}
	};

	return {
		observe(observation) {
			const {status, didTimeout = false, atMs, rows, latencyMs} = observation;
			if (status === 429 || status === 503) {
				decrease('refused', atMs);
			} else if (didTimeout || status === 502 || status === 504) {
				decrease('slow', atMs);
			} else if (status !== undefined && status < 300 && rows > 0 && latencyMs > 0) {
				judgeLatency(observation);
			}
		},
		learn(facts) {
			load = facts;
			cap = facts.isStreaming ? streamingLimit : (facts.isScanning ? scanningLimit : maxLimit);
			if (!(limit > cap)) {
				return;
			}

			limit = cap;
			judged = [];
		},
		pace() {
			if (fixedLimit !== undefined) {
				return {limit: fixedLimit, pauseMs: 0, reason: 'fixed'};
			}

			const reason = load.isStreaming ? 'streaming' : (load.isScanning ? 'scanning' : cause);
			return {limit, pauseMs, reason};
		},
	};
};

/**
By kind, and by rows within a factor of two: part of the cost is that of the request itself.
*/
const usualOf = (usuals: Map<string, Usual>, kind: string, rows: number): Usual => {
	const key = `${kind} ${Math.floor(Math.log2(rows))}`;
	const known = usuals.get(key) ?? {first: [], costMs: undefined};
	usuals.set(key, known);
	return known;
};

const median = (numbers: readonly number[]): number => numbers.toSorted((a, b) => a - b)[Math.floor((numbers.length - 1) / 2)]!;
