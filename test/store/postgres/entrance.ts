import {readFile} from 'node:fs/promises';
import {setTimeout} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import {inspect} from 'node:util';
import test from 'ava';
import {sql} from 'kysely';
import type {AppError} from '../../../source/base/errors.js';
import {readStoreAddress} from '../../../source/store/postgres/address.js';
import {createDatabaseConnections} from '../../../source/store/postgres/connections.js';
import {openPostgresCatalog} from '../../../source/store/postgres/postgres-catalog.js';
import {startCuttableProxy} from '../../helpers/cuttable-proxy.js';
import {startPostgres} from '../../helpers/postgres-server.js';
import {
	idsOf,
	item,
	put,
	temporaryFolder,
} from '../../helpers/store-records.js';

const fixture = (name: string) => new URL(`../../../fixtures/tls/${name}`, import.meta.url);
const secret = 'correct horse battery staple';
const server = await startPostgres({
	rules: ['host all guarded 127.0.0.1/32 scram-sha-256'],
	tls: {certificate: await readFile(fixture('database.pem'), 'utf8'), key: await readFile(fixture('database.key.pem'), 'utf8')},
});
await server.query(`CREATE ROLE guarded LOGIN PASSWORD '${secret}'`);
await server.query('GRANT CREATE ON DATABASE postgres TO guarded');
test.after.always(async () => {
	await server.close();
});

const addressOf = (rest: string) => readStoreAddress(`postgres://guarded@127.0.0.1:${server.port}/${rest}`);

const opened = async (t: Parameters<typeof temporaryFolder>[0], rest: string, password = secret) => {
	const store = await openPostgresCatalog({folder: await temporaryFolder(t), login: {address: addressOf(rest), password: async () => password}});
	t.teardown(async () => store.close());
	return store;
};

test('a password that is given opens a catalogue, which makes its own schema', async t => {
	const store = await opened(t, 'postgres?schema=with_password');
	await put(store, item('i1'));
	t.deepEqual(await idsOf(store), ['i1']);
});

test('who has no password is told how to give one', async t => {
	const proxy = await startCuttableProxy(server.port);
	t.teardown(proxy.close);
	const login = {address: readStoreAddress(`postgres://guarded@127.0.0.1:${proxy.port}/postgres`), password: async () => undefined};
	for (const access of ['write', 'read'] as const) {
		const error = await t.throwsAsync(openPostgresCatalog({folder: await temporaryFolder(t), login, access}), {code: 'unauthorized'});
		t.regex((error as AppError).hint!, /REELCAT_STORE_PASSWORD_FILE/v);
		// Otherwise the process would wait for the server to close it, which takes a minute.
		for (let look = 0; proxy.open() > 0 && look < 100; look++) {
			await setTimeout(50);
		}

		t.is(proxy.open(), 0);
	}
});

test('who stops waits no longer for a database that gives no answer, and who writes ends in order', async t => {
	const proxy = await startCuttableProxy(server.port);
	t.teardown(proxy.close);
	const stop = new AbortController();
	const open = async (port: number, access: 'read' | 'write') => openPostgresCatalog({
		folder: await temporaryFolder(t), login: {address: readStoreAddress(`postgres://guarded@127.0.0.1:${port}/postgres?schema=silent`), password: async () => secret, stop: stop.signal}, access,
	});
	const writer = await open(server.port, 'write');
	await put(writer, item('i1'));
	const reader = await open(proxy.port, 'read');
	t.deepEqual(await idsOf(reader), ['i1']);
	proxy.silence();
	const before = proxy.open();
	const waiting = [idsOf(reader), open(proxy.port, 'read'), open(proxy.port, 'write')].map(async asked => t.throwsAsync(asked, {code: 'cancelled'}));
	while (proxy.open() < before + 2) {
		await setTimeout(20);
	}

	stop.abort();
	await Promise.all(waiting);
	await t.throwsAsync(open(server.port, 'read'), {code: 'cancelled'});
	t.is(reader.notice, undefined);
	await put(writer, item('i2'));
	t.deepEqual(await idsOf(writer), ['i1', 'i2']);
	await Promise.all([reader.close(), writer.close()]);
});

test('a wrong password is refused without being told', async t => {
	const error = await t.throwsAsync(opened(t, 'postgres', `${secret}, but wrong`), {code: 'unauthorized'});
	t.notRegex(inspect(error), /horse/v);
});

test('a database that is not there, and a server that is not there, are told apart', async t => {
	await t.throwsAsync(opened(t, 'nothing'), {code: 'usage', message: /There is no such database/v});
	const login = {address: readStoreAddress('postgres://me@127.0.0.1:1/postgres')};
	const folder = await temporaryFolder(t);
	for (const access of ['write', 'read'] as const) {
		await t.throwsAsync(openPostgresCatalog({folder, login, access}), {code: 'unreachable', message: /cannot be reached: refused \(ECONNREFUSED\)/v});
	}
});

test('a user who may not make a schema is told so', async t => {
	await server.query('CREATE ROLE bare LOGIN');
	const login = {address: readStoreAddress(`postgres://bare@127.0.0.1:${server.port}/postgres?schema=not_yours`)};
	await t.throwsAsync(openPostgresCatalog({folder: await temporaryFolder(t), login}), {code: 'forbidden'});
});

test('a database that cannot hold all characters is told so', async t => {
	await server.query('CREATE DATABASE narrow OWNER guarded ENCODING LATIN1 LC_COLLATE \'C\' LC_CTYPE \'C\' TEMPLATE template0');
	await t.throwsAsync(opened(t, 'narrow'), {code: 'not-writable', message: /^The encoding of the database \S+\/narrow does not have all characters\. Nothing was changed\.$/v});
});

test('a reader is told that there is no catalogue yet', async t => {
	const login = {address: readStoreAddress(`postgres://reelcat@127.0.0.1:${server.port}/postgres?schema=never`)};
	await t.throwsAsync(openPostgresCatalog({folder: await temporaryFolder(t), login, access: 'read'}), {code: 'usage', message: /There is no catalogue in/v});
});

test('a certificate is checked: that of a known authority opens, any other does not', async t => {
	const store = await opened(t, `postgres?schema=encrypted&sslrootcert=${fileURLToPath(fixture('database.pem'))}`);
	await put(store, item('i1'));
	t.deepEqual(await server.query('SELECT DISTINCT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE usename = \'guarded\' AND datname = \'postgres\' AND backend_start > now() - interval \'1 min\' AND ssl'), [{ssl: true}]);
	await t.throwsAsync(opened(t, 'postgres?schema=encrypted&sslmode=verify-full'), {code: 'tls', message: /certificate untrusted/v});
	await t.throwsAsync(opened(t, `postgres?sslrootcert=${fileURLToPath(fixture('test-ca.pem'))}`), {code: 'tls'});
	await t.throwsAsync(opened(t, 'postgres?sslrootcert=/nowhere.pem'), {code: 'usage', message: /cannot be read/v});
});

test('a server without encryption is refused where it must encrypt', async t => {
	const plain = await startPostgres();
	t.teardown(plain.close);
	const login = {address: readStoreAddress(`${plain.address('s').text}&sslmode=verify-full`)};
	await t.throwsAsync(openPostgresCatalog({folder: await temporaryFolder(t), login}), {code: 'tls', message: /does not encrypt/v});
});

test('a schema that another process makes at the same moment is as good as one that was there', async t => {
	const address = server.address();
	const untilAwaited = 'DO $$ BEGIN FOR look IN 1..200 LOOP EXIT WHEN EXISTS (SELECT FROM pg_locks WHERE NOT granted AND transactionid = pg_current_xact_id()::xid); PERFORM pg_sleep(0.05); END LOOP; END $$';
	const making = server.query(`BEGIN; CREATE SCHEMA ${address.schema}; ${untilAwaited}; COMMIT`);
	while ((await server.query('SELECT FROM pg_stat_activity WHERE query LIKE $1 AND wait_event = \'PgSleep\'', [`BEGIN; CREATE SCHEMA ${address.schema};%`])).length === 0) {
		await setTimeout(20);
	}

	const store = await openPostgresCatalog({folder: await temporaryFolder(t), login: {address}});
	await making;
	await put(store, item('i1'));
	t.deepEqual(await idsOf(store), ['i1']);
	await store.close();
});

test('where tables go while they are opened, this is looked at again; later it is told what happened', async t => {
	const address = server.address();
	const store = await openPostgresCatalog({folder: await temporaryFolder(t), login: {address}});
	await put(store, item('i1'));
	const {db, opening} = await createDatabaseConnections({address});
	let looks = 0;
	await opening(async () => {
		looks++;
		await sql`SELECT FROM ${sql.table(looks === 1 ? 'gone' : 'records')}`.execute(db);
	});
	t.is(looks, 2);
	await db.destroy();
	await server.query(`DROP SCHEMA ${address.schema} CASCADE`);
	const error = await t.throwsAsync<AppError>(idsOf(store), {code: 'not-writable', message: `Tables of the catalogue in the database ${address.text} are gone.`});
	t.regex(error.hint!, /Another program .*a command that writes makes a schema that is gone\.$/v);
	await store.close();
	await t.throwsAsync(openPostgresCatalog({folder: await temporaryFolder(t), login: {address}, access: 'read'}), {code: 'usage', message: /^There is no catalogue in /v});
});
