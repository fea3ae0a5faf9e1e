import {isDeepStrictEqual} from 'node:util';
import test, {type ExecutionContext} from 'ava';
import type {HistoryEvent, ItemEvent} from '../../source/catalog/history.js';
import type {Item} from '../../source/catalog/types.js';
import type {PlexRow} from '../../source/demo/library/row.js';
import type {DemoServer} from '../../source/demo/server.js';
import {stateBefore} from '../../source/history/replay.js';
import {checkHistory} from '../../source/store/check-history.js';
import {storedItems, type CatalogStore} from '../../source/catalog/catalog-store.js';
import type {ImportResult, SyncEvent} from '../../source/sync/events.js';
import {importLibraries, type ImportOptions, syncLibraries} from '../../source/sync/sync.js';
import {
	contentOf,
	historyOf,
	itemOfKey,
	withoutOwnNotes,
} from '../helpers/catalog-content.js';
import {checkedResult, openSyncWorld} from '../helpers/sync-world.js';

type World = {
	server: DemoServer;
	store: CatalogStore;
	importTitled: (titles: readonly string[], changes?: Partial<ImportOptions>) => Promise<ImportResult>;
	sync: (titles: readonly string[]) => Promise<ImportResult>;
	find: (ratingKey: string) => Promise<Item | undefined>;
	history: () => Promise<HistoryEvent[]>;
};

const withWorld = async (t: ExecutionContext, body: (world: World) => Promise<void>, movies = 200) => {
	const {server, store, options, sections, close} = await openSyncWorld({movies, shows: 1});
	const checked = async (result: ImportResult) => checkedResult(t, store, result);
	try {
		await body({
			server,
			store,
			async importTitled(titles, changes) {
				const targets = (await sections(titles)).map(section => ({section}));
				return checked(await importLibraries({...await options(), targets, ...changes}));
			},
			async sync(titles) {
				return checked(await syncLibraries({
					...await options(), sections: await sections(titles), isEverything: false, async load() {/* loaded */},
				}));
			},
			find: async ratingKey => itemOfKey(store, ratingKey),
			async history() {
				const events = await historyOf(store);
				return events.filter(event => 'itemId' in event);
			},
		});
	} finally {
		await close();
	}
};

const filmKeys = (server: DemoServer, section = '1') => server.library.page(section, 1, {start: 0, size: 500}).map(row => (row as PlexRow).ratingKey);

const rekey = (server: DemoServer, key: string, newKey: string, section = '1') => {
	const row = server.library.row(key)!;
	server.library.removeItem(key);
	server.library.addItem(section, 1, {...row, ratingKey: newKey, key: `/library/metadata/${newKey}`});
};

test('an import of a library in step recognises, removes and tells as a full sync does, and leaves it in step', async t => {
	await withWorld(t, async ({server, store, importTitled, sync, find, history}) => {
		await importTitled(['Films']);
		const [rekeyed, gone, edited, replaced] = filmKeys(server);
		const before = await find(rekeyed!);
		rekey(server, rekeyed!, '888001');
		server.library.removeItem(gone!);
		server.library.changeItem(edited!, row => {
			row.title = 'Another Name';
		});
		// Not even a full listing shows this.
		server.library.changeItem(replaced!, row => {
			row.summary = 'Told anew.';
		}, {isSilent: true});
		const result = await importTitled(['Films']);
		t.true(result.ok);
		t.is((await find('888001'))?.id, before!.id);
		t.is(await find(gone!), undefined);
		t.is((await store.page({kind: 'tombstone', limit: 10})).records.length, 1);
		const events = await history();
		t.deepEqual(events.map(({kind}) => kind).toSorted(), ['edited', 'edited', 'readded', 'removed']);
		t.true(events.some(({reason}) => reason === 'recognised by its guid'));
		t.like(result.libraries[0], {imported: 3, sync: {mode: 'import', changes: {edited: 2, readded: 1, removed: 1}}});
		const {libraries} = await sync(['Films']);
		t.is(libraries[0]?.sync?.mode, 'skip');
	});
});

test('an import holds what looks like a lost disk', async t => {
	await withWorld(t, async ({server, store, importTitled, history}) => {
		await importTitled(['Films']);
		const count = store.header().libraries[0]!.counts.movie;
		const held: SyncEvent[] = [];
		server.library.unplug('1', '/srv/films/');
		await importTitled(['Films'], {
			report(event) {
				held.push(...event.type === 'removals-held' ? [event] : []);
			},
		});
		t.is(held.length, 1);
		t.is(store.header().libraries[0]!.counts.movie, count);
		t.true(store.header().libraries[0]!.sync!.held!.items > 25);
		t.deepEqual(await history(), []);
		server.library.replug('1', '/srv/films/');
		await importTitled(['Films']);
		t.is(store.header().libraries[0]!.sync!.held, undefined);
		t.deepEqual(await history(), []);
	});
});

test('an import that finds everything as it was tells its totals and nothing else', async t => {
	await withWorld(t, async ({store, importTitled}) => {
		await importTitled(['Films', 'Series']);
		const {libraries} = await importTitled(['Films', 'Series']);
		t.true(libraries.every(({imported, sync}) => imported === 0 && sync === undefined));
		t.true(store.header().libraries.every(({sync}) => sync?.fullAt === '2026-03-01T12:02:00Z'));
	});
});

test('a first import gives what was removed elsewhere, or is gone there, its id back', async t => {
	await withWorld(t, async ({server, store, importTitled, sync, find, history}) => {
		await importTitled(['Films']);
		const [first, second] = filmKeys(server);
		const [removed, moved] = [await find(first!), await find(second!)];
		rekey(server, first!, '888003', '3');
		await sync(['Films']);
		t.is(await find(first!), undefined);
		const then = await contentOf(store);
		rekey(server, second!, '888004', '3');
		await importTitled(['Classics']);
		t.is((await find('888003'))?.id, removed!.id);
		t.is((await find('888004'))?.id, moved!.id);
		t.is(await find(second!), undefined);
		const events = await history();
		t.deepEqual(events.map(({kind}) => kind).toSorted(), ['edited', 'moved', 'removed', 'restored']);
		t.deepEqual((await checkHistory(store)).problems, []);
		const now = await contentOf(store);
		const all = await historyOf(store);

		const before = stateBefore(now.items.values(), now.files.values(), all.toReversed(), '2026-03-01T12:03:00Z');
		t.deepEqual(before.items.keys().toArray().toSorted(), then.items.keys().toArray().toSorted());
		t.deepEqual(withoutOwnNotes(before.items.get(moved!.id)!), withoutOwnNotes(moved!));
	});
});

test('a first import that goes on where it was cut short recognises what has another key since', async t => {
	await withWorld(t, async ({server, store, importTitled, find, history}) => {
		const controller = new AbortController();
		const cut = await importTitled(['Films'], {
			signal: controller.signal,
			report(event) {
				if (event.type === 'items-committed') {
					controller.abort();
				}
			},
		});
		t.true(cut.cancelled);
		t.is(store.header().libraries[0]!.sync, undefined);
		const stored = await store.page({kind: 'item', limit: 1});
		const before = stored.records[0] as Item;
		rekey(server, before.ratingKey!, '888005');
		const result = await importTitled(['Films']);
		t.true(result.ok);
		t.is((await find('888005'))?.id, before.id);
		t.deepEqual(await history(), []);
		t.is(store.header().libraries[0]!.counts.movie, server.library.total('1', 1));
	}, 1500);
});

test('after an update that keeps more, a sync reads all details once, and nothing is removed, doubled or told as a change', async t => {
	await withWorld(t, async ({store, importTitled, sync, history}) => {
		await importTitled(['Films', 'Series']);
		const fresh = await contentOf(store);
		const transaction = await store.begin();
		for await (const items of storedItems(store)) {
			await transaction.upsert(items.map(({chapters: _, markers: __, extras: ___, slug: ____, folders: _____, viewState, ...item}) => {
				const {viewedLeafCount: ______, ...marks} = viewState ?? {};
				return {
					...item, ...(Object.keys(marks).length > 0 && {viewState: marks}), versions: item.versions.map(({video: _video, audio: _audio, subtitles: _subtitles, ...version}) => version),
				};
			}));
		}

		for (const library of store.header().libraries) {
			await transaction.putLibrary({...library, sync: {...library.sync!, areDetailsOld: true}});
		}

		await transaction.commit();
		t.notDeepEqual(await contentOf(store), fresh);
		const result = await sync(['Films', 'Series']);
		const after = await contentOf(store);
		t.deepEqual(after.items.values().filter(item => !isDeepStrictEqual(item, fresh.items.get(item.id))).map(({title}) => title).toArray(), []);
		t.deepEqual([after.items.size, after.files], [fresh.items.size, fresh.files]);
		t.true(result.libraries.every(({failed}) => failed === 0));
		const events = await history();
		t.deepEqual([...new Set(events.map(({kind}) => kind))], ['refreshed']);
		// An item is counted once, though its versions and its other fields have an event each.
		for (const {id, sync: told} of result.libraries) {
			t.is(told?.changes.refreshed, new Set(events.filter(event => 'itemId' in event && event.libraryId === id).map(event => (event as ItemEvent).itemId)).size);
		}

		t.true(store.header().libraries.every(({sync: state}) => state!.areDetailsOld === undefined));
		const again = await sync(['Films', 'Series']);
		// The collections of both, and the playlists.
		t.is(again.requests, 3);
	});
});
