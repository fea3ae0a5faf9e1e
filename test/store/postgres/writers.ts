import process from 'node:process';
import {setTimeout as delay} from 'node:timers/promises';
import test, {type ExecutionContext} from 'ava';
import fc from 'fast-check';
import type {Change, StoreTransaction} from '../../../source/catalog/catalog-store.js';
import type {CatalogRecord, Library, Person} from '../../../source/catalog/types.js';
import type {OpenedCatalog} from '../../../source/store/catalog-context.js';
import type {StoreAddress} from '../../../source/store/postgres/address.js';
import {openPostgresCatalog, type PostgresOptions} from '../../../source/store/postgres/postgres-catalog.js';
import {openDatabase} from '../../helpers/open-database.js';
import {startPostgres} from '../../helpers/postgres-server.js';
import {
	idsOf,
	item,
	library,
	person,
	temporaryFolder,
} from '../../helpers/store-records.js';

// Most tests of this file run at once, each with several processes of up to six connections, and the server has 200.
const server = await startPostgres();
test.after.always(async () => {
	await server.close();
});

const forServers = (...ids: string[]): Partial<PostgresOptions> => ({writesFor: async () => ids});

const libraryOf = (serverId: string): Library => ({...library(`lib-${serverId}`), serverId});
const itemOf = (serverId: string, name: string, title = name) => item(`i-${serverId}-${name}`, {serverId, libraryId: `lib-${serverId}`, title});

/**
Begins a transaction that puts records of a server, and the server and its library.
*/
const begin = async (store: OpenedCatalog, serverId: string, ...records: CatalogRecord[]): Promise<StoreTransaction> => {
	const transaction = await store.begin();
	await transaction.putServer({id: serverId, name: `Server ${serverId}`});
	await transaction.putLibrary(libraryOf(serverId));
	await transaction.upsert(records);
	return transaction;
};

const put = async (...given: Parameters<typeof begin>) => {
	const transaction = await begin(...given);
	return transaction.commit();
};

const hear = (store: OpenedCatalog) => {
	const heard: number[] = [];
	store.subscribe(({revision}) => {
		heard.push(revision);
	});
	return heard;
};

const until = async (isSo: () => boolean | Promise<boolean>) => {
	// A busy machine may take long for what happens at once.
	const endMs = performance.now() + 50_000;
	while (!await isSo()) {
		if (performance.now() > endMs) {
			throw new Error('It did not happen within 50 s.');
		}

		await delay(20);
	}
};

/**
Ends the backend that has the locks of a server, and waits until it is gone.
*/
const cutWriterOf = async ({schema}: StoreAddress, serverId: string) => {
	await server.query(`SELECT pg_terminate_backend(backend, 5000) FROM ${schema}.writer WHERE $1 = ANY(servers)`, [serverId]);
};

test('two processes write for two servers, and everyone hears of each commit once', async t => {
	const address = server.address();
	const [a, b] = [await openDatabase(t, address, forServers('a')), await openDatabase(t, address, forServers('b'))];
	t.deepEqual([a.mode, b.mode], ['writer', 'writer']);
	await put(a, 'a', itemOf('a', '1'), person('p1'));
	const reader = await openDatabase(t, address, {access: 'read'});
	const heard = [a, b, reader].map(store => hear(store));
	await put(b, 'b', itemOf('b', '1'));
	await put(a, 'a', itemOf('a', '2'));
	await until(() => heard.every(revisions => revisions.at(-1) === 3));
	t.deepEqual(heard[0], [2, 3]);
	t.deepEqual(heard[2], [2, 3]);
	// The second one may have heard of the first commit as well, if it had not done so before.
	t.deepEqual(heard[1]!.slice(-2), [2, 3]);
	for (const store of [a, b, reader]) {
		t.deepEqual(store.header().libraries.map(({id, counts}) => [id, counts.movie]), [['lib-a', 2], ['lib-b', 1]]);
	}

	t.deepEqual((await reader.check()).problems, []);
});

type Deed = {writer: 0 | 1; puts: number[]; removes: number[]; people: number[]};

const deeds = fc.record<Deed>({
	writer: fc.constantFrom(0, 1),
	puts: fc.uniqueArray(fc.nat({max: 5}), {maxLength: 3}),
	removes: fc.uniqueArray(fc.nat({max: 5}), {maxLength: 2}),
	people: fc.uniqueArray(fc.nat({max: 2}), {maxLength: 2}),
});

test('however the commits of two processes fall, none is lost and none is written twice', async t => {
	t.timeout(240_000);
	await fc.assert(fc.asyncProperty(fc.array(fc.record({deeds: fc.tuple(deeds, deeds), isAtOnce: fc.boolean()}), {minLength: 1, maxLength: 8}), async rounds => {
		const address = server.address();
		const folder = await temporaryFolder(t);
		const stores: OpenedCatalog[] = [];
		const opened = async (options: Partial<PostgresOptions>) => {
			const store = await openPostgresCatalog({folder, login: {address}, ...options});
			stores.push(store);
			return store;
		};

		try {
			const names = ['a', 'b'] as const;
			const writers = [await opened(forServers('a')), await opened(forServers('b'))] as const;
			await put(writers[0], 'a');
			await put(writers[1], 'b');
			const reader = await opened({access: 'read'});
			await until(() => writers.every(store => store.header().revision === 2));
			const heard = [...writers, reader].map(store => hear(store));
			const expected = [new Map<string, string>(), new Map<string, string>()] as const;
			const told: [string[], string[]] = [[], []];
			const pictured = new Set<string>();
			let number = 0;
			const prepare = async ({writer, puts, removes, people}: Deed) => {
				const title = `change ${++number}`;
				const name = names[writer];
				// Only the first server knows pictures of people. The second one keeps those that it sees, as a sync does.
				const known = new Map((await writers[writer].getMany(people.map(id => `p${id}`))).map(record => [record.id, record as Person]));
				const seen = people.map((id): Person => ({...known.get(`p${id}`), ...person(`p${id}`), ...writer === 0 && {thumb: `/picture/${id}`}}));
				const transaction = await begin(writers[writer], name, ...puts.map(id => itemOf(name, String(id), title)), ...seen);
				const gone = removes.filter(id => !puts.includes(id)).map(id => itemOf(name, String(id)).id);
				await transaction.remove(gone);
				await transaction.record([{
					kind: 'added', at: '2026-01-01T00:00:00Z', runId: 'r1', libraryId: `lib-${name}`, itemId: `i-${name}`, type: 'movie', title,
				}]);
				return {
					commit: transaction.commit,
					done() {
						for (const id of puts) {
							expected[writer].set(itemOf(name, String(id)).id, title);
						}

						for (const id of gone) {
							expected[writer].delete(id);
						}

						for (const {id} of writer === 0 ? seen : []) {
							pictured.add(id);
						}

						told[writer].push(title);
					},
				};
			};

			const revisions: number[] = [];
			for (const {deeds: pair, isAtOnce} of rounds) {
				const [first, second] = pair;
				if (first.writer === second.writer) {
					for (const deed of [first, second]) {
						const one = await prepare(deed);
						revisions.push((await one.commit()).revision);
						one.done();
					}
				} else {
					// Both transactions are open, whatever the order of their commits is.
					const both = [await prepare(first), await prepare(second)];
					const commit = async ({commit: work}: typeof both[number]) => {
						const {revision} = await work();
						revisions.push(revision);
					};

					if (isAtOnce) {
						await Promise.all(both.map(async one => commit(one)));
					} else {
						await commit(both[1]!);
						await commit(both[0]!);
					}

					for (const one of both) {
						one.done();
					}
				}
			}

			const all = Array.from({length: 2 * rounds.length}, (_, index) => index + 3);
			t.deepEqual(revisions.toSorted((left, right) => left - right), all);
			await until(() => heard.every(({length}) => length >= all.length));
			t.deepEqual(heard, [all, all, all]);
			const {records} = await reader.page({limit: 1000});
			for (const [index, name] of names.entries()) {
				const own = records.filter(record => record.kind === 'item' && record.serverId === name);
				t.deepEqual(own.map(record => [record.id, record.kind === 'item' ? record.title : ''].join(' ')).toSorted(), expected[index]!.entries().map(entry => entry.join(' ')).toArray().toSorted());
			}

			t.deepEqual(records.flatMap(record => record.kind === 'person' && record.thumb !== undefined ? [record.id] : []).toSorted(), [...pictured].toSorted());
			for (const store of [...writers, reader]) {
				t.deepEqual(store.header().servers.map(({id}) => id), ['a', 'b']);
				t.deepEqual(store.header().libraries.map(({counts}) => counts.movie), expected.map(({size}) => size));
			}

			const events: string[] = [];
			for await (const batch of reader.history()) {
				events.push(...batch.map(event => 'title' in event ? event.title : ''));
			}

			t.deepEqual(names.map((_, index) => events.filter(title => told[index]!.includes(title))), told);
			t.is(events.length, all.length);
			t.deepEqual((await reader.check()).problems, []);
		} finally {
			await Promise.all(stores.map(async store => store.close()));
		}
	}), {numRuns: 8, endOnFailure: true});
});

test('the very first commits of two processes at the same time are both made', async t => {
	const address = server.address();
	const [a, b] = [await openDatabase(t, address, forServers('a')), await openDatabase(t, address, forServers('b'))];
	const both = [await begin(a, 'a', itemOf('a', '1')), await begin(b, 'b', itemOf('b', '1'))];
	const made = await Promise.all(both.map(async transaction => transaction.commit()));
	t.deepEqual(made.map(({revision}) => revision).toSorted((left, right) => left - right), [1, 2]);
	t.deepEqual(await idsOf(a), ['i-a-1', 'i-b-1']);
});

test('a second one for the same server reads, knows who writes, and may write when that one has ended, while another server goes on', async t => {
	const address = server.address();
	const first = await openDatabase(t, address, forServers('a'));
	await put(first, 'a', itemOf('a', '1'));
	const second = await openDatabase(t, address, forServers('a'));
	t.is(second.mode, 'reader');
	t.like(second.holder, {pid: process.pid, servers: [{id: 'a', name: 'Server a'}]});
	const other = await openDatabase(t, address, forServers('b'));
	t.is(other.mode, 'writer');
	const controller = new AbortController();
	let isFree = false;
	const waiting = second.whenFree!(controller.signal).then(() => {
		isFree = true;
	});
	await put(other, 'b', itemOf('b', '1'));
	await delay(1500);
	t.false(isFree);
	await first.close();
	await waiting;
	const third = await openDatabase(t, address, forServers('a'));
	t.is(third.mode, 'writer');
	await put(third, 'a', itemOf('a', '2'));
	await put(other, 'b', itemOf('b', '2'));
	t.is(third.header().revision, 3);
});

test('a writer at rest keeps its right in a database that ends sessions at rest', async t => {
	await server.query('CREATE DATABASE restless');
	await server.query('ALTER DATABASE restless SET idle_session_timeout = \'200ms\'');
	const address = {...server.address(), database: 'restless'};
	const first = await openDatabase(t, address, forServers('a'));
	await put(first, 'a', itemOf('a', '1'));
	await delay(1000);
	const second = await openDatabase(t, address, forServers('a'));
	t.is(second.mode, 'reader');
	await put(first, 'a', itemOf('a', '2'));
	await until(() => second.header().revision === 2);
});

test('work on the whole catalogue is refused while anyone writes, which names all of them, and refuses others meanwhile', async t => {
	const address = server.address();
	const [a, b] = [await openDatabase(t, address, forServers('a')), await openDatabase(t, address, forServers('b'))];
	const refused = await openDatabase(t, address);
	t.is(refused.mode, 'reader');
	await t.throwsAsync(refused.begin(), {code: 'locked', message: /^2 other reelcats \(process .*, for "a"; process .*, for "b"\) write this catalogue/v});
	await a.close();
	await b.close();
	const whole = await openDatabase(t, address);
	t.is(whole.mode, 'writer');
	await put(whole, 'a', itemOf('a', '1'));
	const late = await openDatabase(t, address, forServers('b'));
	t.is(late.mode, 'reader');
	await t.throwsAsync(late.begin(), {code: 'locked', message: /^Another reelcat \(process .*\) writes this catalogue/v});
	await whole.close();
	await late.whenFree!(AbortSignal.timeout(10_000));
	const again = await openDatabase(t, address, forServers('b'));
	t.is(again.mode, 'writer');
});

test('a server is claimed by one process at a time, for as long as it is wanted, with what others have committed until then', async t => {
	const address = server.address();
	const [a, b] = [await openDatabase(t, address, forServers('a')), await openDatabase(t, address, forServers())];
	await put(a, 'a', itemOf('a', '1'));
	await t.throwsAsync(b.claim!('a'), {code: 'locked', message: /^Another reelcat \(.*, for "Server a"\) writes to this catalogue for the same server/v});
	const disclaim = await b.claim!('b');
	await put(b, 'b', itemOf('b', '1'));
	t.like(await a.writers!(), [{servers: [{id: 'b', name: 'Server b'}]}]);
	await t.throwsAsync(a.claim!('b'), {code: 'locked'});
	await disclaim();
	const release = await a.claim!('b');
	t.is(a.header().revision, 2);
	t.deepEqual((await b.writers!())[0]!.servers!.map(({id}) => id), ['a', 'b']);
	// What a process had before is not let go of.
	await (await a.claim!('a'))();
	await release();
	await b.claim!('b');
	await t.throwsAsync(b.claim!('a'), {code: 'locked'});
});

test('nothing of a server that was not claimed is written, nor a library that another server has', async t => {
	const address = server.address();
	const [a, b] = [await openDatabase(t, address, forServers('a')), await openDatabase(t, address, forServers('b'))];
	await put(a, 'a', itemOf('a', '1'));
	for (const prepare of [
		async ({upsert}: StoreTransaction) => upsert([itemOf('a', '9')]),
		async ({remove}: StoreTransaction) => remove(['i-a-1']),
		async ({putLibrary}: StoreTransaction) => putLibrary({...libraryOf('a'), title: 'Mine'}),
		async ({putServer}: StoreTransaction) => putServer({id: 'a', name: 'Mine'}),
	]) {
		const transaction = await b.begin();
		await prepare(transaction);
		await t.throwsAsync(transaction.commit(), {instanceOf: TypeError, message: /does not write for the server a/v});
	}

	const copy = await b.begin();
	await copy.putLibrary({...libraryOf('a'), serverId: 'b'});
	await t.throwsAsync(copy.commit(), {code: 'locked', message: /under the same id/v});
	await put(b, 'b', itemOf('b', '1'));
	t.deepEqual(await idsOf(a), ['i-a-1', 'i-b-1']);
});

test('a change that was begun goes on after its connection was lost, though another server was written meanwhile', async t => {
	const address = server.address();
	const [a, b] = [await openDatabase(t, address, forServers('a')), await openDatabase(t, address, forServers('b'))];
	await put(a, 'a', itemOf('a', '1'));
	const heard = hear(a);
	const begun = await begin(a, 'a', itemOf('a', '2'));
	await cutWriterOf(address, 'a');
	await put(b, 'b', itemOf('b', '1'));
	t.is((await begun.commit()).revision, 3);
	t.deepEqual(await idsOf(a), ['i-a-1', 'i-a-2', 'i-b-1']);
	t.deepEqual(heard, [2, 3]);
});

test('a change that was begun is refused if another process has written for the server meanwhile', async t => {
	const address = server.address();
	const a = await openDatabase(t, address, forServers('a'));
	await put(a, 'a', itemOf('a', '1'));
	const begun = await begin(a, 'a', itemOf('a', '2', 'old'));
	await cutWriterOf(address, 'a');
	const standby = await openDatabase(t, address, forServers('a'));
	t.is(standby.mode, 'writer');
	await put(standby, 'a', itemOf('a', '2', 'new'));
	await standby.close();
	await t.throwsAsync(begun.commit(), {code: 'locked', message: /changed by someone else/v});
	t.like(await a.get('i-a-2'), {title: 'new'});
	await put(a, 'a', itemOf('a', '3'));
	t.is(a.header().revision, 3);
});

test('whoever waits for the commit of another one goes on when that one dies in the middle of it', async t => {
	const address = server.address();
	const {schema} = address;
	const [a, b] = [await openDatabase(t, address, forServers('a')), await openDatabase(t, address, forServers('b'))];
	await put(a, 'a', itemOf('a', '1'));
	await put(b, 'b', itemOf('b', '1'));
	// What is taken of a sequence stays taken, so only the first attempt is slow.
	await server.query(`CREATE SEQUENCE ${schema}.attempts; CREATE FUNCTION ${schema}.slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF 'i-a-2' = ANY(NEW.upserted) AND nextval('${schema}.attempts') = 1 THEN PERFORM pg_sleep(50); END IF; RETURN NEW; END $$`);
	await server.query(`CREATE TRIGGER slow BEFORE INSERT ON ${schema}.commits FOR EACH ROW EXECUTE FUNCTION ${schema}.slow()`);
	const [slow, quick] = [await begin(a, 'a', itemOf('a', '2')), await begin(b, 'b', itemOf('b', '2'))];
	const committing = slow.commit();
	const turns = async (isGranted: boolean) => server.query('SELECT FROM pg_locks WHERE locktype = \'advisory\' AND classid = 1953854062 AND objid = $1::regclass::oid AND granted = $2', [`${schema}.catalog`, isGranted]);
	await until(async () => (await turns(true)).length > 0);
	const waiting = quick.commit();
	await until(async () => (await turns(false)).length > 0);
	await cutWriterOf(address, 'a');
	t.is((await waiting).revision, 3);
	t.is((await committing).revision, 4);
	t.deepEqual(await idsOf(a), ['i-a-1', 'i-a-2', 'i-b-1', 'i-b-2']);
	t.deepEqual(await server.query(`SELECT revision::int, servers FROM ${schema}.commits ORDER BY 1`), [
		{revision: 1, servers: ['a']}, {revision: 2, servers: ['b']}, {revision: 3, servers: ['b']}, {revision: 4, servers: ['a']},
	]);
});

test('a restored backup and a writer of one server keep apart', async t => {
	const address = server.address();
	const folder = await temporaryFolder(t);
	const a = await openPostgresCatalog({folder, login: {address}, ...forServers('a')});
	await put(a, 'a', itemOf('a', '1'));
	const {file} = await a.backup();
	await put(a, 'a', itemOf('a', '2'));
	const refused = await openDatabase(t, address, {restoreFrom: file});
	t.is(refused.mode, 'reader');
	t.deepEqual(await idsOf(refused), ['i-a-1', 'i-a-2']);
	await a.close();
	const restored = await openDatabase(t, address, {restoreFrom: file});
	t.deepEqual(await idsOf(restored), ['i-a-1']);
});

test('rows of writers that have ended are no writers, and go', async t => {
	const address = server.address();
	const {schema} = address;
	const a = await openDatabase(t, address, forServers('a'));
	await put(a, 'a');
	await a.close();
	t.is((await server.query(`SELECT FROM ${schema}.writer`)).length, 1);
	const reader = await openDatabase(t, address, {access: 'read'});
	t.is(reader.holder, undefined);
	t.deepEqual(await reader.writers!(), []);
	await openDatabase(t, address, forServers('b'));
	t.deepEqual(await server.query(`SELECT servers FROM ${schema}.writer`), [{servers: ['b']}]);
});

/**
Makes another catalogue in the place of one, as a failover or a restored backup does: each revision that it has holds something else.
*/
const replaceUnder = async (t: ExecutionContext, address: StoreAddress, revisions: readonly number[]) => {
	await server.query(`DROP SCHEMA ${address.schema} CASCADE`);
	const other = await openDatabase(t, address, forServers('b'));
	for (const revision of revisions) {
		await put(other, 'b', itemOf('b', `new-${revision}`));
	}

	return other;
};

test.serial('who has followed reads everything anew where the database was set back, and says so once', async t => {
	const address = server.address();
	const first = await openDatabase(t, address, forServers('a'));
	await put(first, 'a', itemOf('a', '1'));
	await put(first, 'a', itemOf('a', '2'));
	const heard: Change[] = [];
	first.subscribe(change => {
		heard.push(change);
	});
	const other = await replaceUnder(t, address, [1]);
	await until(() => heard.at(-1)?.revision === 1);
	await put(other, 'b', itemOf('b', 'new-2'));
	await until(() => heard.at(-1)?.revision === 2);
	const {notice} = first;
	// It may look when the new tables are still empty.
	t.regex(notice!, /no longer has the commit that was read last \(revision 2; it is at [01] now\)/v);
	t.deepEqual(heard.map(change => change.notice).filter(text => text !== undefined), [notice]);
	t.true(heard[0]!.isReload);
	t.deepEqual(await idsOf(first), ['i-b-new-1', 'i-b-new-2']);
	// The right to write is that of the tables that are there now.
	await put(first, 'a', itemOf('a', '1'));
	t.is((await openDatabase(t, address, forServers('a'))).mode, 'reader');
});

for (const revisions of [[1], [1, 2], [1, 2, 3]]) {
	test.serial(`what was begun at revision 2 is not written over other commits, the last of which has the revision ${revisions.length}`, async t => {
		const address = server.address();
		const first = await openDatabase(t, address);
		await put(first, 'a', itemOf('a', '1'));
		await put(first, 'a', itemOf('a', '2'));
		const open = await begin(first, 'a', itemOf('a', '3'));
		const other = await replaceUnder(t, address, revisions);
		await t.throwsAsync(open.commit(), {code: 'locked', message: /was changed by someone else/v});
		t.deepEqual(first.header().libraries.map(({id}) => id), ['lib-b']);
		await other.close();
		await put(first, 'a', itemOf('a', '4'));
		t.deepEqual(await idsOf(first), ['i-a-4', ...revisions.map(revision => `i-b-new-${revision}`)]);
	});
}
