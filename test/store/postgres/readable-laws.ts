import test from 'ava';
import fc from 'fast-check';
import type {CatalogStore} from '../../../source/catalog/catalog-store.js';
import type {
	CatalogRecord,
	Item,
	Run,
	Tombstone,
} from '../../../source/catalog/types.js';
import {openPostgresCatalog} from '../../../source/store/postgres/postgres-catalog.js';
import {comparedTables, plainTables} from '../../helpers/plain-tables.js';
import {startPostgres} from '../../helpers/postgres-server.js';
import {
	collection,
	file,
	item,
	library,
	person,
	playlist,
	put,
	server as plexServer,
	tag,
	temporaryFolder,
} from '../../helpers/store-records.js';

const server = await startPostgres();
test.after.always(async () => {
	await server.close();
});

const opened = async (t: Parameters<typeof temporaryFolder>[0]) => {
	const address = server.address();
	const store = await openPostgresCatalog({folder: await temporaryFolder(t), login: {address}});
	t.teardown(async () => store.close());
	return {store, address};
};

const compare = async (store: CatalogStore, schema: string) => {
	const {records} = await store.page({limit: Infinity});
	return comparedTables(server.query, schema, plainTables(records, store.header()));
};

const requireSame = async (store: CatalogStore, schema: string) => {
	for (const {table, found, expected} of await compare(store, schema)) {
		if (JSON.stringify(found) !== JSON.stringify(expected)) {
			throw new Error(`${table} has ${found.join('\n')} instead of ${expected.join('\n')}`);
		}
	}
};

const someOf = (prefix: string, count: number) => fc.array(fc.integer({min: 1, max: count}), {maxLength: 3}).map(numbers => numbers.map(number => `${prefix}${number}`));
const oneOf = (prefix: string, count: number) => fc.integer({min: 1, max: count}).map(number => `${prefix}${number}`);
const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, {nil: undefined, freq: 2});

const version = fc.record({
	id: fc.constant('v'),
	resolution: maybe(fc.constantFrom('4k', '1080', 'sd')),
	optimized: maybe(fc.boolean()),
	audio: fc.array(fc.record({languageCode: fc.constantFrom('eng', 'swe')}), {maxLength: 2}),
	subtitles: fc.array(fc.record({languageCode: fc.constantFrom('eng', 'fin')}), {maxLength: 2}),
	parts: fc.array(oneOf('f', 4).map(fileId => ({fileId})), {maxLength: 2}),
});

const someItem: fc.Arbitrary<Item> = fc.record({
	id: oneOf('i', 7),
	type: fc.constantFrom('movie', 'show', 'season', 'episode'),
	libraryId: fc.constantFrom('lib', 'other', 'nowhere'),
	year: maybe(fc.integer({min: 1900, max: 2030})),
	showId: maybe(oneOf('i', 7)),
	seasonId: maybe(oneOf('i', 7)),
	directors: someOf('p', 4),
	cast: someOf('p', 4).map(ids => ids.map((personId, index) => index === 0 ? {personId, role: 'Captain'} : {personId})),
	genres: someOf('t', 3),
	labels: someOf('t', 3),
	versions: fc.array(version, {maxLength: 2}),
}).map(({id, ...fields}) => item(id, fields as Partial<Item>));

const run = (id: string, problemCount: number): Run => ({
	id,
	kind: 'run',
	command: 'sync',
	status: 'partly',
	startedAt: '2026-01-01T00:00:00Z',
	durationMs: 10,
	requests: 1,
	receivedBytes: 10,
	libraries: [{
		id: 'lib', title: 'Films', mode: 'sweep', complete: true, durationMs: 5, expected: 1, imported: 0, unchanged: 0, failed: 1, skipped: 0, changes: {}, held: 0, notes: [],
	}],
	problems: Array.from({length: problemCount}, (_, index) => ({
		libraryId: 'lib', stage: 'details', code: 'bad', message: `Problem ${index}`, hint: 'Try again.',
	})),
	problemCount,
});

const tombstone = (id: string): Tombstone => ({
	id, kind: 'tombstone', itemId: 'i1', serverId: 'srv', libraryId: 'lib', removedAt: '2026-01-01T00:00:00Z', runId: 'r1', reason: 'gone', item: item('i1'), files: [],
});

const someRecord: fc.Arbitrary<CatalogRecord> = fc.oneof(
	{weight: 6, arbitrary: someItem},
	fc.tuple(oneOf('p', 4), fc.constantFrom('', ' the younger')).map(([id, more]) => ({...person(id), name: `Name of ${id}${more}`})),
	oneOf('t', 3).map(id => tag(id)),
	{weight: 2, arbitrary: fc.tuple(oneOf('f', 4), maybe(fc.integer({min: 0, max: 9}))).map(([id, size]) => ({...file(id), ...size !== undefined && {sizeBytes: size}}))},
	someOf('i', 7).map(ids => collection('c1', ids)),
	someOf('i', 7).map(ids => playlist('y1', ids)),
	fc.integer({min: 0, max: 3}).map(problems => run('r1', problems)),
	fc.constant(tombstone('o1')),
	// The same id as another kind, which no server makes.
	oneOf('i', 2).map(id => person(id)),
);

const anyId = fc.oneof(oneOf('i', 7), oneOf('p', 4), oneOf('t', 3), oneOf('f', 4), fc.constantFrom('c1', 'y1', 'r1', 'o1'));

const someCommit = fc.record({
	puts: fc.array(someRecord, {maxLength: 8}),
	removes: fc.array(anyId, {maxLength: 4}),
	servers: fc.boolean(),
	libraries: fc.subarray(['lib', 'other']),
});

test('the tables say the same as the records after any commits', async t => {
	await t.notThrowsAsync(async () => fc.assert(fc.asyncProperty(fc.array(someCommit, {minLength: 1, maxLength: 6}), async commits => {
		const {store, address} = await opened(t);
		for (const {puts, removes, servers, libraries} of commits) {
			const transaction = await store.begin();
			if (servers) {
				await transaction.putServer(plexServer);
			}

			for (const id of libraries) {
				await transaction.putLibrary(library(id));
			}

			await transaction.upsert(puts);
			await transaction.remove(removes);
			await transaction.commit();
			await requireSame(store, address.schema);
		}

		await store.close();
		await server.query(`DROP SCHEMA ${address.schema} CASCADE`);
	}), {numRuns: 25}));
});

// No schema is made beside it, because kysely fails to look at all schemas while one of them is dropped.
test.serial('the tables keep to their foreign keys after commits of many records, which do without the checks of the server', async t => {
	await t.notThrowsAsync(async () => fc.assert(fc.asyncProperty(fc.array(fc.array(someRecord, {maxLength: 8}), {minLength: 1, maxLength: 4}), async commits => {
		const {store, address} = await opened(t);
		for (const [index, puts] of commits.entries()) {
			const many = Array.from({length: 120}, (_, number) => person(`q${index}x${number}`));
			await put(store, ...many, ...new Map(puts.map(record => [record.id, record])).values());
			await requireSame(store, address.schema);
		}

		const keys = await server.query<{name: string; definition: string; id: string}>(`
			SELECT conrelid::regclass::text AS name, pg_get_constraintdef(oid) AS definition, oid AS id FROM pg_constraint
			WHERE contype = 'f' AND connamespace = '${address.schema}'::regnamespace
		`);
		if (keys.length < 10) {
			throw new Error('The tables have hardly any foreign keys.');
		}

		// What is made again is checked.
		for (const {name, definition, id} of keys) {
			await server.query(`ALTER TABLE ${name} ADD CONSTRAINT again_${id} ${definition}`);
		}

		await store.close();
		await server.query(`DROP SCHEMA ${address.schema} CASCADE`);
	}), {numRuns: 8, endOnFailure: true}));
});

test('a reference to what comes later, and what was removed and comes back, is in the tables then', async t => {
	const {store, address} = await opened(t);
	await put(store, item('i1', {
		type: 'episode', showId: 'i2', cast: [{personId: 'p1'}], versions: [{id: 'v', parts: [{fileId: 'f1'}]}],
	}));
	const missing = async () => server.query<{missing_id: string}>(`SELECT missing_id FROM ${address.schema}.missing_references ORDER BY missing_id`);
	t.deepEqual((await missing()).map(({missing_id: id}) => id), ['f1', 'i2', 'p1']);
	await put(store, item('i2', {type: 'show'}), person('p1'), {...file('f1'), sizeBytes: 7});
	t.deepEqual(await missing(), []);
	const one = async () => (await server.query<{show_id: string | undefined; size_bytes: string | undefined; people: number}>(`SELECT show_id, size_bytes, (SELECT count(*)::integer FROM ${address.schema}.item_people) AS people FROM ${address.schema}.items WHERE id = 'i1'`))[0];
	t.deepEqual(await one(), {show_id: 'i2', size_bytes: '7', people: 1});
	const transaction = await store.begin();
	await transaction.remove(['i2', 'p1', 'f1']);
	await transaction.commit();
	t.deepEqual(await one(), {show_id: null, size_bytes: null, people: 0});
	await put(store, item('i2', {type: 'show'}), person('p1'), {...file('f1'), sizeBytes: 8});
	t.deepEqual(await one(), {show_id: 'i2', size_bytes: '8', people: 1});
});

const broken = (fields: Record<string, unknown>) => item('i1', fields);

const ofAnyType = (value: unknown) => value as never;

const nested = (depth: number): unknown => depth === 0 ? 'deep' : [nested(depth - 1)];
const deep = nested(500);

test('no value of a wrong type makes a commit fail, and verify still names the record', async t => {
	const {store, address} = await opened(t);
	const wrong: unknown[] = [
		null, 'text', '', 7, -1, 1.5, 1e300, true, [], {}, [null], [7], [{}], ['nothing'], {parts: 7}, '2024-02-30', '0000-01-01', '2024-02-30T00:00:00Z', 'nul\0nul', 'half \u{D83D}', '9'.repeat(5000), deep, {'key\0': 'nul\0 \u{DC00}'},
	];
	const names = Object.keys(broken({
		showId: 0, seasonId: 0, seasonNumber: 0, episodeNumber: 0, year: 0, releaseDate: 0, summary: 0, durationMs: 0, leafCount: 0, addedAt: 0, viewState: 0, folders: 0, chapters: 0, extras: 0, guid: 0,
	})).filter(name => !['id', 'kind', 'type', 'libraryId'].includes(name));
	for (const [index, value] of wrong.entries()) {
		const each = names.map(name => ({...broken({[name]: value}), id: `i${name}${index}`}));
		await put(
			store,
			...each,
			item(`iversions${index}x`, {
				versions: [{
					id: value, parts: value, audio: value, video: value, resolution: value,
				}] as never,
			}),
			item(`iparts${index}`, {
				versions: [{
					id: 'v', parts: [{fileId: value, durationMs: value}], audio: [value], subtitles: [{codec: value, default: value}],
				}] as never,
			}),
			item(`icast${index}x`, {
				cast: [value, {personId: value, role: value}] as never, ids: ofAnyType({other: value}), ratings: [value] as never, viewState: ofAnyType({viewCount: value}),
			}),
			{...person(`p${index}`), name: value as never, thumb: value as never},
			{...tag(`t${index}`), name: value as never},
			{
				...file(`f${index}`), sizeBytes: value as never, serverId: value as never, path: value as never,
			},
			collection(`c${index}`, value as never, {title: value as never, firstSeenAt: value as never}),
			{...playlist(`y${index}`, []), items: [value] as never, smart: value as never},
			{
				...tombstone(`o${index}`), item: value as never, files: value as never, removedAt: value as never,
			},
			{
				...run(`r${index}`, 0), libraries: value as never, problems: [value] as never, startedAt: value as never,
			},
		);
	}

	const [counted] = await server.query<{items: number; records: number}>(`SELECT (SELECT count(*)::integer FROM ${address.schema}.items) AS items, (SELECT count(*)::integer FROM ${address.schema}.records WHERE kind = 'item') AS records`);
	t.is(counted!.items, counted!.records);
	t.is(counted!.records, wrong.length * (names.length + 3));
	const {problems} = await store.check();
	t.true(problems.some(problem => problem.includes('year')), problems.slice(0, 5).join('\n'));
	const [year] = await server.query<{year: number | undefined; title: string}>(`SELECT year, title FROM ${address.schema}.items WHERE id = 'iyear1'`);
	t.deepEqual(year, {year: null, title: 'Title of i1'});
	const [title] = await server.query<{title: string}>(`SELECT title FROM ${address.schema}.items WHERE id = 'ititle18'`);
	t.is(title!.title, 'nulnul');
});

test('a library, a server and an event with values of wrong types are committed, too', async t => {
	const {store, address} = await opened(t);
	const transaction = await store.begin();
	await transaction.putServer({id: 'srv', name: 'nul\0', version: 7 as never});
	await transaction.putLibrary({
		...library(), title: ofAnyType({a: 1}), serverId: 'gone', locations: 'text' as never, sync: ofAnyType({held: 7}),
	});
	await transaction.record([{
		at: 'yesterday', runId: 'r1', libraryId: 'lib', itemId: 'i1', type: 'movie', title: 'nul\0', kind: 'edited', before: {title: 'nul\0 \u{D83D}', deep}, after: 7 as never,
	}]);
	await transaction.commit();
	const [row] = await server.query(`SELECT libraries.title, libraries.server_id, servers.name, servers.version, history.title AS told, history.happened_at, history.before ->> 'title' AS before, history.after
		FROM ${address.schema}.libraries, ${address.schema}.servers, ${address.schema}.history`);
	t.deepEqual(row, {
		title: null, server_id: null, name: 'nul', version: null, told: 'nul', happened_at: null, before: 'nul �', after: 7,
	});
});
