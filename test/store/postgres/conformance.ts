import {openPostgresCatalog} from '../../../source/store/postgres/postgres-catalog.js';
import {startPostgres} from '../../helpers/postgres-server.js';
import {testConformance} from '../../helpers/store-conformance.js';
import test from 'ava';

const server = await startPostgres();
test.after.always(async () => server.close());

testConformance('PostgreSQL', async folder => openPostgresCatalog({folder, login: {address: server.address()}}));
