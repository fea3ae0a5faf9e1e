import type {ExecutionContext} from 'ava';
import type {OpenedCatalog} from '../../source/store/catalog-context.js';
import type {StoreAddress} from '../../source/store/postgres/address.js';
import {openPostgresCatalog, type PostgresOptions} from '../../source/store/postgres/postgres-catalog.js';
import {temporaryFolder} from './store-records.js';

/**
Opens a catalogue in a database as a machine of its own would, until the test has ended.
*/
export const openDatabase = async (t: Pick<ExecutionContext, 'teardown'>, address: StoreAddress, options: Partial<PostgresOptions> = {}): Promise<OpenedCatalog> => {
	const store = await openPostgresCatalog({folder: await temporaryFolder(t), login: {address}, ...options});
	t.teardown(async () => store.close());
	return store;
};
