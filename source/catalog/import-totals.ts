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
