import type {ImportTotals} from '../../catalog/types.js';
import type {RunStatus} from '../../history/runs.js';
import {formatCount} from '../../base/text/format.js';

const terms = ['imported', 'unchanged', 'failed', 'skipped'] as const;

/**
The equation of a run without the terms that are 0.

@example
```
shortEquation({expected: 188, imported: 12, unchanged: 176, failed: 0, skipped: 0}); //=> '188 = 12 imported + 176 unchanged'
```
*/
export const shortEquation = (totals: ImportTotals): string => {
	const parts = terms.filter(term => totals[term] > 0).map(term => `${formatCount(totals[term])} ${term}`);
	return parts.length === 0 ? formatCount(totals.expected) : `${formatCount(totals.expected)} = ${parts.join(' + ')}`;
};

export const fullEquation = (totals: ImportTotals): string =>
	`${formatCount(totals.expected)} expected = ${terms.map(term => `${formatCount(totals[term])} ${term}`).join(' + ')}`;

export const hasEnded = ({status}: {status: RunStatus}): boolean => status !== 'running' && status !== 'interrupted';

export const statusWord: Readonly<Record<RunStatus, string>> = {
	running: 'running',
	done: 'done',
	partly: 'partly done',
	failed: 'failed',
	cancelled: 'cancelled',
	interrupted: 'interrupted',
};
