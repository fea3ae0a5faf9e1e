import {writeFile} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import {setTimeout as delay} from 'node:timers/promises';
import {zstdCompressSync} from 'node:zlib';
import test from 'ava';
import fc from 'fast-check';
import pg from 'pg';
import {isAppError} from '../../../source/base/errors.js';
import {nodeFileSystem} from '../../../source/base/file-system.js';
import type {Change} from '../../../source/catalog/catalog-store.js';
import {createBackups} from '../../../source/store/backups.js';
import {openCatalog} from '../../../source/store/open-catalog.js';
import {readStoreAddress, type StoreAddress} from '../../../source/store/postgres/address.js';
import {failureKind, storeFailure} from '../../../source/store/postgres/failure.js';
import {openPostgresCatalog} from '../../../source/store/postgres/postgres-catalog.js';
import {startCuttableProxy} from '../../helpers/cuttable-proxy.js';
import {openDatabase} from '../../helpers/open-database.js';
import {startPostgres} from '../../helpers/postgres-server.js';
import {runRecord} from '../../helpers/run-records.js';
import {
	idsOf,
	item,
	person,
	put,
	temporaryFolder,
} from '../../helpers/store-records.js';

const server = await startPostgres();
test.after.always(async () => {
	await server.close();
});

const throughPort = ({text}: StoreAddress, port: number) => readStoreAddress(text.replace(/:\d+\//v, () => `:${port}/`));

/**
Ends the backends of reelcat that hold a lock as writers, and waits until they have ended, as their locks go only then.
*/
const killWriter = async () => server.query('SELECT pg_terminate_backend(pid, 5000) FROM pg_locks WHERE locktype = \'advisory\' AND classid = 1919247724');

const until = async (isSo: () => boolean | Promise<boolean>) => {
	for (let look = 0; !await isSo(); look++) {
		if (look > 500) {
			throw new Error('It did not happen within 10 s.');
		}

		await delay(20);
	}
};

test.serial('a writer whose connection was ended between two commits takes its place again', async t => {
	const store = await openDatabase(t, server.address());
	await put(store, item('i1'));
	await killWriter();
	await put(store, item('i2'));
	t.deepEqual(await idsOf(store), ['i1', 'i2']);
	t.is(store.header().revision, 2);
});

test.serial('a commit whose connection is ended in the middle is made once, on a new connection', async t => {
	const address = server.address();
	const store = await openDatabase(t, address);
	await put(store, item('i1'));
	const {schema} = address;
	// What is taken of a sequence stays taken, so only the first attempt is slow.
	await server.query(`CREATE SEQUENCE ${schema}.attempts; CREATE FUNCTION ${schema}.slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF nextval('${schema}.attempts') = 1 THEN PERFORM pg_sleep(50); END IF; RETURN NULL; END $$`);
	await server.query(`CREATE TRIGGER slow AFTER INSERT ON ${schema}.commits FOR EACH STATEMENT EXECUTE FUNCTION ${schema}.slow()`);
	const committing = put(store, item('i2'));
	await until(async () => (await server.query('SELECT FROM pg_stat_activity WHERE wait_event = \'PgSleep\'')).length > 0);
	await killWriter();
	await committing;
	t.deepEqual(await idsOf(store), ['i1', 'i2']);
	t.deepEqual(await server.query(`SELECT revision::int FROM ${schema}.commits ORDER BY 1`), [{revision: 1}, {revision: 2}]);
});

test.serial('wherever the connection is cut, a commit is there once or not at all, and says which', async t => {
	const proxy = await startCuttableProxy(server.port);
	t.teardown(proxy.close);
	await fc.assert(fc.asyncProperty(fc.double({min: 0, max: 1, noNaN: true}), async share => {
		const address = server.address();
		const store = await openPostgresCatalog({folder: await temporaryFolder(t), login: {address: throughPort(address, proxy.port)}});
		try {
			await put(store, item('i1'), person('p1'));
			const began = proxy.sentBytes();
			await put(store, item('i2', {summary: 'before'}));
			const bytes = proxy.sentBytes() - began;
			proxy.cutAfter(1 + Math.floor(share * bytes));
			const transaction = await store.begin();
			const outcome = await (async () => {
				try {
					await transaction.upsert([item('i2', {summary: 'changed'}), item('i3', {summary: 'later!'})]);
					await transaction.commit();
					return 'committed';
				} catch (error) {
					if (!isAppError(error)) {
						throw error;
					}

					return 'refused';
				} finally {
					await transaction.abort();
				}
			})();
			// Whatever is left of the bytes must not cut the next one.
			proxy.cutAfter(Infinity);
			const [row] = await server.query<{revision: number; items: string}>(`SELECT revision::int, (SELECT string_agg(id, ' ' ORDER BY id) FROM ${address.schema}.records WHERE kind = 'item') AS items FROM ${address.schema}.catalog`);
			t.deepEqual(row, outcome === 'committed' ? {revision: 3, items: 'i1 i2 i3'} : {revision: 2, items: 'i1 i2'});
			await put(store, item('i4'));
			t.is(store.header().revision, row!.revision + 1);
			t.deepEqual((await store.check()).problems, []);
		} finally {
			await store.close();
		}
	}), {numRuns: 12, endOnFailure: true});
});

for (const isAnotherBetween of [false, true]) {
	test.serial(`a commit whose answer got lost is known to be made${isAnotherBetween ? ', and what another writer commits before this is found out is told, too' : ''}`, async t => {
		const address = server.address();
		const proxy = await startCuttableProxy(server.port);
		t.teardown(proxy.close);
		const store = await openDatabase(t, throughPort(address, proxy.port));
		const heard: Array<[number, string[]]> = [];
		store.subscribe(({revision, upserted}) => {
			heard.push([revision, upserted]);
		});
		await put(store, item('i1'));
		// A text ends with this in the protocol; otherwise the table of commits would be meant as well.
		proxy.loseAnswerTo('commit\0');
		const committing = put(store, item('i2'));
		await proxy.lost();
		if (isAnotherBetween) {
			await until(async () => (await server.query('SELECT FROM pg_locks WHERE locktype = \'advisory\' AND classid = 1919247724')).length === 0);
			const other = await openDatabase(t, address);
			await put(other, item('i3'));
			proxy.letIn();
			// While it still writes, the first one can find out.
			t.is((await committing).revision, 2);
			await other.close();
		} else {
			proxy.letIn();
			t.is((await committing).revision, 2);
		}

		await put(store, item('i4'));
		const between: Array<[number, string[]]> = isAnotherBetween ? [[3, ['i3']], [4, ['i4']]] : [[3, ['i4']]];
		t.deepEqual(heard, [[1, ['i1']], [2, ['i2']], ...between]);
		t.deepEqual(await server.query(`SELECT count(*)::integer AS count FROM ${address.schema}.commits WHERE 'i2' = ANY(upserted)`), [{count: 1}]);
	});
}

test.serial('after a crash of the server everything that was committed is there, and the same writer goes on', async t => {
	const store = await openDatabase(t, server.address());
	await put(store, item('i1'));
	await server.stop('SIGQUIT');
	await t.throwsAsync(store.get('i1'), {message: /The connection to the database .* broke off/v});
	await server.start();
	await put(store, item('i2'));
	t.deepEqual(await idsOf(store), ['i1', 'i2']);
});

test('a database that gives no answer is not told as a connection that broke off', t => {
	const failure = storeFailure(new Error('Query read timeout'), server.address());
	t.regex(isAppError(failure) ? `${failure.message} ${failure.hint ?? ''}` : '', /has not answered for a minute\. .* synchronous_standby_names /v);
	t.is(failureKind(failure), 'lost');
});

test.serial('a second one who opens it reads, knows who writes, and cannot write; it can when the first has ended', async t => {
	const address = server.address();
	const first = await openDatabase(t, address);
	const second = await openDatabase(t, address);
	t.is(second.mode, 'reader');
	t.is(second.holder?.pid, process.pid);
	await t.throwsAsync(second.begin(), {code: 'locked', message: /writes this catalogue/v});
	await first.close();
	const third = await openDatabase(t, address);
	t.is(third.mode, 'writer');
	await put(third, item('i1'));
});

test.serial('a writer that lost its place to another one changes nothing, and takes in what the other has committed when it gets it back', async t => {
	const address = server.address();
	const proxy = await startCuttableProxy(server.port);
	t.teardown(proxy.close);
	const first = await openDatabase(t, throughPort(address, proxy.port));
	const heard: Change[] = [];
	first.subscribe(change => {
		heard.push(change);
	});
	await put(first, item('i1'));
	const lost = await first.begin();
	await lost.upsert([item('i9')]);
	proxy.cutAfter(0);
	await until(async () => (await server.query('SELECT FROM pg_locks WHERE locktype = \'advisory\' AND classid = 1919247724')).length === 0);
	const second = await openDatabase(t, address);
	t.is(second.mode, 'writer');
	await put(second, item('i2'));
	await t.throwsAsync(lost.commit(), {code: 'locked'});
	await t.throwsAsync(put(first, item('i3')), {code: 'locked', message: /writes the catalogue now/v});
	await second.close();
	await put(first, item('i3'));
	t.deepEqual(await idsOf(first), ['i1', 'i2', 'i3']);
	t.deepEqual(heard.map(({revision, upserted}) => [revision, upserted]), [[1, ['i1']], [2, ['i2']], [3, ['i3']]]);
});

test.serial('a writer that lost its place before its first change takes in what another one has committed meanwhile', async t => {
	const address = server.address();
	const first = await openDatabase(t, address);
	const heard: number[] = [];
	first.subscribe(({revision}) => {
		heard.push(revision);
	});
	const blocker = await openDatabase(t, address);
	t.is(blocker.mode, 'reader');
	await killWriter();
	const second = await openDatabase(t, address);
	t.is(second.mode, 'writer');
	await put(second, item('i1'));
	await second.close();
	await put(first, item('i2'));
	t.deepEqual(heard, [1, 2]);
});

test.serial('who follows hears of every commit once, also of those that came while its connection was gone', async t => {
	const address = server.address();
	const writer = await openDatabase(t, address);
	await put(writer, item('i0'));
	const proxy = await startCuttableProxy(server.port);
	t.teardown(proxy.close);
	const reader = await openDatabase(t, throughPort(address, proxy.port), {access: 'read'});
	const heard: number[] = [];
	reader.subscribe(({revision}) => {
		heard.push(revision);
	});
	await put(writer, item('i1'));
	await until(() => heard.includes(2));
	proxy.cutAfter(0);
	await put(writer, item('i2'));
	await put(writer, item('i3'));
	await until(() => heard.includes(4));
	await put(writer, item('i4'));
	await until(() => heard.includes(5));
	t.deepEqual(heard, [2, 3, 4, 5]);
	t.is(reader.header().libraries[0]!.counts.movie, 5);
	t.is(reader.notice, undefined);
});

test.serial('who has not followed for longer than commits are kept reads everything again', async t => {
	const address = server.address();
	const writer = await openDatabase(t, address);
	await put(writer, item('i0'));
	const reader = await openDatabase(t, address, {access: 'read'});
	const heard: Change[] = [];
	reader.subscribe(change => {
		heard.push(change);
	});
	await server.query(`CREATE RULE forgotten AS ON INSERT TO ${address.schema}.commits DO ALSO DELETE FROM ${address.schema}.commits WHERE revision = 2`);
	await put(writer, item('i1'));
	await until(() => heard.length > 0);
	t.true(heard[0]!.isReload);
	t.is(await writer.changesSince(1), undefined);
});

for (const [state, code] of [['53100', 'disk-full'], ['42501', 'forbidden'], ['P0001', 'not-writable']] as const) {
	test.serial(`a commit that the server refuses with ${state} changes nothing and says ${code}`, async t => {
		const address = server.address();
		const store = await openDatabase(t, address);
		await put(store, item('i1'));
		await server.query(`CREATE FUNCTION ${address.schema}.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '${state}'; END $$`);
		await server.query(`CREATE TRIGGER refuse BEFORE INSERT ON ${address.schema}.commits FOR EACH STATEMENT EXECUTE FUNCTION ${address.schema}.refuse()`);
		await t.throwsAsync(put(store, item('i2')), {code});
		t.deepEqual(await idsOf(store), ['i1']);
		await server.query(`DROP TRIGGER refuse ON ${address.schema}.commits`);
		await put(store, item('i2'));
		t.deepEqual(await idsOf(store), ['i1', 'i2']);
	});
}

test.serial('a commit that could not be serialised is tried again', async t => {
	const address = server.address();
	const store = await openDatabase(t, address);
	await put(store, item('i1'));
	await server.query(`CREATE SEQUENCE ${address.schema}.tries`);
	await server.query(`CREATE FUNCTION ${address.schema}.once() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF nextval('${address.schema}.tries') = 1 THEN RAISE EXCEPTION 'again' USING ERRCODE = '40001'; END IF; RETURN NULL; END $$`);
	await server.query(`CREATE TRIGGER once BEFORE INSERT ON ${address.schema}.commits FOR EACH STATEMENT EXECUTE FUNCTION ${address.schema}.once()`);
	await put(store, item('i2'));
	t.deepEqual(await idsOf(store), ['i1', 'i2']);
	t.is(store.header().revision, 2);
});

const indexesOf = async ({schema}: StoreAddress): Promise<string[]> => {
	const found = await server.query<{indexdef: string}>('SELECT indexdef FROM pg_indexes WHERE schemaname = $1 ORDER BY indexname', [schema]);
	return found.map(({indexdef}) => indexdef);
};

const at = '2026-01-01T00:00:00Z';
const manyItems = (name: string) => Array.from({length: 400}, (_, index) => item(`${name}${index}`));

test.serial('a first import does without the indexes of those who ask; the end of a run makes them, also of a later one', async t => {
	const address = server.address();
	const first = await openDatabase(t, address);
	const all = await indexesOf(address);
	await put(first, runRecord('r1', at, {status: 'running'}));
	await put(first, ...manyItems('a'));
	await put(first, ...manyItems('b'));
	const some = await indexesOf(address);
	t.true(some.length < all.length - 15, `${some.length} of ${all.length}`);
	// As if it had been killed.
	await first.close();
	const second = await openDatabase(t, address);
	await put(second, ...manyItems('c'), item('i1'));
	t.deepEqual(await indexesOf(address), some);
	await put(second, runRecord('r1', at));
	t.deepEqual(await indexesOf(address), all);
	t.is(second.notice, undefined);
	await put(second, ...manyItems('d'));
	t.deepEqual(await indexesOf(address), all);
});

test.serial('indexes that a restored dump has not are made at the end of the next run', async t => {
	const address = server.address();
	const store = await openDatabase(t, address);
	const all = await indexesOf(address);
	await put(store, item('i1'), runRecord('r1', at));
	// As after "pg_dump --schema", which leaves the extension out that some need.
	await server.query(`SET search_path = ${address.schema}; DROP INDEX list_rows_by_part, list_names_by_part, items_by_part_of_title, list_rows_by_year`);
	await put(store, item('i2'));
	t.is((await indexesOf(address)).length, all.length - 4);
	await put(store, runRecord('r2', at));
	t.deepEqual(await indexesOf(address), all);
	t.is(store.notice, undefined);
});

test.serial('who reads while a first import begins is not disturbed: the indexes stay', async t => {
	const address = server.address();
	const store = await openDatabase(t, address);
	const all = await indexesOf(address);
	const {host, port, user, database, schema} = address;
	const reader = new pg.Client({
		host, port, user, database,
	});
	await reader.connect();
	await reader.query(`BEGIN; SELECT count(*) FROM ${schema}.list_rows`);
	await put(store, ...manyItems('a'));
	t.deepEqual(await indexesOf(address), all);
	await reader.end();
});

test.serial('indexes that cannot be made are told of, and the commit is done all the same', async t => {
	const address = server.address();
	const store = await openDatabase(t, address);
	const all = await indexesOf(address);
	await put(store, ...manyItems('a'));
	await server.query(`ALTER TABLE ${address.schema}.list_rows RENAME COLUMN year TO other_year`);
	await put(store, runRecord('r1', at));
	t.regex(store.notice ?? '', /^Queries are slow, because indexes in the database could not be made\. .+/v);
	await server.query(`ALTER TABLE ${address.schema}.list_rows RENAME COLUMN other_year TO year`);
	await put(store, runRecord('r2', at));
	t.is(store.notice, undefined);
	t.deepEqual(await indexesOf(address), all);
});

test.serial('a backup of the tables restores into them, and what was committed since is no longer in the history', async t => {
	const address = server.address();
	const folder = await temporaryFolder(t);
	const store = await openPostgresCatalog({folder, login: {address}});
	// More than is held in memory of a document.
	const others = Array.from({length: 2200}, (_, index) => item(`o${index}`, {summary: `${index} `.repeat(400)}));
	await put(store, item('i1'), ...others);
	const {file} = await store.backup();
	const transaction = await store.begin();
	await transaction.upsert([item('i2')]);
	await transaction.record([{
		kind: 'added', at: '2026-01-01T00:00:00Z', runId: 'r1', libraryId: 'lib', itemId: 'i2', type: 'movie', title: 'Two',
	}]);
	await transaction.commit();
	await store.close();
	const restored = await openPostgresCatalog({folder, login: {address}, restoreFrom: file});
	t.teardown(async () => restored.close());
	t.deepEqual(await idsOf(restored), ['i1', ...others.map(({id}) => id)].toSorted());
	t.deepEqual(await restored.getMany(others.map(({id}) => id)), others);
	t.is(restored.header().revision, 3);
	for await (const events of restored.history()) {
		t.deepEqual(events, []);
	}

	t.is(restored.header().libraries[0]!.counts.movie, 2201);
});

test.serial('a backup that is not whole, or damaged, is refused by its name before anything is replaced', async t => {
	const [address, folder] = [server.address(), await temporaryFolder(t)];
	const document = await openCatalog({folder});
	await document.load();
	await put(document, item('a', {genres: ['nowhere']}));
	await document.close();
	const backups = createBackups(folder, {fs: nodeFileSystem, now: () => new Date(), schemaVersion: 6});
	const {file} = await backups.copy(path.join(folder, 'catalog.json'), {revision: 1, schemaVersion: 6});
	const cut = path.join(folder, 'cut.zst');
	await writeFile(cut, zstdCompressSync('{"format":"reelcat-catalog"'));
	const store = await openDatabase(t, address);
	await put(store, item('i1'));
	await store.close();
	await t.throwsAsync(openPostgresCatalog({folder, login: {address}, restoreFrom: file}), {code: 'damaged', message: /nowhere/v});
	await t.throwsAsync(openPostgresCatalog({folder, login: {address}, restoreFrom: cut}), {code: 'damaged', message: /cut\.zst/v});
	t.deepEqual(await idsOf(await openDatabase(t, address)), ['i1']);
});

test.serial('tables of a newer reelcat are refused, by writers and readers', async t => {
	const address = server.address();
	const store = await openDatabase(t, address);
	await put(store, item('i1'));
	await store.close();
	await server.query(`INSERT INTO ${address.schema}.kysely_migration (name, timestamp) VALUES ('999-later', '2030')`);
	await t.throwsAsync(openDatabase(t, address), {code: 'newer'});
	await t.throwsAsync(openDatabase(t, address, {access: 'read'}), {code: 'newer'});
	await server.query(`DELETE FROM ${address.schema}.kysely_migration WHERE name = '999-later'`);
	await server.query(`UPDATE ${address.schema}.catalog SET schema_version = 99`);
	await t.throwsAsync(openDatabase(t, address, {access: 'read'}), {code: 'newer'});
});
