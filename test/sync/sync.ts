import test, {type ExecutionContext} from 'ava';
import type {Item, Run} from '../../source/catalog/types.js';
import {startDemoServer, type DemoServer, type DemoServerOptions} from '../../source/demo/server.js';
import type {PlexRow} from '../../source/demo/library/row.js';
import {createPlexClient} from '../../source/plex/client.js';
import {normalize} from '../../source/plex/normalize/normalize.js';
import {createMemoryStore} from '../../source/store/memory-store.js';
import {storedItems, type CatalogStore} from '../../source/catalog/catalog-store.js';
import {historyOf} from '../helpers/catalog-content.js';
import {patient} from '../helpers/sync-world.js';
import type {ImportResult} from '../../source/sync/events.js';
import {acceptRemovals} from '../../source/sync/accept.js';
import {syncLibraries, type SyncOptions} from '../../source/sync/sync.js';

type World = {
	server: DemoServer;
	store: CatalogStore;
	sync: (options?: Partial<SyncOptions>) => Promise<ImportResult>;
	/**
	The clock of the runs.
	*/
	later: (ms: number) => void;
};

const hourMs = 3_600_000;

/**
A demo server over real HTTP, the real client, and a store; the libraries Films and Series.
*/
const withWorld = async (t: ExecutionContext, options: DemoServerOptions, body: (world: World) => Promise<void>) => {
	const server = await startDemoServer({movies: 30, shows: 2, ...options});
	const store = createMemoryStore();
	await store.load();
	let nowMs = Date.parse('2026-03-01T12:00:00Z');
	const plex = createPlexClient({
		url: server.url, token: server.token, clientIdentifier: 'test', version: '1.0.0', retry: {limit: 0}, timeouts: patient,
	});
	try {
		await body({
			server,
			store,
			later(ms) {
				nowMs += ms;
			},
			async sync(changes = {}) {
				const sections = await plex.sections();
				const result = await syncLibraries({
					plex,
					server: {...await plex.identity(), name: 'Demo'},
					store,
					normalize,
					sections: sections.filter(({title}) => ['Films', 'Series', 'Classics'].includes(title.trim())),
					isEverything: false,
					async load() {/* loaded */},
					report() {/* nobody listens */},
					signal: new AbortController().signal,
					now: () => new Date(nowMs),
					...changes,
				});
				const {expected, imported, unchanged, failed, skipped} = sum(result);
				t.is(expected, imported + unchanged + failed + skipped);
				t.deepEqual((await store.check()).problems, []);
				return result;
			},
		});
	} finally {
		plex.close();
		await server.close();
	}
};

const sum = ({libraries}: ImportResult) => {
	const total = {
		expected: 0, imported: 0, unchanged: 0, failed: 0, skipped: 0,
	};
	for (const library of libraries) {
		for (const key of ['expected', 'imported', 'unchanged', 'failed', 'skipped'] as const) {
			total[key] += library[key];
		}
	}

	return total;
};

const itemsOf = async (store: CatalogStore) => {
	const items: Item[] = [];
	for await (const batch of storedItems(store)) {
		items.push(...batch);
	}

	return items;
};

const byKey = async (store: CatalogStore, ratingKey: string) => {
	const items = await itemsOf(store);
	return items.find(item => item.ratingKey === ratingKey);
};

const changesOf = (result: ImportResult, title: string) => result.libraries.find(library => library.title.trim() === title)!.sync!.changes;

const movieKeys = (server: DemoServer) => server.library.page('1', 1, {start: 0, size: 100}).map(row => (row as PlexRow).ratingKey);

test('a first sync imports, and the next one costs the lists of collections and playlists and writes nothing', async t => {
	await withWorld(t, {}, async ({store, sync}) => {
		const first = await sync();
		t.true(first.ok);
		t.true(sum(first).imported > 100);
		const {revision} = store.header();
		const second = await sync();
		t.is(second.requests, 4);
		t.is(store.header().revision, revision);
		t.deepEqual(second.libraries.map(({sync: synced}) => synced!.mode), ['skip', 'skip', 'skip']);
		// With the seasons that the server hides.
		t.is(sum(second).unchanged, (await itemsOf(store)).length);
		t.deepEqual((await historyOf(store)).map(({kind}) => kind), ['baseline', 'baseline', 'baseline']);
	});
});

test('an edit is found by its fingerprint, with before and after', async t => {
	await withWorld(t, {}, async ({server, store, sync}) => {
		await sync();
		const [key] = movieKeys(server);
		const before = await byKey(store, key!);
		server.library.changeItem(key!, row => {
			row.title = 'Another Name';
			row.updatedAt = (row.updatedAt ?? 0) + 500;
		});
		const result = await sync();
		t.deepEqual(changesOf(result, 'Films'), {edited: 1});
		const after = await byKey(store, key!);
		t.is(after?.title, 'Another Name');
		t.is(after?.id, before!.id);
		const event = (await historyOf(store)).at(-1)!;
		t.like(event, {kind: 'edited', itemId: before!.id, title: 'Another Name'});
		t.is((event as {before: Record<string, unknown>}).before['title'], before!.title);
	});
});

test('a file that was replaced without any stamp moving is found', async t => {
	await withWorld(t, {}, async ({server, store, sync}) => {
		await sync();
		const key = movieKeys(server).find(ratingKey => server.library.row(ratingKey)?.Media?.[0]?.videoResolution === '1080')!;
		server.library.changeItem(key, row => {
			const [media] = row.Media!;
			media!.id += 900_000;
			media!.videoResolution = '4k';
			media!.Part![0]!.id += 900_000;
			media!.Part![0]!.size = 40_000_000_000;
		});
		const result = await sync();
		t.deepEqual(changesOf(result, 'Films'), {upgraded: 1});
		t.is((await byKey(store, key))?.versions[0]?.resolution, '4k');
	});
});

test('what is gone is removed after it was confirmed, and leaves a tombstone with its last record', async t => {
	await withWorld(t, {}, async ({server, store, sync}) => {
		await sync();
		const [key] = movieKeys(server);
		const before = await byKey(store, key!);
		server.library.removeItem(key!);
		const result = await sync();
		t.deepEqual(changesOf(result, 'Films'), {removed: 1});
		t.is(await byKey(store, key!), undefined);
		const {records} = await store.page({kind: 'tombstone', limit: 10});
		t.like(records[0], {itemId: before!.id, reason: 'gone', item: {title: before!.title}});
	});
});

test('an item that comes back under another key keeps its id', async t => {
	await withWorld(t, {}, async ({server, store, sync}) => {
		await sync();
		const [key] = movieKeys(server);
		const before = await byKey(store, key!);
		const row = server.library.row(key!)!;
		server.library.removeItem(key!);
		server.library.addItem('1', 1, {...row, ratingKey: '888001', key: '/library/metadata/888001'});
		const result = await sync();
		t.deepEqual(changesOf(result, 'Films'), {readded: 1});
		const after = await byKey(store, '888001');
		t.is(after?.id, before!.id);
		t.is(after?.firstSeenAt, before!.firstSeenAt);
		t.is((await historyOf(store)).at(-1)!.reason, 'recognised by its guid');
	});
});

test('an item that was removed and comes back later is restored with its id', async t => {
	await withWorld(t, {}, async ({server, store, sync}) => {
		await sync();
		const [key] = movieKeys(server);
		const before = await byKey(store, key!);
		const row = server.library.row(key!)!;
		server.library.removeItem(key!);
		await sync();
		server.library.addItem('1', 1, {...row, ratingKey: '888002', key: '/library/metadata/888002'});
		const result = await sync();
		t.deepEqual(changesOf(result, 'Films'), {restored: 1});
		t.is((await byKey(store, '888002'))?.id, before!.id);
		t.is((await store.page({kind: 'tombstone', limit: 10})).records.length, 0);
	});
});

test('when most of a library vanishes nothing is removed until it comes back or someone accepts it', async t => {
	await withWorld(t, {}, async ({server, store, sync}) => {
		await sync();
		const before = await itemsOf(store);
		const keys = movieKeys(server);
		for (const key of keys.slice(1)) {
			server.library.removeItem(key);
		}

		const result = await sync();
		const films = result.libraries.find(({title}) => title === 'Films')!;
		t.deepEqual(films.sync!.changes, {});
		t.is(films.sync!.held, keys.length - 1);
		const now = await itemsOf(store);
		t.is(now.length, before.length);
		t.is(now.filter(({missingSince}) => missingSince !== undefined).length, keys.length - 1);
		t.is(store.header().libraries.find(({title}) => title === 'Films')?.sync?.held?.items, keys.length - 1);
	});
});

test('half of a small library is held, and so is a whole season or a whole collection of a large one', async t => {
	await withWorld(t, {movies: 60}, async ({server, store, sync}) => {
		await sync();
		const heldOf = (title: string) => store.header().libraries.find(library => library.title.trim() === title)?.sync?.held;
		const episodes = (await itemsOf(store)).filter(({type}) => type === 'episode');
		const season = Map.groupBy(episodes, ({seasonId}) => seasonId).values().find(({length}) => length > 1 && length < episodes.length / 5)!;
		// The server may keep a season that has nothing left.
		for (const {ratingKey} of season) {
			server.library.removeItem(ratingKey!);
		}

		const classics = server.library.page('3', 1, {start: 0, size: 100}) as PlexRow[];
		for (const {ratingKey} of classics.slice(0, Math.ceil(classics.length / 2))) {
			server.library.removeItem(ratingKey);
		}

		const {id: filmsId} = store.header().libraries.find(({title}) => title === 'Films')!;
		const films = (await itemsOf(store)).filter(({libraryId}) => libraryId === filmsId);
		const membersOf = (collection: string) => films.filter(({collections}) => collections.includes(collection));
		const collection = films.flatMap(({collections}) => collections).find(id => membersOf(id).length > 1 && membersOf(id).length < films.length / 5)!;
		for (const {ratingKey} of membersOf(collection)) {
			server.library.removeItem(ratingKey!);
		}

		const result = await sync();
		t.is(heldOf('Classics')?.reason, 'share');
		t.true(['season', 'show'].includes(heldOf('Series')?.reason ?? ''));
		t.is(heldOf('Films')?.reason, 'collection');
		t.deepEqual(result.libraries.map(({sync: synced}) => synced!.heldReason), store.header().libraries.map(({sync: state}) => state?.held?.reason));
	});
});

test('watched marks need no details, and another user\'s marks are no change of the library', async t => {
	await withWorld(t, {}, async ({server, store, sync}) => {
		await sync({viewer: 'a'});
		const [key] = movieKeys(server);
		server.library.changeItem(key!, row => {
			row.viewCount = (row.viewCount ?? 0) + 1;
			row.lastViewedAt = 1_750_000_100;
		});
		server.requests.reset();
		const watched = await sync({viewer: 'a'});
		t.deepEqual(changesOf(watched, 'Films'), {watched: 1});
		t.deepEqual(server.requests.latest().filter(path => path.startsWith('/library/metadata/')), []);
		server.library.changeItem(key!, row => {
			delete row.viewCount;
			delete row.lastViewedAt;
		});
		const other = await sync({viewer: 'b'});
		t.deepEqual(changesOf(other, 'Films'), {viewer: 1});
		t.is((await byKey(store, key!))?.viewState?.viewCount, undefined);
	});
});

test('a dry run tells what it would do and changes nothing', async t => {
	await withWorld(t, {}, async ({server, store, sync}) => {
		await sync();
		const {revision} = store.header();
		server.library.removeItem(movieKeys(server)[0]!);
		const result = await sync({isDryRun: true});
		t.deepEqual(changesOf(result, 'Films'), {removed: 1});
		t.is(store.header().revision, revision);
	});
});

test('what the stamps of a library do not show is asked for after an hour, and found', async t => {
	await withWorld(t, {}, async ({store, sync, later}) => {
		await sync();
		later(2 * hourMs);
		const result = await sync();
		t.deepEqual(result.libraries.map(({sync: synced}) => synced!.mode), ['look', 'look', 'look']);
		t.deepEqual(result.libraries.map(({sync: synced}) => synced!.changes), [{}, {}, {}]);
		later(30 * 24 * hourMs);
		const full = await sync();
		t.deepEqual(full.libraries.map(({sync: synced}) => synced!.mode), ['full', 'full', 'full']);
		t.deepEqual(full.libraries.map(({sync: synced}) => synced!.changes), [{}, {}, {}]);

		t.true((await historyOf(store)).some(({kind}) => kind === 'gap'));
	});
});

const runsOf = async (store: CatalogStore) => {
	const {records} = await store.page({kind: 'run', limit: 1000});
	return records.filter((record): record is Run => record.kind === 'run');
};

test('a sync is remembered with what it found; one that had nothing to do, and a dry run, are not', async t => {
	await withWorld(t, {}, async ({server, store, sync}) => {
		const first = await sync();
		t.like(await runsOf(store), [{id: first.runId, command: 'sync', status: 'done'}]);
		await sync();
		server.library.changeItem(movieKeys(server)[0]!, row => {
			row.title = 'Another Name';
		});
		await sync({isDryRun: true});
		t.is((await runsOf(store)).length, 1);

		const {runId} = await sync();
		const [, run] = await runsOf(store);
		t.is(run!.id, runId);
		t.deepEqual(run!.libraries.map(({title, changes}) => ({title, changes})), [{title: 'Films', changes: {edited: 1}}]);
		t.is((await historyOf(store)).at(-1)!.runId, runId);
	});
});

test('the first commit of a sync says that it is running', async t => {
	await withWorld(t, {}, async ({server, store, sync}) => {
		await sync();
		server.library.changeItem(movieKeys(server)[0]!, row => {
			row.title = 'Another Name';
		});
		const seen: Array<Promise<Run[]>> = [];
		const unsubscribe = store.subscribe(() => {
			seen.push(runsOf(store));
		});
		await sync();
		unsubscribe();
		const runs = await Promise.all(seen);
		t.deepEqual(runs.map(known => known.at(-1)!.status), ['running', 'done']);
	});
});

test('a library that the server no longer lists is in the record of the run that found it, and accepting it is a run, too', async t => {
	await withWorld(t, {}, async ({server, store, sync}) => {
		await sync();
		const plexSections = store.header().libraries.map(({id}) => id);
		const result = await sync({isEverything: true, sections: []});
		t.is(result.libraries.length, plexSections.length);
		const [, gone] = await runsOf(store);
		t.like(gone, {id: result.runId, status: 'done', command: 'sync'});
		t.deepEqual(gone!.libraries.map(({id}) => id), plexSections);
		t.true(gone!.libraries.every(({held, notes}) => held > 0 && notes.length === 1));

		const accepted = await acceptRemovals(store, store.header().libraries, {now: () => new Date('2026-03-02T12:00:00Z')});
		const run = (await runsOf(store))[2];
		t.like(run, {command: 'accept', status: 'done', startedAt: '2026-03-02T12:00:00Z'});
		t.deepEqual(run!.libraries.map(({id, changes}) => ({id, changes})), accepted.map(({library, removed}) => ({id: library.id, changes: {removed}})));
		t.is((await historyOf(store)).at(-1)!.runId, run!.id);
		t.deepEqual((await store.check()).problems, []);
		t.true(movieKeys(server).length > 0);
	});
});

test('when a disk is taken away and put back nothing was ever removed, and nobody was told a change', async t => {
	await withWorld(t, {}, async ({server, store, sync}) => {
		await sync();
		const before = await itemsOf(store);
		server.library.unplug('1', '/srv/films/');
		const held = await sync();
		t.true(held.libraries.find(({title}) => title === 'Films')!.sync!.held > 20);
		server.library.replug('1', '/srv/films/');
		const back = await sync();
		t.deepEqual(changesOf(back, 'Films'), {});
		t.deepEqual(await itemsOf(store), before);
		t.is(store.header().libraries.find(({title}) => title === 'Films')?.sync?.held, undefined);
		t.deepEqual((await historyOf(store)).filter(event => 'itemId' in event), []);
	});
});

test('what was held goes when a person accepts it, with tombstones, and comes back with its id', async t => {
	await withWorld(t, {}, async ({server, store, sync}) => {
		await sync();
		const idsOf = async () => {
			const items = await itemsOf(store);
			return items.map(({ratingKey, id}) => `${ratingKey} ${id}`).toSorted();
		};

		const ids = await idsOf();
		server.library.unplug('1', '/srv/films/');
		await sync();
		const accepted = await acceptRemovals(store, store.header().libraries);
		t.true(accepted[0]!.removed > 20);
		t.deepEqual((await store.check()).problems, []);
		t.is((await store.page({kind: 'tombstone', limit: 1000})).records.length, accepted[0]!.removed);
		server.library.replug('1', '/srv/films/');
		const back = await sync();
		t.deepEqual(changesOf(back, 'Films'), {restored: accepted[0]!.removed, 'collection-changed': 12, 'playlist-changed': 3});
		t.deepEqual(await idsOf(), ids);
	});
});

test('a library that the server no longer lists is kept, told once, and accepted or taken up again', async t => {
	await withWorld(t, {}, async ({server, store, sync}) => {
		await sync({isEverything: true});
		const before = await itemsOf(store);
		server.library.removeSection('3');
		const gone = await sync({isEverything: true});
		t.true(gone.libraries.find(({title}) => title.trim() === 'Classics')!.sync!.held > 0);
		t.is((await itemsOf(store)).length, before.length);
		const {revision} = store.header();
		await sync({isEverything: true});
		t.is(store.header().revision, revision);
		server.library.restoreSection('3');
		const back = await sync({isEverything: true});
		t.deepEqual(changesOf(back, 'Classics'), {});
		t.is(store.header().libraries.find(({title}) => title.trim() === 'Classics')?.sync?.goneSince, undefined);
		t.deepEqual(await itemsOf(store), before);
	});
});

test('a show that was deleted and added again keeps its id, and so do its seasons and episodes', async t => {
	await withWorld(t, {}, async ({server, store, sync}) => {
		await sync();
		const show = (await itemsOf(store)).find(({type, ratingKey}) => type === 'show' && server.library.children(ratingKey!).seasons.length > 1)!;
		const family = (await itemsOf(store)).filter(({showId}) => showId === show.id).filter(({ratingKey}) => ratingKey !== undefined);
		const {seasons, episodes} = server.library.children(show.ratingKey!);
		const rows = [show.ratingKey!, ...seasons, ...episodes].map(key => server.library.row(key)!);
		const fresh = new Map(rows.map(({ratingKey}) => [ratingKey, String(Number(ratingKey) + 50_000_000)]));
		server.library.removeItem(show.ratingKey!);
		for (const row of rows) {
			const key = fresh.get(row.ratingKey)!;
			const parents = {
				...(row.parentRatingKey !== undefined && {parentRatingKey: fresh.get(row.parentRatingKey)!, parentKey: `/library/metadata/${fresh.get(row.parentRatingKey)!}`}),
				...(row.grandparentRatingKey !== undefined && {grandparentRatingKey: fresh.get(row.grandparentRatingKey)!, grandparentKey: `/library/metadata/${fresh.get(row.grandparentRatingKey)!}`}),
			};
			server.library.addItem('2', {show: 2, season: 3, episode: 4}[row.type]!, {
				...row, ratingKey: key, key: `/library/metadata/${key}`, ...parents,
			});
		}

		await sync();
		const after = await itemsOf(store);
		t.is(after.find(({ratingKey}) => ratingKey === fresh.get(show.ratingKey!))?.id, show.id);
		for (const {id, ratingKey} of family) {
			t.is(after.find(item => item.ratingKey === fresh.get(ratingKey!))?.id, id);
		}

		t.false((await historyOf(store)).some(({kind}) => kind === 'added' || kind === 'removed'));
	});
});

test('an item that moves to another library keeps its id, whichever library is looked at first', async t => {
	for (const [from, to] of [['1', '3'], ['3', '1']] as const) {
		await withWorld(t, {}, async ({server, store, sync}) => {
			await sync();
			const [row] = server.library.page(from, 1, {start: 2, size: 1}) as [PlexRow];
			const before = await byKey(store, row.ratingKey);
			const whole = server.library.row(row.ratingKey)!;
			server.library.removeItem(row.ratingKey);
			server.library.addItem(to, 1, {...whole, ratingKey: '888009', key: '/library/metadata/888009'});
			await sync();
			const after = await byKey(store, '888009');
			t.is(after?.id, before!.id);
			t.not(after?.libraryId, before!.libraryId);
			t.true((await historyOf(store)).some(event => event.kind === 'moved' || event.kind === 'restored'));
		});
	}
});

test('a watched mark that moves no stamp of the library is found within the hour, for few requests', async t => {
	await withWorld(t, {}, async ({server, store, sync, later}) => {
		await sync();
		const key = movieKeys(server)[5]!;
		server.library.changeItem(key, row => {
			row.viewCount = 3;
			row.lastViewedAt = Math.floor(Date.now() / 1000) + 5;
		}, {isSilent: true});
		// A smart collection of what was not seen yet tells it at once.
		t.deepEqual(changesOf(await sync(), 'Films'), {'collection-changed': 1});
		later(hourMs);
		const result = await sync();
		t.deepEqual(changesOf(result, 'Films'), {watched: 1});
		t.is((await byKey(store, key))?.viewState?.viewCount, 3);
		// Of these, seven are for collections and playlists.
		t.true(result.requests < 25, String(result.requests));
	});
});

test('rows that come and go while they are listed remove nothing', async t => {
	await withWorld(t, {}, async ({server, store, sync}) => {
		await sync();
		const before = await itemsOf(store);
		server.library.changeSection('1', {contentChangedAt: '1'});
		server.setFaults([{kind: 'wrongTotal', delta: 3}]);
		const result = await sync();
		server.setFaults([]);
		t.deepEqual(changesOf(result, 'Films'), {});
		t.is((await itemsOf(store)).length, before.length);
	});
});

test('a scan that is under way removes nothing, and the next sync looks again', async t => {
	await withWorld(t, {}, async ({server, store, sync}) => {
		await sync();
		const [key] = movieKeys(server);
		server.library.removeItem(key!);
		server.library.changeSection('1', {refreshing: true});
		const during = await sync();
		t.deepEqual(changesOf(during, 'Films'), {});
		t.regex(during.libraries[0]!.sync!.notes.join(' '), /scanning/v);
		t.truthy(await byKey(store, key!));
		server.library.changeSection('1', {refreshing: false});
		t.deepEqual(changesOf(await sync(), 'Films'), {removed: 1});
	});
});

test('what another user does not see is held with that reason, however little it is, until the first user looks again', async t => {
	await withWorld(t, {}, async ({server, store, sync, later}) => {
		await sync({viewer: 'owner'});
		const count = (await itemsOf(store)).length;
		const films = () => store.header().libraries.find(({title}) => title === 'Films')!.sync!;
		server.library.hide(movieKeys(server).slice(0, 2));
		await sync({viewer: 'guest'});
		t.like(films().held, {items: 2, reason: 'viewer'});

		later(hourMs);
		server.library.removeItem(movieKeys(server)[5]!);
		const second = await sync({viewer: 'guest'});
		t.is(changesOf(second, 'Films').removed, undefined);
		t.like(films().held, {items: 3, reason: 'viewer'});
		t.is((await itemsOf(store)).length, count);

		later(hourMs);
		server.library.unhide();
		const third = await sync({viewer: 'owner'});
		t.is(changesOf(third, 'Films').removed, 1);
		t.is(films().held, undefined);
		t.is(films().completeViewer, undefined);
	});
});

test('a user who sees everything, or whose view a person has accepted, is believed from then on', async t => {
	await withWorld(t, {}, async ({server, store, sync, later}) => {
		const films = () => store.header().libraries.find(({title}) => title === 'Films')!.sync!;
		await sync({viewer: 'owner'});
		await sync({viewer: 'renewed token'});
		t.is(films().completeViewer, undefined);
		later(hourMs);
		server.library.removeItem(movieKeys(server)[5]!);
		const second = await sync({viewer: 'renewed token'});
		t.is(changesOf(second, 'Films').removed, 1);

		server.library.hide(movieKeys(server).slice(0, 2));
		await sync({viewer: 'guest'});
		t.is(films().held?.reason, 'viewer');
		await acceptRemovals(store, store.header().libraries);
		t.is(films().completeViewer, undefined);
		later(hourMs);
		server.library.removeItem(movieKeys(server)[5]!);
		const fourth = await sync({viewer: 'guest'});
		t.is(changesOf(fourth, 'Films').removed, 1);
	});
});

test('a film that two libraries list belongs to the library that its details name, and does not move back and forth', async t => {
	await withWorld(t, {}, async ({server, store, sync, later}) => {
		const plex = createPlexClient({
			url: server.url, token: server.token, clientIdentifier: 'test', version: '1.0.0', retry: {limit: 0}, timeouts: patient,
		});
		const [shared] = server.library.page('1', 1, {start: 0, size: 1});
		const both: typeof plex = {
			...plex,
			async page(request) {
				const page = await plex.page(request);
				const isLast = request.sectionKey === '3' && request.type === 'movie' && request.size > 0;
				return request.sectionKey === '3' && page.total !== undefined ? {...page, rows: isLast ? [...page.rows, shared] : page.rows, total: page.total + 1} : page;
			},
		};
		await sync({plex: both});
		for (let day = 0; day < 2; day++) {
			later(hourMs);
			const result = await sync({plex: both, isFull: true});
			t.true(result.ok);
			for (const {sync: synced, skipped, title} of result.libraries) {
				t.deepEqual(synced?.changes, {});
				t.is(skipped, title.trim() === 'Classics' ? 1 : 0);
			}
		}

		t.is((await byKey(store, (shared as PlexRow).ratingKey))?.libraryId, store.header().libraries.find(({title}) => title === 'Films')?.id);
		plex.close();
	});
});

test('a held film and the film that has its key now are two items, until the first is accepted or comes back', async t => {
	await withWorld(t, {}, async ({server, store, sync, later}) => {
		await sync();
		const [key] = movieKeys(server);
		const before = (await byKey(store, key!))!;
		const gone = movieKeys(server).slice(0, 20);
		const number = 990_001;
		server.library.changeItem(key!, row => {
			Object.assign(row, {title: 'Heir', guid: `plex://movie/${number}`, Guid: [{id: `imdb://tt${number}`}]});
			for (const part of row.Media?.flatMap(({Part}) => Part ?? []) ?? []) {
				part.file = `/srv/films/heir-${part.id}.mkv`;
			}
		});
		for (const other of gone.slice(1)) {
			server.library.removeItem(other);
		}

		for (let day = 0; day < 2; day++) {
			const result = await sync({isFull: true, limits: {share: 0.1, items: 1}});
			const films = result.libraries.find(({title}) => title === 'Films');
			t.is(films?.sync?.held, 20);
			t.is(films?.sync?.changes.added, day === 0 ? 1 : undefined);
			later(hourMs);
		}

		const withKey = (await itemsOf(store)).filter(({ratingKey}) => ratingKey === key);
		t.is(withKey.length, 2);
		t.is(withKey.find(({missingSince}) => missingSince === undefined)?.title, 'Heir');
		t.is(withKey.find(({missingSince}) => missingSince !== undefined)?.id, before.id);
		await acceptRemovals(store, store.header().libraries);
		t.is((await byKey(store, key!))?.title, 'Heir');
		t.is(await store.get(before.id), undefined);
	});
});
