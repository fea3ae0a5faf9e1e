import {defined, instantOf} from '../catalog/values.js';
import {newRunId} from '../catalog/identity.js';
import type {Run, SyncMode} from '../catalog/types.js';
import type {CatalogStore, StoreTransaction} from '../catalog/catalog-store.js';
import {noTotals, type ImportResult, type LibraryResult} from './events.js';
import {outcomeOfRun, type RunOutcome} from './outcome.js';

export type RunStart = {
	id: string;
	startedAt: Date;
	log?: string;
};

export type RunPlan = RunStart & {
	command: Run['command'];
	targets: ReadonlyArray<{id: string; title: string; mode: SyncMode}>;
};

const mostProblems = 100;
const mostRuns = 500;
const mostTouches = 200;

export const newRun = (startedAt: Date): RunStart => ({id: newRunId(), startedAt});

/**
The record of a run that is under way. It stays like this if the process is killed.
*/
export const startedRun = ({id, command, startedAt, log, targets}: RunPlan): Run => ({
	id,
	kind: 'run',
	command,
	status: 'running',
	startedAt: instantOf(startedAt),
	durationMs: 0,
	requests: 0,
	receivedBytes: 0,
	libraries: targets.map(target => startedLibrary(target)),
	problems: [],
	problemCount: 0,
	...(log !== undefined && {log}),
});

export const finishedRun = (plan: RunPlan, result: ImportResult, finishedAt: Date): Run => ({
	...startedRun(plan),
	status: statuses[outcomeOfRun(result)],
	finishedAt: instantOf(finishedAt),
	durationMs: result.durationMs,
	requests: result.requests,
	receivedBytes: result.bytes,
	libraries: result.libraries.map(library => runLibrary(library, plan.targets.find(({id}) => id === library.id)?.mode ?? 'import')),
	problems: result.errors.slice(0, mostProblems).map(({library, ...problem}) => defined({libraryId: library.id, ...problem})),
	problemCount: result.errors.length,
});

/**
The record of an acceptance. Nothing was listed or expected, so only the changes count.
*/
export const acceptedRun = ({id, startedAt}: RunStart, accepted: ReadonlyArray<{library: {id: string; title: string}; removed: number}>, finishedAt: Date): Run => ({
	...startedRun({
		id, startedAt, command: 'accept', targets: [],
	}),
	status: 'done',
	finishedAt: instantOf(finishedAt),
	durationMs: Math.max(0, finishedAt.getTime() - startedAt.getTime()),
	libraries: accepted.map(({library, removed}) => ({...startedLibrary({...library, mode: 'skip'}), complete: true, changes: {removed}})),
});

/**
Ids of the oldest runs, if there are too many once `id` is put. Runs that only touch single items come by the dozen, and must not push out the others.
*/
export const runsToDrop = (runs: readonly Run[], id: string): string[] => {
	const others = runs
		.filter(run => run.id !== id)
		.toSorted((left, right) => Date.parse(right.startedAt) - Date.parse(left.startedAt));
	return [
		...others.filter(run => !isTouch(run)).slice(mostRuns - 1),
		...others.filter(run => isTouch(run)).slice(mostTouches - 1),
	].map(run => run.id);
};

/**
@throws AppError of the store
*/
export const inTransaction = async (store: Pick<CatalogStore, 'begin'>, write: (transaction: StoreTransaction) => Promise<void>): Promise<void> => {
	const transaction = await store.begin();
	try {
		await write(transaction);
		await transaction.commit();
	} finally {
		await transaction.abort();
	}
};

/**
@throws AppError of the store
*/
export const recordRun = async (store: CatalogStore, run: Run): Promise<void> => {
	const {records} = await store.page({kind: 'run', limit: Infinity});
	await inTransaction(store, async transaction => {
		await transaction.upsert([run]);
		await transaction.remove(runsToDrop(records.filter(record => record.kind === 'run'), run.id));
	});
};

const isTouch = ({libraries}: Run) => libraries.length > 0 && libraries.every(({mode}) => mode === 'touch');

const startedLibrary = (target: RunPlan['targets'][number]): Run['libraries'][number] => ({
	...target,
	...noTotals,
	complete: false,
	durationMs: 0,
	changes: {},
	held: 0,
	notes: [],
});

const statuses: Readonly<Record<RunOutcome, Run['status']>> = {
	done: 'done', held: 'done', nothing: 'done', partly: 'partly', failed: 'failed', cancelled: 'cancelled',
};

const runLibrary = ({sync, ...facts}: LibraryResult, mode: SyncMode): Run['libraries'][number] => ({
	...facts,
	mode: sync?.mode ?? mode,
	changes: {...sync?.changes},
	held: sync?.held ?? 0,
	notes: [...sync?.notes ?? []],
});
