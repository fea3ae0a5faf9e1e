import type {Run} from '../catalog/types.js';
import type {CatalogStore} from '../catalog/catalog-store.js';
import {listRuns, type ListedRun} from './runs.js';

/**
The runs that a loaded catalogue remembers, newest first. `writerSince` is since when a process writes; a store that is opened for reading knows it.
*/
export const loadRuns = async (store: CatalogStore, {writerSince = store.holder?.startedAt}: {writerSince?: string | undefined} = {}): Promise<ListedRun[]> => {
	const {records} = await store.page({kind: 'run', limit: Infinity});
	const runs = records.filter((record): record is Run => record.kind === 'run');
	return listRuns(runs, {writerSince});
};
