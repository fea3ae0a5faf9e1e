import test, {type ExecutionContext} from 'ava';
import type {Collection, ItemList, ListKind} from '../../source/catalog/types.js';
import type {DemoServer} from '../../source/demo/server.js';
import type {CatalogStore} from '../../source/catalog/catalog-store.js';
import {loadChanges} from '../../source/history/load-changes.js';
import {acceptRemovals} from '../../source/sync/accept.js';
import type {ImportResult} from '../../source/sync/events.js';
import {importLibraries, syncLibraries, type SyncOptions} from '../../source/sync/sync.js';
import {historyOf, itemOfKey} from '../helpers/catalog-content.js';
import {openSyncWorld} from '../helpers/sync-world.js';

type Common = Awaited<ReturnType<Awaited<ReturnType<typeof openSyncWorld>>['options']>>;

type World = {
	server: DemoServer;
	/**
	Imports the libraries; `changed` gives what is other than usual.
	*/
	importFirst: (changed?: (common: Common) => Partial<Common>) => Promise<void>;
	store: CatalogStore;
	sections: () => Promise<SyncOptions['sections']>;
	sync: (options?: Partial<SyncOptions>) => Promise<ImportResult>;
	/**
	What was asked for in the last sync, less the identity and the sections.
	*/
	asked: () => Record<string, number>;
	lists: (kind: ListKind) => Promise<Map<string, ItemList>>;
	/**
	Changes something without any stamp of the library.
	*/
	silently: (change: () => void) => void;
	later: (ms: number) => void;
};

const hourMs = 3_600_000;

/**
The demo over real HTTP, with its libraries Films and Series imported.
*/
const withWorld = async (t: ExecutionContext, body: (world: World) => Promise<void>, {isImported = true}: {isImported?: boolean} = {}) => {
	const {server, store, options: common, sections: sectionsOf, later, close} = await openSyncWorld({movies: 30, shows: 2});
	let before: Record<string, number> = {};
	const sections = async () => sectionsOf(['Films', 'Series']);
	const world: World = {
		server,
		async importFirst(changed = () => ({})) {
			const usual = await common();
			const result = await importLibraries({...usual, ...changed(usual), targets: (await sections()).map(section => ({section}))});
			t.true(result.ok);
		},
		store,
		sections,
		async sync(options = {}) {
			before = server.requests.counts();
			const result = await syncLibraries({
				...await common(), sections: await sections(), isEverything: false, async load() {/* loaded */}, ...options,
			});
			t.deepEqual((await store.check()).problems, []);
			return result;
		},
		asked() {
			const counts = Object.entries(server.requests.counts()).map(([path, count]): [string, number] => [path, count - (before[path] ?? 0)]);
			return Object.fromEntries(counts.filter(([path, count]) => count > 0 && path !== '/identity' && path !== '/library/sections'));
		},
		async lists(kind) {
			const {records} = await store.page({kind, limit: 1000});
			return new Map(records.filter(record => record.kind === 'collection' || record.kind === 'playlist').map(list => [list.title, list]));
		},
		silently(change) {
			const stamps = server.library.sections().map(({key, contentChangedAt}) => ({key, contentChangedAt}));
			change();
			for (const {key, contentChangedAt} of stamps) {
				server.library.changeSection(key, {contentChangedAt});
			}
		},
		later,
	};
	try {
		if (isImported) {
			await world.importFirst();
		}

		await body(world);
	} finally {
		await close();
	}
};

const changesOf = ({libraries}: ImportResult, title: string) => libraries.find(library => library.title === title)!.sync!.changes;
const modesOf = ({libraries}: ImportResult) => libraries.map(({sync}) => sync?.mode);
const titlesOf = async (store: CatalogStore, {items}: ItemList) => (await store.getMany(items, {kind: 'item'})).map(record => record.kind === 'item' ? record.title : '');
const demoTitles = (server: DemoServer, keys: readonly number[]) => keys.map(key => server.library.listed(key)!.title);

test('an import reads each list and its members once, a smart one too, and tells none of them as a change', async t => {
	await withWorld(t, async ({server, store, lists, asked}) => {
		const collections = await lists('collection');
		const shown = ['1', '2'].flatMap(key => server.library.collections.list(key));
		t.true(shown.length > 5);
		t.deepEqual(collections.keys().toArray().toSorted(), shown.map(({title}) => title).toSorted());
		for (const {title, ratingKey, smart = false, content} of shown) {
			const list = collections.get(title) as Collection;
			t.deepEqual(await titlesOf(store, list), demoTitles(server, server.library.collections.members(ratingKey)!), title);
			t.deepEqual([list.ratingKey, list.smart ?? false, list.filter], [ratingKey, smart, content]);
		}

		const playlists = await lists('playlist');
		t.deepEqual(playlists.keys().toArray().toSorted(), server.library.playlists.list().map(({title}) => title).toSorted());
		const twice = playlists.get('Once More from the Top')!;
		t.is(twice.items.length, 3);
		t.is(twice.items[0], twice.items[2]);
		t.deepEqual((await historyOf(store)).map(({kind}) => kind), ['baseline', 'baseline']);
		const {'/library/sections/{id}/collections': lists_ = 0, '/library/collections/{id}/children': members = 0, '/playlists': all = 0, '/playlists/{id}/items': items = 0} = asked();
		t.deepEqual({
			lists_, members, all, items,
		}, {
			lists_: 2, members: shown.length, all: 1, items: playlists.size,
		});
	});
});

test('the first import asks for the next type and the collections while items are on their way', async t => {
	await withWorld(t, async ({importFirst}) => {
		const told: string[] = [];
		await importFirst(common => ({
			plex: {
				...common.plex,
				async page(request) {
					told.push(request.size === 0 ? 'count' : request.type);
					return common.plex.page(request);
				},
				async list(request) {
					told.push('lists');
					return common.plex.list(request);
				},
			},
			report({type}) {
				if (type === 'items-committed' || type === 'library-finished') {
					told.push(type);
				}
			},
		}));
		const films = told.slice(0, told.indexOf('library-finished'));
		t.true(films.indexOf('lists') < films.indexOf('items-committed'), films.join(' '));
		const series = told.slice(films.length + 1);
		t.deepEqual(series.filter(what => what !== 'count').slice(0, 5), ['show', 'season', 'items-committed', 'episode', 'items-committed']);
	}, {isImported: false});
});

test('a sync after only one collection changed costs the lists and that collection', async t => {
	await withWorld(t, async ({server, store, sync, asked, lists, silently}) => {
		const idle = await sync();
		t.deepEqual(modesOf(idle), ['skip', 'skip']);
		const nothing = {'/library/sections/{id}/collections': 2, '/playlists': 1};
		t.deepEqual(asked(), nothing);
		t.is(idle.requests, 3);
		const {revision} = store.header();
		await sync();
		t.is(store.header().revision, revision);

		const [film] = server.library.page('1', 1, {start: 20, size: 1}) as Array<{ratingKey: string; title: string}>;
		const before = (await lists('collection')).values().find(({smart}) => smart !== true)!;
		silently(() => {
			server.library.collect(film!.ratingKey, before.title);
		});
		const result = await sync();
		t.deepEqual(asked(), {...nothing, '/library/collections/{id}/children': 1});
		t.is(result.requests, 4);
		t.deepEqual(modesOf(result), ['lists', 'skip']);
		t.deepEqual(changesOf(result, 'Films'), {'collection-changed': 1});
		const after = (await lists('collection')).get(before.title)!;
		t.deepEqual(after.items.filter(id => !before.items.includes(id)), [(await itemOfKey(store, film!.ratingKey))!.id]);
		const {groups} = await loadChanges(store, {since: '2026-01-01T00:00:00Z', until: '2027-01-01T00:00:00Z'}, {});
		t.like(groups.find(({kind}) => kind === 'collection-changed')!.rows[0], {itemId: before.id, title: before.title, fields: [{name: 'items', before: undefined, after: film!.title}]});
		const run = (await store.page({kind: 'run', limit: 100})).records.find(record => record.kind === 'run' && record.id === result.runId);
		t.like(run, {libraries: [{mode: 'lists', changes: {'collection-changed': 1}}]});
	});
});

test('when the stamp of the library moves as well, its collections cost the same', async t => {
	await withWorld(t, async ({server, sync, asked}) => {
		const [film] = server.library.page('1', 1, {start: 20, size: 1}) as Array<{ratingKey: string}>;
		server.library.collect(film!.ratingKey, 'A New One');
		const result = await sync();
		t.deepEqual(modesOf(result), ['sweep', 'skip']);
		t.like(changesOf(result, 'Films'), {'collection-added': 1});
		// The three smart ones of the library may have changed unseen, as the smart playlist may.
		t.like(asked(), {
			'/library/sections/{id}/collections': 2, '/playlists': 1, '/library/collections/{id}/children': 4, '/playlists/{id}/items': 1,
		});
	});
});

test('renamed, reordered, removed and made anew: each is told as what it is, and the id stays', async t => {
	await withWorld(t, async ({server, sync, lists, store, silently}) => {
		const ordinary = (await lists('collection')).values().filter(({smart, items, kind}) => smart !== true && items.length > 1 && kind === 'collection').toArray();
		const [first] = ordinary;
		silently(() => {
			server.library.changeCollection(first!.ratingKey, row => {
				row.title = 'Renamed';
			});
			server.library.orderCollection(first!.ratingKey, server.library.collections.members(first!.ratingKey)!.map(String).toReversed());
		});
		t.like(await sync(), {libraries: {0: {sync: {changes: {'collection-changed': 1}}}}});
		const renamed = (await lists('collection')).get('Renamed')!;
		t.is(renamed.id, first!.id);
		t.deepEqual(renamed.items, first!.items.toReversed());
		const told = await loadChanges(store, {since: '2026-01-01T00:00:00Z', until: '2027-01-01T00:00:00Z'}, {});
		t.deepEqual(told.groups[0]!.rows[0]!.fields, [
			{name: 'title', before: first!.title, after: 'Renamed'},
			{name: 'order', before: 'release', after: 'custom'},
			{name: 'order of items', before: undefined, after: 'changed'},
		]);

		silently(() => {
			server.library.changeCollection(first!.ratingKey, row => {
				row.title = 'Renamed';
				row.ratingKey = '599999';
				row.updatedAt++;
			});
		});
		// Its members cannot be asked for under that key, so it stays as it was.
		await sync();
		t.is((await lists('collection')).get('Renamed')!.id, first!.id);

		silently(() => {
			server.library.removePlaylist('390000');
		});
		t.deepEqual(changesOf(await sync(), 'Films'), {'playlist-removed': 1});
		t.false((await lists('playlist')).has('Saturday Double Bill'));
		silently(() => {
			server.library.setPlaylist({
				ratingKey: '390007', title: 'Once More from the Top', summary: '', items: [1_000_003],
			});
			server.library.removePlaylist('390001');
		});
		const before = (await lists('playlist')).get('Once More from the Top')!;
		t.deepEqual(changesOf(await sync(), 'Films'), {'playlist-changed': 1});
		const anew = (await lists('playlist')).get('Once More from the Top')!;
		t.deepEqual([anew.id, anew.ratingKey, anew.items.length], [before.id, '390007', 1]);
	});
});

test('what is watched changes a smart collection, although no stamp of anything moves', async t => {
	await withWorld(t, async ({server, sync, lists, store, later}) => {
		const before = (await lists('collection')).get('Not Seen Yet: Before Sound')!;
		t.true(before.items.length > 0);
		const [seen] = await store.getMany(before.items.slice(0, 1));
		server.library.changeItem(seen!.kind === 'item' ? seen!.ratingKey! : '', row => {
			row.viewCount = 1;
			row.lastViewedAt = 1_772_370_000;
		}, {isSilent: true});
		later(hourMs);
		t.like(changesOf(await sync(), 'Films'), {'collection-changed': 1});
		t.deepEqual((await lists('collection')).get('Not Seen Yet: Before Sound')!.items, before.items.slice(1));
	});
});

test('members whose library is imported later are no change of a playlist', async t => {
	await withWorld(t, async ({server: {library}, sections, sync, lists, store}) => {
		const [film, episode] = [library.page('1', 1, {start: 0, size: 1}), library.page('2', 4, {start: 0, size: 1})].map(rows => Number((rows as Array<{ratingKey: string}>)[0]!.ratingKey));
		const mixed = {ratingKey: '7100', title: 'Mixed', summary: ''};
		const told = async () => (await historyOf(store)).filter(({kind}) => kind.startsWith('playlist')).map(({kind}) => kind);
		library.setPlaylist({...mixed, items: [episode!, film!]});
		await sync({sections: (await sections()).slice(0, 1)});
		t.like((await lists('playlist')).get('Mixed'), {items: {length: 1}, unknownItems: 1});
		await sync();
		t.like((await lists('playlist')).get('Mixed'), {items: {length: 2}, unknownItems: undefined});
		t.deepEqual(await told(), []);
		library.setPlaylist({...mixed, items: [film!]});
		await sync();
		t.deepEqual(await told(), ['playlist-changed']);
	}, {isImported: false});
});

test('playlists are read although the first library could not be imported', async t => {
	await withWorld(t, async ({server, sync, sections, lists}) => {
		const [films, series] = await sections() as [SyncOptions['sections'][number], SyncOptions['sections'][number]];
		server.setFaults([{kind: 'status', status: 500, path: `/library/sections/${films.key}/all`}]);
		t.false((await sync({sections: [films]})).ok);
		await sync({sections: [series]});
		t.true((await lists('playlist')).size > 0);
	}, {isImported: false});
});

test('a library that is gone and accepted is not spoken of any more, and playlists go on', async t => {
	await withWorld(t, async ({server, store, sync, sections, lists}) => {
		const [films, series] = await sections() as [SyncOptions['sections'][number], SyncOptions['sections'][number]];
		const look = async () => sync({sections: await sections(), isEverything: true});
		server.library.removeSection(series.key);
		t.like((await look()).libraries[1], {id: series.id, sync: {heldReason: 'library-gone'}});
		await acceptRemovals(store, store.header().libraries);
		server.library.setPlaylist({
			ratingKey: '990001', title: 'Made Afterwards', summary: '', items: [1_000_001],
		});
		const {libraries} = await look();
		t.deepEqual(libraries.map(({id}) => id), [films.id]);
		t.true((await lists('playlist')).has('Made Afterwards'));
		server.library.restoreSection(series.key);
		t.true((await look()).libraries[1]!.sync!.changes.restored! > 0);
	});
});

test('a list that cannot be read is a problem, and nothing looks deleted', async t => {
	await withWorld(t, async ({server, sync, lists, silently}) => {
		const before = await lists('collection');
		for (const path of ['/library/sections/1/collections', '/playlists']) {
			server.setFaults([{kind: 'status', status: 500, path}]);
			const result = await sync();
			t.false(result.ok);
			t.deepEqual(result.errors.map(({stage, code}) => [stage, code]), [['list', 'server-error']]);
			t.deepEqual(await lists('collection'), before);
		}

		server.setFaults([]);
		t.true((await sync()).ok);
		const broken = before.values().find(({smart}) => smart !== true)!;
		silently(() => {
			server.library.changeCollection(broken.ratingKey, row => {
				row.updatedAt++;
			});
		});
		server.setFaults([{kind: 'status', status: 500, path: `/library/collections/${broken.ratingKey}/children`}]);
		const result = await sync();
		t.deepEqual(result.errors.map(({ratingKey, title}) => [ratingKey, title]), [[broken.ratingKey, broken.title]]);
		t.deepEqual((await lists('collection')).get(broken.title)!.items, broken.items);
		server.setFaults([]);
		t.true((await sync()).ok);
		t.is((await sync()).requests, 3);
		t.deepEqual([...await lists('collection')].map(([title, {items}]) => [title, items]), [...before].map(([title, {items}]) => [title, items]));
	});
});

test('an item that leaves is in no list any more, also when its removal is accepted', async t => {
	await withWorld(t, async ({server, sync, lists, store}) => {
		const before = (await lists('playlist')).get('Once More from the Top')!;
		const [twice] = await store.getMany(before.items.slice(0, 1));
		server.library.removeItem(twice!.kind === 'item' ? twice!.ratingKey! : '');
		server.setFaults([{kind: 'status', status: 500, path: /^\/playlists|\/collections/v}]);
		const result = await sync();
		t.like(changesOf(result, 'Films'), {removed: 1});
		t.is((await lists('playlist')).get('Once More from the Top')!.items.length, 1);
		server.setFaults([]);
		for (const {ratingKey} of server.library.page('1', 1, {start: 0, size: 100}) as Array<{ratingKey: string}>) {
			server.library.removeItem(ratingKey);
		}

		await sync();
		await acceptRemovals(store, store.header().libraries);
		t.deepEqual((await store.check()).problems, []);
	});
});

test('a viewer who may not see everything changes no list', async t => {
	await withWorld(t, async ({server, sync, lists}) => {
		await sync({viewer: 'owner'});
		const before = await lists('collection');
		server.library.hide((server.library.page('1', 1, {start: 0, size: 9}) as Array<{ratingKey: string}>).map(({ratingKey}) => ratingKey));
		await sync({viewer: 'guest'});
		t.deepEqual((await lists('collection')).keys().toArray(), before.keys().toArray());
		t.deepEqual((await lists('collection')).values().map(({items}) => items).toArray(), before.values().map(({items}) => items).toArray());
	});
});
