import test, {type ExecutionContext} from 'ava';
import type {PlexRow} from '../../source/demo/library/row.js';
import type {DemoServer} from '../../source/demo/server.js';
import type {CatalogStore} from '../../source/catalog/catalog-store.js';
import type {ImportResult} from '../../source/sync/events.js';
import {importLibraries, syncLibraries, touchLibraries} from '../../source/sync/sync.js';
import {contentOf, historyOf, itemOfKey} from '../helpers/catalog-content.js';
import {checkedResult, openSyncWorld} from '../helpers/sync-world.js';

type World = {
	server: DemoServer;
	store: CatalogStore;
	sync: () => Promise<ImportResult>;
	/**
	Only these items of the library are read.
	*/
	touch: (title: string, ratingKeys: readonly string[]) => Promise<ImportResult>;
	retry: (title: string, ratingKeys: readonly string[]) => Promise<ImportResult>;
	/**
	The id of the item that has each of these keys.
	*/
	ids: (ratingKeys: readonly string[]) => Promise<Array<string | undefined>>;
	/**
	What the history tells since the last call, without that something has another key.
	*/
	news: () => Promise<string[]>;
};

const withWorld = async (t: ExecutionContext, body: (world: World) => Promise<void>) => {
	const {server, store, options, sections: sectionsOf, close} = await openSyncWorld({movies: 40, shows: 0});
	const sections = async () => sectionsOf(['Films', 'Series', 'Classics']);
	const checked = async (result: ImportResult) => checkedResult(t, store, result);
	const sync = async () => checked(await syncLibraries({
		...await options(), sections: await sections(), isEverything: false, async load() {/* loaded */},
	}));
	let told = 0;
	const news = async () => {
		const events = await historyOf(store);
		const latest = events.slice(told);
		told = events.length;
		return latest.map(({kind}) => kind).filter(kind => !['baseline', 'readded'].includes(kind)).toSorted((left, right) => left.localeCompare(right));
	};

	try {
		await sync();
		await news();
		await body({
			server,
			store,
			sync,
			async touch(title, ratingKeys) {
				const library = store.header().libraries.find(entry => entry.title.trim() === title)!;
				return checked(await touchLibraries({...await options(), touched: [{libraryId: library.id, ratingKeys}]}));
			},
			async retry(title, ratingKeys) {
				const all = await sections();
				return checked(await importLibraries({...await options(), targets: all.filter(section => section.title.trim() === title).map(section => ({section, ratingKeys}))}));
			},
			ids: async ratingKeys => Promise.all(ratingKeys.map(async key => (await itemOfKey(store, key))?.id)),
			news,
		});
	} finally {
		await close();
	}
};

/**
Each of these keys gets the content of the next one, as after a restored database.
*/
const rotate = ({library}: DemoServer, ratingKeys: readonly string[]) => {
	const rows = ratingKeys.map(key => structuredClone(library.row(key)!));
	for (const [index, ratingKey] of ratingKeys.entries()) {
		const from = rows[(index + 1) % rows.length]!;
		library.changeItem(ratingKey, row => {
			const {key, librarySectionID, librarySectionKey, librarySectionTitle} = row;
			for (const name of Object.keys(row)) {
				Reflect.deleteProperty(row, name);
			}

			Object.assign(row, structuredClone(from), {
				ratingKey, key, librarySectionID, librarySectionKey, librarySectionTitle,
			});
		});
	}
};

const rotated = <Value>(values: readonly Value[]) => [...values.slice(1), values[0]!];

const keysOf = ({library}: DemoServer, sectionKey: string, type = 1) =>
	(library.page(sectionKey, type, {start: 0, size: library.total(sectionKey, type)}) as PlexRow[]).map(({ratingKey}) => ratingKey);

/**
Films whose file no other film plays, because those can only be told apart by their names.
*/
const films = (server: DemoServer, count: number) => {
	const pathsOf = (key: string) => (server.library.row(key)?.Media ?? []).flatMap(({Part}) => (Part ?? []).map(({file}) => file));
	const keys = keysOf(server, '1');
	const players = Map.groupBy(keys.flatMap(key => pathsOf(key)), path => path);
	return keys.filter(key => pathsOf(key).length > 0 && pathsOf(key).every(path => players.get(path)?.length === 1)).slice(5, 5 + count);
};

const breaking = {
	'is neither listed nor delivered'({server}: World, ratingKey: string) {
		server.setFaults([{kind: 'brokenRows', ratingKeys: [ratingKey]}]);
	},
	'is listed and not delivered'({server}: World, ratingKey: string) {
		server.library.breakItem(ratingKey);
	},
};

for (const [how, breakRow] of Object.entries(breaking)) {
	for (const count of [2, 3]) {
		for (const broken of [0, count - 1]) {
			test(`${count} films that swap their ratingKeys keep their ids, although one (${broken}) ${how} at first`, async t => {
				await withWorld(t, async world => {
					const {server, sync, ids, news} = world;
					const keys = films(server, count);
					const before = await ids(keys);
					rotate(server, keys);
					breakRow(world, keys[broken]!);
					const {ok, errors, libraries} = await sync();
					t.false(ok);
					t.deepEqual(await ids(keys), before);
					t.deepEqual(await news(), []);
					t.is(libraries[0]?.failed, errors.length);
					const told = keys.filter((_, index) => index !== broken || how === 'is listed and not delivered');
					t.deepEqual(errors.flatMap(({ratingKey}) => ratingKey ?? []).toSorted((left, right) => left.localeCompare(right)), told);

					server.setFaults([]);
					server.library.repairItem(keys[broken]!);
					t.true((await sync()).ok);
					t.deepEqual(await ids(keys), rotated(before));
					t.deepEqual((await news()).filter(kind => ['added', 'removed', 'restored'].includes(kind)), []);
				});
			});
		}
	}
}

for (const way of ['touch', 'retry'] as const) {
	test(`films that swap their ratingKeys keep their ids when only one of them is read again (${way})`, async t => {
		await withWorld(t, async world => {
			const {server, sync, ids, news} = world;
			const keys = films(server, 3);
			const before = await ids(keys);
			rotate(server, keys);
			t.true((await world[way]('Films', keys.slice(0, 1))).ok);
			t.deepEqual(await ids(keys), rotated(before));
			t.true((await sync()).ok);
			t.deepEqual(await ids(keys), rotated(before));
			t.deepEqual((await news()).filter(kind => ['added', 'removed', 'restored'].includes(kind)), []);
		});
	});
}

test('films of two libraries that swap their ratingKeys keep their ids', async t => {
	await withWorld(t, async ({server, sync, ids}) => {
		const keys = [films(server, 1)[0]!, keysOf(server, '3')[0]!];
		const before = await ids(keys);
		rotate(server, keys);
		t.true((await sync()).ok);
		t.deepEqual(await ids(keys), rotated(before));
	});
});

test('a film whose ratingKey another film of another library got is gone, and that one is there once', async t => {
	await withWorld(t, async ({server: {library}, store, sync, news}) => {
		const [sample] = (library.page('3', 1, {start: 0, size: 1})) as [PlexRow];
		const add = (sectionKey: string, ratingKey: string, title: string) => {
			const media = sample.Media!.map(one => ({...one, Part: one.Part!.map(part => ({...part, file: `/${title}.mkv`}))}));
			library.addItem(sectionKey, 1, {
				...sample, title, ratingKey, key: `/library/metadata/${ratingKey}`, guid: `local://${title}`, Guid: [], Media: media, librarySectionID: Number(sectionKey),
			});
		};

		add('1', '700001', 'First');
		await sync();
		await news();
		add('3', '700001', 'Second');
		add('1', '700002', 'Third');
		t.true((await sync()).ok);
		const {items} = await contentOf(store);
		t.deepEqual(items.values().filter(item => item.ratingKey === '700001').map(({title}) => title).toArray(), ['Second']);
		t.deepEqual(await news(), ['added', 'added', 'removed']);
	});
});

test('a film that has another key since a row beside it cannot be listed keeps its id', async t => {
	await withWorld(t, async ({server, sync, ids, news}) => {
		const [, moved, broken] = films(server, 3) as [string, string, string];
		const [before] = await ids([moved]);
		const row = {...structuredClone(server.library.row(moved)!), ratingKey: '700001', key: '/library/metadata/700001'};
		server.library.removeItem(moved);
		server.library.addItem('1', 1, row);
		server.setFaults([{kind: 'brokenRows', ratingKeys: [broken]}]);
		await sync();
		t.deepEqual(await ids(['700001']), [before]);
		server.setFaults([]);
		t.true((await sync()).ok);
		t.deepEqual(await ids(['700001']), [before]);
		t.deepEqual(await news(), []);
	});
});

test('shows that swap their ratingKeys keep their ids and those of what is below them, although one cannot be read at first', async t => {
	await withWorld(t, async ({server, sync, ids, news}) => {
		const {library} = server;
		const keys = keysOf(server, '2', 2).slice(0, 2) as [string, string];
		const below = [...keysOf(server, '2', 3), ...keysOf(server, '2', 4)];
		const [before, belowBefore] = [await ids(keys), await ids(below)];
		const children = keys.map(key => library.children(key));
		rotate(server, keys);
		for (const [index, {seasons, episodes}] of children.entries()) {
			const to = keys[1 - index]!;
			for (const season of seasons) {
				library.changeItem(season, row => {
					Object.assign(row, {parentRatingKey: to, parentKey: `/library/metadata/${to}`, updatedAt: 1_790_000_000});
				});
			}

			for (const episode of episodes) {
				library.changeItem(episode, row => {
					Object.assign(row, {grandparentRatingKey: to, grandparentKey: `/library/metadata/${to}`, updatedAt: 1_790_000_000});
				});
			}
		}

		server.setFaults([{kind: 'brokenRows', ratingKeys: [keys[1]]}]);
		t.false((await sync()).ok);
		t.deepEqual(await ids(keys), before);
		t.deepEqual(await ids(below), belowBefore);
		t.deepEqual(await news(), []);
		server.setFaults([]);
		t.true((await sync()).ok);
		t.deepEqual(await ids(keys), rotated(before));
		t.deepEqual(await ids(below), belowBefore);
		t.deepEqual((await news()).filter(kind => ['added', 'removed', 'restored'].includes(kind)), []);
	});
});
