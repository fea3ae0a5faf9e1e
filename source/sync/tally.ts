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
export const createTally = (library: {id: string; title: string}, report: Report) => {
	const totals = {...noTotals};
	const problems: Problem[] = [];
	const add = ({imported, unchanged}: Pick<Counted, 'imported' | 'unchanged'>) => {
		totals.imported += imported;
		totals.unchanged += unchanged;
	};

	return {
		totals: (): ImportTotals => ({...totals}),
		problems: (): Problem[] => [...problems],
		/**
		The server has announced so many more rows.
		*/
		expect(count: number): void {
			totals.expected += count;
			report({type: 'library-counted', libraryId: library.id, expected: totals.expected});
		},
		commit(committed: Counted & {revision: number}): void {
			add(committed);
			report({type: 'items-committed', libraryId: library.id, ...committed});
		},
		/**
		As `commit`, for items that needed no commit, or are not committed yet.
		*/
		count({imported, unchanged}: Pick<Counted, 'imported' | 'unchanged'>): void {
			add({imported, unchanged});
			report({
				type: 'items-compared', libraryId: library.id, imported, unchanged,
			});
		},
		fail(fault: Omit<Problem, 'library'>, count = 1): void {
			totals.failed += count;
			const problem = {library, ...fault};
			problems.push(problem);
			report({type: 'problem', problem, failed: count});
		},
		skip(count: number, reason: string): void {
			totals.skipped += count;
			report({
				type: 'items-skipped', libraryId: library.id, count, reason,
			});
		},
		/**
		Number of rows that are expected and not counted yet.
		*/
		open: (): number => totals.expected - totals.imported - totals.unchanged - totals.failed - totals.skipped,
	};
};

export type Tally = ReturnType<typeof createTally>;

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
