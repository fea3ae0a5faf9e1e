import process from 'node:process';

export type Verdict = {
	what: string;
	is: number;
	limit: number;
};

/**
Prints a line per limit; the process fails when one is exceeded.
*/
export const judge = (verdicts: readonly Verdict[]): void => {
	for (const {what, is, limit} of verdicts) {
		const isKept = is <= limit;
		process.stdout.write(`${isKept ? 'PASS' : 'FAIL'}  ${what}: ${round(is)}, limit ${round(limit)}${limit === 0 ? '' : ` (${round(is / limit)} of it)`}\n`);
		if (!isKept) {
			process.exitCode = 1;
		}
	}
};

const round = (value: number) => Number(value.toPrecision(3));

export const median = (numbers: readonly number[]): number => percentile(numbers, 0.5);

/**
@example
```
percentile([3, 1, 2], 0.5); //=> 2
```
*/
export const percentile = (numbers: readonly number[], share: number): number => numbers.toSorted((a, b) => a - b)[Math.min(numbers.length - 1, Math.floor(numbers.length * share))]!;
