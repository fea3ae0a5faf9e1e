import test, {type ExecutionContext} from 'ava';
import {startDemoServer} from '../../source/demo/server.js';
import {createPlexClient} from '../../source/plex/client.js';
import {normalize} from '../../source/plex/normalize/normalize.js';
import type {CatalogRecord, Item} from '../../source/catalog/types.js';
import {createMemoryStore} from '../../source/store/memory-store.js';
import {storedItems, type CatalogStore} from '../../source/catalog/catalog-store.js';
import {compareWithServer} from '../../source/sync/compare-server.js';
import {listsOfKind} from '../../source/sync/list-members.js';
import {importLibraries} from '../../source/sync/sync.js';
import {importableSections} from '../../source/sync/select.js';

/**
The demo library, imported.
*/
const imported = async (t: ExecutionContext) => {
	const demo = await startDemoServer({movies: 0, shows: 0});
	const plex = createPlexClient({
		url: demo.url, token: demo.token, clientIdentifier: 'test', version: '0',
	});
	t.teardown(async () => {
		plex.close();
		await demo.close();
	});
	const store = createMemoryStore();
	await store.load();
	const server = await plex.server();
	const {signal} = new AbortController();
	await importLibraries({
		plex,
		server,
		store,
		normalize,
		targets: importableSections(await plex.sections()).map(section => ({section})),
		report() {/* nobody is watching */},
		signal,
	});
	const compare = async () => compareWithServer({
		plex, store, normalize, server, signal,
	});
	return {store, compare};
};

const find = async (store: CatalogStore, isWanted: (item: Item) => boolean): Promise<Item> => {
	for await (const items of storedItems(store)) {
		const found = items.find(item => isWanted(item));
		if (found !== undefined) {
			return found;
		}
	}

	throw new Error('The demo has no such item.');
};

const commit = async (store: CatalogStore, {upsert = [], remove = []}: {upsert?: CatalogRecord[]; remove?: string[]}) => {
	const transaction = await store.begin();
	await transaction.upsert(upsert);
	await transaction.remove(remove);
	await transaction.commit();
};

test('a fresh import is what the server is, shared files, hidden seasons and all', async t => {
	const {compare} = await imported(t);
	t.deepEqual(await compare(), []);
});

test('what differs, is missing or is too much is named', async t => {
	const {store, compare} = await imported(t);
	const movie = await find(store, ({type, year}) => type === 'movie' && year !== undefined);
	const other = await find(store, ({type, id}) => type === 'movie' && id !== movie.id);
	const {year: _, ...withoutYear} = movie;
	await commit(store, {
		upsert: [{...withoutYear, title: 'Something else'}, {...movie, id: 'istray', ratingKey: '99999999'}],
		remove: [other.id],
	});
	const differences = await compare();
	t.deepEqual(differences.map(({kind, ratingKey, fields}) => [kind, ratingKey, ...fields.toSorted()].join(' ')).toSorted(), [
		`different ${movie.ratingKey} title year`,
		'extra 99999999',
		`missing ${other.ratingKey}`,
	]);
	t.is(differences.find(({kind}) => kind === 'extra')?.itemId, 'istray');
});

test('a file whose record is not what any row says is named with the items that play it', async t => {
	const {store, compare} = await imported(t);
	const movie = await find(store, ({title}) => title === 'The Last Lamplighter');
	const {fileId} = movie.versions[0]!.parts[0]!;
	const transaction = await store.begin();
	await transaction.upsert([{
		id: fileId, kind: 'file', serverId: movie.serverId, path: '/elsewhere.mkv',
	}]);
	await transaction.commit();
	t.like(await compare(), [{kind: 'different', ratingKey: movie.ratingKey, fields: ['files']}]);
});

test('ids of our own, remarks and what is held are no differences', async t => {
	const {store, compare} = await imported(t);
	const show = await find(store, ({type}) => type === 'show');
	const children: Item[] = [];
	for await (const items of storedItems(store)) {
		children.push(...items.filter(({showId}) => showId === show.id));
	}

	const lists = [...await listsOfKind(store, 'collection'), ...await listsOfKind(store, 'playlist')];
	const movie = await find(store, ({type}) => type === 'movie');
	await commit(store, {
		upsert: [
			{
				...show, id: 'ikept', firstSeenAt: '2026-01-01T00:00:00Z', fingerprints: {slim: 'x'},
			},
			...children.map(child => ({...child, showId: 'ikept'})),
			...lists.map(list => ({...list, items: list.items.map(id => id === show.id ? 'ikept' : id)})),
			{
				...movie, id: 'iheld', ratingKey: '99999998', missingSince: '2026-05-01T10:00:00Z',
			},
			{
				...movie, id: 'istandin', ratingKey: '99999997', placeholder: true,
			},
		],
		remove: [show.id],
	});
	t.true(children.length > 0);
	t.deepEqual(await compare(), []);
});

test('a library that the server no longer has is named, unless a sync has seen that already', async t => {
	const {store, compare} = await imported(t);
	const put = async (goneSince: string | undefined) => {
		const [films] = store.header().libraries;
		const transaction = await store.begin();
		await transaction.putLibrary({
			...films!,
			id: 'gone',
			title: 'Gone',
			sync: {
				stamps: {}, lookedAt: '2026-05-01T10:00:00Z', sweptAt: '2026-05-01T10:00:00Z', fullAt: '2026-05-01T10:00:00Z', auditedDay: 0, ...(goneSince !== undefined && {goneSince}),
			},
		});
		await transaction.commit();
	};

	await put(undefined);
	t.like(await compare(), [{kind: 'library-gone', libraryId: 'gone', title: 'Gone'}]);
	await put('2026-05-01T10:00:00Z');
	t.deepEqual(await compare(), []);
});

test('collections and playlists are compared with their members, smart ones too', async t => {
	const {store, compare} = await imported(t);
	const collections = await listsOfKind(store, 'collection');
	const smart = collections.find(list => list.smart === true && list.items.length > 1)!;
	const [removed, renamed] = collections.filter(list => list.smart !== true);
	const [playlist] = await listsOfKind(store, 'playlist');
	const transaction = await store.begin();
	await transaction.remove([removed!.id]);
	await transaction.upsert([
		{...smart, items: smart.items.slice(1)},
		{...renamed!, title: 'Not Its Name'},
		{...playlist!, id: 'qstray', ratingKey: '77'},
	]);
	await transaction.commit();
	const differences = await compare();
	t.deepEqual(differences.map(({kind, ratingKey, title, fields}) => [kind, ratingKey, title, ...fields].join(' ')).toSorted(), [
		`different ${smart.ratingKey} collection ${smart.title} items`,
		`different ${renamed!.ratingKey} collection Not Its Name title`,
		`extra 77 playlist ${playlist!.title}`,
		`missing ${removed!.ratingKey} collection ${removed!.title}`,
	].toSorted());
});
