import test, {type ExecutionContext} from 'ava';
import type {HistoryEvent} from '../../source/catalog/history.js';
import {plainLookup} from '../helpers/alike-items.js';
import {historyOf, itemOfKey} from '../helpers/catalog-content.js';
import {openSyncWorld} from '../helpers/sync-world.js';
import type {Item, Run} from '../../source/catalog/types.js';
import type {DemoServer} from '../../source/demo/server.js';
import type {PlexRow} from '../../source/demo/library/row.js';
import type {CatalogStore} from '../../source/catalog/catalog-store.js';
import type {ImportResult} from '../../source/sync/events.js';
import {createLivingKnowledge} from '../../source/sync/living-knowledge.js';
import {syncLibraries, touchLibraries} from '../../source/sync/sync.js';
import {createMemoryStore} from '../../source/store/memory-store.js';
import {commit} from '../commands/_past.js';
import {makeItem, makeLibrary} from '../query/_items.js';

type World = {
	server: DemoServer;
	store: CatalogStore;
	/**
	Of the library "Films", unless another is named.
	*/
	touch: (ratingKeys: readonly string[], title?: string) => Promise<ImportResult>;
	sync: () => Promise<ImportResult>;
	find: (ratingKey: string) => Promise<Item | undefined>;
	events: () => Promise<HistoryEvent[]>;
	runs: () => Promise<Run[]>;
};

const withWorld = async (t: ExecutionContext, body: (world: World) => Promise<void>, {isLookedUp = false}: {isLookedUp?: boolean} = {}) => {
	const {server, store, options: common, sections, close} = await openSyncWorld({movies: 100, shows: 2});
	if (isLookedUp) {
		store.lookup = plainLookup(store);
	}

	const knowledge = createLivingKnowledge(store);
	const options = async () => ({...await common(), knowledge});
	const sync = async () => syncLibraries({
		...await options(), sections: await sections(['Films', 'Series']), isEverything: false, async load() {/* loaded */},
	});

	try {
		await sync();
		await body({
			server,
			store,
			sync,
			async touch(ratingKeys, title = 'Films') {
				const library = store.header().libraries.find(entry => entry.title.trim() === title)!;
				const result = await touchLibraries({...await options(), touched: [{libraryId: library.id, ratingKeys}]});
				t.deepEqual((await store.check()).problems, []);
				return result;
			},
			find: async ratingKey => itemOfKey(store, ratingKey),
			async events() {
				const events = await historyOf(store);
				return events.filter(({kind}) => kind !== 'baseline');
			},
			async runs() {
				const {records} = await store.page({kind: 'run', limit: Infinity});
				return records.filter(record => record.kind === 'run');
			},
		});
	} finally {
		knowledge.close();
		await close();
	}
};

const lookedUp = (isLookedUp: boolean) => isLookedUp ? ', where single items are looked up' : '';

const copyOf = (server: DemoServer, ratingKey: string, newKey: string): PlexRow => ({
	...structuredClone(server.library.row(ratingKey)!), ratingKey: newKey, key: `/library/metadata/${newKey}`,
});

const firstFilms = (server: DemoServer, count: number) => (server.library.page('1', 1, {start: 0, size: count}) as PlexRow[]).map(({ratingKey}) => ratingKey);

test('a new film is taken in for one request, and the next sync finds nothing more in it', async t => {
	await withWorld(t, async ({server, touch, sync, find, runs}) => {
		server.library.addItem('1', 1, {
			...copyOf(server, firstFilms(server, 1)[0]!, '700001'), title: 'The New One', guid: 'plex://movie/new1', Guid: [{id: 'imdb://tt7000001'}], Media: [],
		});
		const result = await touch(['700001']);
		t.true(result.ok);
		t.is(result.requests, 1);
		t.like(await find('700001'), {title: 'The New One'});
		t.like(result.libraries[0]?.sync, {mode: 'touch', changes: {added: 1}});
		t.like((await runs()).at(-1), {command: 'sync', status: 'done', libraries: [{mode: 'touch'}]});
		const after = await sync();
		t.deepEqual(after.libraries.find(({title}) => title.trim() === 'Films')?.sync?.changes, {});
		t.is(after.libraries.find(({title}) => title.trim() === 'Films')?.sync?.mode, 'sweep');
	});
});

test('what is kept of the catalogue knows all who share a file or a guid, and follows their changes', async t => {
	const store = createMemoryStore();
	await store.load();
	const film = (number: number, fileId: string) => makeItem(`i${number}`, {
		ratingKey: String(number), guid: number === 4 ? 'plex://movie/other' : 'plex://movie/same', versions: [{id: 'v', parts: [{fileId}]}],
	});
	await commit(store, {libraries: [makeLibrary('films', 'Films')], put: [film(1, 'f1'), film(2, 'f1'), film(3, 'f2'), film(4, 'f1')]});
	const knowledge = createLivingKnowledge(store);
	const told = async () => {
		const players = await knowledge.players(new Set(['f1', 'f2', 'f3']));
		const twins = await knowledge.elsewhere({serverId: 'server', libraryId: 'films', isWithOwn: true}).twinsOf(film(1, 'f1'));
		return [...players.values().map(ids => ids.toSorted()), twins.toSorted()];
	};

	t.deepEqual(await told(), [['i1', 'i2', 'i4'], ['i3'], [], ['i2', 'i3', 'i4']]);
	await commit(store, {put: [film(2, 'f2')], remove: ['i4']});
	await commit(store, {put: [film(2, 'f2')]});
	t.deepEqual(await told(), [['i1'], ['i2', 'i3'], [], ['i2', 'i3']]);
	knowledge.close();
});

test('an item that is as it was leaves neither a commit nor a run', async t => {
	await withWorld(t, async ({server, store, touch, runs}) => {
		const [before, runsBefore] = [store.header().revision, (await runs()).length];
		const result = await touch(firstFilms(server, 3));
		t.is(result.libraries[0]?.unchanged, 3);
		t.is(store.header().revision, before);
		t.is((await runs()).length, runsBefore);
	});
});

for (const isLookedUp of [false, true]) {
	test(`a removed film goes once the server confirms it, and one that is still there stays${lookedUp(isLookedUp)}`, async t => {
		await withWorld(t, async ({server, touch, find, events}) => {
			const [gone, kept] = firstFilms(server, 2) as [string, string];
			server.library.removeItem(gone);
			await touch([gone, kept]);
			t.is(await find(gone), undefined);
			t.not(await find(kept), undefined);
			t.deepEqual((await events()).map(({kind}) => kind), ['removed']);
		}, {isLookedUp});
	});
}

for (const isLookedUp of [false, true]) {
	test(`a film that comes under a new ratingKey keeps its id, even when nobody speaks of the old one${lookedUp(isLookedUp)}`, async t => {
		await withWorld(t, async ({server, touch, find, events}) => {
			const [old] = firstFilms(server, 1) as [string];
			const before = await find(old);
			server.library.addItem('1', 1, copyOf(server, old, '700002'));
			server.library.removeItem(old);
			await touch(['700002']);
			t.is((await find('700002'))?.id, before?.id);
			t.is(await find(old), undefined);
			t.false((await events()).some(({kind}) => kind === 'added' || kind === 'removed'));
		}, {isLookedUp});
	});
}

test('a film that was split in two stays one of them, and the other one is new', async t => {
	await withWorld(t, async ({server, touch, find}) => {
		const [old] = firstFilms(server, 1) as [string];
		const before = await find(old);
		server.library.addItem('1', 1, copyOf(server, old, '700020'));
		server.library.addItem('1', 1, copyOf(server, old, '700021'));
		server.library.removeItem(old);
		await touch([old, '700020', '700021']);
		const ids = [await find('700020'), await find('700021')].map(film => film?.id);
		t.is(ids.filter(id => id === before?.id).length, 1);
		t.false(ids.includes(undefined));
	});
});

test('a second edition of a film that is still there is a new item', async t => {
	await withWorld(t, async ({server, touch, find}) => {
		const [old] = firstFilms(server, 1) as [string];
		server.library.addItem('1', 1, {...copyOf(server, old, '700003'), Media: []});
		await touch(['700003']);
		t.not((await find('700003'))?.id, (await find(old))?.id);
	});
});

test('with a deleted show everything below it is missing, though the server speaks of the show only, and it is held as a whole', async t => {
	await withWorld(t, async ({server, store, touch, find}) => {
		const shows = server.library.page('2', 2, {start: 0, size: 20}) as PlexRow[];
		const small = shows.map(({ratingKey}) => ({ratingKey, ...server.library.children(ratingKey)})).find(({episodes}) => episodes.length > 1 && episodes.length < 20)!;
		server.library.removeItem(small.ratingKey);
		await touch([small.ratingKey], 'Series');
		t.not((await find(small.ratingKey))?.missingSince, undefined);
		t.not((await find(small.episodes[0]!))?.missingSince, undefined);
		t.is(store.header().libraries.find(({title}) => title === 'Series')?.sync?.held?.reason, 'show');
	});
});

for (const isLookedUp of [false, true]) {
	test(`a show of one episode goes with everything below it, though the server speaks of the show only${lookedUp(isLookedUp)}`, async t => {
		await withWorld(t, async ({server, touch, sync, find}) => {
			const shows = server.library.page('2', 2, {start: 0, size: 20}) as PlexRow[];
			const small = shows.map(({ratingKey}) => ({ratingKey, ...server.library.children(ratingKey)})).find(({episodes}) => episodes.length > 1 && episodes.length < 20)!;
			const [last, ...others] = small.episodes as [string, ...string[]];
			// One by one, these are ordinary deletions.
			for (const episode of others) {
				server.library.removeItem(episode);
				await touch([episode], 'Series');
			}

			await sync();
			t.not(await find(last), undefined);
			server.library.removeItem(small.ratingKey);
			await touch([small.ratingKey], 'Series');
			t.is(await find(small.ratingKey), undefined);
			t.is(await find(last), undefined);
		}, {isLookedUp});
	});
}

for (const isLookedUp of [false, true]) {
	test(`a season that was made up for an episode goes when the server names another one${lookedUp(isLookedUp)}`, async t => {
		await withWorld(t, async ({server, store, touch, find}) => {
			const {episodes} = server.library.children((server.library.page('2', 2, {start: 0, size: 1}) as PlexRow[])[0]!.ratingKey);
			const key = episodes[0]!;
			server.library.changeItem(key, row => {
				row.parentRatingKey = undefined;
				row.parentKey = undefined;
				row.parentIndex = 77;
				row.updatedAt = 1_800_000_000;
			});
			await touch([key], 'Series');
			const {seasonId} = (await find(key))!;
			t.like(await store.get(seasonId!), {type: 'season', placeholder: true, seasonNumber: 77});
			server.library.changeItem(key, row => {
				row.updatedAt = 1_800_000_001;
			});
			await touch([key], 'Series');
			t.is(await store.get(seasonId!), undefined);
		}, {isLookedUp});
	});
}

test('while something of a library is held, what a hint says is gone is held with it', async t => {
	await withWorld(t, async ({server, store, touch, find}) => {
		const keys = firstFilms(server, 60);
		const total = server.library.total('1', 1);
		const many = keys.slice(0, 20);
		t.true(many.length > total / 5);
		for (const key of many) {
			server.library.removeItem(key);
		}

		await touch(many);
		const heldOf = () => store.header().libraries.find(({title}) => title.trim() === 'Films')?.sync?.held;
		t.like(heldOf(), {items: 20, reason: 'share'});
		server.library.removeItem(keys[30]!);
		await touch([keys[30]!]);
		t.not((await find(keys[30]!))?.missingSince, undefined);
		t.like(heldOf(), {items: 21, reason: 'share'});
	});
});

test('many removals at once are left to a comparison of the whole library, which holds them', async t => {
	await withWorld(t, async ({server, store, touch, sync, find}) => {
		const keys = firstFilms(server, 60);
		for (const key of keys) {
			server.library.removeItem(key);
		}

		const result = await touch(keys);
		t.regex(result.libraries[0]?.sync?.notes.join(' ') ?? '', /60 items seem to be gone at once, so nothing was removed/v);
		t.not(await find(keys[0]!), undefined);
		await sync();
		t.is(store.header().libraries.find(({title}) => title.trim() === 'Films')?.sync?.held?.items, 60);
		t.not(await find(keys[0]!), undefined);
	});
});

test('what belongs to another library is not taken in here, and an episode brings its show up to date', async t => {
	await withWorld(t, async ({server, touch, find}) => {
		const [episode] = server.library.page('2', 4, {start: 0, size: 1}) as PlexRow[];
		await touch([episode!.ratingKey]);
		t.is((await find(episode!.ratingKey))?.libraryId, (await find(episode!.grandparentRatingKey!))?.libraryId);
		server.library.changeItem(episode!.grandparentRatingKey!, row => {
			row.title = 'A Show by Another Name';
		});
		await touch([episode!.ratingKey], 'Series');
		t.is((await find(episode!.grandparentRatingKey!))?.title, 'A Show by Another Name');
	});
});

test('an item that the server cannot deliver is a problem of its own, and the others are taken in', async t => {
	await withWorld(t, async ({server, touch, find}) => {
		const [broken, fine] = firstFilms(server, 2) as [string, string];
		server.library.breakItem(broken);
		server.library.changeItem(fine, row => {
			row.title = 'Edited';
		});
		const result = await touch([broken, fine]);
		t.is(result.errors.length, 1);
		t.is(result.errors[0]?.ratingKey, broken);
		t.is((await find(fine))?.title, 'Edited');
		t.not(await find(broken), undefined);
		const {expected, imported, unchanged, failed, skipped} = result.libraries[0]!;
		t.is(expected, imported + unchanged + failed + skipped);
	});
});
