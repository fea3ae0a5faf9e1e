import {setTimeout as delay} from 'node:timers/promises';
import test from 'ava';
import {sql} from 'kysely';
import {createDatabaseConnections} from '../../../source/store/postgres/connections.js';
import {startPostgres} from '../../helpers/postgres-server.js';

const primary = await startPostgres({settings: {wal_level: 'replica'}});
const standby = await startPostgres({primary, settings: {max_standby_streaming_delay: '50ms'}});
test.after.always(async () => {
	await Promise.all([standby.close(), primary.close()]);
});

const followed = async () => {
	const [{lsn}] = await primary.query<{lsn: string}>('SELECT pg_current_wal_lsn() AS lsn') as [{lsn: string}];
	for (;;) {
		const [row] = await standby.query<{isThere: boolean}>('SELECT pg_last_wal_replay_lsn() >= $1 AS "isThere"', [lsn]);
		if (row!.isThere) {
			return;
		}

		await delay(20);
	}
};

test('a question that a standby server ends each time is told as what it is', async t => {
	await primary.query('CREATE TABLE films (id integer)');
	await followed();
	const {db, asking} = await createDatabaseConnections({address: standby.address()});
	let tries = 0;
	const error = await t.throwsAsync(asking(async () => db.transaction().execute(async transaction => {
		tries++;
		await sql`SELECT FROM public.films`.execute(transaction);
		await primary.query('TRUNCATE public.films');
		await sql`SELECT pg_sleep(20)`.execute(transaction);
	})), {code: 'not-writable'});
	t.regex(error.message, /is a standby server, and ended a question that kept it from following its primary server\.$/v);
	t.is(tries, 2);
	await db.destroy();
});
