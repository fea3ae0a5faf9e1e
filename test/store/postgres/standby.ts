import process from 'node:process';
import {setTimeout as delay} from 'node:timers/promises';
import test from 'ava';
import {sql} from 'kysely';
import {openAppServices} from '../../../source/app/app-services.js';
import {withWriter} from '../../../source/app/run-engine.js';
import {createSession, type Session} from '../../../source/app/session.js';
import {holderWords} from '../../../source/catalog/writer-words.js';
import {createDatabaseConnections} from '../../../source/store/postgres/connections.js';
import {openDatabaseSource} from '../../../source/store/postgres/copy-source.js';
import {openPostgresCatalog} from '../../../source/store/postgres/postgres-catalog.js';
import {openDatabase} from '../../helpers/open-database.js';
import {startPostgres} from '../../helpers/postgres-server.js';
import {item, put, temporaryFolder} from '../../helpers/store-records.js';

const primary = await startPostgres({settings: {wal_level: 'replica'}});
const standby = await startPostgres({primary, settings: {max_standby_streaming_delay: '50ms'}});
test.after.always(async () => {
	await Promise.all([standby.close(), primary.close()]);
});

const followed = async (follower = standby) => {
	const [{lsn}] = await primary.query<{lsn: string}>('SELECT pg_current_wal_lsn() AS lsn') as [{lsn: string}];
	for (;;) {
		const [row] = await follower.query<{isThere: boolean}>('SELECT pg_last_wal_replay_lsn() >= $1 AS "isThere"', [lsn]);
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

test('over a standby server, who writes on the primary is told, as one who may have ended', async t => {
	const address = primary.address();
	const there = {address: standby.address(address.schema)};
	const store = await openDatabase(t, address);
	await put(store, item('i1'));
	await followed();
	const words = new RegExp(`^process ${process.pid} on .*, unless it has ended, which a standby server cannot tell$`, 'v');
	const source = await openDatabaseSource({login: there, isLocked: false});
	t.regex(holderWords(source.holder!), words);
	await source.close();
	const reader = await openPostgresCatalog({folder: await temporaryFolder(t), login: there, access: 'read'});
	const [writer] = await reader.writers!();
	t.regex(holderWords(writer!), words);
	t.true(writer!.mayHaveEnded);
	await reader.close();
	const onPrimary = await openPostgresCatalog({folder: await temporaryFolder(t), login: {address}, access: 'read'});
	t.is(onPrimary.holder!.mayHaveEnded, undefined);
	await onPrimary.close();
});

test('the app opens on a standby server for reading, says so, and follows what is committed on the primary', async t => {
	const address = primary.address();
	const store = await openDatabase(t, address);
	await put(store, item('i1'));
	await followed();
	const session = createSession({
		env: {REELCAT_STORE: standby.address(address.schema).text}, homeFolder: await temporaryFolder(t), version: '0.0.0', isDemo: false,
	});
	const services = await openAppServices(session, '0.0.0');
	t.regex(services.initial.readOnlyReason!, /^Nothing can be changed: The database .* only reads at the moment, as a standby server does\.$/v);
	await services.load(() => {/* no bar */});
	await put(store, item('i2'));
	while (services.header().revision < 2 && services.notice() === undefined) {
		await delay(20);
	}

	t.is(services.notice(), undefined);
	await t.throwsAsync(services.acceptRemovals([]), {code: 'not-writable', message: /only reads/v});
	await services.close();
	await session.close();
});

test.serial('where a standby server is promoted, an app and a daemon that stands by may write without a new start, and who follows it hears of each commit at once', async t => {
	const promoted = await startPostgres({primary});
	t.teardown(promoted.close);
	const {schema} = primary.address();
	const store = await openDatabase(t, primary.address(schema));
	await put(store, item('i1'));
	await store.close();
	await followed(promoted);
	const sessions = [1, 2].map(async () => createSession({
		env: {REELCAT_STORE: promoted.address(schema).text}, homeFolder: await temporaryFolder(t), version: '0.0.0', isDemo: false,
	}));
	const [session, other] = await Promise.all(sessions) as [Session, Session];
	const services = await openAppServices(session, '0.0.0');
	await services.load(() => {/* no bar */});
	t.regex(services.readOnlyReason!()!, /as a standby server does\.$/v);
	const reader = await openDatabase(t, promoted.address(schema), {access: 'read'});
	const waits: string[] = [];
	const waiting = Promise.withResolvers<void>();
	const controller = new AbortController();
	const {signal} = controller;
	const onWait = (reason: string) => {
		waits.push(reason);
		waiting.resolve();
	};

	const written = withWriter(other, {standBy: {signal, onWait}}, async writer => {
		await put(writer, item('i2'));
		// Who follows looks every 15 s in any case.
		await heard(2);
		const startMs = performance.now();
		await put(writer, item('i3'));
		await heard(3);
		return performance.now() - startMs;
	});
	const heard = async (revision: number) => {
		while (reader.header().revision < revision) {
			await delay(20);
		}
	};

	await Promise.race([waiting.promise, written]);
	t.regex(waits[0]!, /as a standby server does\. This one takes over when that has changed\.$/v);
	// The app, the daemon and the reader have begun to follow a server that does not listen.
	while ((await promoted.query('SELECT FROM pg_stat_activity WHERE starts_with(query, $1)', ['DO '])).length < 3) {
		await delay(20);
	}

	await promoted.query('SELECT pg_promote()');
	t.true(await written < 10_000);
	while (services.readOnlyReason!() !== undefined) {
		await delay(20);
	}

	t.is(await services.acceptRemovals([]), 0);
	t.is(services.header().revision, 3);
	await services.close();
	await Promise.all([session.close(), other.close()]);
});
