import type {CatalogStore} from '../catalog/catalog-store.js';
import {sumTotals} from '../catalog/library.js';
import type {ImportTotals, Run} from '../catalog/types.js';

/**
`interrupted` means that the end of the run was never recorded: its process was killed, or the machine went down.
*/
export type RunStatus = Run['status'] | 'interrupted';

export type ListedRun = Omit<Run, 'status'> & {
	status: RunStatus;
	/**
	Sums over all libraries of the run: expected = imported + unchanged + failed + skipped.
	*/
	totals: ImportTotals;
	/**
	Number of changes by kind, over all libraries of the run.
	*/
	changes: Readonly<Record<string, number>>;
	held: number;
};

/**
Lists runs, the newest first. `runs` are in the order of the store, which decides between runs of the same second. `writerSince` is the instant when the process that writes the catalogue now took its lock; `undefined` if no process writes.
*/
export const listRuns = (runs: readonly Run[], {writerSince}: {writerSince: string | undefined}): ListedRun[] => {
	const newestFirst = runs.toReversed().toSorted((left, right) => Date.parse(right.startedAt) - Date.parse(left.startedAt));
	return newestFirst.map((run, index) => ({
		...run,
		// A process does one run at a time and holds the lock meanwhile, so only the newest run can still be running.
		status: run.status === 'running' && (index > 0 || !isSince(writerSince, run.startedAt)) ? 'interrupted' : run.status,
		totals: sumTotals(run.libraries),
		changes: sumChanges(run.libraries),
		held: run.libraries.reduce((sum, library) => sum + library.held, 0),
	}));
};

/**
Finds the runs that `name` may mean: `latest`, or the beginning of an id.
*/
export const matchRuns = <Listed extends Pick<Run, 'id'>>(newestFirst: readonly Listed[], name: string): Listed[] => {
	if (name === 'latest') {
		return newestFirst.slice(0, 1);
	}

	return name === '' ? [] : newestFirst.filter(({id}) => id.startsWith(name));
};

/**
Whether the run began while that writer was alive. The start of a run is stored in whole seconds.
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

/**
Lists the runs that a loaded catalogue remembers, newest first. `writerSince` is as in `listRuns`; a store that is opened for reading knows it.
*/
export const loadRuns = async (store: CatalogStore, {writerSince = store.holder?.startedAt}: {writerSince?: string | undefined} = {}): Promise<ListedRun[]> => {
	const {records} = await store.page({kind: 'run', limit: Infinity});
	const runs = records.filter((record): record is Run => record.kind === 'run');
	return listRuns(runs, {writerSince});
};
