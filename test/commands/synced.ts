import test, {type ExecutionContext} from 'ava';
import {startDemoServer, type DemoServer} from '../../source/demo/server.js';
import {createPlexClient} from '../../source/plex/client.js';
import type {PlexClient} from '../../source/plex/types.js';
import {readRatingKey} from '../../source/plex/wire.js';
import {normalize} from '../../source/plex/normalize/normalize.js';
import {changesJsonSchema} from '../../source/reports/changes/changes-json.js';
import {lostJsonSchema} from '../../source/reports/lost/lost-report.js';
import {createMemoryStore} from '../../source/store/memory-store.js';
import type {CatalogStore} from '../../source/catalog/catalog-store.js';
import {acceptRemovals} from '../../source/sync/accept.js';
import {compareWithServer} from '../../source/sync/compare-server.js';
import {syncLibraries} from '../../source/sync/sync.js';
import {runCommand} from '../helpers/run-command.js';
import {patient} from '../helpers/sync-world.js';

type World = {
	server: DemoServer;
	store: CatalogStore;
	/**
	Keys of Films that the server does not show for now, as when a disk is not mounted.
	*/
	hide: (ratingKeys: readonly string[]) => void;
	/**
	A minute after the last one.
	*/
	sync: () => Promise<void>;
	accept: () => Promise<void>;
	/**
	Number of differences between catalogue and server.
	*/
	differences: () => Promise<number>;
};

/**
The commands against what the sync itself writes, over real HTTP: Films and Classics.
*/
const withWorld = async (t: ExecutionContext, body: (world: World) => Promise<void>) => {
	const server = await startDemoServer({movies: 30, shows: 0});
	const store = createMemoryStore();
	await store.load();
	let nowMs = Date.parse('2024-03-01T12:00:00Z');
	let hidden: ReadonlySet<string> = new Set();
	let stamp = 1;
	const client = createPlexClient({
		url: server.url, token: server.token, clientIdentifier: 'test', version: '1.0.0', retry: {limit: 0}, timeouts: patient,
	});
	t.teardown(async () => {
		client.close();
		await server.close();
	});
	const shown = (rows: readonly unknown[]) => rows.filter(row => !hidden.has(readRatingKey(row) ?? ''));
	// All of Films fits on one page.
	const plex: PlexClient = {
		...client,
		async page(request) {
			const {rows, total, ...rest} = await client.page(request);
			const left = shown(rows);
			return {...rest, rows: left, total: total === undefined ? undefined : total - rows.length + left.length};
		},
		async details(ratingKeys, options) {
			return shown(await client.details(ratingKeys, options));
		},
	};
	await body({
		server,
		store,
		hide(ratingKeys) {
			hidden = new Set(ratingKeys);
			stamp++;
			server.library.changeSection('1', {contentChangedAt: `changed${stamp}`});
		},
		async sync() {
			nowMs += 60_000;
			const sections = await plex.sections();
			await syncLibraries({
				plex,
				server: {...await plex.identity(), name: 'Demo'},
				store,
				normalize,
				sections: sections.filter(({title}) => ['Films', 'Classics'].includes(title.trim())),
				isEverything: true,
				async load() {/* loaded */},
				report() {/* nobody listens */},
				signal: new AbortController().signal,
				now: () => new Date(nowMs),
			});
		},
		async accept() {
			nowMs += 60_000;
			await acceptRemovals(store, store.header().libraries, {now: () => new Date(nowMs)});
		},
		async differences() {
			const found = await compareWithServer({
				plex, store, normalize, server: {...await plex.identity(), name: 'Demo'},
			});
			return found.length;
		},
	});
};

const keysOf = ({library}: DemoServer, section: string) => (library.page(section, 1, {start: 0, size: 10_000}) as Array<{ratingKey: string}>).map(({ratingKey}) => ratingKey);

/**
All items that are gone, also those whose file another item plays.
*/
const gone = async (store: CatalogStore, ...args: string[]) => {
	const {items, elsewhere} = lostJsonSchema.parse(JSON.parse((await runCommand(store, ['lost', '--json', ...args])).stdout));
	return [...items, ...elsewhere];
};

const isInOrder = async (t: ExecutionContext, store: CatalogStore) => {
	const {exitCode, stdout} = await runCommand(store, ['verify']);
	t.is(exitCode, 0, 'It says: ' + stdout);
};

test('what a sync finds is what diff tells, and the catalogue stays provable', async t => {
	await withWorld(t, async ({server, store, sync, differences}) => {
		await sync();
		await isInOrder(t, store);
		const [edited, removed] = keysOf(server, '1');
		server.library.changeItem(edited!, row => {
			row.title = 'Another name';
			row.updatedAt = 1_750_000_000;
		});
		server.library.removeItem(removed!);
		t.true(await differences() > 0);
		await sync();
		t.is(await differences(), 0);
		await isInOrder(t, store);
		const {stdout} = await runCommand(store, ['diff', '--since', '2024-03-01T12:01:30Z', '--json']);
		const {libraries} = changesJsonSchema.parse(JSON.parse(stdout));
		t.deepEqual(libraries.map(({counts}) => counts), [{edited: 1, removed: 1, 'collection-changed': 1}, {'playlist-changed': 1}]);
		t.is(libraries[0]!.changes[0]!.fields.find(({name}) => name === 'title')?.after, 'Another name');
	});
});

test('when most of a library vanishes it is listed as held, and once accepted as lost', async t => {
	await withWorld(t, async ({server, store, sync, accept}) => {
		await sync();
		const keys = keysOf(server, '1').slice(1);
		for (const key of keys) {
			server.library.removeItem(key);
		}

		await sync();
		await isInOrder(t, store);
		t.is((await gone(store, '--held')).length, keys.length);
		t.is((await gone(store)).length, 0);
		await accept();
		await isInOrder(t, store);
		t.is((await gone(store, '--held')).length, 0);
		t.is((await gone(store)).length, keys.length);
	});
});

test('a library that vanishes as a whole is listed as held too, and once accepted as lost', async t => {
	await withWorld(t, async ({server, store, sync, accept}) => {
		await sync();
		const keys = keysOf(server, '3');
		server.library.removeSection('3');
		await sync();
		await isInOrder(t, store);
		t.is((await gone(store, '--held')).length, keys.length);
		await accept();
		await isInOrder(t, store);
		t.deepEqual((await gone(store)).map(({reason}) => reason), keys.map(() => 'library-gone'));
	});
});

test('what comes back from a disk that was away is held no more, and nothing was lost', async t => {
	await withWorld(t, async ({server, store, hide, sync, differences}) => {
		await sync();
		const keys = keysOf(server, '1').slice(1);
		hide(keys);
		await sync();
		t.is((await gone(store, '--held')).length, keys.length);
		t.is(await differences(), 0);
		hide(keys.slice(1));
		await sync();
		await isInOrder(t, store);
		t.is((await gone(store, '--held')).length, keys.length - 1);
		hide([]);
		await sync();
		await isInOrder(t, store);
		t.is((await gone(store, '--held')).length, 0);
		t.is((await gone(store)).length, 0);
	});
});
