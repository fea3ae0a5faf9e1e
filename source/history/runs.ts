import type {CatalogStore, LockHolder} from '../catalog/catalog-store.js';
import {sumTotals} from '../catalog/library.js';
import {createLibraryNames} from '../catalog/library-names.js';
import type {ImportTotals, Library, Run} from '../catalog/types.js';

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
	/**
	The id and the name of the server of its libraries; absent where none of them is in the catalogue any more.
	*/
	serverId?: string;
	server?: string;
	/**
	The name of its server, where the catalogue has several.
	*/
	place?: string;
};

/**
A process that writes now: since when, and for which servers; for all where `servers` is absent.
*/
export type LivingWriter = Pick<LockHolder, 'startedAt' | 'servers'>;

type Living = {
	writers: readonly LivingWriter[];
	libraries?: ReadonlyArray<Pick<Library, 'id' | 'serverId'>>;
};

/**
Lists runs, the newest first. `runs` are in the order of the store, which decides between runs of the same second.
*/
export const listRuns = (runs: readonly Run[], {writers, libraries = []}: Living): ListedRun[] => {
	const newestFirst = runs.toReversed().toSorted((left, right) => Date.parse(right.startedAt) - Date.parse(left.startedAt));
	const serverOf = new Map(libraries.map(({id, serverId}) => [id, serverId]));
	// A process does one run at a time and may write meanwhile, so only its newest run can still be running.
	const idle = new Set(writers);
	const isUnderWay = (run: Run): boolean => {
		const servers = new Set(run.libraries.map(({id}) => serverOf.get(id)).filter(id => id !== undefined));
		const writer = [...idle].find(({startedAt, servers: own}) => isSince(startedAt, run.startedAt) && (own === undefined || servers.size === 0 || own.some(({id}) => servers.has(id))));
		return writer !== undefined && idle.delete(writer) && run.status === 'running';
	};

	return newestFirst.map(run => ({
		...run,
		status: !isUnderWay(run) && run.status === 'running' ? 'interrupted' : run.status,
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
const isSince = (writerSince: string, startedAt: string) =>
	Math.floor(Date.parse(writerSince) / 1000) <= Math.floor(Date.parse(startedAt) / 1000);

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
Lists the runs that a loaded catalogue remembers, newest first. The store knows which other processes write; `writerSince` is the beginning of a run that this process is about.
*/
export const loadRuns = async (store: CatalogStore, {writerSince}: {writerSince?: string | undefined} = {}): Promise<ListedRun[]> => {
	const {records} = await store.page({kind: 'run', limit: Infinity});
	const others = await store.writers?.() ?? (store.holder === undefined ? [] : [store.holder]);
	const runs = records.filter((record): record is Run => record.kind === 'run');
	const header = store.header();
	const names = createLibraryNames(header);
	const listed = listRuns(runs, {writers: [...others, ...writerSince === undefined ? [] : [{startedAt: writerSince}]], libraries: header.libraries});
	return listed.map(run => {
		const known = run.libraries.map(({id}) => names.serverOf(id)).find(({serverId}) => serverId !== undefined);
		const place = names.hasSeveralServers && known?.serverId !== undefined ? names.serverName(known.serverId) : undefined;
		return {...run, ...known, ...place !== undefined && {place}};
	});
};
