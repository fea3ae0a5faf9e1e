import test from 'ava';
import type {CollectionRow} from '../../source/demo/library/collections.js';
import type {PlaylistRow} from '../../source/demo/library/playlists.js';
import type {PlexRow} from '../../source/demo/library/row.js';
import {listAll, withDemo} from './_demo.js';

const size = 'X-Plex-Container-Size=1000';

type Demo = Awaited<ReturnType<typeof withDemo>>;

const collectionsOf = async ({read}: Demo, section: string) => {
	const {Metadata: rows = []} = await read(`/library/sections/${section}/collections?${size}`);
	return rows as unknown as CollectionRow[];
};

const membersOf = async ({read}: Demo, ratingKey: string) => {
	const {Metadata: rows = []} = await read(`/library/collections/${ratingKey}/children`);
	return rows.map(row => row.ratingKey);
};

test('an ordinary collection has the items that carry its tag', async t => {
	const demo = await withDemo(t);
	for (const section of ['1', '3']) {
		const {rows} = await listAll(demo.page, section, 1);
		const full = rows.map(({ratingKey}) => demo.server.library.row(ratingKey)!);
		const titles = new Set(full.flatMap(({Collection: tags = []}) => tags.map(({tag}) => tag)));
		const ordinary = (await collectionsOf(demo, section)).filter(({smart}) => smart !== true);
		t.deepEqual(new Set(ordinary.map(({title}) => title)), titles);
		for (const collection of ordinary) {
			const members = full.filter(({Collection: tags = []}) => tags.some(({tag}) => tag === collection.title));
			const released = members.toSorted((a, b) => a.originallyAvailableAt! < b.originallyAvailableAt! ? -1 : 1);
			t.deepEqual(await membersOf(demo, collection.ratingKey), released.map(({ratingKey}) => ratingKey));
			t.is(collection.collectionSort, '0');
			t.is(collection.childCount, String(members.length), 'text, as Plex sends it');
			t.is(collection.minYear, String(Math.min(...members.map(({year}) => year!))));
			t.is(collection.index, members[0]!.Collection!.find(({tag}) => tag === collection.title)!.id!);
			const {Metadata: found} = await demo.read(`/library/sections/${section}/all?type=1&collection=${collection.index}&${size}`);
			t.is(found!.length, members.length);
		}
	}
});

test('a smart collection has what its filter finds, and no item carries its tag', async t => {
	const demo = await withDemo(t);
	for (const section of ['1', '2']) {
		const smart = (await collectionsOf(demo, section)).filter(collection => collection.smart === true);
		t.true(smart.length > 0);
		for (const {content, ratingKey, title, childCount} of smart) {
			const {Metadata: found = []} = await demo.read(`${content}&${size}`);
			const members = await membersOf(demo, ratingKey);
			t.deepEqual(members, found.map(row => row.ratingKey), title);
			t.is(childCount, String(members.length));
			for (const key of members) {
				t.false(demo.server.library.row(key)!.Collection?.some(({tag}) => tag === title) ?? false);
			}
		}

		t.true(section === '2' || smart.some(({childCount}) => childCount === '0'), 'one of them is empty');
	}
});

test('a collection is found under its own path, as an item, and in the listing of its type', async t => {
	const demo = await withDemo(t, {movies: 0, shows: 0});
	const {read, ask} = demo;
	const [collection] = await collectionsOf(demo, '1');
	const {ratingKey, title} = collection!;
	const own = await read(`/library/collections/${ratingKey}`);
	t.like(own.Metadata![0], {...collection, librarySectionID: 1});
	t.deepEqual(await read(`/library/metadata/${ratingKey}`), own);
	const {Metadata: both} = await read(`/library/metadata/${ratingKey},1000001`);
	t.deepEqual(both!.map(({type}) => type), ['movie', 'collection']);
	t.deepEqual((await read(`/library/sections/1/all?type=18&title=${encodeURIComponent(title)}&${size}`)).Metadata, [collection] as unknown as PlexRow[]);
	t.deepEqual(await read(`/library/metadata/${ratingKey}/children`), await read(`/library/collections/${ratingKey}/items`));
	t.is((await ask('/:/resources/movie-fanart.jpg')).headers.get('content-type'), 'image/png');
	t.is((await ask(collection!.thumb)).headers.get('content-type'), 'image/png');
	t.is((await ask('/library/collections/1000001')).status, 404);
	t.is((await ask('/library/collections/599999/children')).status, 404);
	t.is((await ask('/library/sections/99/collections')).status, 404);
});

test('collections can be made, filled, changed and taken away, and no stamp of an item moves', async t => {
	const demo = await withDemo(t);
	const {server: {library}, read} = demo;
	const before = await collectionsOf(demo, '2');
	const counter = () => BigInt(library.sections().find(({key}) => key === '2')!.contentChangedAt);
	const [counted, stamp] = [counter(), library.row('2000001')!.updatedAt];
	library.collect('2000001', 'Made by Hand');
	library.collect('2000000', 'Made by Hand');
	t.true(counter() > counted);
	t.is(library.row('2000001')!.updatedAt, stamp);
	t.true(library.row('2000001')!.Collection!.some(({tag}) => tag === 'Made by Hand'));
	const find = async () => (await collectionsOf(demo, '2')).find(({title}) => title === 'Made by Hand');
	const made = (await find())!;
	t.is((await collectionsOf(demo, '2')).length, before.length + 1);
	t.is(made.subtype, 'show');
	t.deepEqual((await membersOf(demo, made.ratingKey)).toSorted((a, b) => Number(a) - Number(b)), ['2000000', '2000001']);

	const placed = await membersOf(demo, made.ratingKey);
	library.orderCollection(made.ratingKey, placed.toReversed());
	t.deepEqual(await membersOf(demo, made.ratingKey), placed.toReversed());
	t.is((await find())!.collectionSort, '2');

	library.uncollect('2000000', 'Made by Hand');
	const less = (await find())!;
	t.is(less.ratingKey, made.ratingKey);
	t.is(less.childCount, '1');
	t.not(less.updatedAt, made.updatedAt);

	library.changeCollection(made.ratingKey, row => {
		row.summary = 'Told anew.';
		row.updatedAt += 100;
	});
	t.is((await find())!.summary, 'Told anew.');
	library.removeCollection(made.ratingKey);
	t.is(await find(), undefined);
	t.is(library.row('2000001')!.Collection, undefined);

	library.addSmartCollection({
		ratingKey: '400100', title: 'Long Shows', summary: '', sectionKey: '2', type: 2, query: 'type=2&sort=id&duration>=2700000',
	});
	const {Metadata: long} = await read(`/library/sections/2/all?type=2&sort=id&duration>=2700000&${size}`);
	t.deepEqual(await membersOf(demo, '400100'), long!.map(row => row.ratingKey));
	library.removeCollection('400100');
	t.deepEqual(await collectionsOf(demo, '2'), before);
});

test('a collection has the same key whatever changed before it was first asked for', async t => {
	const [first, second] = [await withDemo(t), await withDemo(t)];
	const before = await collectionsOf(first, '1');
	const taken = before.find(({smart}) => smart !== true)!;
	for (const key of await membersOf(first, taken.ratingKey)) {
		second.server.library.uncollect(key, taken.title);
	}

	second.server.library.collect('1000000', 'A New One');
	const after = new Map((await collectionsOf(second, '1')).map(({title, ratingKey}) => [title, ratingKey]));
	t.false(after.has(taken.title));
	for (const {title, ratingKey} of before) {
		t.is(after.get(title) ?? taken.ratingKey, ratingKey, title);
	}
});

test('a collection loses what the server loses', async t => {
	const demo = await withDemo(t);
	const {library} = demo.server;
	const collection = (await collectionsOf(demo, '1')).find(({smart, childCount}) => smart !== true && Number(childCount) > 1)!;
	const members = await membersOf(demo, collection.ratingKey);
	library.removeItem(members[0]!);
	t.deepEqual(await membersOf(demo, collection.ratingKey), members.slice(1));
	for (const key of members.slice(1)) {
		library.removeItem(key);
	}

	t.is((await demo.ask(`/library/collections/${collection.ratingKey}`)).status, 404, 'Plex keeps no empty ordinary collection');
});

test('playlists name their items in order, also twice, and follow changes', async t => {
	const {read, ask, server: {library}} = await withDemo(t);
	const {Metadata: rows} = await read('/playlists');
	const lists = rows as unknown as PlaylistRow[];
	t.deepEqual(lists.map(({smart}) => smart), [false, false, true]);
	for (const list of lists) {
		const items = await read(list.key);
		t.is(items.size, list.leafCount);
		t.is(items.Metadata!.reduce((sum, {duration = 0}) => sum + duration, 0), list.duration);
		t.is(new Set(items.Metadata!.map((row, index) => (row as {playlistItemID?: number}).playlistItemID ?? index)).size, list.leafCount);
		t.deepEqual((await read(`/playlists/${list.ratingKey}`)).Metadata as unknown, [list]);
		t.is((await ask(list.composite)).headers.get('content-type'), 'image/png');
	}

	const keys = async (ratingKey: string) => ((await read(`/playlists/${ratingKey}/items`)).Metadata ?? []).map(row => row.ratingKey);
	t.deepEqual(await keys('390001'), ['1000001', '1000003', '1000001']);
	const mixed = await read('/playlists/390000/items');
	t.deepEqual(mixed.Metadata!.map(row => row.librarySectionID), [1, 2, 1]);
	t.deepEqual((await read('/playlists?playlistType=video&smart=1')).Metadata!.map(({title}) => title), ['Begun and Not Finished']);
	t.is((await read('/playlists?playlistType=audio')).size, 0);
	t.is((await read('/playlists?title=double')).size, 1);
	t.is((await ask('/playlists/390099')).status, 404);

	library.removeItem('1000001');
	t.deepEqual(await keys('390001'), ['1000003']);
	library.setPlaylist({
		ratingKey: '390099', title: 'New', summary: '', items: [1_000_002],
	});
	t.deepEqual(await keys('390099'), ['1000002']);
	library.changePlaylist('390099', row => {
		row.title = 'Renamed';
	});
	t.is((await read('/playlists/390099')).Metadata![0]!.title, 'Renamed');
	library.removePlaylist('390099');
	t.is((await ask('/playlists/390099/items')).status, 404);
});

test('what was added last, what is begun and what is next stand on the home page', async t => {
	const {read, ask, server: {library}} = await withDemo(t);
	const {Metadata: recent} = await read('/library/recentlyAdded');
	t.is(recent!.length, 50);
	t.deepEqual(new Set(recent!.map(({type}) => type)), new Set(['movie', 'episode']));
	const stamps = recent!.map(({addedAt}) => addedAt!);
	t.deepEqual(stamps, stamps.toSorted((a, b) => b - a));

	const {Metadata: deck} = await read('/library/onDeck');
	for (const row of deck!) {
		t.is(row.viewCount, undefined, row.title);
		t.true(row.viewOffset !== undefined || row.type === 'episode');
	}

	const nextUp = deck!.filter(row => row.viewOffset === undefined);
	t.true(nextUp.length > 0);
	for (const {ratingKey} of nextUp) {
		t.true(library.row(String(Number(ratingKey) - 1))!.viewCount! > 0, 'the one before it was watched');
	}

	const {Hub: shelves} = await read('/hubs') as unknown as {Hub: Array<{key: string; title: string; size: number; more: boolean; Metadata: PlexRow[]}>};
	t.is(shelves[0]!.title, 'Continue Watching');
	for (const {key, size: shown, more, Metadata: rows} of shelves) {
		t.is(rows.length, shown);
		const all = await read(`${key}${key.includes('?') ? '&' : '?'}${size}`);
		t.deepEqual(all.Metadata!.slice(0, shown), rows, key);
		t.is(all.totalSize! > shown, more);
	}

	t.is((await ask('/hubs/sections/99')).status, 404);
	const {Hub: found} = await read('/hubs/search?query=general') as unknown as {Hub: Array<{type: string; Metadata: PlexRow[]}>};
	t.deepEqual(found.map(({type, Metadata: rows}) => [type, rows[0]!.title]), [['movie', 'The General']]);
	t.is((await read('/hubs/search?query=')).size, 0);
});

type Play = {ratingKey: string; viewedAt: number; librarySectionID: string; accountID: number};

test('the history has one row for each time that something was played', async t => {
	const {read, page, server: {library}} = await withDemo(t);
	const plays = async (query = '') => {
		const {Metadata: rows = []} = await read(`/status/sessions/history/all?${query}`);
		return rows as unknown as Play[];
	};

	const all = await plays();
	const counts = new Map<string, number>();
	for (const {ratingKey} of all) {
		counts.set(ratingKey, (counts.get(ratingKey) ?? 0) + 1);
	}

	for (const [section, type] of [['1', 1], ['2', 4], ['3', 1], ['4', 4], ['5', 1]] as const) {
		const {rows} = await listAll(page, section, type);
		const played = rows.filter(row => row.lastViewedAt !== undefined);
		t.deepEqual(played.map(({ratingKey}) => counts.get(ratingKey)), played.map(({viewCount}) => viewCount));
	}

	const newest = await plays('sort=viewedAt:desc');
	t.deepEqual(newest.map(({viewedAt}) => viewedAt), all.map(({viewedAt}) => viewedAt).toSorted((a, b) => b - a));
	const [last] = newest;
	t.is(last!.viewedAt, library.row(last!.ratingKey)!.lastViewedAt!);
	t.deepEqual(new Set((await plays(`metadataItemID=${last!.ratingKey}`)).map(({ratingKey}) => ratingKey)), new Set([last!.ratingKey]));
	t.deepEqual(new Set((await plays('librarySectionID=3')).map(({librarySectionID}) => librarySectionID)), new Set(['3']));
	t.is((await plays('accountID=2')).length, 0);
	t.is((await plays(`viewedAt>=${last!.viewedAt}`)).length, 1);
});

test('a season that no list has is among the children of its show', async t => {
	const {read, page, server: {library}} = await withDemo(t);
	const [show] = library.oddities('unlisted-season');
	const {Metadata: seasons} = await read(`/library/metadata/${show}/children`);
	t.is(seasons!.length, 1);
	const {rows} = await listAll(page, '4', 3);
	t.false(rows.some(({ratingKey}) => ratingKey === seasons![0]!.ratingKey));
	t.is((await read(`/library/metadata/${seasons![0]!.ratingKey}`)).Metadata![0]!.type, 'season');
	t.deepEqual((await read(`/library/metadata/${show}/allLeaves`)).Metadata, (await read(`/library/metadata/${seasons![0]!.ratingKey}/children`)).Metadata);
});

test('pictures are scaled into a box or over it, and are found by path and by address', async t => {
	const {ask, details, server} = await withDemo(t, {movies: 0, shows: 0});
	const [film] = await details('1000000');
	const sizeOf = async (url: string, query: string) => {
		const view = new DataView(await (await ask(`/photo/:/transcode?url=${encodeURIComponent(url)}&${query}`)).arrayBuffer());
		return [view.getUint32(16), view.getUint32(20)];
	};

	t.deepEqual(await sizeOf(film!.thumb!, 'width=60&height=60'), [40, 60]);
	t.deepEqual(await sizeOf(film!.thumb!, 'width=60&height=60&minSize=1'), [60, 90]);
	t.deepEqual(await sizeOf(film!.thumb!, 'width=300&height=450'), [300, 450]);
	t.deepEqual(await sizeOf(film!.thumb!, 'width=300&height=450&upscale=0'), [120, 180]);
	t.deepEqual(await sizeOf(`http://127.0.0.1:32400${film!.art!}?X-Plex-Token=${server.token}`, 'width=96&height=54'), [96, 54]);
	t.deepEqual(await sizeOf('/library/sections/1/composite/1', 'width=60&height=90'), [60, 90]);
	const strangers: readonly string[] = [`http://example.com${film!.thumb!}`, '/library/sections/99/composite/1', '/library/collections/5/composite/1', '/playlists/5/composite/1', ''];
	for (const url of strangers) {
		t.is((await ask(`/photo/:/transcode?url=${encodeURIComponent(url)}&width=60&height=60`)).status, 404, url);
	}

	t.is((await ask(`/photo/:/transcode?url=${encodeURIComponent(film!.thumb!)}`)).status, 400);
});

test('the root tells what clients look for first', async t => {
	const {read} = await withDemo(t, {movies: 0, shows: 0});
	const root = await read('/');
	t.is(typeof root['ownerFeatures'], 'string');
	t.true((root['ownerFeatures'] as string).split(',').includes('collections'));
	t.deepEqual((await read('/library')).Directory!.map(({key}) => key), ['sections', 'recentlyAdded', 'onDeck']);
	t.true((await read('/library/sections/1')).Directory!.some(({key}) => key === 'all'));
});
