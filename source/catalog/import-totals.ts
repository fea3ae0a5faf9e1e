import {formatCount} from '../base/text/format.js';
import type {ImportTotals} from './types.js';

/**
Adds up the totals of several libraries.
*/
export const sumTotals = (libraries: readonly ImportTotals[]): ImportTotals => {
	const sum: ImportTotals = {
		expected: 0, imported: 0, unchanged: 0, failed: 0, skipped: 0,
	};
	for (const library of libraries) {
		sum.expected += library.expected;
		sum.imported += library.imported;
		sum.unchanged += library.unchanged;
		sum.failed += library.failed;
		sum.skipped += library.skipped;
	}

	return sum;
};

export const totalsTerms = ['imported', 'unchanged', 'failed', 'skipped'] as const;

/**
@example
```
totalsEquation({expected: 188, imported: 12, unchanged: 176, failed: 0, skipped: 0}); //=> '188 expected = 12 imported + 176 unchanged + 0 failed + 0 skipped'
```
*/
export const totalsEquation = (totals: ImportTotals): string =>
	`${formatCount(totals.expected)} expected = ${totalsTerms.map(term => `${formatCount(totals[term])} ${term}`).join(' + ')}`;
