import test from 'ava';
import type {Item} from '../../source/catalog/types.js';
import {
	comparedItems,
	storedItems,
	type CatalogStore,
	type Change,
} from '../../source/catalog/catalog-store.js';
import {
	file,
	idsOf,
	item,
	library,
	person,
	put,
	server,
	tag,
	temporaryFolder,
} from './store-records.js';

const collect = async (batches: AsyncIterable<Array<Pick<Item, 'id'>>>): Promise<string[]> => {
	const ids: string[] = [];
	for await (const batch of batches) {
		ids.push(...batch.map(({id}) => id));
	}

	return ids;
};

/**
What every CatalogStore must do, whatever it stores its data in. `open` opens the store of the folder, or makes an empty one.
*/
export const testConformance = (name: string, open: (folder: string) => Promise<CatalogStore>) => {
	const opened = async (t: Parameters<typeof temporaryFolder>[0]) => {
		const store = await open(await temporaryFolder(t));
		t.teardown(async () => store.close());
		await store.load();
		return store;
	};

	test(`${name}: what was committed is found by id, in the order asked for`, async t => {
		const store = await opened(t);
		await put(store, item('i1', {cast: [{personId: 'p1'}]}), person('p1'), tag('t1'), file('f1'));
		t.deepEqual(await store.get('i1'), item('i1', {cast: [{personId: 'p1'}]}));
		t.is(await store.get('i2'), undefined);
		t.deepEqual((await store.getMany(['t1', 'nothing', 'p1'])).map(({id}) => id), ['t1', 'p1']);
	});

	test(`${name}: of many ids only those of one kind, however many they are`, async t => {
		const store = await opened(t);
		const items = Array.from({length: 450}, (_, index) => item(`i${index}`));
		await put(store, ...items, person('p1'), tag('t1'));
		const ids = ['p1', ...items.map(({id}) => id), 'nothing', 't1'];
		t.deepEqual(await store.getMany(ids, {kind: 'item'}), items);
		t.deepEqual((await store.getMany(ids, {kind: 'tag'})).map(({id}) => id), ['t1']);
		t.is((await store.getMany(ids)).length, 452);
	});

	test(`${name}: what was loaded can still be read when it is closed`, async t => {
		const store = await opened(t);
		await put(store, item('i1'));
		await store.close();
		t.deepEqual(await collect(storedItems(store)), ['i1']);
	});

	test(`${name}: nothing is seen before its commit, and nothing of an aborted transaction`, async t => {
		const store = await opened(t);
		const transaction = await store.begin();
		await transaction.upsert([item('i1')]);
		t.is(await store.get('i1'), undefined);
		await transaction.abort();
		t.is(await store.get('i1'), undefined);
		t.is(store.header().revision, 0);
		await put(store, item('i2'));
		t.deepEqual(await idsOf(store), ['i2']);
	});

	test(`${name}: an upsert tells inserted, updated and unchanged apart, whatever the order of keys`, async t => {
		const store = await opened(t);
		await put(store, item('i1'), item('i2'));
		const transaction = await store.begin();
		const reordered = Object.fromEntries(Object.entries(item('i1')).toReversed()) as ReturnType<typeof item>;
		t.deepEqual(await transaction.upsert([reordered, item('i2', {year: 1999}), item('i3')]), {
			inserted: ['i3'], updated: ['i2'], unchanged: ['i1'],
		});
		await transaction.commit();
		t.is((await store.get('i2') as ReturnType<typeof item>).year, 1999);
	});

	test(`${name}: a commit without a change writes nothing and keeps the revision`, async t => {
		const store = await opened(t);
		const {revision} = await put(store, item('i1'));
		t.deepEqual(await put(store, item('i1')), {revision, writtenBytes: 0});
		t.is(store.header().revision, revision);
	});

	test(`${name}: a second transaction is refused until the first has ended`, async t => {
		const store = await opened(t);
		const first = await store.begin();
		await t.throwsAsync(store.begin(), {code: 'locked'});
		await first.commit();
		const second = await store.begin();
		await t.throwsAsync(first.upsert([item('i1')]), {message: /ended/v});
		await second.abort();
	});

	test(`${name}: pages follow one another without gap or repetition, under every filter`, async t => {
		const store = await opened(t);
		const items = Array.from({length: 25}, (_, index) => item(`i${index}`, {
			type: index % 2 === 0 ? 'movie' : 'show', libraryId: index % 5 === 0 ? 'other' : 'lib',
		}));
		await put(store, ...items, person('p1'), tag('t1'), file('f1'));
		const all = async (query: Parameters<typeof storedItems>[1]) => collect(storedItems(store, query));
		const ids = (isWanted: (record: Item) => boolean) => items.filter(record => isWanted(record)).map(({id}) => id);
		t.deepEqual(await all({}), ids(() => true));
		t.deepEqual(await all({type: 'show'}), ids(({type}) => type === 'show'));
		t.deepEqual(await all({libraryId: 'other', type: 'movie'}), ids(({type, libraryId}) => type === 'movie' && libraryId === 'other'));
		t.deepEqual(await all({libraryId: 'unknown'}), []);
		t.deepEqual(await collect(comparedItems(store, {libraryId: 'lib'})), ids(({libraryId}) => libraryId === 'lib'));
		const paged: string[] = [];
		let after: string | undefined;
		do {
			const page = await store.page({
				kind: 'item', libraryId: 'lib', limit: 3, after,
			});
			t.true(page.records.length <= 3);
			paged.push(...page.records.map(({id}) => id));
			after = page.cursor;
		} while (after !== undefined);

		t.deepEqual(paged, ids(({libraryId}) => libraryId === 'lib'));
		t.deepEqual((await store.page({kind: 'person', limit: 9})).records.map(({id}) => id), ['p1']);
	});

	test(`${name}: what is removed is gone from ids, pages and counts`, async t => {
		const store = await opened(t);
		await put(store, item('i1'), item('i2'), item('i3', {type: 'show'}));
		const transaction = await store.begin();
		await transaction.remove(['i1', 'nothing']);
		await transaction.commit();
		t.deepEqual(await idsOf(store), ['i2', 'i3']);
		t.deepEqual(store.header().libraries[0]!.counts, {
			movie: 1, show: 1, season: 0, episode: 0,
		});
	});

	test(`${name}: counts follow items from type to type and library to library`, async t => {
		const store = await opened(t);
		await put(store, item('i1'), item('i2'));
		const transaction = await store.begin();
		await transaction.upsert([item('i1', {libraryId: 'late'}), item('i2', {type: 'show'})]);
		await transaction.commit();
		t.deepEqual(store.header().libraries.map(({id, counts}) => [id, counts.movie, counts.show]), [['lib', 0, 1]]);
		const second = await store.begin();
		await second.putLibrary(library('late'));
		await second.commit();
		t.deepEqual(store.header().libraries.map(({id, counts}) => [id, counts.movie, counts.show]), [['lib', 0, 1], ['late', 1, 0]]);
		t.deepEqual(await store.check(), {ok: true, records: 2, problems: []});
	});

	test(`${name}: subscribers and changesSince tell every commit once`, async t => {
		const store = await opened(t);
		const heard: Change[] = [];
		const stop = store.subscribe(change => {
			heard.push(change);
		});
		const {revision: first} = await put(store, item('i1'));
		const transaction = await store.begin();
		await transaction.upsert([item('i2')]);
		await transaction.remove(['i1']);
		const {revision: second} = await transaction.commit();
		stop();
		await put(store, item('i3'));
		t.deepEqual(heard, [{revision: first, upserted: ['i1'], removed: []}, {revision: second, upserted: ['i2'], removed: ['i1']}]);
		t.deepEqual((await store.changesSince(first))!.map(({upserted}) => upserted), [['i2'], ['i3']]);
		t.deepEqual(await store.changesSince(store.header().revision), []);
	});

	test(`${name}: check names a broken record, a dangling reference and a missing library`, async t => {
		const store = await opened(t);
		const transaction = await store.begin();
		await transaction.putServer(server);
		await transaction.upsert([
			item('i1', {genres: ['t9']}), item('i2', {type: 'season'}), {...item('i3'), year: 'soon' as unknown as number},
		]);
		await transaction.commit();
		const {ok, problems} = await store.check();
		t.false(ok);
		t.regex(problems.join('\n'), /i1: tag t9/v);
		t.regex(problems.join('\n'), /i2: show \(none\)/v);
		t.regex(problems.join('\n'), /i3.*year/v);
		t.regex(problems.join('\n'), /i1: its library/v);
	});
};
