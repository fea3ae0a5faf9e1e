import type {ErrorCode} from '../../base/errors.js';

const ladderMs = [30_000, 120_000, 600_000, 1_800_000, 3_600_000] as const;
const longestMs = 3_600_000;
const jitter = 0.2;

/**
How often a job is tried before it is parked.
*/
export const maxAttempts = ladderMs.length + 1;

/**
No further try mends them: somebody has to do something first.
*/
const lasting = new Set<ErrorCode>(['unauthorized', 'forbidden', 'usage', 'damaged', 'newer']);

/**
Of this machine, and they pass without anybody telling: room is made, another program ends. They are waited for however long it takes.
*/
const local = new Set<ErrorCode>(['locked', 'disk-full', 'not-writable']);

/**
What follows a failed attempt: in how many milliseconds the next one comes, `undefined` when there is none.
*/
export const afterFailure = (code: ErrorCode, {attempts, random01}: {attempts: number; random01: number}): {delayMs: number | undefined; note: string} => {
	if (lasting.has(code)) {
		return {delayMs: undefined, note: 'Given up: trying again would not mend it.'};
	}

	const isPassing = local.has(code);
	if (!isPassing && attempts >= maxAttempts) {
		return {delayMs: undefined, note: `Given up after ${attempts} attempts.`};
	}

	const stepMs = ladderMs[attempts - 1] ?? longestMs;
	return {
		delayMs: Math.round(stepMs * (1 - jitter + (2 * jitter * random01))),
		note: isPassing ? `Attempt ${attempts} failed.` : `Attempt ${attempts} of ${maxAttempts} failed.`,
	};
};

/**
Whether the time of the next try has come. One that is further off than any is comes from a clock that was set back.
*/
export const isDue = (dueAt: string | undefined, now: Date): boolean => {
	const restMs = Date.parse(dueAt ?? '') - now.getTime();
	return !(restMs > 0 && restMs <= longestMs * (1 + jitter));
};
