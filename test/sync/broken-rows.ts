import test, {type ExecutionContext} from 'ava';
import type {DemoFault} from '../../source/demo/knobs/faults.js';
import type {PlexRow} from '../../source/demo/library/row.js';
import {startDemoServer, type DemoServer} from '../../source/demo/server.js';
import {createPlexClient} from '../../source/plex/client.js';
import {normalize} from '../../source/plex/normalize/normalize.js';
import {createMemoryStore} from '../../source/store/memory-store.js';
import type {ImportResult} from '../../source/sync/events.js';
import {importLibraries, syncLibraries, type SyncOptions} from '../../source/sync/sync.js';

type World = {
	server: DemoServer;
	keys: () => string[];
	// What the next sync finds to do.
	touch: () => void;
	importFilms: () => Promise<ImportResult>;
	sync: (options?: Partial<SyncOptions>) => Promise<ImportResult>;
	stored: () => {films: number; sync: SyncState};
};

type SyncState = NonNullable<ReturnType<ReturnType<typeof createMemoryStore>['header']>['libraries'][number]['sync']>;

/**
The library Films of a demo server, over real HTTP with the real client and its short waits.
*/
const withFilms = async (t: ExecutionContext, body: (world: World) => Promise<void>, movies = 60) => {
	const server = await startDemoServer({movies, shows: 0});
	const store = createMemoryStore();
	await store.load();
	const plex = createPlexClient({
		url: server.url, token: server.token, clientIdentifier: 'test', version: '1.0.0', retry: {limit: 4, baseMs: 1, maxMs: 2},
	});
	const films = async () => {
		const sections = await plex.sections();
		return sections.filter(({key}) => key === '1');
	};

	let stamp = 1;
	const common = {
		plex, store, normalize, report() {/* nobody listens */}, signal: new AbortController().signal,
	};
	const otherRequests = () => Object.entries(server.requests.counts()).filter(([path]) => /collections|playlists|status/v.test(path)).reduce((sum, [, count]) => sum + count, 0);
	let othersBefore = 0;
	/**
	Counts the requests less those for collections and playlists and for the load of the server, which do not depend on broken rows.
	*/
	const checked = async (result: ImportResult) => {
		t.deepEqual((await store.check()).problems, []);
		for (const {expected, imported, unchanged, failed, skipped} of result.libraries) {
			t.is(expected, imported + unchanged + failed + skipped);
		}

		const others = otherRequests() - othersBefore;
		othersBefore += others;
		return {...result, requests: result.requests - others};
	};

	try {
		await body({
			server,
			keys: () => server.library.page('1', 1, {start: 0, size: 10_000}).map(row => (row as PlexRow).ratingKey),
			touch() {
				stamp++;
				server.library.changeSection('1', {contentChangedAt: String(stamp)});
			},
			async importFilms() {
				const sections = await films();
				return checked(await importLibraries({...common, server: {...await plex.identity(), name: 'Demo'}, targets: sections.map(section => ({section}))}));
			},
			async sync(options = {}) {
				return checked(await syncLibraries({
					...common, server: {...await plex.identity(), name: 'Demo'}, sections: await films(), isEverything: false, async load() {/* loaded */}, ...options,
				}));
			},
			stored() {
				const [library] = store.header().libraries;
				return {films: library!.counts.movie, sync: library!.sync!};
			},
		});
	} finally {
		plex.close();
		await server.close();
	}
};

for (const [where, index] of [['first', 0], ['in the middle', 30], ['last', -1]] as const) {
	test(`a library whose row is broken (${where}) is imported without it, and later syncs ask around it`, async t => {
		await withFilms(t, async ({server, keys, touch, importFilms, sync, stored}) => {
			const all = keys();
			const broken = all.at(index)!;
			server.setFaults([{kind: 'brokenRows', ratingKeys: [broken]}]);
			const first = await importFilms();
			t.true(first.requests <= 40, `${first.requests} requests`);
			t.is(first.errors.length, 1);
			t.is(first.errors[0]!.code, 'server-error');
			t.is(stored().films, all.length - 1);
			t.deepEqual(stored().sync.stamps, {}, 'a sync has to look again');
			const neighbours = {...index !== 0 && {after: all.at(index - 1)!}, ...index !== -1 && {before: all[index + 1]!}};
			const place = {type: 'movie' as const, rows: 1, ...neighbours};
			t.deepEqual(stored().sync.lostRows, [place]);

			for (let round = 0; round < 2; round++) {
				touch();
				const later = await sync();
				// A healthy library costs one page.
				t.true(later.requests <= 4, `${later.requests} requests`);
				t.is(later.errors.length, 1);
				t.deepEqual(stored().sync.lostRows, [place]);
			}

			server.setFaults([]);
			touch();
			t.true((await sync()).ok);
			t.is(stored().films, all.length);
			t.is(stored().sync.lostRows, undefined);
			touch();
			t.is((await sync()).requests, 1);
		});
	});
}

test('an item whose row breaks later is kept, costs no further sweep, and does not stop what is gone from being removed', async t => {
	await withFilms(t, async ({server, keys, touch, importFilms, sync, stored}) => {
		await importFilms();
		const all = keys();
		server.setFaults([{kind: 'brokenRows', ratingKeys: [all[20]!]}]);
		touch();
		const found = await sync();
		t.deepEqual(found.libraries[0]!.sync!.changes, {});
		t.is(stored().films, all.length);
		touch();
		t.true((await sync()).requests <= 4);

		server.library.removeItem(all[40]!);
		server.library.removeItem(all[10]!);
		touch();
		const removed = await sync();
		// One of the films was alone in a collection.
		t.deepEqual(removed.libraries[0]!.sync!.changes, {removed: 2, 'collection-changed': 2, 'collection-removed': 1});
		t.is(stored().films, all.length - 2);
		server.setFaults([]);
		touch();
		t.deepEqual((await sync()).libraries[0]!.sync!.changes, {});
		t.is(stored().films, all.length - 2);
	});
});

// Each of these lists must not be believed.
const lies: Array<[string, DemoFault]> = [
	['ignores where to start', {kind: 'ignoredStart'}],
	['announces the rows of one page as all', {kind: 'totalOfPage', rows: 500}],
	['announces too few rows', {kind: 'wrongTotal', delta: -700}],
	['announces too many rows', {kind: 'wrongTotal', delta: 700}],
	['announces no number', {kind: 'noTotal', isNowhere: true}],
];

for (const [name, fault] of lies) {
	test(`a list that ${name} is told and never taken as complete`, async t => {
		await withFilms(t, async ({server, keys, touch, importFilms, sync, stored}) => {
			const all = keys();
			server.setFaults([fault]);
			const first = await importFilms();
			t.true(first.requests < 60, `${first.requests} requests`);
			t.is(first.errors.length, 1);
			t.deepEqual(stored().sync.stamps, {});
			t.is(stored().films, fault.kind === 'ignoredStart' ? 500 : all.length);
			server.setFaults([]);
			t.true((await sync()).ok);
			t.is(stored().films, all.length);

			server.setFaults([fault]);
			server.library.removeItem(all[3]!);
			touch();
			const later = await sync();
			t.is(stored().films, all.length);
			// The film is in no collection any more, which their own lists say.
			t.deepEqual(later.libraries[0]!.sync!.changes, {'collection-changed': 1, 'playlist-changed': 1});
			t.true(later.libraries[0]!.sync!.notes.length > 0);
			t.deepEqual(stored().sync.stamps, {});
			server.setFaults([]);
			t.deepEqual((await sync()).libraries[0]!.sync!.changes, {removed: 1});
		}, 1200);
	});
}
