import {readFileSync} from 'node:fs';
import test, {type ExecutionContext} from 'ava';
import fc from 'fast-check';
import {createDaemonQueries} from '../../../source/app/daemon-queries.js';
import {createPageService} from '../../../source/app/page-service.js';
import {fillIndex} from '../../../source/app/index-loader.js';
import type {CatalogRecord} from '../../../source/catalog/types.js';
import type {SavedQuery} from '../../../source/catalog/saved-query.js';
import {createCatalogIndex} from '../../../source/query/catalog-index.js';
import {compileQuery} from '../../../source/query/language/compile.js';
import {savedWorld, type QueryWorld} from '../../../source/query/language/query-source.js';
import {recordValues} from '../../../source/query/record-values.js';
import type {OpenedCatalog} from '../../../source/store/catalog-context.js';
import {openPostgresCatalog} from '../../../source/store/postgres/postgres-catalog.js';
import {listShapes} from '../../../source/store/postgres/answers/list-shapes.js';
import {views} from '../../../source/store/postgres/readable/views.js';
import {world} from '../../query/_asked-library.js';
import {namedRecords, randomItems, randomQueries} from '../../query/_random-library.js';
import {demoInPostgres} from '../../helpers/demo-in-postgres.js';
import {startPostgres} from '../../helpers/postgres-server.js';
import {runHere} from '../../helpers/run-here.js';
import {runRecord} from '../../helpers/run-records.js';
import {runReelcat} from '../../helpers/run-reelcat.js';
import {migrateFrom} from '../../helpers/stored-place.js';
import {
	item,
	library,
	put,
	temporaryFolder,
} from '../../helpers/store-records.js';

const server = await startPostgres({settings: {log_min_messages: 'log', log_line_prefix: '%u '}});
const address = server.address('demo');
const teardowns: Array<() => unknown> = [];
const {home, tables, header} = await demoInPostgres({
	teardown(end) {
		teardowns.push(end);
	},
}, address);
test.after.always(async () => {
	for (const end of teardowns.toReversed()) {
		await end();
	}

	await server.close();
});

const open = async (t: ExecutionContext, options: {schema?: string; restoreFrom?: string; access?: 'read'} = {}) => {
	const {schema, ...others} = options;
	const login = {address: server.address(schema)};
	const store = await openPostgresCatalog({folder: await temporaryFolder(t), login, ...others});
	t.teardown(async () => store.close());
	return {store, login};
};

/**
An index that is made of all records of a store anew.
*/
const indexOf = async (store: OpenedCatalog) => {
	const index = createCatalogIndex();
	await fillIndex(store, index);
	return index;
};

const compare = async (t: ExecutionContext, store: OpenedCatalog, queries: readonly string[], asked: QueryWorld = world) => {
	const index = await indexOf(store);
	for (const query of queries) {
		const plan = await compileQuery(query, asked);
		const {ids, total, revision} = await store.answers!.list({plan});
		t.deepEqual(ids, await index.list({plan}, {readValues: recordValues(store)}), query);
		t.is(total, ids.length);
		t.is(revision, store.header().revision);
	}
};

const queryFile = readFileSync('docs/query.md', 'utf8').split('\n');
const saved = queryFile.map(line => /^reelcat queries save (?<name>\S+) '(?<query>[^']+)'$/v.exec(line)?.groups as SavedQuery | undefined).filter(groups => groups !== undefined);
const demoWorld: QueryWorld = {
	now: new Date('2026-06-01T12:00:00Z'), libraries: header.libraries, servers: header.servers, ...savedWorld(() => saved),
};
const examples = queryFile.map(line => /^\| `(?<query>[^`]+)` \| [^\|]+ \| \d+ \|$/v.exec(line)?.groups?.['query']).filter(query => query !== undefined);

test('every example of docs/query.md finds the same in a database', async t => {
	t.true(examples.length > 40);
	await compare(t, tables, examples, demoWorld);
});

test('answers follow every commit, also names, files and what comes later than what refers to it', async t => {
	const {store} = await open(t);
	const file = (number: number, sizeBytes: number): CatalogRecord => ({
		id: `f${number}`, kind: 'file', serverId: 'server', path: `/srv/films/file ${number}.mkv`, sizeBytes,
	});
	const person = (number: number, name: string): CatalogRecord => ({id: `p${number}`, kind: 'person', name});
	const records = fc.oneof(
		{arbitrary: randomItems, weight: 3},
		fc.array(fc.tuple(fc.nat(5), fc.constantFrom(0, 1, 70_000_000_000)).map(([number, size]) => file(number, size)), {maxLength: 3}),
		fc.array(fc.tuple(fc.nat(4), fc.constantFrom('Mira Holt', 'Ferry Night', '', '衣笠')).map(([number, name]) => person(number, name)), {maxLength: 3}),
		fc.constant(namedRecords.values().toArray()),
	);
	const commit = fc.record({
		puts: fc.array(records, {minLength: 1, maxLength: 2}),
		removes: fc.array(fc.oneof(fc.nat(12).map(number => `i${number}`), fc.nat(4).map(number => `p${number}`), fc.nat(5).map(number => `f${number}`), fc.constantFrom('tgenre0', 'tcollection1')), {maxLength: 3}),
	});
	await fc.assert(fc.asyncProperty(fc.array(commit, {minLength: 1, maxLength: 3}), fc.array(randomQueries, {minLength: 4, maxLength: 8}), async (commits, queries) => {
		for (const {puts, removes} of commits) {
			const transaction = await store.begin();
			for (const some of puts) {
				await transaction.upsert(some);
			}

			await transaction.remove(removes);
			await transaction.commit();
			await compare(t, store, [...queries, 'size:>60GB', 'night', 'path:films']);
		}
	}), {numRuns: 12});
});

const wholeShow = (): CatalogRecord[] => [
	...namedRecords.values(),
	item('i1', {
		title: 'The Ferry', genres: ['tgenre0'], cast: [{personId: 'p1'}], versions: [{id: 'v', parts: [{fileId: 'f1'}]}],
	}),
	item('i2', {type: 'show', title: 'Harbour \u{E000} of 100% Glass_\\'}),
	item('i3', {type: 'season', title: 'Season 1', showId: 'i2'}),
	item('i4', {
		type: 'episode', title: '東京 \u{1F600}', showId: 'i2', seasonId: 'i3', versions: [{id: 'v', resolution: 'odd', parts: [{fileId: 'f2'}]}],
	}),
	item('i5', {title: '\u{1F600}'}),
	item('i6', {title: '\u{E000}', originalTitle: '\0 \u{2} x\u{D800}', editionTitle: 'long '.repeat(1000)}),
];

const wholeQueries = ['', 'sort:title', 'sort:-original', 'ferry', 'harbour', 'show:"100% glass_"', '100%', 'glass_', 'a_b', String.raw`glass_\\`, '東', '"東京"', 'any(has:res)', 'any(res:<4k)', 'size:>1GB', 'reiniger', 'drama', 'ferty', 'has:edition', 'has:server', 'edition:"long long"', 'original:x', 'has:show', 'id:i5', 'key:5', 'guid:x', 'path:films', 'missing:path', 'has:genre', 'has:actor'];
const wholeWorld: QueryWorld = {...world, libraries: [library()]};

test('texts with signs that SQL or the order of JavaScript treats in a way of its own are found and sorted alike', async t => {
	const {store} = await open(t);
	await put(store, ...wholeShow());
	await compare(t, store, wholeQueries, wholeWorld);
});

test('a catalogue that was there before, a restored one and a copied one are answered in the same way', async t => {
	const {store, login} = await open(t);
	await put(store, ...wholeShow());
	const {file} = await store.backup();
	const {schema} = login.address;
	await put(store, item('i7', {title: 'Later ferry'}));
	await store.close();
	await server.query(`${listShapes.map(({name}) => `DROP TABLE ${schema}.${name}`).join(';')}; DROP TABLE ${schema}.jobs; DELETE FROM ${schema}.kysely_migration WHERE name >= '005-lists'`);
	const {store: again} = await open(t, {schema});
	await compare(t, again, wholeQueries, wholeWorld);
	t.is((await again.answers!.list({plan: await compileQuery('later', wholeWorld)})).total, 1);
	await again.close();

	// As if its texts had been folded in another way.
	await server.query(`DELETE FROM ${schema}.list_rows; DELETE FROM ${schema}.kysely_migration WHERE name >= '010-folded-signs'`);
	const {store: folded} = await open(t, {schema});
	await compare(t, folded, wholeQueries, wholeWorld);
	await folded.close();

	const {store: restored} = await open(t, {schema, restoreFrom: file});
	await compare(t, restored, wholeQueries, wholeWorld);
	t.is((await restored.answers!.list({plan: await compileQuery('later', wholeWorld)})).total, 0);
	await restored.close();

	const target = server.address();
	await migrateFrom(login.address.text, target.text);
	const {store: copied} = await open(t, {schema: target.schema});
	await compare(t, copied, wholeQueries, wholeWorld);
});

test('the view of missing episodes leaves out those numbered by month and day, in tables from before too', async t => {
	const {store, login} = await open(t);
	const {schema} = login.address;
	const episode = (episodeNumber: number, seasonNumber: number) => item(`i${seasonNumber}-${episodeNumber}`, {
		type: 'episode', showId: 'ferries', seasonNumber, episodeNumber,
	});
	await put(store, item('ferries', {type: 'show'}), episode(104, 2024), episode(430, 2024), episode(1, 2025), episode(3, 2025));
	await store.close();
	const before = views.find(({name}) => name === 'missing_episodes')!.query.replace(/^\s*HAVING .*$/mv, '');
	await server.query(`SET search_path = ${schema}; CREATE OR REPLACE VIEW missing_episodes AS ${before}; DELETE FROM kysely_migration WHERE name >= '011-dated-gaps'; RESET search_path`);
	const {store: again} = await open(t, {schema});
	await again.close();
	t.deepEqual(await server.query(`SELECT season_number, episode_number FROM ${schema}.missing_episodes`), [{season_number: 2025, episode_number: 2}]);
});

test('who reads while a backup is restored sees the whole catalogue', async t => {
	const {store, login} = await open(t);
	const {schema} = login.address;
	await put(store, ...Array.from({length: 1000}, (_, index) => item(`i${index}`)));
	const {file} = await store.backup();
	await store.close();
	const {store: reader} = await open(t, {schema, access: 'read'});
	const everything = {plan: await compileQuery('', wholeWorld)};
	const seen = new Set<number>();
	const restored = new AbortController();
	const look = async () => {
		while (!restored.signal.aborted) {
			const [{total}, {records}] = await Promise.all([reader.answers!.list(everything), reader.check()]);
			seen.add(total);
			seen.add(records);
		}
	};

	const looks = look();
	for (let round = 0; round < 3; round++) {
		const {store: again} = await open(t, {schema, restoreFrom: file});
		await again.close();
	}

	restored.abort();
	await looks;
	t.deepEqual([...seen], [1000]);
});

test('without pg_trgm the answers are the same, and what an administrator can do is said: once, and by the doctor', async t => {
	const bare = await startPostgres();
	t.teardown(bare.close);
	const login = {address: {...bare.address('bare'), user: 'plain'}};
	await bare.query('CREATE ROLE plain LOGIN; CREATE SCHEMA bare AUTHORIZATION plain');
	const store = await openPostgresCatalog({folder: await temporaryFolder(t), login});
	t.teardown(async () => store.close());
	await put(store, ...wholeShow());
	const partIndexes = async () => bare.query('SELECT indexname FROM pg_indexes WHERE schemaname = \'bare\' AND indexname LIKE \'list%by_part\'');
	t.deepEqual(await partIndexes(), []);
	await compare(t, store, wholeQueries, wholeWorld);
	const said = /Words and parts of words take longer to find, .*An administrator says "CREATE EXTENSION pg_trgm WITH SCHEMA public" in the database postgres, /v;
	t.regex(store.notice ?? '', said);
	await store.close();
	const later = await openPostgresCatalog({folder: await temporaryFolder(t), login});
	t.teardown(async () => later.close());
	t.is(later.notice, undefined);
	const examined = async () => runHere(await temporaryFolder(t), ['doctor', '--json', '--store', login.address.text.replace('//reelcat@', '//plain@')]);
	t.regex((await examined()).stdout, /"catalogue","status":"warn".*take longer to find.*"hint":"An administrator says/v);
	await bare.query('CREATE EXTENSION pg_trgm WITH SCHEMA public');
	await put(later, runRecord('r1', '2026-01-01T00:00:00Z'));
	t.is((await partIndexes()).length, 2);
	t.regex((await examined()).stdout, /"catalogue","status":"ok"/v);
});

const asked: ReadonlyArray<readonly string[]> = [
	['ls'],
	['ls', '--limit', '7'],
	['ls', '--sort=-year', '--limit', '7'],
	['ls', '--type', 'season'],
	['ls', '--type', 'episode', '--limit', '40', '--columns', 'title,show,path'],
	['ls', '--library', 'Series', '--format', 'csv'],
	['ls', 'nosferatu'],
	['ls', 'res:4k sort:-size limit:3'],
	['ls', '--format', 'csv', 'genre:drama type:movie'],
	['ls', '--type', 'season', 'show:"harbour of glass"'],
	['ls', '--limit', '2', 'sort:title'],
	['ls', '--columns', 'title,show,genre,path,size,watched', 'type:episode limit:4'],
	['ls', 'zardoz'],
	['ls', 'gener:drama'],
	['show', 'nosfertau'],
	['show', 'title:harbour'],
	['show', 'type:show "harbour of glass"'],
	['show', 'type:season limit:1'],
	['show', 'i0000000000000000'],
	['export'],
	['export', '--library', 'Series', '--format', 'csv', '--rows', 'version'],
	['export', 'genre:drama'],
	['export', 'type:season'],
	['export', '--format', 'csv', '--rows', 'file', 'type:episode watched:no'],
	['export', 'type:episode sort:-size limit:5'],
	['export', '--format', 'xlsx', 'sort:-size limit:20'],
	['lost', 'type:movie'],
	['lost', 'any(res:4k)'],
	['diff', '--since', '2020-01-01', 'type:movie'],
	['diff', '--since', '2020-01-01', 'zardoz'],
];

test('ls, show, export, lost and diff print of a database what they print of a document', async t => {
	for (const args of asked) {
		const [command, ...others] = args;
		// The JSON of changes tells until when they were asked for.
		const isJson = !['export', 'diff'].includes(command!) && !others.includes('--format');
		const full = [command!, ...isJson ? ['--json'] : [], ...others];
		const [document, database] = [await runHere(home, [...full, '--demo']), await runHere(await temporaryFolder(t), [...full, '--store', address.text])];
		t.is(database.stdout, document.stdout, args.join(' '));
		t.is(database.stderr, document.stderr, args.join(' '));
		t.is(database.exitCode ?? 0, document.exitCode ?? 0);
	}
});

test('the API gives the same pages of a database as an index does', async t => {
	const common = {index: async () => indexOf(tables), queryWorld: () => demoWorld};
	const [byIndex, bySql] = [createDaemonQueries(tables, common), createDaemonQueries(tables, {...common, answers: tables.answers})];
	for (const text of ['', 'harbour', 'genre:drama', 'type:movie sort:-size limit:7', 'zardoz']) {
		for (const page of [{limit: 5, offset: 0}, {limit: 5, offset: 5}, {limit: 100, offset: 1000}]) {
			t.deepEqual(await bySql.items({text, ...page}), await byIndex.items({text, ...page}), `${text} ${page.offset}`);
		}
	}
});

test('the page of a database is that of an index', async t => {
	const pictures = {load: async () => undefined};
	const [byIndex, bySql] = [
		createPageService({store: tables, index: async () => indexOf(tables), pictures}),
		createPageService({
			store: tables,
			async index() {
				throw new Error('No index is needed.');
			},
			answers: tables.answers,
			pictures,
		}),
	];
	const [expected, made] = [await byIndex.document(), await bySql.document()];
	t.is(made.tag, expected.tag);
	t.true(made.gzipped.length > 10_000);
});

test('the binary answers a query of a database, and lists it, without reading all of it', async t => {
	await server.query('CREATE ROLE asking SUPERUSER LOGIN; ALTER ROLE asking SET log_statement = \'all\'');
	for (const args of [['reiniger'], ['--limit', '1']]) {
		const {stdout, exitCode} = await runReelcat(await temporaryFolder(t), ['ls', '--store', address.text.replace('//reelcat@', '//asking@'), '--json', ...args]);
		t.is(exitCode, 0);
		t.is((JSON.parse(stdout) as {items: unknown[]}).items.length, 1);
	}

	const statements = server.log().split('\n').filter(line => line.startsWith('asking ') && !line.includes('DETAIL:'));
	t.true(statements.some(line => line.includes('WHERE kind = $1 AND words LIKE')), 'its statements are logged');
	t.deepEqual(statements.filter(line => line.includes('order by "position"')), []);
});
