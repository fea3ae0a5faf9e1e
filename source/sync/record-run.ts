import type {Run} from '../catalog/types.js';
import type {CatalogStore} from '../catalog/catalog-store.js';
import {runsToDrop} from './run-record.js';

/**
Put the record of a run, and drop the oldest ones where there are too many.

@throws AppError of the store
*/
export const recordRun = async (store: CatalogStore, run: Run): Promise<void> => {
	const {records} = await store.page({kind: 'run', limit: Infinity});
	const transaction = await store.begin();
	try {
		await transaction.upsert([run]);
		await transaction.remove(runsToDrop(records.filter(record => record.kind === 'run'), run.id));
		await transaction.commit();
	} finally {
		await transaction.abort();
	}
};
