import {setTimeout as delay} from 'node:timers/promises';
import test from 'ava';
import pg from 'pg';
import type {Change} from '../../../source/catalog/catalog-store.js';
import {SessionClient, type SessionConfig} from '../../../source/store/postgres/session-client.js';
import {poolerTest, reason, startPooler} from '../../helpers/pooler.js';
import {openDatabase} from '../../helpers/open-database.js';
import {startPostgres} from '../../helpers/postgres-server.js';
import {idsOf, item, put} from '../../helpers/store-records.js';

let server: Awaited<ReturnType<typeof startPostgres>>;
// AVA calls no hook where all tests are skipped, so a server that was started outside of one would run on.
test.before(async () => {
	server = await startPostgres();
});
test.after.always(async () => {
	await server.close();
});

poolerTest(`a pooler that gives each session its own connection is as good as none${reason}`, async t => {
	const pooler = await startPooler(server.port, 'session');
	t.teardown(pooler.close);
	const direct = server.address();
	const address = pooler.through(direct);
	const writer = await openDatabase(t, address);
	await put(writer, item('i1'));
	t.deepEqual(await server.query('SELECT schemaname FROM pg_tables WHERE tablename = \'records\''), [{schemaname: direct.schema}]);

	const second = await openDatabase(t, address);
	t.is(second.mode, 'reader');
	const heard = Promise.withResolvers<Change>();
	second.subscribe(heard.resolve);
	await put(writer, item('i2'));
	t.deepEqual((await heard.promise).upserted, ['i2']);

	// The connection between the pooler and the server ends, with the right to write.
	await server.query('SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = \'advisory\'');
	await put(writer, item('i3'));
	t.deepEqual(await idsOf(await openDatabase(t, direct, {access: 'read'})), ['i1', 'i2', 'i3']);

	await writer.close();
	const next = await openDatabase(t, address);
	t.is(next.mode, 'writer');
});

poolerTest(`a pooler that gives each transaction another connection is refused, because two could write through it at the same time${reason}`, async t => {
	const pooler = await startPooler(server.port, 'transaction');
	t.teardown(pooler.close);
	const direct = server.address();
	const writer = await openDatabase(t, direct);
	await put(writer, item('i1'));
	for (const access of ['write', 'read'] as const) {
		await t.throwsAsync(openDatabase(t, pooler.through(direct), {access}), {code: 'usage', message: /a pooler that gives each transaction another connection/v});
	}
});

poolerTest(`what a pooler refuses is told in its own words${reason}`, async t => {
	const pooler = await startPooler(server.port, 'session');
	t.teardown(pooler.close);
	const {text, ...rest} = pooler.through(server.address());
	await t.throwsAsync(openDatabase(t, {...rest, text, user: 'nobody'}), {code: 'unreachable', message: /refuses the connection: /v});
});

poolerTest(`a connection that waits too long for a pooler ends with an error, and not the process${reason}`, async t => {
	const pooler = await startPooler(server.port, 'session', ['default_pool_size = 1']);
	t.teardown(pooler.close);
	const {host, port, user, database} = pooler.through(server.address());
	const config: SessionConfig = {
		host, port, user, database, connectionTimeoutMillis: 500, settings: [],
	};
	const first = new pg.Client(config);
	await first.connect();
	t.teardown(async () => first.end());
	await first.query('SELECT 1');
	const pool = new pg.Pool({...config, Client: SessionClient});
	t.teardown(async () => pool.end());
	await t.throwsAsync(pool.query('SELECT 1'), {message: /timeout/v});
	await delay(200);
});
