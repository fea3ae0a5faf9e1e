import test, {type ExecutionContext} from 'ava';
import {storedItems} from '../../source/catalog/catalog-store.js';
import type {Item} from '../../source/catalog/types.js';
import {startDemoServer} from '../../source/demo/server.js';
import {createPlexClient} from '../../source/plex/client.js';
import {normalize} from '../../source/plex/normalize/normalize.js';
import {createMemoryStore} from '../../source/store/memory-store.js';
import {compareWithServer} from '../../source/sync/compare-server.js';
import {importLibraries, syncLibraries} from '../../source/sync/sync.js';

/**
One library of a demo server, imported over real HTTP.
*/
const imported = async (t: ExecutionContext, sectionKey: string) => {
	const server = await startDemoServer({movies: 5, shows: 4});
	t.teardown(server.close);
	const store = createMemoryStore();
	await store.load();
	const asked: string[] = [];
	const plex = createPlexClient({
		url: server.url, token: server.token, clientIdentifier: 'test', version: '1.0.0', retry: {limit: 1, baseMs: 1, maxMs: 2},
		onRequest(event) {
			if (event.type === 'request-started') {
				asked.push(event.label);
			}
		},
	});
	t.teardown(plex.close);
	const sections = (await plex.sections()).filter(({key}) => key === sectionKey);
	const common = {
		plex, store, normalize, server: {...await plex.identity(), name: 'Demo'}, report() {/* nobody listens */}, signal: new AbortController().signal,
	};
	await importLibraries({...common, targets: sections.map(section => ({section}))});
	const items: Item[] = [];
	for await (const batch of storedItems(store)) {
		items.push(...batch);
	}

	return {
		server, store, items, asked,
		sync: async () => syncLibraries({
			...common, sections, isEverything: true, isFull: true, async load() {/* loaded */},
		}),
		compare: async () => compareWithServer(common),
	};
};

const childrenOf = (asked: readonly string[]) => asked.filter(label => label.startsWith('/library/metadata/') && label.endsWith('/children'));

test('a season that only its show names is the season of its episodes, and its show is asked once', async t => {
	const {server, store, items, asked, compare, sync} = await imported(t, '4');
	const [key] = server.library.oddities('unlisted-season');
	t.deepEqual(childrenOf(asked), [`/library/metadata/${key!}/children`]);

	const show = items.find(({ratingKey}) => ratingKey === key)!;
	const [season, ...others] = items.filter(({type, showId}) => type === 'season' && showId === show.id);
	t.deepEqual(others, []);
	t.is(season!.ratingKey, server.library.children(key!).seasons[0]);
	t.is(season!.placeholder, undefined);
	t.is(season!.seasonNumber, 2024);
	t.is(season!.leafCount, 20);
	const episodes = items.filter(({type, showId}) => type === 'episode' && showId === show.id);
	t.is(episodes.length, 20);
	t.true(episodes.every(({seasonId}) => seasonId === season!.id));
	t.deepEqual((await store.check()).problems, []);
	t.deepEqual(await compare(), []);

	const before = childrenOf(asked).length;
	const later = await sync();
	t.true(later.ok);
	t.deepEqual(later.libraries[0]!.sync!.changes, {});
	t.is(childrenOf(asked).length, before, 'what is stored needs no question');
});

test('a sync reads again what no list has', async t => {
	const {server, store, items, compare, sync} = await imported(t, '4');
	const [key] = server.library.oddities('unlisted-season');
	const show = items.find(({ratingKey}) => ratingKey === key)!;
	const season = items.find(({type, showId}) => type === 'season' && showId === show.id)!;
	server.library.changeItem(season.ratingKey!, row => {
		row.title = 'The Nights of 2024';
	});
	t.not((await compare()).length, 0);
	const {libraries} = await sync();
	t.deepEqual(libraries[0]!.sync!.changes, {edited: 1});
	t.is((await store.get(season.id) as Item).title, 'The Nights of 2024');
	t.deepEqual(await compare(), []);

	server.library.removeItem(key!);
	const {libraries: later} = await sync();
	t.deepEqual([later[0]!.failed, later[0]!.sync!.held], [0, 22]);
});

test('what no list has keeps what is known of it when its key belongs to something else', async t => {
	const {server, store, items, sync} = await imported(t, '4');
	const show = items.find(({ratingKey}) => ratingKey === server.library.oddities('unlisted-season')[0])!;
	const season = items.find(({type, showId}) => type === 'season' && showId === show.id)!;
	server.library.changeItem(season.ratingKey!, row => {
		Object.assign(row, {
			title: 'Somebody else', index: 77, guid: 'plex://season/somebody-else', Guid: [{id: 'tvdb://77'}],
		});
	});
	const {libraries} = await sync();
	t.deepEqual(libraries[0]!.sync!.changes, {});
	t.is((await store.get(season.id) as Item).title, season.title);
});

test('a library whose seasons are listed asks no show, and a show that the server does not have is not asked', async t => {
	const {asked, items} = await imported(t, '2');
	t.true(items.some(({placeholder, type}) => placeholder === true && type === 'season'));
	t.deepEqual(childrenOf(asked), []);
});
