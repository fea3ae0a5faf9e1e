import test from 'ava';
import {sql} from 'kysely';
import {createDatabaseConnections} from '../../../source/store/postgres/connections.js';
import {followCommits} from '../../../source/store/postgres/follow-commits.js';
import {startPostgres} from '../../helpers/postgres-server.js';

const server = await startPostgres();
test.after.always(async () => {
	await server.close();
});

test('a connection that is ended while its process looks what was committed keeps that process alive until it has ended', async t => {
	const address = server.address();
	const {keep} = await createDatabaseConnections({address});
	const {promise: looking, resolve: isLooking} = Promise.withResolvers<void>();
	const {promise: gate, resolve: goOn} = Promise.withResolvers<void>();
	const held: string[] = [];
	const following = followCommits({
		schema: address.schema,
		async keep() {
			const kept = await keep();
			const client = kept.client as unknown as Record<'ref' | 'unref', () => void>;
			for (const how of ['ref', 'unref'] as const) {
				const hold = client[how].bind(client);
				client[how] = () => {
					held.push(how);
					hold();
				};
			}

			return {
				...kept,
				async end() {
					// The answer to the look comes while the connection is ended.
					goOn();
					await kept.end();
				},
			};
		},
		async look() {
			isLooking();
			await gate;
		},
		onState(error) {
			t.is(error, undefined);
		},
	});
	await looking;
	await following.close();
	t.deepEqual(held, ['ref']);
});

test('nothing failed where following is stopped while the database is asked', async t => {
	const address = server.address();
	const {keep} = await createDatabaseConnections({address});
	const told: unknown[] = [];
	const {promise: asking, resolve: isAsking} = Promise.withResolvers<void>();
	const following = followCommits({
		schema: address.schema,
		async keep() {
			const kept = await keep();
			const {client} = kept;
			const query = client.query.bind(client) as (text: string) => Promise<unknown>;
			Object.assign(client, {
				async query() {
					const answer = query('SELECT pg_sleep(30)');
					isAsking();
					return answer;
				},
			});
			return kept;
		},
		async look() {
			told.push('looked');
		},
		onState(error) {
			told.push(error);
		},
	});
	await asking;
	await following.close();
	t.deepEqual(told, []);
});

test('numbers come as they are stored where the database prints fewer digits, and searches find all where it limits them', async t => {
	await server.query('CREATE DATABASE rounding');
	await server.query('ALTER DATABASE rounding SET extra_float_digits = -14');
	await server.query('ALTER DATABASE rounding SET gin_fuzzy_search_limit = 5');
	const {keep, db} = await createDatabaseConnections({address: {...server.address(), database: 'rounding'}});
	const kept = await keep();
	for (const connection of [db, kept.db]) {
		const {rows} = await sql`SELECT 98::float8 AS episode, 7.85::float8 AS rating, current_setting('gin_fuzzy_search_limit') AS most`.execute(connection);
		t.deepEqual(rows, [{episode: 98, rating: 7.85, most: '0'}]);
	}

	await kept.end();
});

test('what only reads is asked again where a standby server ended it', async t => {
	const {db, asking} = await createDatabaseConnections({address: server.address()});
	let tries = 0;
	await asking(async () => {
		tries++;
		if (tries === 1) {
			await sql`DO $$ BEGIN RAISE EXCEPTION 'canceling statement due to conflict with recovery' USING ERRCODE = '40001'; END $$`.execute(db);
		}
	});
	t.is(tries, 2);
});
