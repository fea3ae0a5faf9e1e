import type {ImportTotals} from '../catalog/types.js';
import type {AppError} from '../base/errors.js';
import {noTotals, type Problem, type Report} from './events.js';
import {isStoreFault, problemFrom} from './problems.js';

export type Counted = {
	imported: number;
	unchanged: number;
	lastTitle: string | undefined;
};

/**
The counts of one library, kept so that `expected = imported + unchanged + failed + skipped` holds at the end whatever happened.
*/
export type Tally = {
	totals: () => ImportTotals;
	problems: () => Problem[];
	/**
	The server has announced so many more rows.
	*/
	expect: (count: number) => void;
	commit: (committed: Counted & {revision: number}) => void;
	/**
	As `commit`, for items that needed no commit, or are not committed yet.
	*/
	count: (counted: Pick<Counted, 'imported' | 'unchanged'>) => void;
	fail: (fault: Omit<Problem, 'library'>, count?: number) => void;
	skip: (count: number, reason: string) => void;
	/**
	Number of rows that are expected and not counted yet.
	*/
	open: () => number;
};

export const createTally = (library: {id: string; title: string}, report: Report): Tally => {
	const totals = {...noTotals};
	const problems: Problem[] = [];

	return {
		totals: () => ({...totals}),
		problems: () => [...problems],
		expect(count) {
			totals.expected += count;
			report({type: 'library-counted', libraryId: library.id, expected: totals.expected});
		},
		commit(committed) {
			totals.imported += committed.imported;
			totals.unchanged += committed.unchanged;
			report({type: 'items-committed', libraryId: library.id, ...committed});
		},
		count({imported, unchanged}) {
			totals.imported += imported;
			totals.unchanged += unchanged;
			report({
				type: 'items-compared', libraryId: library.id, imported, unchanged,
			});
		},
		fail(fault, count = 1) {
			totals.failed += count;
			const problem = {library, ...fault};
			problems.push(problem);
			report({type: 'problem', problem, failed: count});
		},
		skip(count, reason) {
			totals.skipped += count;
			report({
				type: 'items-skipped', libraryId: library.id, count, reason,
			});
		},
		open: () => totals.expected - totals.imported - totals.unchanged - totals.failed - totals.skipped,
	};
};

/**
After a fault, count everything that was announced and not reached, so that the equation holds.
*/
export const closeBooks = (tally: Tally, fault: AppError, whyCancelled: string) => {
	const open = tally.open();
	if (fault.code !== 'cancelled') {
		tally.fail(problemFrom(fault, isStoreFault(fault) ? 'save' : 'list'), Math.max(0, open));
	} else if (open > 0) {
		tally.skip(open, whyCancelled);
	}
};
