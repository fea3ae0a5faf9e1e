import {hash} from 'node:crypto';
import test from 'ava';
import pg from 'pg';
import {exportedName} from '../../../source/catalog/fields/exported.js';
import {fileFieldList} from '../../../source/catalog/fields/file-fields.js';
import {itemFieldList} from '../../../source/catalog/fields/item-fields.js';
import {versionFieldList} from '../../../source/catalog/fields/version-fields.js';
import {openPostgresCatalog} from '../../../source/store/postgres/postgres-catalog.js';
import {listShapes} from '../../../source/store/postgres/answers/list-shapes.js';
import {historyColumns, libraryColumns, serverColumns} from '../../../source/store/postgres/readable/header-columns.js';
import {readableShapes} from '../../../source/store/postgres/readable/make-readable.js';
import {definitionOf, snakeCase} from '../../../source/store/postgres/readable/shape.js';
import {views} from '../../../source/store/postgres/readable/views.js';
import {comparedTables, plainTables} from '../../helpers/plain-tables.js';
import {runHere} from '../../helpers/run-here.js';
import {startPostgres} from '../../helpers/postgres-server.js';
import {
	collection,
	file,
	item,
	library,
	person,
	playlist,
	put,
	tag,
	temporaryFolder,
} from '../../helpers/store-records.js';

const server = await startPostgres();
test.after.always(async () => {
	await server.close();
});

const opened = async (t: Parameters<typeof temporaryFolder>[0], address = server.address()) => {
	const store = await openPostgresCatalog({folder: await temporaryFolder(t), login: {address}});
	t.teardown(async () => store.close());
	return {store, address};
};

test('every table, column and view has a comment', async t => {
	const {address} = await opened(t);
	const bare = await server.query<{name: string}>(`
		SELECT relname || coalesce('.' || attname, '') AS name
		FROM pg_class LEFT JOIN pg_attribute ON attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped AND relkind = 'r'
		WHERE relnamespace = '${address.schema}'::regnamespace AND relkind IN ('r', 'v') AND relname NOT LIKE 'kysely%'
			AND coalesce(col_description(pg_class.oid, attnum), '') = ''
		UNION ALL
		SELECT relname FROM pg_class
		WHERE relnamespace = '${address.schema}'::regnamespace AND relkind IN ('r', 'v') AND relname NOT LIKE 'kysely%'
			AND coalesce(obj_description(oid, 'pg_class'), '') = ''
		ORDER BY name`);
	const [columns] = await server.query<{count: number}>(`SELECT count(*)::integer AS count FROM information_schema.columns WHERE table_schema = '${address.schema}'`);
	t.true(columns!.count > 250);
	// Of views, which have no comments on columns, only the name would be here.
	t.deepEqual(bare.map(({name}) => name).filter(name => views.every(view => view.name !== name || view.comment === '')), []);
	const kept = await server.query<{name: string}>(`SELECT relname AS name FROM pg_class WHERE relnamespace = '${address.schema}'::regnamespace AND relkind = 'v' AND obj_description(oid, 'pg_class') <> ''`);
	t.deepEqual(kept.map(({name}) => name).toSorted(), views.map(({name}) => name).toSorted());
});

/**
Fields of the export that are no column of their table, and where they are instead.
*/
const elsewhere: Record<string, readonly string[]> = {
	// Tables of their own, columns of another name, what follows from other rows, and what only the records have.
	items: ['ids', 'studio', 'genres', 'countries', 'collections', 'labels', 'directors', 'writers', 'producers', 'cast', 'people', 'files', 'gaps', 'images', 'chapters', 'markers', 'extras'],
	versions: ['id', 'fileIds', 'video', 'audio', 'subtitles', 'recording'],
	files: ['part', 'parts', 'sharedWith', 'unavailable', 'optimized', 'partId', 'partKey'],
};

const otherNames: Record<string, string> = {
	server: 'server_id', library: 'library_id', show: 'show_id', season: 'season_id',
};

test('every field of the export is a column, or it is known where it is instead', t => {
	for (const [table, fields] of [['items', itemFieldList], ['versions', versionFieldList], ['files', fileFieldList]] as const) {
		const {columns} = readableShapes.find(({name}) => name === table)!;
		const names = fields.map(field => exportedName(field)).filter(name => name !== undefined);
		t.deepEqual(names.filter(name => !Object.hasOwn(columns, otherNames[name] ?? snakeCase(name))), names.filter(name => elsewhere[table]!.includes(name)), `the table ${table}`);
		t.deepEqual(elsewhere[table]!.filter(name => !names.includes(name)), [], `the table ${table}`);
	}
});

test('the tables are those of the last step that changed them', t => {
	const definitions = [...readableShapes, {name: 'servers', columns: serverColumns}, {name: 'libraries', columns: libraryColumns}, {name: 'history', columns: historyColumns}]
		.map(shape => [shape.name, Object.entries(shape.columns).map(([name, column]) => `${name} ${definitionOf(column)}`)]);
	// If this fails, databases that are there lack what you changed: add a step to tables.ts that changes them, with ADD COLUMN IF NOT EXISTS, and then the new hash here.
	t.is(hash('sha256', JSON.stringify([definitions, views.map(({name, query}) => [name, query])]), 'hex').slice(0, 16), 'da9eadf7ee5049b0');
	// The same, for the tables that answer queries. They hold nothing that is not in the records, so a step may also make them anew.
	t.is(hash('sha256', JSON.stringify(listShapes.map(({name, columns, indexes}) => [name, indexes, Object.entries(columns).map(([column, definition]) => `${column} ${definitionOf(definition)}`)])), 'hex').slice(0, 16), 'bbcbdba39fab418e');
});

const wholeRecords = () => [
	person('p1'),
	tag('t1'),
	{...file('f1'), sizeBytes: 7},
	item('i1', {cast: [{personId: 'p1', role: 'Captain'}], genres: ['t1']}),
	// An episode before its show, and more items than a page has.
	item('i2', {
		type: 'episode', showId: 'i3', seasonId: 'i4', versions: [{id: 'v', audio: [{languageCode: 'eng'}], parts: [{fileId: 'f1'}]}],
	}),
	item('i3', {type: 'show'}),
	item('i4', {type: 'season', showId: 'i3'}),
	...Array.from({length: 1200}, (_, index) => item(`im${index}`, {year: 1900 + (index % 120)})),
	collection('c1', ['i1', 'i2']),
	playlist('y1', ['im7', 'im7', 'i1']),
];

const someRecords = () => [...wholeRecords(), item('i6', {cast: [{personId: 'p1'}, {personId: 'nobody'}]}), collection('c2', ['i1', 'gone', 'i2'])];

const withoutReadable = (schema: string) => [
	`SET search_path = ${schema}`,
	...views.toReversed().map(({name}) => `DROP VIEW ${name}`),
	...readableShapes.toReversed().map(({name}) => `DROP TABLE ${name} CASCADE`),
	...Object.entries({servers: serverColumns, libraries: libraryColumns, history: historyColumns}).flatMap(([table, columns]) => Object.keys(columns).map(column => `ALTER TABLE ${table} DROP COLUMN ${column}`)),
	'DROP TABLE copying; DROP TABLE jobs',
	'TRUNCATE writer; ALTER TABLE writer DROP CONSTRAINT writer_pkey, DROP COLUMN backend, DROP COLUMN servers, ADD COLUMN singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton)',
	'ALTER TABLE commits DROP COLUMN servers',
	...listShapes.map(({name}) => `DROP TABLE ${name}`),
	'DELETE FROM kysely_migration WHERE name > \'001-catalog\'',
].join(';');

test('the second step fills the tables from what was there before', async t => {
	const {store, address} = await opened(t);
	await put(store, ...someRecords());
	const transaction = await store.begin();
	await transaction.record(Array.from({length: 1100}, (_, index) => ({
		at: '2026-01-02T03:04:05Z', runId: 'r1', libraryId: 'lib', itemId: `im${index}`, type: 'movie' as const, title: `Title ${index}`, kind: 'edited' as const, before: {year: null}, after: {year: index},
	})));
	await transaction.commit();
	await store.close();
	const facts = async () => server.query(`SELECT (SELECT jsonb_agg(to_jsonb(history) ORDER BY number) FROM ${address.schema}.history) AS history,
		(SELECT jsonb_agg(to_jsonb(libraries)) FROM ${address.schema}.libraries) AS libraries, (SELECT jsonb_agg(to_jsonb(servers)) FROM ${address.schema}.servers) AS servers,
		(SELECT jsonb_agg(to_jsonb(items) ORDER BY id) FROM ${address.schema}.items) AS items`);
	const before = await facts();
	await server.query(withoutReadable(address.schema));
	await t.throwsAsync(openPostgresCatalog({folder: await temporaryFolder(t), login: {address}, access: 'read'}), {message: /older reelcat/v});

	const {store: again} = await opened(t, address);
	t.deepEqual(await facts(), before);
	const {records} = await again.page({limit: Infinity});
	t.is(records.length, someRecords().length);
	for (const {table, found, expected} of await comparedTables(server.query, address.schema, plainTables(records, again.header()))) {
		t.deepEqual(found, expected, `the table ${table}`);
	}

	const missing = await server.query(`SELECT * FROM ${address.schema}.missing_references ORDER BY 1`);
	t.deepEqual(missing, [{record_id: 'c2', missing_id: 'gone'}, {record_id: 'i6', missing_id: 'nobody'}]);
	await put(again, item('i5'));
	const [{count} = {count: 0}] = await server.query<{count: number}>(`SELECT count(*)::integer AS count FROM ${address.schema}.items`);
	t.is(count, records.filter(({kind}) => kind === 'item').length + 1);
});

test('a restored backup is in the tables, and nothing else', async t => {
	const {store, address} = await opened(t);
	await put(store, ...wholeRecords());
	const {file: backup} = await store.backup();
	const later = await store.begin();
	await later.remove(['i1', 'p1', 'i3']);
	await later.putLibrary(library('other'));
	await later.upsert([item('inew'), person('pnew')]);
	await later.record([{
		at: '2026-01-02T03:04:05Z', runId: 'r1', libraryId: 'lib', itemId: 'inew', type: 'movie', title: 'New', kind: 'added',
	}]);
	await later.commit();
	const changes = async () => server.query(`SELECT title FROM ${address.schema}.changes`);
	t.deepEqual(await changes(), [{title: 'New'}]);
	await store.close();
	const restored = await openPostgresCatalog({folder: await temporaryFolder(t), login: {address}, restoreFrom: backup});
	t.teardown(async () => restored.close());
	const {records} = await restored.page({limit: Infinity});
	t.is(records.length, wholeRecords().length);
	t.deepEqual(await changes(), []);
	for (const {table, found, expected} of await comparedTables(server.query, address.schema, plainTables(records, restored.header()))) {
		t.deepEqual(found, expected, `the table ${table}`);
	}
});

// Serial, because every other test adds the extension.
test.serial('without pg_trgm, and without the right to add it, the tables are made all the same', async t => {
	const address = server.address();
	await server.query(`CREATE ROLE plain LOGIN; CREATE SCHEMA ${address.schema} AUTHORIZATION plain`);
	const {store} = await opened(t, {...address, user: 'plain'});
	await put(store, item('i1'));
	const indexes = await server.query<{indexname: string}>(`SELECT indexname FROM pg_indexes WHERE schemaname = '${address.schema}'`);
	t.true(indexes.some(({indexname}) => indexname === 'items_by_words'));
	t.false(indexes.some(({indexname}) => indexname === 'items_by_part_of_title'));
	const found = await server.query(`SELECT id FROM ${address.schema}.items WHERE title ILIKE '%of i1%' AND words @@ websearch_to_tsquery('simple', 'title i1')`);
	t.deepEqual(found, [{id: 'i1'}]);
});

test('a user who may only select reads the catalogue and cannot write it', async t => {
	const {store, address} = await opened(t);
	await put(store, ...someRecords());
	const {schema} = address;
	await server.query(`CREATE ROLE viewer LOGIN; GRANT USAGE ON SCHEMA ${schema} TO viewer; GRANT SELECT ON ALL TABLES IN SCHEMA ${schema} TO viewer;
		ALTER DEFAULT PRIVILEGES IN SCHEMA ${schema} GRANT SELECT ON TABLES TO viewer; ALTER ROLE viewer SET search_path = ${schema}`);
	const reader = await openPostgresCatalog({folder: await temporaryFolder(t), login: {address: {...address, user: 'viewer'}}, access: 'read'});
	t.teardown(async () => reader.close());
	t.is(reader.mode, 'reader');
	t.deepEqual(await reader.get('i1'), await store.get('i1'));
	const home = await temporaryFolder(t);
	const listed = await runHere(home, ['ls', '--store', address.text.replace('//reelcat@', '//viewer@'), '--type', 'show']);
	t.is(listed.exitCode, 0, listed.stderr);
	t.true(listed.stdout.includes('Title of i3'), listed.stdout);
	const {promise, resolve} = Promise.withResolvers<readonly string[]>();
	reader.subscribe(({upserted}) => {
		resolve(upserted);
	});
	await put(store, item('i1', {year: 1999}));
	t.deepEqual(await promise, ['i1']);
	const client = new pg.Client({
		host: address.host, port: address.port, user: 'viewer', database: address.database,
	});
	await client.connect();
	for (const {name} of [...readableShapes, ...views]) {
		const {rows} = await client.query(`SELECT count(*) FROM ${name}`);
		t.is(rows.length, 1, `the table ${name}`);
	}

	await t.throwsAsync(client.query('DELETE FROM items'), {message: /permission denied/v});
	await client.end();

	await store.close();
	await t.throwsAsync(openPostgresCatalog({folder: await temporaryFolder(t), login: {address: {...address, user: 'viewer'}}}), {code: 'forbidden'} as never);
});
