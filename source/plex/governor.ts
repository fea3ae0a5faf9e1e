import type {ErrorCode} from '../base/errors.js';

/**
Why the number of concurrent requests is what it is. `free` means that nothing limits it.
*/
export type PaceReason = 'fixed' | 'free' | 'slow' | 'refused' | 'scanning' | 'streaming';

export type Pace = {
	limit: number;
	pauseMs: number;
	reason: PaceReason;
};

export type Observation = {
	/**
	Requests of one kind cost the server about the same per row.
	*/
	kind: string;
	/**
	Rows in the answer. The latency of an answer without rows is not judged.
	*/
	rows: number;
	latencyMs: number;
	atMs: number;
	status?: number | undefined;
	didTimeout?: boolean;
	isAlone: boolean;
};

export type LoadFacts = {
	isStreaming: boolean;
	isScanning: boolean;
};

/**
The latency of a lone request is the reference for everything else, so it is learned first.
*/
export const startLimit = 1;

/**
More requests slow a server down, because it reads its database through one lock.
*/
export const maxLimit = 4;

const streamingLimit = 1;
const scanningLimit = 2;

/**
The number of answers that a judgement needs, that show a severe overload early, and that establish the usual cost of a kind.
*/
const windowSize = 6;
const quickWindowSize = 3;
const introductionSize = 3;

/**
Other users of the server wait about as much longer as we do. Up to a fifth more is acceptable, and whatever no person notices.
*/
const bearableRatio = 1.2;
const bearableMs = 50;
const farTooSlowRatio = 1.15;

/**
When a lone request is this much slower than usual, the server is busy with other work, and we pause after each request ([MNT] and others pause, too).
*/
const restRatio = 3;
const longestPauseMs = 5000;

/**
Wait before the next increase. It doubles each time that an increase was too much.
*/
const firstHoldMs = 30_000;
const longestHoldMs = 240_000;

/**
Per answer, so that some tens of answers establish a new usual cost.
*/
const driftPerAnswer = 1.02;

type Judged = {
	latencyMs: number;
	/**
	`ratio` compares with the usual latency, `excess` with the acceptable one.
	*/
	ratio: number;
	excess: number;
	usual: Usual;
};

type Usual = {first: number[]; costMs: number | undefined};

/**
Decides how many requests run at a time. It uses no clock, no timers and no I/O: the same observations give the same pace.

Additive increase, multiplicative decrease. Latency is judged per row against what is usual for the same kind and a similar number of rows. The usual cost rises only by lone requests: requests that slow each other down must not become usual.

@param fixedLimit A limit that never changes.
*/
export const createGovernor = (fixedLimit?: number) => {
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

		if (!(limit < cap && atMs >= holdUntilMs)) {
			return;
		}

		change(limit + 1, atMs);
		cause = limit === maxLimit ? 'free' : cause;
	};

	const judgeLatency = ({kind, rows, latencyMs, atMs, isAlone}: Observation) => {
		const costMs = latencyMs / rows;
		const usual = usualOf(usuals, kind, rows);
		if (usual.costMs === undefined) {
			usual.first.push(costMs);
			usual.costMs = usual.first.length === introductionSize ? median(usual.first) : undefined;
			return;
		}

		// A request that started before the last change says nothing about the new limit.
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
		observe(observation: Observation) {
			const {status, didTimeout = false, atMs, rows, latencyMs} = observation;
			if (status === 429 || status === 503) {
				decrease('refused', atMs);
			} else if (didTimeout || status === 502 || status === 504) {
				decrease('slow', atMs);
			} else if (status !== undefined && status < 300 && rows > 0 && latencyMs > 0) {
				judgeLatency(observation);
			}
		},
		learn(facts: LoadFacts) {
			load = facts;
			cap = facts.isStreaming ? streamingLimit : (facts.isScanning ? scanningLimit : maxLimit);
			if (!(limit > cap)) {
				return;
			}

			limit = cap;
			judged = [];
		},
		pace(): Pace {
			if (fixedLimit !== undefined) {
				return {limit: fixedLimit, pauseMs: 0, reason: 'fixed'};
			}

			const reason = load.isStreaming ? 'streaming' : (load.isScanning ? 'scanning' : cause);
			return {limit, pauseMs, reason};
		},
	};
};

/**
Usual costs are kept by kind, and by rows within a factor of two, because each request has a fixed cost as well.
*/
const usualOf = (usuals: Map<string, Usual>, kind: string, rows: number): Usual => {
	const key = `${kind} ${Math.floor(Math.log2(rows))}`;
	const known = usuals.get(key) ?? {first: [], costMs: undefined};
	usuals.set(key, known);
	return known;
};

const median = (numbers: readonly number[]): number => numbers.toSorted((a, b) => a - b)[Math.floor((numbers.length - 1) / 2)]!;

type Finished = Pick<Observation, 'rows' | 'status'> & {code: ErrorCode | undefined};

/**
Runs the governor with a clock: tracks the running requests and reports changes of the pace.
*/
export const createPacer = ({concurrency, onPace, now = () => performance.now()}: {
	concurrency: number | undefined;
	onPace: (pace: Pace) => void;
	now?: (() => number) | undefined;
}) => {
	const governor = createGovernor(concurrency);
	const underWay = new Set<{most: number}>();
	let told = governor.pace();
	let endedAtMs = -Infinity;

	const tell = () => {
		const pace = governor.pace();
		if (pace.limit === told.limit && pace.reason === told.reason) {
			return;
		}

		told = pace;
		onPace(pace);
	};

	return {
		/**
		@returns Call it when the last byte has arrived; it returns the function to call with the outcome.
		*/
		begin(kind: string) {
			const own = {most: 1};
			const startedAtMs = now();
			underWay.add(own);
			for (const one of underWay) {
				one.most = Math.max(one.most, underWay.size);
			}

			return () => {
				underWay.delete(own);
				endedAtMs = now();
				const atMs = endedAtMs;
				return ({rows, status, code}: Finished) => {
					governor.observe({
						kind,
						rows,
						latencyMs: atMs - startedAtMs,
						atMs,
						status,
						didTimeout: code === 'timeout',
						isAlone: own.most === 1,
					});
					tell();
				};
			};
		},
		restMs: () => Math.max(0, endedAtMs + governor.pace().pauseMs - now()),
		learn(facts: LoadFacts) {
			governor.learn(facts);
			tell();
		},
	};
};
