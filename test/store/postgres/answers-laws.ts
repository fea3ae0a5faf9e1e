import process from 'node:process';
import test, {type ExecutionContext} from 'ava';
import fc from 'fast-check';
import type {Item} from '../../../source/catalog/types.js';
import {compileQuery} from '../../../source/query/language/compile.js';
import {defined} from '../../../source/catalog/values.js';
import {exportOrder, sortLibraries} from '../../../source/export/order.js';
import {pastMatcher} from '../../../source/history/past-matches.js';
import {openPostgresCatalog} from '../../../source/store/postgres/postgres-catalog.js';
import {
	ask,
	indexOf,
	valuesOf,
	world,
} from '../../query/_asked-library.js';
import {header, makeItem, makeLibrary} from '../../query/_items.js';
import {
	namedRecords,
	randomItems,
	randomQueries,
} from '../../query/_random-library.js';
import {startPostgres} from '../../helpers/postgres-server.js';
import {temporaryFolder} from '../../helpers/store-records.js';

const server = await startPostgres();
// Of few rows, PostgreSQL sorts all. This one takes pages from an index in order wherever it can, as the other one does of many.
const inOrder = await startPostgres({
	settings: {
		enable_sort: 'off', enable_seqscan: 'off', enable_bitmapscan: 'off', seq_page_cost: '0', random_page_cost: '0', cpu_tuple_cost: '0', cpu_index_tuple_cost: '0', cpu_operator_cost: '0',
	},
});
test.after.always(async () => {
	await Promise.all([server.close(), inOrder.close()]);
});

// For instance REELCAT_LAW_RUNS=2000.
const runs = Number(process.env['REELCAT_LAW_RUNS'] ?? 40);

const openStore = async (t: ExecutionContext, {address} = server) => {
	const store = await openPostgresCatalog({folder: await temporaryFolder(t), login: {address: address()}});
	t.teardown(async () => store.close());
	let known: readonly string[] = [];
	const first = await store.begin();
	await first.upsert(namedRecords.values().toArray());
	await first.commit();
	return {
		store,
		answers: store.answers!,
		/**
		Puts these items in the place of all that are there.
		*/
		async hold(items: readonly Item[]) {
			const transaction = await store.begin();
			const ids = items.map(({id}) => id);
			await transaction.remove(known.filter(id => !ids.includes(id)));
			await transaction.upsert(items);
			await transaction.commit();
			known = ids;
		},
	};
};

test('a database answers as the index in memory does, in the same order', async t => {
	const {answers, hold} = await openStore(t);
	await fc.assert(fc.asyncProperty(randomItems, fc.array(randomQueries, {minLength: 5, maxLength: 15}), async (items, queries) => {
		await hold(items);
		const index = indexOf(items);
		for (const query of queries) {
			const {ids, total} = await answers.list({plan: await compileQuery(query, world)});
			t.deepEqual(ids, await ask(index, items, query), query);
			t.is(total, ids.length);
		}
	}), {numRuns: runs});
});

const scopes = [{}, {libraryId: 'films'}, {type: 'movie'}, {libraryId: 'shows', type: 'episode'}, {showId: 'i3'}, {seasonId: 'i4'}, {showId: 'i3', type: 'season'}, {showId: 'i10'}] as const;
const sorts = [undefined, 'title', 'number', 'year', 'added', 'duration', 'size', 'resolution', 'rating'] as const;

const pagesAreThoseOfTheIndex = test.macro(async (t: ExecutionContext, of: typeof server) => {
	const {answers, hold} = await openStore(t, of);
	const question = fc.record({
		scope: fc.constantFrom(...scopes), sort: fc.constantFrom(...sorts), descending: fc.boolean(), query: fc.option(randomQueries, {nil: undefined}), offset: fc.nat(5), limit: fc.nat(5), isExact: fc.boolean(),
	});
	await fc.assert(fc.asyncProperty(randomItems, fc.array(question, {minLength: 5, maxLength: 15}), async (items, questions) => {
		await hold(items);
		const index = indexOf(items);
		for (const {scope, sort, query, offset, limit, descending, isExact} of questions) {
			const asked = {
				...scope, ...sort !== undefined && {sort}, descending, ...query !== undefined && {plan: await compileQuery(query, world)},
			};
			const whole = await index.list(asked, {readValues: valuesOf(items), isExact});
			const {ids, total} = await answers.list(asked, {limit, offset, isExact});
			t.deepEqual(ids, whole.slice(offset, offset + limit), JSON.stringify([asked, query]));
			t.is(total, whole.length);
		}
	}), {numRuns: runs});
});

const anItem = fc.nat(11).map(place => `i${place}`);

// Shows and seasons that are in other libraries, of other shows, or not there at all.
const tangled = fc.array(fc.record({
	type: fc.constantFrom('movie', 'show', 'season', 'season', 'episode', 'episode', 'episode'),
	libraryId: fc.constantFrom('shows', 'shows', 'shows', 'films', 'more', 'gone'),
	title: fc.constantFrom('Alien', 'The Alien', 'Élodie', '\u{1F600}', '\u{E000}', ''),
	showId: fc.option(anItem, {nil: undefined}),
	seasonId: fc.option(anItem, {nil: undefined}),
	seasonNumber: fc.option(fc.nat(2), {nil: undefined}),
	episodeNumber: fc.option(fc.nat(2), {nil: undefined}),
	year: fc.option(fc.constantFrom(1984, 1999), {nil: undefined}),
	releaseDate: fc.option(fc.constantFrom('1999-12-31', '2024-05-01'), {nil: undefined}),
}), {maxLength: 12}).map(all => all.map((fields, place) => makeItem(`i${place}`, defined(fields))));

test('the order of an export is that of the index, also where shows and seasons are amiss', async t => {
	const {answers, hold} = await openStore(t);
	const libraries = [...header.libraries, makeLibrary('more', 'More films')];
	const filter = fc.record({
		libraryIds: fc.subarray(libraries.map(({id}) => id)),
		types: fc.option(fc.subarray(['movie', 'show', 'season', 'episode'] as const), {nil: undefined}),
		limit: fc.option(fc.nat(6), {nil: undefined}),
	});
	await fc.assert(fc.asyncProperty(fc.oneof(tangled, tangled, randomItems), fc.array(filter, {minLength: 3, maxLength: 6}), async (items, filters) => {
		await hold(items);
		const index = indexOf(items);
		for (const {limit, ...wanted} of filters) {
			const ids: string[] = [];
			for await (const list of exportOrder(index, {libraries}, defined(wanted))) {
				ids.push(...list);
			}

			const libraryIds = sortLibraries(libraries, wanted.libraryIds).map(({id}) => id);
			t.deepEqual(await answers.exported({...wanted, libraryIds, limit}), ids.slice(0, limit), JSON.stringify(wanted));
		}
	}), {numRuns: runs * 3});
});

test('of what is gone and of what is there, a query finds the same as with an index', async t => {
	const {store, answers, hold} = await openStore(t);
	await fc.assert(fc.asyncProperty(randomItems, fc.subarray(Array.from({length: 13}, (_, place) => `i${place}`)), fc.array(randomQueries, {minLength: 3, maxLength: 6}), async (items, goneIds, queries) => {
		const gone = items.filter(({id}) => goneIds.includes(id));
		const there = items.filter(item => !gone.includes(item));
		await hold(there);
		const files = namedRecords.values().filter(record => record.kind === 'file').toArray();
		for (const query of queries) {
			const common = {
				index: async () => indexOf(there), store: async () => store, queryWorld: async () => world, signal: new AbortController().signal,
			};
			const [byIndex, bySql] = [await pastMatcher(query, common), await pastMatcher(query, {...common, answers: async () => answers})];
			const lost = gone.map(item => ({item, files}));
			t.deepEqual(await bySql(lost), await byIndex(lost), query);
		}
	}), {numRuns: runs});
});

test('scopes and the orders of the sort menu are those of the index, and so are pages', pagesAreThoseOfTheIndex, server);
test('pages that come from an index in order are the same', pagesAreThoseOfTheIndex, inOrder);
