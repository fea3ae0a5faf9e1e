import type {Run} from '../../source/catalog/types.js';

export const runLibrary = (change: Partial<Run['libraries'][number]> = {}): Run['libraries'][number] => ({
	id: 'films',
	title: 'Films',
	expected: 0,
	imported: 0,
	unchanged: 0,
	failed: 0,
	skipped: 0,
	mode: 'look',
	complete: true,
	durationMs: 0,
	changes: {},
	held: 0,
	notes: [],
	...change,
});

export const runRecord = (id: string, startedAt: string, change: Partial<Run> = {}): Run => ({
	id,
	kind: 'run',
	command: 'sync',
	status: 'done',
	startedAt,
	...(change.status !== 'running' && {finishedAt: startedAt}),
	durationMs: 0,
	requests: 0,
	receivedBytes: 0,
	libraries: [runLibrary()],
	problems: [],
	problemCount: 0,
	...change,
});
