import test from 'ava';
import {openPostgresCatalog} from '../../../source/store/postgres/postgres-catalog.js';
import {startPostgres} from '../../helpers/postgres-server.js';
import {testConformance} from '../../helpers/store-conformance.js';

const server = await startPostgres();
test.after.always(async () => {
	await server.close();
});

testConformance('PostgreSQL', async folder => openPostgresCatalog({folder, login: {address: server.address()}}));
