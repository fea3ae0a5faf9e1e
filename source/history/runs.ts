import {sumTotals} from '../catalog/import-totals.js';
import type {ImportTotals, Run} from '../catalog/types.js';

/**
`interrupted` is a run that never said that it ended: its process was killed, or the machine went down.
*/
export type RunStatus = Run['status'] | 'interrupted';

export type ListedRun = Omit<Run, 'status'> & {
	status: RunStatus;
	/**
	Over all its libraries: expected = imported + unchanged + failed + skipped.
	*/
	totals: ImportTotals;
	/**
	By kind, over all its libraries.
	*/
	changes: Readonly<Record<string, number>>;
	held: number;
};

export type RunsContext = {
	/**
	Since when the process writes that holds the catalogue now; absent when none does.
	*/
	writerSince: string | undefined;
};

/**
Newest first. `runs` are in the order of the store, which tells the order within a second.
*/
export const listRuns = (runs: readonly Run[], {writerSince}: RunsContext): ListedRun[] => {
	const newestFirst = runs.toReversed().toSorted((left, right) => Date.parse(right.startedAt) - Date.parse(left.startedAt));
	return newestFirst.map((run, index) => ({
		...run,
		// A process runs one at a time, and writes all the while.
		status: run.status === 'running' && (index > 0 || !isSince(writerSince, run.startedAt)) ? 'interrupted' : run.status,
		totals: sumTotals(run.libraries),
		changes: sumChanges(run.libraries),
		held: run.libraries.reduce((sum, library) => sum + library.held, 0),
	}));
};

/**
The runs that a person may mean: `latest`, or the beginning of an id.
*/
export const matchRuns = <Listed extends Pick<Run, 'id'>>(newestFirst: readonly Listed[], name: string): Listed[] => {
	if (name === 'latest') {
		return newestFirst.slice(0, 1);
	}

	return name === '' ? [] : newestFirst.filter(({id}) => id.startsWith(name));
};

/**
The run began in the life of that writer. Runs are known to the second only.
*/
const isSince = (writerSince: string | undefined, startedAt: string) =>
	writerSince !== undefined && Math.floor(Date.parse(writerSince) / 1000) <= Math.floor(Date.parse(startedAt) / 1000);

const sumChanges = (libraries: Run['libraries']): Record<string, number> => {
	const sum = new Map<string, number>();
	for (const {changes} of libraries) {
		for (const [kind, count] of Object.entries(changes)) {
			sum.set(kind, (sum.get(kind) ?? 0) + (count ?? 0));
		}
	}

	return Object.fromEntries(sum);
};
